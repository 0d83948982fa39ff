"""What each action does: a table from the keymap's names to functions of the stage."""

from collections.abc import Callable, Mapping
from typing import Protocol

from cockpit.app import text
from cockpit.app.keys import AT_ONCE, Keymap
from cockpit.app.link import Link
from cockpit.app.scene import Scene
from cockpit.app.screens.base import Dialog
from cockpit.app.screens.desk import Confirm, LeaseForm
from cockpit.app.screens.lists import Choice, Find, GoTo, Help, Palette
from cockpit.app.screens.order import EditForm, OrderForm
from cockpit.app.screens.pair import PairScreen
from cockpit.app.screens.settings import SettingsScreen
from cockpit.domain.commands import (
    Acknowledge,
    CancelOrder,
    Command,
    Flatten,
    Kill,
    PullMarket,
    Reject,
    Resume,
    Unwind,
)
from cockpit.domain.view import PositionView
from cockpit.settings.files import SettingsFile

SPEEDS = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 500.0)


class Stage(Protocol):
    """What actions may use of the app."""

    link: Link
    keymap: Keymap
    settings: SettingsFile

    @property
    def scene(self) -> Scene:
        """What is shown."""

    def send(self, command: Command) -> None:
        """Send a command."""

    def say(self, words: str, role: str = "text") -> None:
        """Print a message."""

    def open(self, dialog: Dialog) -> None:
        """Open a form or a list."""

    def do(self, action: str) -> None:
        """Do another action."""

    def twice(self, action: str, words: str) -> bool:
        """Whether this is the second press within two seconds; else the words ask for it."""

    def show_pane(self, index: int) -> None:
        """Change the pane."""

    def choose(self, ticket: str) -> None:
        """Print another ticket in the strip."""

    def toggle(self, what: str) -> None:
        """Turn why, detail, fees, mute or snooze on or off."""

    def find(self, word: str) -> None:
        """Filter the pane."""

    @property
    def needle(self) -> str:
        """What the pane is filtered by."""

    def wear(self, theme: str) -> None:
        """Change the theme; the next one when empty."""

    def theme_names(self) -> list[str]:
        """All themes."""

    def back(self) -> None:
        """Close what is open."""

    def leave(self) -> None:
        """End the program."""


Deed = Callable[[Stage], None]

# ---------------------------------------------------------------------------------------------- tickets and orders


def _reject(stage: Stage) -> None:
    ticket = stage.scene.ticket
    if ticket is not None:
        stage.send(Reject(0, ticket.id, lane=stage.link.lane))


def _edit(stage: Stage) -> None:
    """The order under the cursor where there is one, else the ticket in the strip."""
    scene = stage.scene
    what = scene.order(scene.target.order) if scene.target.order else scene.ticket or scene.working
    if what is not None and scene.is_leg(what):
        stage.say(f"{what.id} is a leg of two: it is not edited, only refused or cancelled", "warn")
    elif what is not None:
        stage.open(EditForm(what, stage.link.lane, stage.send))


def _next(stage: Stage) -> None:
    scene = stage.scene
    tickets = scene.view.tickets
    if len(tickets) > 1:
        stage.choose(tickets[(scene.place + 1) % len(tickets)].id)
    elif scene.view.desk.fills:
        fill = scene.view.desk.fills[0]
        side = text.act(fill.side, fill.price)
        stage.say(
            f"last fill {text.clock(fill.ts)} {fill.order} {text.quantity(fill.qty)} {side} {fill.label} {fill.cause}",
            "accent",
        )


def _order(stage: Stage) -> None:
    row = next((row for row in stage.scene.view.rows if row.ticker == stage.scene.target.market), None)
    if row is None:
        stage.say("this market is not listed now", "warn")
    else:
        stage.open(OrderForm(row, stage.link.lane, stage.send))


def _unwind(stage: Stage) -> None:
    """Close what is held; of a pair held on both venues only after a question."""
    held = stage.scene.held

    def close() -> None:
        for position in held:
            stage.send(Unwind(0, position.market, lane=stage.link.lane))

    if len(held) > 1:
        both = " and ".join(f"{_holding(position)} {stage.scene.label(position.market)}" for position in held)
        stage.open(
            Confirm(f"Unwind both: {both}? Each rests by itself: one may close long before the other.", close)
        )
    else:
        close()


def _holding(position: PositionView) -> str:
    return f"{'YES' if position.qty > 0 else 'NO'} {text.quantity(abs(position.qty))}"


def _flatten(stage: Stage) -> None:
    event, scene = stage.scene.target.event, stage.scene
    held = next((e for e in scene.view.desk.events if e.event == event), None)
    if held is not None:
        n = sum(1 for position in held.positions if position.qty)
        stage.open(
            Confirm(
                f"Flatten {held.label}: close {n} position{'s' * (n != 1)} with resting orders? Worst now {text.money(held.worst)}.",
                lambda: stage.send(Flatten(0, event, lane=stage.link.lane)),
            )
        )


