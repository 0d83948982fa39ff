"""The Mentions screen: events that open and fold, a line a phrase, and one phrase in full."""

import pytest
from app_sample import DAY, HOUR, MINUTE, NOW, change
from hypothesis import given
from hypothesis import strategies as st
from mention_sample import (
    BRIEFING,
    CALL,
    CRYPTO,
    DINNER,
    HEARING,
    LISTED,
    PHRASE,
    PHRASES,
    PRESSER,
    RALLY,
    SCHEDULE,
    SIGNING,
    SOMEDAY,
    SPEECHES,
    TARIFF,
    VIEW_OF_WORDS,
    VISIT,
    line,
    phrase,
    speech,
)
from pane_sample import VIEW, pane_text, press, show_pane

from cockpit.app.line import length
from cockpit.app.panes import mentions_order as order
from cockpit.app.panes import mentions_rows as rows
from cockpit.app.panes import mentions_words as words
from cockpit.app.panes import phrase as one
from cockpit.app.panes.registry import PANES
from cockpit.app.text import CUT
from cockpit.domain.mentions import PastView, ScheduleView, Stage
from cockpit.domain.units import ASK, SECOND

EVIL = "\x1b[31m[red]X\x07\u202e\r\n\x9b2J\u200b\t東京 é" + "W" * 300


async def opened(desk):
    desk.link.phrases = dict(PHRASES)
    return await show_pane(desk, "Mentions")


def scheduled(*speeches, **fields):
    return change(VIEW_OF_WORDS, schedule=change(SCHEDULE, speeches=speeches, **fields))


def plain(lines):
    return ["".join(text for text, _ in line) for line in lines]


def keys_of(pane):
    return [row.key for row in pane.grid.rows]


def on(pane):
    """The event and the phrase's label under the cursor."""
    place = pane.here
    return place.group.id, place.member.label if place.member else ""


# ---------------------------------------------------------------------- the pane


@pytest.mark.parametrize("size", [(80, 24), (140, 40), (200, 60)], ids=str)
async def test_the_list(run, snapshot, size):
    async with run(VIEW_OF_WORDS, size=size) as desk:
        await opened(desk)
        snapshot(f"mentions-{size[0]}x{size[1]}", desk.text())


@pytest.mark.parametrize("width", [80, 92, 120, 140, 160, 200])
async def test_every_width_has_what_matters(run, width):
    """Chance, what is bought and LOW are never dropped, and no heading is longer than the pane."""
    async with run(VIEW_OF_WORDS, size=(width, 40)) as desk:
        pane = await opened(desk)
        assert all(pane.grid.room(key) for key in ("mark", "phrase", "K", "chance", "buys", "low"))
        inside = pane.grid.size.width - 1
        assert all(length(row.whole) <= inside for row in pane.grid.rows)


@pytest.mark.parametrize(
    ("name", "schedule"),
    [
        ("none", ScheduleView()),
        ("never-heard", ScheduleView(sources=(("whitehouse", 0), ("fomc", 0)))),
        ("nothing", ScheduleView(sources=(("whitehouse", NOW - 200 * SECOND),), known=12)),
        ("silent", change(SCHEDULE, speeches=(DINNER, HEARING), sources=(("fomc", NOW - 3 * HOUR), ("whitehouse", NOW)))),
        ("one-never-heard", change(SCHEDULE, speeches=(HEARING,), sources=(("fomc", 0), ("whitehouse", NOW)))),
    ],
)  # fmt: skip
async def test_states(run, snapshot, name, schedule):
    async with run(change(VIEW_OF_WORDS, schedule=schedule)) as desk:
        await opened(desk)
        snapshot(f"mentions-{name}", pane_text(desk) + desk.row(2) + "\n")


