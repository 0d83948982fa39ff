"""What keys do: money first."""

import re
from time import monotonic_ns

import pytest
from app_sample import (
    DESK,
    EVENT,
    LEASE,
    NOW,
    REPLAYING,
    ROWS,
    TICKETS,
    VIEW,
    SamplePlayer,
    change,
    dollars,
)
from textual import events

from cockpit.app.app import NOTICE_S, CockpitApp
from cockpit.app.deeds import ALONE, DEEDS, SMALL
from cockpit.app.keys import ACTIONS, GROUPS, Keymap
from cockpit.app.scene import Scene
from cockpit.app.text import CUT
from cockpit.domain.commands import (
    Approve,
    CancelOrder,
    Edit,
    Flatten,
    Kill,
    Lease,
    PlaceManual,
    Present,
    PullMarket,
    Reject,
    Resume,
    Unwind,
)
from cockpit.domain.status import Status
from cockpit.domain.units import ASK, BID, MILLISECOND, QTY, SECOND
from cockpit.domain.view import View
from cockpit.settings.files import SettingsFile


def on_row(n: int) -> list[str]:
    return ["g", *["j"] * n]


# ---------------------------------------------------------------------------------------------- approving


async def test_approve_sends_the_printed_terms_once(run):
    async with run() as desk:
        desk.now += 3 * SECOND
        desk.tap("a", gap_ms=0)
        assert not desk.link.of(Approve)
        desk.wait(31)
        await desk.settle()
        assert desk.link.of(Approve) == [
            Approve(0, "D-41", BID, 8600, 100 * QTY, shown_ts=-3 * SECOND, pressed_ts=-(1 << 62), lane="desk")
        ]
        assert "approve D-41 BUY YES 100 @ 86c sent" in desk.text()


async def test_a_held_key_approves_one_ticket(run):
    async with run() as desk:
        desk.tap("a")
        desk.wait(31)
        for _ in range(40):
            desk.tap("a", gap_ms=33)
            desk.wait(0)
        await desk.settle()
        assert len(desk.link.of(Approve)) == 1
        assert "held" in desk.row(16)
        desk.tap("a", gap_ms=700)
        desk.wait(31)
        assert len(desk.link.of(Approve)) == 1


async def test_the_time_since_the_last_press_is_told(run):
    async with run() as desk:
        await desk.press("a")
        desk.now += 5 * SECOND
        await desk.press("a")
        assert [sent.pressed_ts for sent in desk.link.of(Approve)] == [-(1 << 62), -6100 * MILLISECOND]


@pytest.mark.parametrize("word", ["a", "aa", "banana", "ja", "a "])
async def test_a_paste_never_approves(run, word):
    """With brackets it is no key at all; without it is a burst, and a burst of one is a key."""
    async with run() as desk:
        desk.app.on_paste(events.Paste(word))
        desk.wait(100)
        assert not desk.link.of(Approve)
        if len(word) > 1:
            desk.now += SECOND
            desk.tap(*(("space" if char == " " else char) for char in word), gap_ms=1)
            desk.wait(100)
            assert not desk.link.of(Approve)
            assert not desk.link.of(Reject)


async def test_keys_of_the_real_keyboard_arrive(run):
    """The way through Textual and the real timer; all other tests hand keys over themselves."""
    async with run(clock=monotonic_ns) as desk:
        await desk.pilot.pause(0.04)
        await desk.pilot.press("r")
        await desk.pilot.pause(0.05)
        assert desk.link.of(Reject) == [Reject(0, "D-41")]
        await desk.pilot.press("question_mark")
        assert "KEYS" in desk.text()


async def test_terms_that_changed_are_new_to_the_eye(run):
    async with run() as desk:
        desk.now += 9 * SECOND
        await desk.show(change(VIEW, tickets=(change(TICKETS[0], price=8700), *TICKETS[1:])))
        desk.text()
        desk.tap("a", gap_ms=160)
        desk.wait(31)
        (sent,) = desk.link.of(Approve)
        assert (sent.price, sent.shown_ts) == (8700, -160 * MILLISECOND)


async def test_what_was_covered_is_new_to_the_eye(run):
    async with run() as desk:
        await desk.press("?")
        desk.now += 60 * SECOND
        await desk.press("escape")
        desk.text()
        desk.tap("a", gap_ms=200)
        desk.wait(31)
        (sent,) = desk.link.of(Approve)
        assert -500 * MILLISECOND < sent.shown_ts <= -200 * MILLISECOND


