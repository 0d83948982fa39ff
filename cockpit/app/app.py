"""The app: it pulls a view a few times a second, and at once after each key, and paints what changed."""

from asyncio import get_running_loop
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from signal import SIGHUP, SIGTERM
from time import monotonic_ns
from typing import ClassVar

from textual import events
from textual.screen import Screen

from cockpit.app import text
from cockpit.app.alerts import Alerts
from cockpit.app.deeds import ALONE, DEEDS, SMALL
from cockpit.app.frame import Extras, Frame
from cockpit.app.keys import Keymap
from cockpit.app.link import NEVER_NS, Link, approval
from cockpit.app.messages import Messages, standing
from cockpit.app.paint import TightApp
from cockpit.app.panes.registry import PANES
from cockpit.app.presses import ALONE_NS, Press, Presses, named
from cockpit.app.scene import Scene
from cockpit.app.screens.base import Dialog
from cockpit.app.theme import choose, load
from cockpit.domain.commands import Command, Present
from cockpit.domain.errors import CockpitError
from cockpit.domain.status import Status
from cockpit.domain.units import SECOND
from cockpit.domain.view import View
from cockpit.settings.files import SettingsFile

NOTICE_S = 4.0
"""How long each of several notices stands at the start."""
PRESENT_NS = 5 * SECOND
ECHO_S = 0.06
"""After a key one more pull follows this much later, for what the engine made of it."""