async def test_why(run, snapshot):
    async with run(VIEW_OF_WORDS, size=(80, 40)) as desk:
        await opened(desk)
        await press(desk, "w")
        assert "2 of them on both" not in desk.text()
        assert "at Columbus, Ohio" in desk.text()
        await press(desk, "j")
        snapshot("mentions-why", desk.text())
        await press(desk, "j")
        assert "Kalshi: YES@80 LOW -2.3, low side of the band has no edge" in desk.text()
        assert "x5: only 5 times or more is a yes" in desk.text()
        await press(desk, "j")
        assert "POST: written words count" in desk.text()
        assert "never listed at an event we know" in desk.text()
        await press(desk, "j")
        assert "not priced: no fair value now" in desk.text()
        await press(desk, "j")
        assert "settled yes" in desk.text()
        await press(desk, "j")
        assert "a calendar states it (whitehouse); moved +30m" in " ".join(desk.text().split())
        await press(desk, "j", "j")
        assert "no venue lists words for it yet" in desk.text()
        await press(desk, "j")
        assert "a guess: nobody states it" in desk.text()
        await press(desk, "G")
        assert "cancelled: where that stands every word is a no" in desk.text()


# ---------------------------------------------------------------------- opening and folding


async def test_live_and_soon_are_open_and_the_rest_is_folded(run):
    async with run(VIEW_OF_WORDS) as desk:
        pane = await opened(desk)
        shown = {place.group.id for place in pane.items.values() if place.member is not None}
        assert shown == {"rally", "briefing"}
        assert [key for key in keys_of(pane) if " / " not in key] == [
            "rally", "briefing", "hearing", "dinner", "fomc", "someday", "signing", "call", "visit",
        ]  # fmt: skip


async def test_an_event_without_markets_stays_folded_however_near_it_is(run):
    async with run(scheduled(change(HEARING, stage=Stage.LIVE))) as desk:
        pane = await opened(desk)
        assert keys_of(pane) == ["hearing"]
        await press(desk, "enter")
        assert keys_of(pane) == ["hearing", "hearing note"]


async def test_the_detail_key_folds_and_opens_on_a_heading(run):
    async with run(VIEW_OF_WORDS) as desk:
        pane = await opened(desk)
        await press(desk, "enter")
        assert on(pane) == ("rally", "")
        assert "Tariff" not in pane_text(desk)
        assert "+ LIVE 1h23" in pane_text(desk)
        await press(desk, "enter")
        assert "Tariff" in pane_text(desk)
        assert not desk.app._detail


async def test_a_folded_event_tells_its_mark_and_what_clears(run):
    async with run(VIEW_OF_WORDS, size=(140, 40)) as desk:
        await opened(desk)
        await press(desk, "enter")
        heading = pane_text(desk).splitlines()[1]
        assert heading.startswith(">T + LIVE")
        assert "1 LOW>=5" in heading


async def test_one_that_is_far_off_opens_and_stays_so(run):
    async with run(scheduled(PRESSER, DINNER)) as desk:
        pane = await opened(desk)
        assert keys_of(pane) == ["dinner", "fomc"]
        await press(desk, "j", "enter")
        assert [on(pane)[0], len(pane.grid.rows)] == ["fomc", 4]
        assert "Good afternoon" in pane_text(desk)
        await press(desk, "k", "k")
        assert len(pane.grid.rows) == 4
        await press(desk, "enter")
        assert "us-beautiful" not in pane_text(desk)
        assert "60/66" in pane_text(desk)


async def test_an_event_without_markets_opens_to_what_its_calendar_says(run):
    async with run(scheduled(HEARING), size=(120, 30)) as desk:
        pane = await opened(desk)
        await press(desk, "enter", "j")
        assert on(pane) == ("hearing", "")
        assert "https://example.org/hearing" in pane_text(desk)
        assert desk.app.scene.target.market == ""
        await press(desk, "enter")
        assert len(pane.grid.rows) == 1


async def test_an_event_does_not_fold_under_the_cursor_when_it_ends(run):
    async with run(scheduled(RALLY, DINNER)) as desk:
        pane = await opened(desk)
        await press(desk, "j", "j")
        assert on(pane) == ("rally", "Tariff")
        await desk.show(scheduled(change(RALLY, stage=Stage.ENDED), DINNER))
        assert on(pane) == ("rally", "Tariff")
        await press(desk, "g")
        assert [key for key in keys_of(pane) if " / " in key] == []