async def test_the_terms_at_the_press_are_sent_even_when_new_ones_arrive(run):
    async with run() as desk:
        desk.tap("a")
        await desk.show(change(VIEW, tickets=(change(TICKETS[0], price=8700), *TICKETS[1:])))
        desk.wait(31)
        (sent,) = desk.link.of(Approve)
        assert sent.price == 8600


async def test_the_ticket_at_the_press_is_rejected_even_when_another_is_printed(run):
    async with run() as desk:
        desk.tap("r")
        await desk.show(change(VIEW, tickets=TICKETS[1:]))
        desk.wait(31)
        assert desk.link.of(Reject) == [Reject(0, "D-41")]


async def test_only_an_armed_ticket_is_approved(run):
    async with run(change(VIEW, tickets=TICKETS[1:])) as desk:
        assert "NOT ARMED" in desk.text()
        await desk.press("a")
        assert not desk.link.of(Approve)
        assert "event cap" in desk.row(16)


async def test_nothing_is_approved_while_something_is_open_or_killed(run):
    async with run() as desk:
        await desk.press("?", "a", "escape")
        await desk.show(change(VIEW, killed=True))
        await desk.press("a")
        assert not desk.link.of(Approve)


async def test_next_prints_the_other_ticket_and_it_is_the_one_approved(run):
    view = change(VIEW, tickets=(TICKETS[0], TICKETS[2]))
    async with run(view) as desk:
        await desk.press("n")
        assert "TICKET 2/2 D-43" in desk.text()
        assert "BUY NO 40 @ 17c" in desk.text()
        await desk.press("a")
        (sent,) = desk.link.of(Approve)
        assert (sent.ticket, sent.side, sent.price) == ("D-43", ASK, 8300)


async def test_in_hindsight_commands_name_their_lane(run):
    async with run(VIEW, REPLAYING, player=SamplePlayer()) as desk:
        await desk.press("a", "r")
        assert [command.lane for command in desk.link.sent if type(command) is not Present] == [
            "what-if",
            "what-if",
        ]


async def test_approving_on_a_screen_too_small_is_not_possible(run):
    async with run(size=(70, 20)) as desk:
        await desk.press("a", "r", "x")
        assert [type(command) for command in desk.link.sent] == [Present]
        await desk.press("!", "!")
        assert desk.link.of(Kill)


# ---------------------------------------------------------------------------------------------- the other hands


async def test_reject_and_cancel_and_unwind(run):
    async with run() as desk:
        await desk.press("r", "u")
        assert desk.link.of(Reject) == [Reject(0, "D-41")]
        assert desk.link.of(Unwind) == [Unwind(0, ROWS[0].ticker)]
        await desk.press(*on_row(4), "x")
        assert desk.app.scene.target.market == "KXETHD-26DEC0115-T3020"
        assert desk.link.of(CancelOrder) == [CancelOrder(0, "D-40")]


async def test_kill_takes_two_presses_in_two_seconds(run):
    async with run() as desk:
        await desk.press("!")
        assert not desk.link.of(Kill)
        await desk.press("j", "!")
        assert not desk.link.of(Kill)
        desk.now += 2 * SECOND
        await desk.press("!")
        assert not desk.link.of(Kill)
        await desk.press("!")
        assert desk.link.of(Kill) == [Kill(0)]


async def test_kill_works_over_an_open_form(run):
    async with run() as desk:
        await desk.press("o", "!", "!")
        assert desk.link.of(Kill)


async def test_resume_only_after_a_kill(run):
    async with run() as desk:
        await desk.press("R")
        assert not desk.link.of(Resume)
        await desk.show(change(VIEW, killed=True))
        await desk.press("R")
        assert desk.link.of(Resume) == [Resume(0)]


async def test_flatten_and_pull_ask_first(run):
    async with run() as desk:
        await desk.press("U", "enter")
        assert not desk.link.of(Flatten)
        await desk.press("U", "y")
        assert desk.link.of(Flatten) == [Flatten(0, EVENT)]
        await desk.press(*on_row(4), "X", "y")
        assert desk.link.of(PullMarket) == [PullMarket(0, "KXETHD-26DEC0115-T3020")]


async def test_an_order_by_hand(run):
    async with run() as desk:
        await desk.press("o", "n", "down", "1", "3", "down", "2", "5", ".", "5")
        assert "pay $3.32  win $22.19" in desk.text()
        await desk.press("enter")
        assert desk.link.of(PlaceManual) == [PlaceManual(0, ROWS[0].ticker, ASK, 8700, 25_500_000)]
        assert desk.app.dialog is None