class CockpitApp(TightApp, inherit_bindings=False):
    """The shell. Keys come in through `press`; Textual's own bindings and palette are off."""

    CSS_PATH = Path(__file__).with_name("cockpit.tcss")
    ENABLE_COMMAND_PALETTE = False
    TITLE = "cockpit"
    BINDINGS: ClassVar = []

    def __init__(
        self,
        link: Link,
        *,
        theme: str = "",
        themes: Path | None = None,
        settings: SettingsFile | None = None,
        keymap: Mapping[str, Sequence[str] | str] | None = None,
        fps: float = 4.0,
        hook: Sequence[str] = (),
        notices: Sequence[str] = (),
        ascii_only: bool = False,
        clock: Callable[[], int] = monotonic_ns,
        seconds: float | None = None,
    ) -> None:
        """Take the session.

        Args:
            link: where views come from and commands go.
            theme: its name; empty for what suits the terminal.
            themes: the person's own folder of themes.
            settings: the person's own file of settings.
            keymap: the person's own keys, action to keys.
            fps: pulls a second while no key is pressed.
            hook: the person's alert command, see `Alerts`.
            notices: what should be said at the start.
            ascii_only: draw charts in letters, for terminals and fonts without braille.
            clock: steady, ns; the same that stamps key events.
            seconds: leave after this long.
        """
        super().__init__(ansi_color=True)
        self.link = link
        self.ascii_only = ascii_only
        self.settings = settings or SettingsFile(None)
        self.keymap = Keymap(keymap, str(self.settings.path or "the settings"))
        self.skins, unread = load(themes)
        name, notice = choose(
            self.skins, theme, no_color=self.no_color, colors=self.console.color_system or "standard"
        )
        self.skin = self.skins[name]
        self._notices = [*notices, *unread, *([notice] if notice else []), *self.keymap.notices]
        self._fps, self._clock, self._seconds = fps, clock, seconds
        self.alerts = Alerts(
            PANES, bell=self.bell, title=self._set_title, start=self._start, say=self.say, hook=hook
        )
        self.scene = Scene(View(), Status(""))
        self.dialog: Dialog | None = None
        self._ticket = self._urged = ""
        self._why = self._detail = self._fees = self._hidden = False
        self.messages = Messages()
        self.presses = Presses()
        self._last_present = -NEVER_NS
        self._needle = self._shown_title = ""

    def get_default_screen(self) -> Screen[None]:
        """The one screen there is."""
        return Frame(self.skin, self._clock)

    @property
    def frame(self) -> Frame:
        """The one screen."""
        screen = self.screen
        assert isinstance(screen, Frame)
        return screen

    def on_mount(self) -> None:
        """Start the session and the pulls."""
        self.app_suspend_signal.subscribe(self, lambda _: self._hide(True))
        self.app_resume_signal.subscribe(self, lambda _: self._hide(False))
        for i, notice in enumerate(self._notices):
            say = partial(self.say, notice, "warn")
            self.set_timer(i * NOTICE_S, say) if i else say()  # one after another, so that each is seen
        for number in (SIGTERM, SIGHUP):
            get_running_loop().add_signal_handler(number, self.leave)
        if self._seconds is not None:
            self.set_timer(self._seconds, self.leave)
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        """The screen is there: once it is painted the session may take its time to start."""
        self.pull()
        self.fill()
        self.set_interval(1 / self._fps, self.pull)
        self.call_after_refresh(lambda: self.run_worker(self._session(), name="session"))

    async def _session(self) -> None:
        """The session; one that cannot begin ends the program, which says why."""
        try:
            await self.link.run()
        except CockpitError as error:
            self.exit(error)

    def _hide(self, hidden: bool) -> None:
        self._hidden = hidden

    def on_resize(self) -> None:
        """Fill the new size as soon as it is laid out."""
        self.call_after_refresh(self.pull)

    # ------------------------------------------------------------------------------------------ pulling

    def pull(self) -> None:
        """Take the view and paint what changed; nothing while nobody can see it."""
        if self._hidden or not self.screen_stack:
            return
        frame, extras, now = self.frame, self._extras(), self._clock()
        aim = frame.plain_pane.target()
        focus = aim.pair or ((aim.game or aim.market) if frame.wants_detail(extras) else "")
        view, status = self.link.view(focus), self.link.status()
        self._urge(view)
        place = next((i for i, ticket in enumerate(view.tickets) if ticket.id == self._ticket), 0)
        scene = Scene(
            view, status, self.link.lane, view.tickets[place] if view.tickets else None, place,
            replay=self.link.playback is not None and status.playback is not None,
            mute=self.alerts.mute, snooze_ns=self.alerts.snoozed(now), fees=self._fees, ascii_only=self.ascii_only,
            low=not frame.whole(extras), proposes=frame.plain_pane.proposes, target=aim,
        )  # fmt: skip
        frame.show(scene, extras)
        pane = frame.pane(extras)
        target = pane.target() if pane.target().market else frame.plain_pane.target()
        serves = pane.offers() | ({"why"} if self._why else set())  # what is open can be closed
        self.scene = replace(
            scene, target=target, serves=serves if frame.beside is not None else serves - {"detail"}
        )
        self._ticket = scene.ticket.id if scene.ticket is not None else ""
        self.alerts.read(PANES[frame.active].title)
        live = self.link.playback is None
        for note in self.alerts.take(view.notes, PANES[frame.active].title, now, live=live):
            self.messages.note(note, now)
        frame.paint(self.scene, self._extras())

    def _urge(self, view: View) -> None:
        """A ticket that closes a naked leg takes the strip when it comes; what was printed there is still the next."""
        first = view.tickets[0] if view.tickets else None
        if first is not None and first.urgent and first.id != self._urged:
            self._urged = self._ticket = first.id

    def _extras(self) -> Extras:
        message = self.messages.line(self._clock()) or standing(self.scene.status)
        return Extras(self.keymap, self.alerts.unread, message, self.dialog, self._why, self._detail)

    # ------------------------------------------------------------------------------------------ keys

    def on_key(self, event: events.Key) -> None:
        """Every key of the keyboard arrives here."""
        event.stop()
        event.prevent_default()
        at = int(event.time * SECOND)
        due, dropped = self.presses.key(at)
        if due is not None:
            self._fire(due)
        if dropped:
            self.say(dropped, "warn")
        if not self.scene.hindsight and at - self._last_present >= PRESENT_NS:
            self._last_present = at
            self.link.send(Present(0))
        self._set_title("")
        self._press(named(event.key, event.character), at)
        self.pull()

    def on_paste(self, event: events.Paste) -> None:
        """Pasted text may fill a field; it is never a key."""
        event.stop()
        if self.dialog is not None:
            self.dialog.paste(event.text)
            self.pull()

    def _press(self, key: str, at: int) -> None:
        action = self.keymap.action(key)
        self.presses.other(action.name if action is not None else "")
        if self.dialog is not None and not (
            action is not None and action.name == "kill" and not key.isalnum()
        ):
            self._type(self.dialog, key, at)
        elif action is None or (self.frame.small and action.name not in SMALL):
            return
        elif not action.when(self.scene):
            refused = action.name == "approve"
            why = self.scene.refusal if refused else action.lacks(self.scene, self.keymap)
            self.messages.answer(
                f"{key} {action.label or action.name}: {why}", "warn", self._clock(), refusal=refused
            )
        elif action.name in ALONE:
            self._alone(action.name, at)
        else:
            self.do(action.name)

    def _type(self, dialog: Dialog, key: str, at: int) -> None:
        if dialog.submits(key):
            self._alone("submit", at)
            return
        inside = dialog.inside
        dialog.press(key)
        if (key == "escape" and not inside) or dialog.closed:
            self.close()

    def _alone(self, action: str, at: int) -> None:
        """Wait whether another key comes."""
        strip = self.frame.strip
        if wrong := self.presses.wait(action, self.scene, strip.terms, strip.shown_ns(at)):
            self.say(wrong, "warn")
        elif press := self.presses.waiting:
            self.set_timer(ALONE_NS / SECOND, lambda: self._in_time(press))

    def _in_time(self, press: Press) -> None:
        if self.presses.take(press):
            self._fire(press)
            self.pull()

    def _fire(self, press: Press) -> None:
        """Do what a press asked for, on what was on the screen at it."""
        if press.action == "approve":
            self._approve(press)
        elif press.action == "submit":
            if self.dialog is not None:
                self.dialog.submit()
                self._close_finished()
        else:
            scene, self.scene = self.scene, press.scene
            self.do(press.action)
            self.scene = scene

    def _close_finished(self) -> None:
        """A dialog may have opened another in its place."""
        if self.dialog is not None and self.dialog.closed:
            self.close()

    def _approve(self, press: Press) -> None:
        terms = press.terms
        if terms is None or not press.shown_ns:
            self.say("no terms were on the screen yet: nothing was sent", "warn")
            return
        self.send(approval(self.link, terms, shown_ns=press.shown_ns, since_press_ns=press.since_ns))
        price = text.cents(text.of_side(terms.side, terms.price))
        self.say(
            f"approve {terms.ticket} BUY {text.side_word(terms.side)} {text.quantity(terms.qty)} @ {price}c sent",
            "accent",
        )

    def do(self, action: str) -> None:
        """Do an action now."""
        deed = DEEDS.get(action)
        if deed is not None:
            deed(self)
        else:
            self.frame.pane(self._extras()).act(action)

    def twice(self, action: str, words: str) -> bool:
        """Whether this is the second press of it within two seconds; else the words ask for one."""
        if self.presses.again(action):
            return True
        self.say(words, "alert")
        return False

    # ------------------------------------------------------------------------------------------ what actions use

    def send(self, command: Command) -> None:
        """Send a command and look again shortly for what came of it; a second cockpit only looks."""
        if self.scene.status.read_only:
            self.say("READ ONLY: another cockpit holds the pen, this key changes nothing", "warn")
            return
        self.link.send(command)
        self.set_timer(ECHO_S, self.pull)

    def say(self, words: str, role: str = "text") -> None:
        """Print a message for a while."""
        self.messages.answer(words, role, self._clock())

    def open(self, dialog: Dialog) -> None:
        """Open a form or a list."""
        self.dialog = dialog

    def close(self) -> None:
        """Close it; the terms under it are new to the eye again."""
        self.dialog = None
        self.frame.strip.uncover()

    def back(self) -> None:
        """Close the detail, else why, else clear the filter."""
        if self._detail:
            self._detail = False
        elif self._why:
            self._why = False
        else:
            self.find("")

    def show_pane(self, index: int) -> None:
        """Change the pane."""
        if index >= len(PANES):
            self.say(f"no pane {index + 1}: there are {len(PANES)}", "warn")
            return
        self._detail = False
        self.frame.show_pane(index)

    def choose(self, ticket: str) -> None:
        """Print another ticket in the strip."""
        self._ticket = ticket

    def toggle(self, what: str) -> None:
        """Turn something on or off."""
        if what == "mute":
            self.alerts.mute = not self.alerts.mute
            self.say("alerts are mute" if self.alerts.mute else "alerts ring again")
        elif what == "snooze":
            off = self.alerts.snooze(self._clock())
            self.say("alerts are off for five minutes" if off else "alerts ring again")
        elif what == "fees" and not self.frame.pane(self._extras()).act("valuation"):
            self._fees = not self._fees
        elif what == "why":
            self._why = not self._why
        elif what == "detail" and not self.frame.pane(self._extras()).act("detail"):
            self._detail = not self._detail

    @property
    def needle(self) -> str:
        """What the pane is filtered by."""
        return self._needle

    def find(self, word: str) -> None:
        """Filter the pane."""
        self._needle = word
        self.frame.plain_pane.find(word)

    def wear(self, theme: str) -> None:
        """Change the theme; the next one when no name is given."""
        names = self.theme_names()
        self.skin = self.skins[theme or names[(names.index(self.skin.name) + 1) % len(names)]]
        self.frame.dress(self.skin)
        self.say(f"theme {self.skin.name}")

    def theme_names(self) -> list[str]:
        """All themes."""
        return sorted(self.skins)

    def leave(self) -> None:
        """End the program."""
        self.exit()

    def _set_title(self, words: str) -> None:
        """The terminal's title, while something loud was not answered by a key."""
        if words != self._shown_title and self._driver is not None and not self.is_headless:
            self._driver.write(f"\x1b]2;{f'* {words} - ' if words else ''}cockpit\x07")
        self._shown_title = words

    def _start(self, work: Coroutine[None, None, None]) -> None:
        self.run_worker(work, group="alerts")