async def test_an_event_that_comes_near_opens_by_itself_unless_it_was_folded(run):
    soon = change(DINNER, stage=Stage.SOON)
    async with run(scheduled(DINNER)) as desk:
        pane = await opened(desk)
        await desk.show(scheduled(soon))
        assert len(pane.grid.rows) == 2
        await press(desk, "enter")
        await desk.show(scheduled(change(soon, stage=Stage.LIVE)))
        assert len(pane.grid.rows) == 1


# ---------------------------------------------------------------------- the cursor


async def test_the_cursor_keeps_its_phrase_when_rows_come_and_go(run):
    async with run(scheduled(RALLY, BRIEFING)) as desk:
        pane = await opened(desk)
        await press(desk, "j", "j", "j")
        assert on(pane) == ("rally", "Golden Dome")
        first = speech(
            "Town hall", Stage.LIVE, phrase("Egg"), phrase("Milk"), id="town", minutes=-100, lasts=120
        )
        await desk.show(scheduled(first, RALLY, BRIEFING))
        assert on(pane) == ("rally", "Golden Dome")
        assert keys_of(pane)[0] == "town"
        await desk.show(scheduled(change(RALLY, phrases=RALLY.phrases[1:])))
        assert on(pane) == ("rally", "Golden Dome")
        settled = change(RALLY.phrases[3], settled="no")
        await desk.show(scheduled(change(RALLY, phrases=(*RALLY.phrases[:3], settled, RALLY.phrases[4]))))
        assert on(pane) == ("rally", "Golden Dome")


async def test_where_its_phrase_is_gone_the_cursor_stays_in_the_event(run):
    async with run(scheduled(RALLY, BRIEFING)) as desk:
        pane = await opened(desk)
        await press(desk, "j", "j", "j", "j", "j")
        assert on(pane) == ("rally", "Immigrant")
        await desk.show(scheduled(change(RALLY, phrases=RALLY.phrases[:2]), BRIEFING))
        assert on(pane) == ("rally", "")
        await desk.show(scheduled(BRIEFING))
        assert on(pane)[0] == "briefing"
        await desk.show(scheduled())
        assert pane.here is None
        assert pane.target().speech == ""


async def test_keys_act_on_the_market_of_the_better_order(run):
    async with run(VIEW_OF_WORDS) as desk:
        await opened(desk)
        target = desk.app.scene.target
        assert (target.market, target.event, target.speech) == ("", "KXTRUMPMENTION-26DEC01", "rally")
        await press(desk, "j")
        assert desk.app.scene.target.market == CRYPTO
        await press(desk, "j")
        assert desk.app.scene.target.market == TARIFF
        await press(desk, "o")
        assert "Tariff" in desk.text()


def test_the_better_order_is_one_to_believe():
    sound, doubtful = (
        line("K", 36, 38, "k", side=ASK, low=1),
        line("P", 36, 38, "p", side=ASK, low=9, mark="?"),
    )
    assert order.best(phrase("A", doubtful, sound)) == sound
    assert order.best(phrase("A", doubtful)) == doubtful
    assert order.market(phrase("A", line("K", 1, 2, "k"), line("P", 1, 2, "p"))) == "k"
    assert order.market(phrase("A")) == ""


async def test_nothing_under_the_cursor(run):
    async with run(scheduled()) as desk:
        pane = await opened(desk)
        await press(desk, "w")
        assert "w why: nothing to explain here" in desk.text()
        await press(desk, "enter")
        assert pane.target().market == ""


# ---------------------------------------------------------------------- order and filter