@pytest.mark.parametrize("price", ["0", "100", "", ".", "99.999"])
async def test_an_order_that_is_none_is_not_sent(run, price):
    async with run() as desk:
        await desk.press("o", "down", "backspace", "backspace", "backspace", *price, "down", "enter")
        assert not desk.link.of(PlaceManual)
        assert desk.app.dialog is not None


async def test_pasting_into_a_form_types_and_never_sends(run):
    async with run() as desk:
        await desk.press("o", "down", "down")
        desk.app.on_paste(events.Paste("12\n"))
        assert desk.app.dialog.qty.text == "12"
        desk.tap("1", "enter", gap_ms=2)
        desk.wait(100)
        assert not desk.link.of(PlaceManual)


async def test_editing_the_ticket_and_an_order(run):
    async with run() as desk:
        await desk.press("e", "8", "5", "down", "enter")
        assert desk.link.of(Edit) == [Edit(0, "D-41", 8500, 100 * QTY)]
    async with run(change(VIEW, tickets=())) as desk:
        await desk.press("/", *"3,020", "enter", "e", "down")
        assert "nothing is changed: behind 84 of 226" in desk.text()
        assert "contracts left to fill" in desk.text()
        await desk.press("9", "0")
        assert "a smaller size keeps the place: behind 84 of 226" in desk.text()
        await desk.press("backspace", "backspace", "1", "2", "1")
        assert "goes to the back: gives up behind 84 for behind 226" in desk.text()
        await desk.press("up", "5", "1", "down", "9", "0")
        assert "goes to the back: gives up behind 84 for behind not known" in desk.text()
        await desk.press("up", "5", "3", "down", "9", "0")
        assert "goes to the back: gives up behind 84 for behind 0" in desk.text()
        await desk.press("up", "5", "1", "down", "9", "0")
        await desk.press("enter")
        assert desk.link.of(Edit) == [Edit(0, "D-40", 5100, 90 * QTY)]


async def test_a_lease_and_its_end(run):
    async with run(change(VIEW, lease=LEASE)) as desk:
        await desk.press("L", "3", "down", "7", "5", ".", "5", "down", "1", "0", "enter")
        assert desk.link.of(Lease) == [Lease(0, 3, dollars(75.5), 600 * SECOND)]
        await desk.press("L", "down", "down", "0", "enter")
        assert desk.link.of(Lease)[1] == Lease(0, 0, 0, 0)


async def test_somebody_is_at_the_wheel_every_five_seconds(run):
    async with run() as desk:
        await desk.press("j", "j", "k")
        assert len(desk.link.of(Present)) == 1
        desk.now += 3 * SECOND
        await desk.press("j")
        assert len(desk.link.of(Present)) == 2


async def test_quit_takes_two(run):
    async with run() as desk:
        await desk.press("q")
        assert desk.app._exit is False
        await desk.press("q")
        assert desk.app._exit is True


# ---------------------------------------------------------------------------------------------- looking


async def test_the_cursor_stays_on_its_row_when_rows_move(run):
    async with run() as desk:
        await desk.press("j", "j")
        assert desk.app.scene.target.market == ROWS[2].ticker
        first = change(ROWS[2], ev=9.0, mark="W")
        await desk.show(change(VIEW, rows=(*ROWS[:2], first, *ROWS[3:])))
        assert desk.app.scene.target.market == ROWS[2].ticker
        assert desk.row(4).startswith(">W Trump")
        await desk.show(change(VIEW, rows=(*ROWS[:2], *ROWS[3:])))
        assert desk.row(4).startswith(">")
        assert desk.app.scene.target.market != ROWS[2].ticker


async def test_sorting(run):
    async with run() as desk:
        orders = {}
        for _ in range(5):
            shown = [row.key for row in desk.app.frame.plain_pane.grid.rows]
            orders[desk.app.frame.plain_pane.sort] = shown
            await desk.press("s")
        assert orders["EV$"][:3] == [row.ticker for row in ROWS[:3]]
        assert orders["EV$"][-3:] == [ROWS[9].ticker, ROWS[10].ticker, ROWS[11].ticker]
        assert orders["edge"][0] == ROWS[2].ticker
        assert orders["name"] == [row.ticker for row in sorted(ROWS, key=lambda row: row.label)]
        assert orders["left"][-1] in (ROWS[1].ticker, ROWS[11].ticker)
        assert len(orders) == 5