def _cancel(stage: Stage) -> None:
    orders = stage.scene.doomed
    for order in orders:
        stage.send(CancelOrder(0, order.id, lane=stage.link.lane))
    if orders:
        told = ", ".join(f"{order.id} {text.act(order.side, order.price)} {order.label}" for order in orders)
        stage.say(f"cancel {told} asked for")


def _pull(stage: Stage) -> None:
    scene = stage.scene
    markets = [market for market in scene.target.markets if scene.orders(market)]
    n = sum(len(scene.orders(market)) for market in markets)

    def pull() -> None:
        for market in markets:
            stage.send(PullMarket(0, market, lane=stage.link.lane))

    names = " and ".join(scene.label(market) for market in markets)
    stage.open(Confirm(f"Pull {names}: cancel {n} order{'s' * (n != 1)}?", pull))


def _kill(stage: Stage) -> None:
    key = stage.keymap.key("kill")
    if stage.twice("kill", f"{key} again within 2 s: cancel all desk orders and stop approvals"):
        stage.send(Kill(0))


def _confirm(stage: Stage) -> None:
    stage.open(PairScreen(stage.scene.target.pair, stage.send))


def _detail(stage: Stage) -> None:
    """A pair's own screen where the cursor stands on one, else the market's detail."""
    if stage.scene.target.pair:
        _confirm(stage)
    else:
        stage.toggle("detail")


# ---------------------------------------------------------------------------------------------- replay


def _pause(stage: Stage) -> None:
    if stage.link.playback is not None:
        stage.link.playback.toggle()


def _faster(step: int) -> Deed:
    def deed(stage: Stage) -> None:
        at = stage.scene.status.playback
        if stage.link.playback is None or at is None:
            return
        nearest = min(range(len(SPEEDS)), key=lambda i: abs(SPEEDS[i] - at.speed))
        factor = SPEEDS[max(0, min(nearest + step, len(SPEEDS) - 1))]
        stage.link.playback.speed(factor)

    return deed


def _step(stage: Stage) -> None:
    if stage.link.playback is not None:
        stage.link.playback.step()


def _marker(*, back: bool) -> Deed:
    def deed(stage: Stage) -> None:
        if stage.link.playback is not None:
            stage.link.playback.next("", back)

    return deed


def _goto(stage: Stage) -> None:
    if stage.link.playback is not None:
        stage.open(GoTo(stage.link.playback.seek))


# ---------------------------------------------------------------------------------------------- the app itself


def _palette(stage: Stage) -> None:
    def choice(name: str) -> Choice:
        action = stage.keymap.by_name[name]
        return Choice(action.help, stage.keymap.key(name), lambda: stage.do(name))

    usual = [
        a.name for a in stage.keymap.actions if a.group not in ("move", "panes") and a.name not in _UNLISTED
    ]
    themes = [Choice(f"theme {name}", "", lambda name=name: stage.wear(name)) for name in stage.theme_names()]  # type: ignore[misc]
    stage.open(
        Palette([*(choice(name) for name in usual if stage.keymap.by_name[name].when(stage.scene)), *themes])
    )


_UNLISTED = frozenset({"approve", "kill", "palette", "back"})
"""What must be pressed itself: money moves and stops on its own key only."""


def _quit(stage: Stage) -> None:
    if stage.twice("quit", f"{stage.keymap.key('quit')} again within 2 s: leave"):
        stage.leave()


def _pane(index: int) -> Deed:
    return lambda stage: stage.show_pane(index)


def _toggle(what: str) -> Deed:
    return lambda stage: stage.toggle(what)


DEEDS: Mapping[str, Deed] = {
    "reject": _reject,
    "edit": _edit,
    "next": _next,
    "order": _order,
    "unwind": _unwind,
    "flatten": _flatten,
    "cancel": _cancel,
    "pull": _pull,
    "kill": _kill,
    "resume": lambda stage: stage.send(Resume(0)),
    "lease": lambda stage: stage.open(LeaseForm(stage.send)),
    "pause": _pause,
    "slower": _faster(-1),
    "faster": _faster(1),
    "step": _step,
    "goto": _goto,
    "previous_marker": _marker(back=True),
    "next_marker": _marker(back=False),
    "filter": lambda stage: stage.open(Find(stage.needle, stage.find)),
    "why": _toggle("why"),
    "detail": _detail,
    "confirm": _confirm,
    "acknowledge": lambda stage: stage.send(Acknowledge(0, stage.scene.target.pair)),
    "valuation": _toggle("fees"),
    "mute": _toggle("mute"),
    "snooze": _toggle("snooze"),
    "theme": lambda stage: stage.wear(""),
    "palette": _palette,
    "settings": lambda stage: stage.open(SettingsScreen(stage.settings, stage.send)),
    "help": lambda stage: stage.open(Help(stage.keymap)),
    "quit": _quit,
    "back": lambda stage: stage.back(),
    **{f"pane{n}": _pane(n - 1) for n in range(1, 10)},
}
"""Actions not in here are the pane's own (movements, sorting), or the key's own: approving."""

ALONE = AT_ONCE
"""Actions that reach the engine at one press: they count only when no other key comes within a moment."""

SMALL = frozenset({"kill", "resume", "quit", "theme"})
"""What works on a screen too small to show anything else."""