@pytest.mark.parametrize(
    ("keys", "events", "phrases"),
    [
        ([], "rally briefing hearing dinner fomc someday signing call visit", "Crypto Tariff Golden Somebody Immigrant"),
        (["s"], "rally fomc briefing hearing dinner someday signing call visit", "Crypto Tariff Golden Somebody Immigrant"),
        (["s", "s"], "hearing call briefing fomc visit someday signing rally dinner", "Crypto Golden Immigrant Somebody Tariff"),
    ],
)  # fmt: skip
async def test_orders(run, keys, events, phrases):
    """By time, live first and what is over last; by the best LOW to be believed; by speaker and title."""
    async with run(VIEW_OF_WORDS) as desk:
        pane = await opened(desk)
        await press(desk, *keys)
        assert [key for key in keys_of(pane) if " / " not in key] == events.split()
        shown = [
            key.partition(" / ")[2].title().split()[0] for key in keys_of(pane) if key.startswith("rally /")
        ]
        assert shown == phrases.split()


async def test_edges_move_rows_only_now_and_then(run):
    better = change(RALLY.phrases[1], lines=(change(RALLY.phrases[1].lines[0], low=0.2),))
    moved = change(RALLY, phrases=(RALLY.phrases[0], better, *RALLY.phrases[2:]))
    async with run(scheduled(RALLY)) as desk:
        pane = await opened(desk)
        await press(desk, "s")
        for late, first in ((1, "Crypto"), (3, "Tariff")):
            await desk.show(change(scheduled(moved), ts=NOW + late * SECOND))
            assert first.casefold() in keys_of(pane)[1]


@pytest.mark.parametrize(
    ("needle", "events", "phrases"),
    [
        ("trump rally", ["rally"], 5),
        ("powell", ["fomc"], 0),
        ("recession", ["fomc"], 1),
        ("Live CRYPTO", ["rally"], 1),
        ("rules", ["rally"], 2),
        ("guess", ["dinner"], 0),
        ("nothing like it", [], 0),
    ],
)
async def test_the_filter(run, needle, events, phrases):
    """Events that have all its words are as ever; where it chooses phrases, those stand open."""
    async with run(VIEW_OF_WORDS) as desk:
        pane = await opened(desk)
        pane.find(needle)
        await desk.settle()
        assert [key for key in keys_of(pane) if " / " not in key] == events
        assert len(keys_of(pane)) == len(events) + phrases
        if not events:
            assert f"nothing contains '{needle}'" in desk.text()


async def test_what_the_filter_opened_can_be_folded_for_as_long_as_it_stands(run):
    async with run(VIEW_OF_WORDS) as desk:
        pane = await opened(desk)
        pane.find("recession")
        await desk.settle()
        await press(desk, "g", "enter")
        assert keys_of(pane) == ["fomc"]
        pane.find("good afternoon")
        await desk.settle()
        assert len(keys_of(pane)) == 2


# ---------------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("found", "stands"),
    [
        (RALLY, "LIVE 1h23 of 1h30"),
        (
            change(RALLY, start_ns=NOW - 1387 * SECOND, end_ns=NOW - 1387 * SECOND + 45 * MINUTE),
            "LIVE 23:07 of 45m",
        ),
        (change(RALLY, end_ns=0), "LIVE 1h23"),
        (change(RALLY, start_ns=0, end_ns=0), "LIVE"),
        (change(RALLY, start_ns=NOW + 5 * SECOND), "LIVE"),
        (BRIEFING, "SOON 41:18"),
        (change(BRIEFING, start_ns=NOW - 130 * SECOND), "SOON late 2:10"),
        (change(BRIEFING, start_ns=0), "SOON"),
        (PRESSER, "Dec 9 2:52p"),
        (change(PRESSER, start_ns=NOW + DAY), "Wed 2:52p"),
        (change(PRESSER, start_ns=NOW + DAY, all_day=True), "Wed"),
        (HEARING, "today"),
        (DINNER, "~7:52p"),
        (SOMEDAY, "no time"),
        (SIGNING, "ENDED"),
        (CALL, "SETTLED"),
        (VISIT, "CANCELLED"),
    ],
)
def test_where_an_event_stands(found, stands):
    assert words.stage(found, NOW) == stands


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (RALLY, "began 1:29p ET, until about 2:59p; the venue states it, whitehouse lists it"),
        (change(RALLY, end_ns=NOW - 7 * MINUTE, source=""), "began 1:29p ET, until about 2:45p: 7:00 over that; the venue states it"),
        (DINNER, "begins 7:52p ET, until about 8:37p; a guess: nobody states it"),
        (HEARING, "began today ET, until"),
        (SOMEDAY, "nobody says when it begins: what is left of it is not known"),
        (change(BRIEFING, moved_ns=-90 * MINUTE), "; moved -1h30"),
        (change(DINNER, clock=""), "; nobody is named for it"),
    ],
)  # fmt: skip
def test_who_says_when(found, told):
    shown = words.when(found, NOW)
    if found is HEARING:
        assert "until" not in shown
        assert shown.startswith("began today ET; a calendar states it (congress)")
    else:
        assert told in shown


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("What will Donald Trump say during his rally in Ohio?", "Rally in Ohio"),
        ("What words will the Fed Chair say at the December press conference?", "December press conference"),
        ("What will Trump post this week?", "This week"),
        ("What will Trump say?", "What will Trump say?"),
        ("Press Secretary Briefing", "Press Secretary Briefing"),
        ("", ""),
    ],
)
def test_titles_are_shortened_by_what_is_asked_of_all(title, short):
    assert words.short_title(title) == short