async def test_prices_reorder_the_list_once_a_second_at_most(run):
    async with run() as desk:
        grid = desk.app.frame.plain_pane.grid
        swapped = (change(ROWS[0], ev=0.5), *ROWS[1:])
        await desk.show(change(VIEW, rows=swapped, ts=NOW + SECOND // 2))
        assert grid.rows[0].key == ROWS[0].ticker
        await desk.show(change(VIEW, rows=swapped, ts=NOW + SECOND))
        assert grid.rows[0].key == ROWS[1].ticker


async def test_what_cannot_be_acted_on_changes_places_seldom(run):
    """Without an EV a row is only looked at: its LOW jitters by a cent, and the list stands still."""
    async with run() as desk:
        grid = desk.app.frame.plain_pane.grid
        before = [row.key for row in grid.rows]
        one, other = ROWS[5], ROWS[6]
        assert one.ev is other.ev is None
        swapped = (*ROWS[:5], change(one, low=-0.06), *ROWS[6:])
        for seconds in (2, 5, 9):
            await desk.show(change(VIEW, rows=swapped, ts=NOW + seconds * SECOND))
            assert [row.key for row in grid.rows] == before
        await desk.show(change(VIEW, rows=swapped, ts=NOW + 10 * SECOND))
        after = [row.key for row in grid.rows]
        assert after.index(other.ticker) < after.index(one.ticker)


@pytest.mark.parametrize(
    ("word", "count"), [("btc", 5), ("kxsold", 1), ("proxy", 1), ("zzz", 0), ("3pm", 6), ("3pm btc", 4)]
)
async def test_the_filter_is_live(run, word, count):
    async with run() as desk:
        await desk.press("/", *("space" if char == " " else char for char in word))
        assert len(desk.app.frame.plain_pane.grid.rows) == count
        await desk.press("enter")
        assert len(desk.app.frame.plain_pane.grid.rows) == count
        await desk.press("escape")
        assert len(desk.app.frame.plain_pane.grid.rows) == len(ROWS)


async def test_why_asks_for_the_detail_of_the_row(run):
    async with run() as desk:
        assert set(desk.link.focus) == {""}
        await desk.press("w")
        assert desk.link.focus[-1] == ROWS[0].ticker
        assert "strike 84,000" in desk.text()
        await desk.press("j")
        assert desk.link.focus[-1] == ROWS[1].ticker
        await desk.press("escape")
        assert "WHY" not in desk.text()


async def test_replay_keys(run):
    player = SamplePlayer()
    async with run(VIEW, REPLAYING, player=player) as desk:
        await desk.press("space", "[", "]", ".", "{", "}", "t", *"14:30", "enter")
        await desk.press("t", "-", "5", "m", "enter")
    asked = [("toggle",), ("speed", 5.0), ("speed", 20.0), ("step",), ("next", "", True), ("next", "", False)]
    assert player.calls == [*asked, ("seek", NOW - 1327 * SECOND), ("seek", NOW - 300 * SECOND)]


async def test_a_time_outside_the_recording_is_told(run):
    player = SamplePlayer()
    async with run(VIEW, REPLAYING, player=player) as desk:
        await desk.press("t", *"99:99")
        assert "no such time in it" in desk.text()
        await desk.press("enter")
        assert "no such time in it" in desk.text()
    assert player.calls == []


async def test_replay_keys_say_why_they_do_nothing_live(run):
    async with run() as desk:
        await desk.press("space")
        assert "live" in desk.row(16)


async def test_the_footer_shows_only_what_works(run):
    async with run(change(VIEW, tickets=(), desk=change(DESK, working=(), events=(), fills=()))) as desk:
        footer = desk.row(23)
        assert not {" approve", " reject", " cancel", " unwind", " pause"} & {
            f" {word}" for word in footer.split()
        }
        assert " order" in footer
    async with run(size=(200, 60)) as desk:
        footer = desk.row(59)
        assert "a approve r reject e edit" in footer
        assert footer.endswith("? help !! KILL")
        assert CUT not in footer


async def test_the_palette_does_what_it_lists(run):
    async with run() as desk:
        await desk.press("ctrl+p", *"light", "enter")
        assert desk.app.skin.name == "light"
        await desk.press("ctrl+p", *"reject", "enter")
        assert desk.link.of(Reject)
        await desk.press("ctrl+p", *"approve the", "enter")
        assert not desk.link.of(Approve)


async def test_unknown_keys_do_nothing(run):
    async with run() as desk:
        before = desk.text()
        await desk.press("f9", "ctrl+z", "Q", "tab", "ctrl+t")
        assert desk.text() == before
        assert [type(command) for command in desk.link.sent] == [Present]


async def test_a_pane_that_is_not_there_is_told(run):
    async with run() as desk:
        desk.app.show_pane(9)
        await desk.settle()
        assert "no pane 10" in desk.row(16)


# ---------------------------------------------------------------------------------------------- the keymap


def test_every_action_is_done_somewhere():
    names = {action.name for action in ACTIONS}
    movements = {"up", "down", "page_up", "page_down", "top", "bottom", "sort"}
    assert names - set(DEEDS) == movements | {"approve"}
    assert set(DEEDS) <= names
    assert names >= ALONE | SMALL
    assert {action.group for action in ACTIONS} == set(GROUPS)


def test_the_usual_keys_do_not_clash():
    assert not Keymap().notices
    keys = [key for action in ACTIONS for key in action.keys]
    assert len(keys) == len(set(keys))


def test_a_persons_own_keys():
    keymap = Keymap({"approve": ["y", "f5"], "reject": "a", "why": "r", "kill": ["!", "f12"]})
    assert not keymap.notices
    assert [keymap.action(key).name for key in ("y", "f5", "a", "r", "f12")] == [
        "approve",
        "approve",
        "reject",
        "why",
        "kill",
    ]
    assert keymap.action("w") is None


@pytest.mark.parametrize(
    ("changes", "notice"),
    [
        ({"approve": "x"}, "screen.keys.approve: 'x' is cancel's already"),
        ({"fly": "x"}, "screen.keys.fly: no such action"),
        ({"approve": "hyper+x"}, "screen.keys.approve: no such key: 'hyper+x'"),
        ({"kill": []}, "screen.keys.kill: needs a key"),
        ({"kill": ""}, "screen.keys.kill: needs a key"),
        ({"kill": "."}, "screen.keys.kill: '.' is what forms need"),
        ({"kill": "7", "pane7": "f7"}, "screen.keys.kill: '7' is what forms need"),
        ({"approve": "enter", "detail": "f2"}, "screen.keys.approve: 'enter' is what forms need"),
        ({"cancel": "escape", "back": "f2"}, "screen.keys.cancel: 'escape' is what forms need"),
    ],
)
def test_a_bad_change_is_told_and_left_out(changes, notice):
    keymap = Keymap(changes, "config.toml")
    assert keymap.notices == [f"{notice} (config.toml)"]
    assert [keymap.action(key).name for key in "ax!"] == ["approve", "cancel", "kill"]


async def test_a_bad_keymap_is_a_notice_on_the_screen(run):
    async with run(keymap={"fly": "x"}) as desk:
        assert "screen.keys.fly: no such action (the settings)" in desk.row(16)


async def test_each_bad_key_is_told_and_the_help_shows_what_is_in_force(run, tmp_path):
    """Two actions on one key, no such action, a key that forms need: told with the file, left out, nothing broken."""
    file = SettingsFile(tmp_path / "mine.toml")
    changes = {"pause": "a", "fly": "x", "kill": ".", "lease": "f9"}
    async with run(keymap=changes, settings=file, size=(140, 60)) as desk:
        notices = desk.app.keymap.notices
        assert len(notices) == 3
        assert all(f"({file.path})" in notice for notice in notices)
        assert [list(desk.app._notices).count(notice) for notice in notices] == [1, 1, 1]
        await desk.press("?")
        told = desk.text()
        assert "left out of your keys" in told
        assert all(notice[:40] in told for notice in notices)
        assert re.search(r" f9 +let the desk requote", told)
        assert re.search(r" space +stop the replay", told)
        await desk.press("escape")
        assert "f9 lease" in desk.text()


async def test_notices_are_told_one_after_another(run, monkeypatch):
    """None is covered by the next before anybody can read it."""
    later = []
    monkeypatch.setattr(CockpitApp, "set_timer", lambda _, after, then: later.append((after, then)))
    async with run(notices=("the first", "the second", "the third")) as desk:
        assert "the first" in desk.text()
        assert [after for after, _ in later] == [NOTICE_S, 2 * NOTICE_S]
        for _, then in later:
            desk.now += int(NOTICE_S * SECOND)
            then()
        await desk.settle()
        assert "the third" in desk.text()


async def test_the_words_name_the_keys_in_force(run):
    async with run(change(VIEW, killed=True), keymap={"resume": "f8"}) as desk:
        await desk.press("L")
        assert "killed: f8 resumes first" in desk.text()


def test_the_help_names_every_key():
    keymap = Keymap()
    assert {action.name for action in keymap.footer(Scene(View(), Status("LIVE PAPER")))} >= {"kill", "lease"}
    assert all(len(action.help) <= 60 for action in ACTIONS)
