"""Text that a venue wrote can do nothing to the terminal: no escapes, no bells, no markup, no writing from the right."""

import msgspec
import pytest
from app_sample import STATUS, change
from books_sample import BOOKS
from game_sample import BOARDED, DETAILS
from mention_sample import CRYPTO, PHRASES, SCHEDULE
from weather_sample import WEATHER

from cockpit.domain.account import AccountView, RealOrderView
from cockpit.domain.view import View

HOSTILE = "\x1b[31m[red]X\x07\u202e\r\n\x9b2J\u200b"
TEXTS = {"label", "title", "rules", "text", "market", "ticker", "event", "why", "fee", "by_order", "reason", "cause", "series",
         "source", "note", "name", "recording", "failed", "verdict", "explanation", "story", "refusals", "notes", "flags",
         "away", "home", "team", "provider", "detail", "trouble", "veto", "claimed_n", "rule",
         "speaker", "kind", "clock", "location", "url", "phrase", "settled", "day",
         "city", "station", "report", "forecasts", "league", "book"}  # fmt: skip


def poisoned(value, key=""):
    """The same view with every text a venue may have written made hostile."""
    if isinstance(value, dict):
        return {name: poisoned(each, name) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [poisoned(each, key) for each in value]
    if isinstance(value, str) and key in TEXTS:
        return f"{value}{HOSTILE}"
    return value


def hostile(found):
    return msgspec.convert(poisoned(msgspec.to_builtins(found)), type(found))


ACCOUNT = AccountView(
    f"kalshi{HOSTILE}", 5, 5, orders=(RealOrderView("M", HOSTILE, 1, 5_000, 1_000_000, 5, 5, 5),)
)


@pytest.mark.parametrize("size", [(80, 24), (140, 40), (200, 60)], ids=str)
@pytest.mark.parametrize(
    "keys",
    [
        ["1"],
        ["2"],
        ["3"],
        ["4"],
        ["5"],
        ["6"],
        ["7"],
        ["8"],
        ["9"],
        ["1", "enter"],
        ["3", "enter"],
        ["3", "w"],
        ["3", "v"],
        ["4", "w"],
        ["4", "enter"],
        ["4", "j", "w"],
        ["4", "j", "enter"],
        ["4", "G", "k", "k", "k", "k", "enter", "j"],
        ["5", "w"],
        ["5", "v"],
        ["5", "enter"],
        ["6", "w"],
        ["6", "enter"],
        ["6", "j", "w"],
        ["6", "j", "enter"],
        ["w"],
        ["o"],
        ["?"],
        ["ctrl+p"],
    ],
    ids="-".join,
)
async def test_what_a_venue_wrote_obeys_nothing(run, size, keys):
    view = hostile(change(BOARDED, accounts=(ACCOUNT,), schedule=SCHEDULE, weather=WEATHER, books=BOOKS))
    assert isinstance(view, View)
    assert HOSTILE in view.rows[0].label
    assert HOSTILE in view.board.games[0].home
    assert HOSTILE in view.schedule.speeches[0].phrases[0].label
    assert HOSTILE in view.weather.stations[1].forecasts[0][0]
    assert HOSTILE in view.books.games[0].lines[0].book
    async with run(view, hostile(STATUS), size=size) as desk:
        desk.link.games = {name: hostile(found) for name, found in DETAILS.items()}
        phrase, detail = PHRASES[CRYPTO]
        desk.link.phrases = {phrase.phrase.lines[0].market + HOSTILE: (hostile(phrase), hostile(detail))}
        await desk.press(*keys)
        text = desk.text()
        assert not [char for char in text if not char.isprintable() and char != "\n"]
        assert "\u202e" not in text
        assert len(text.splitlines()) <= size[1]
        for strip in desk.app.screen._compositor.render_strips():
            for segment in strip:
                assert segment.control is None
                assert segment.text.isprintable() or not segment.text