@pytest.mark.parametrize(
    ("moved", "stage", "told"),
    [
        (30, Stage.SOON, "moved +30m"),
        (-90, Stage.LIVE, "moved -1h30"),
        (30, Stage.ENDED, ""),
        (0, Stage.SOON, ""),
    ],
)
def test_a_start_that_moved_is_told_until_it_is_over(moved, stage, told):
    assert words.moved(change(BRIEFING, moved_ns=moved * MINUTE, stage=stage)) == told


def test_names_have_capitals():
    assert words.speaker(RALLY) == "Trump"
    assert words.speaker(CALL) == "Elon Musk"
    assert words.surname(change(CALL, speaker="")) == ""


@pytest.mark.parametrize(
    ("flag", "told"),
    [
        ("x5", "x5: only 5 times or more is a yes"),
        ("BOTH", "BOTH: listed on both venues"),
        ("ODD\x1b", "ODD?"),
    ],
)
def test_flags_in_words(flag, told):
    assert words.flag(flag) == told


# ---------------------------------------------------------------------- rows


def cells(found, width=80):
    made = rows.row("k", found, 0.05, width)
    assert len(made.cells) == len(rows.COLUMNS)
    return dict(zip((column.key for column in rows.COLUMNS), made.cells, strict=True)), made.role


def test_a_phrase():
    shown, role = cells(RALLY.phrases[0])
    assert {key: text for key, (text, _) in shown.items()} == {
        "mark": "T", "phrase": "  Crypto / Bitcoin", "K": "36/38", "P": "35/38", "U": "", "move": "K+2", "rate": "61% n39",
        "chance": "22-27-31", "buys": "K NO@62", "edge": "+10", "low": "+6", "flags": "RULES",
    }  # fmt: skip
    assert (shown["low"][1], role) == ("good", "text")


def test_what_is_settled_says_so():
    yes, role = cells(RALLY.phrases[2])
    no, _ = cells(CALL.phrases[1])
    assert [yes["chance"], no["chance"], role] == [("YES", "title"), ("NO", "text"), "dim"]


@pytest.mark.parametrize(
    ("marks", "sign", "role", "chance"),
    [
        ("z", "z", "stale", ("stale", "warn")),
        ("z ", "z", "text", ("-", "dim")),
        ("zz", "z", "stale", ("stale", "warn")),
        ("?!", "?", "doubt", ("-", "dim")),
        ("PW", "P", "text", ("-", "dim")),
        ("x", "x", "text", ("-", "dim")),
        ("", " ", "text", ("-", "dim")),
    ],
)
def test_marks(marks, sign, role, chance):
    lines = [line("KP"[i], 1, 2, mark=mark.strip()) for i, mark in enumerate(marks)]
    shown, dressed = cells(phrase("A", *lines))
    assert (shown["mark"][0], dressed, shown["chance"]) == (sign, role, chance)


@pytest.mark.parametrize(
    ("moves", "told"),
    [((2, -1), "K+2"), ((1, -12), "P-12"), ((0.4, None), "="), ((None, None), "-"), ((None, -3), "P-3")],
)
def test_the_larger_move_is_told_with_its_venue(moves, told):
    lines = [
        line(venue, 1, 2, **({} if by is None else {"move": by}))
        for venue, by in zip("KP", moves, strict=True)
    ]
    assert cells(phrase("A", *lines))[0]["move"][0] == told


@pytest.mark.parametrize(
    ("flags", "narrow", "wide"),
    [
        (("RULES", "BOTH"), "RULES", "RULES"),
        (("POST", "RULES", "x5"), "P+R", "POST RULES"),
        (("x5",), "", ""),
        ((), "", ""),
    ],
)
def test_flags_keep_within_their_column(flags, narrow, wide):
    found = phrase("A", flags=flags, least=5 if "x5" in flags else 1)
    assert [cells(found, width)[0]["flags"][0] for width in (79, 97)] == [narrow, wide]


async def test_a_third_venue_has_its_column_only_where_it_lists_something(run):
    async with run(scheduled(DINNER), size=(140, 40)) as desk:
        pane = await opened(desk)
        assert not pane.grid.room("U")
        await press(desk, "enter")
        assert pane.grid.room("U")
        assert "PMus" in pane_text(desk)


@given(st.sampled_from(SPEECHES), st.integers(0, 160), st.booleans())
def test_a_heading_fills_its_width_at_most(found, width, is_open):
    made = rows.heading("k", found, NOW, width, 0.05, opened=is_open)
    assert length(made.whole) <= max(width, 70)
    assert length(rows.note("k", found, width).whole) <= max(width, 4)


# ---------------------------------------------------------------------- text from outside


@pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=str)
@pytest.mark.parametrize("keys", [(), ("w",), ("j", "w"), ("j", "enter")], ids=str)
async def test_titles_and_labels_obey_nothing_and_break_nothing(run, size, keys):
    evil = change(
        RALLY, title=EVIL, speaker=EVIL, kind=EVIL, location=EVIL, source=EVIL, url=EVIL,
        phrases=(change(RALLY.phrases[0], label=EVIL, flags=("RULES", EVIL)), *RALLY.phrases[1:]),
    )  # fmt: skip
    view = scheduled(evil, BRIEFING, sources=((EVIL, NOW),))
    async with run(view, size=size) as desk:
        pane = await opened(desk)
        desk.link.phrases = {
            CRYPTO: (
                change(
                    PHRASE, speech=evil, phrase=evil.phrases[0], rules=(("K", EVIL), (EVIL, "so")),
                    past=(PastView(EVIL, EVIL, EVIL, said=True), *PHRASE.past), explanation=((EVIL, 1.0),),
                ),
                LISTED,
            )
        }  # fmt: skip
        await press(desk, *keys)
        shown = desk.text()
        assert all(char.isascii() or char == CUT or "\u2800" <= char <= "\u28ff" for char in shown)
        assert all(char.isprintable() or char == "\n" for char in shown)
        assert all(len(row) <= size[0] for row in shown.splitlines())
        assert "WWWWWW" in shown
        assert "?[31m[red]X??" in shown
        if not keys:
            marks = [row[1:2] for row in pane_text(desk).splitlines()[1:4]]
            assert marks == [" ", "T", "P"]
            assert "Press Secretary" in shown
            assert pane.grid.room("low")


async def test_letters_where_there_are_no_dots(run, monkeypatch):
    async with run(VIEW_OF_WORDS, size=(80, 60), ascii_only=True) as desk:
        monkeypatch.setattr(type(desk.app.console), "encoding", "ascii")
        await opened(desk)
        assert pane_text(desk).replace(CUT, "~").isascii()
        await press(desk, "j", "enter")
        assert pane_text(desk).replace(CUT, "~").isascii()
        await press(desk, "G")
        assert pane_text(desk).replace(CUT, "~").isascii()
        assert "a ask b bid" in pane_text(desk)


async def test_every_theme(run):
    async with run(VIEW_OF_WORDS) as desk:
        pane = await opened(desk)
        await press(desk, "T")
        assert pane.grid.skin is desk.app.skin


# ---------------------------------------------------------------------- one phrase


@pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=str)
async def test_a_phrase_in_full(run, snapshot, size):
    async with run(VIEW_OF_WORDS, size=size) as desk:
        await opened(desk)
        await press(desk, "j")
        await press(desk, "enter")
        assert desk.link.focus[-1] == CRYPTO
        snapshot(f"phrase-{size[0]}x{size[1]}", pane_text(desk))
        await press(desk, "G")
        snapshot(f"phrase-end-{size[0]}x{size[1]}", pane_text(desk))
        assert (
            "Crypto / Bitcoin"
            in plain([part.line for part in desk.app.frame.beside.counts(desk.app.scene)])[0]
        )
        await press(desk, "enter")
        assert "P(said)" in desk.text()


async def test_the_detail_beside_follows_the_cursor(run):
    async with run(VIEW_OF_WORDS, size=(200, 60)) as desk:
        await opened(desk)
        beside = desk.app.frame.beside
        assert plain(beside.page.lines)[0].startswith(" LIVE 1h23 of 1h30  Trump")
        assert "5 words listed" in "\n".join(plain(beside.page.lines))
        await press(desk, "j")
        assert plain(beside.page.lines)[0].startswith(" Crypto / Bitcoin  P(said) 22-27-31")
        await press(desk, "G")
        assert "CANCELLED" in plain(beside.page.lines)[0]
        await show_pane(desk, "Edges")
        assert "CANCELLED" not in "\n".join(plain(beside.page.lines))


@given(st.integers(30, 220), st.integers(8, 60))
def test_no_row_is_too_long(width, height):
    view = change(VIEW_OF_WORDS, phrase=PHRASE, detail=LISTED)
    assert all(length(each) <= width for each in one.document(view, PHRASE, width, height))
    assert all(length(each) <= width for found in SPEECHES for each in one.occasion(found, NOW, width))


def test_what_was_said_before_is_counted():
    shown = plain(one.document(VIEW, PHRASE, 80, 24))
    said = sum(each.said for each in PHRASE.past)
    assert f"SAID at {said} of 39 events, the newest first" in shown
    days = [word for row in shown for word in row.split() if word.startswith("2026-")]
    assert days == sorted(days, reverse=True)
    assert f" and {39 - len(days)} older" in shown


def test_the_market_is_there_only_where_it_is_the_phrases():
    with_it = change(VIEW_OF_WORDS, detail=LISTED)
    other = change(VIEW_OF_WORDS, detail=change(LISTED, row=VIEW.rows[0]))
    heads = [
        [row for row in plain(one.document(view, PHRASE, 100, 40)) if row.startswith(("MARKET", "VALUE", "RULES", "TERMS"))]
        for view in (with_it, other)
    ]  # fmt: skip
    assert heads[0] == ["VALUE where P(said) comes from", "MARKET of the better order", "TERMS", "RULES"]
    assert heads[1] == ["VALUE where P(said) comes from"]


def test_a_phrase_nobody_knows_much_about():
    bare = change(
        PHRASE, phrase=phrase("Nothing", settled="no"), past=(), explanation=(), rules=(), speech=VISIT
    )
    shown = "\n".join(plain(one.document(VIEW, bare, 80, 30)))
    for told in ("Nothing  NO", "no venue lists it now", "never listed at an event we know", "no venue's rules are known",
                 "no model of ours values this phrase now", "cancelled: where that stands"):  # fmt: skip
        assert told in shown


def test_it_is_the_fourth_pane():
    assert PANES[3].title == "Mentions"
