"""Lines of three generations, always of the home side, never the opening one."""

from collections import Counter
from typing import Any

import msgspec
import pytest

from cockpit.domain.games import GameLine
from cockpit.feeds.espn.odds import Names, line

from .payloads import closes, numbers, words  # noqa: TID252  the tests are no package

NAMES = Names(away="UTAH", home="TOR")


def read(*offered: Any) -> tuple[GameLine | None, Counter[str]]:
    census: Counter[str] = Counter()
    raw = [msgspec.Raw(msgspec.json.encode(each)) for each in offered]
    return line(raw, NAMES, census), census


@pytest.mark.parametrize(
    ("offered", "expected"),
    [
        (words("UTAH -2.5"), GameLine("A Book", 250, 22_900)),
        (words("TOR -2.5", 229.5), GameLine("A Book", -250, 22_950)),
        (words("TOR +3"), GameLine("A Book", 300, 22_900)),
        (words("EVEN"), GameLine("A Book", 0, 22_900)),
        (words("pk", None), GameLine("A Book", 0)),
        (words("OFF"), GameLine("A Book", None, 22_900)),
        (numbers(), GameLine("B Book", 650, 22_250, 180, -220)),
        (numbers("TOR -6.5", -6.5, -220.0, "+180"), GameLine("B Book", -650, 22_250, -220, 180)),
        (numbers(home="EVEN", away="OFF"), GameLine("B Book", 650, 22_250, 100, None)),
        (closes(), GameLine("C Book", -1_150, 17_550, -550, 410)),
        (closes(spread=None, details="OFF"), GameLine("C Book", -1_150, 17_550, -550, 410)),
        (closes("EVEN", "PK", "EVEN", "-120", None), GameLine("C Book", 0, 17_550, 100, -120)),
        (closes("", "OFF", "OFF", "OFF", None), GameLine("C Book", None, 17_550)),
    ],
)  # fmt: skip
def test_generations(offered: Any, expected: GameLine) -> None:
    assert read(offered) == (expected, {})


def test_words_and_number_must_agree() -> None:
    """The number is the home side's; the words name the favourite, whichever it is."""
    assert read(numbers("UTAH -6.5", -6.5)) == (None, {"odds:words and number disagree": 1})
    assert read(numbers("TOR -6.5", 6.5)) == (None, {"odds:words and number disagree": 1})
    assert read(numbers("UTAH -7.5", 6.5)) == (None, {"odds:words and number disagree": 1})
    found, census = read(numbers("BOS -6.5", 6.5))
    assert found is not None
    assert (found.spread, census) == (650, {"details:BOS -6.5": 1})


def test_words_may_state_a_price() -> None:
    """As they do where games have no spread to speak of."""
    found, census = read(numbers("UTAH -138", 1.5))
    assert found is not None
    assert (found.spread, census) == (150, {"details:a price, not a line": 1})


def test_the_first_with_both_prices_is_taken_else_the_first() -> None:
    assert read(words(), numbers(), closes("UTAH -1.5", "+1.5", spread=1.5))[0] == read(numbers())[0]
    assert read(words(), words("EVEN"))[0] == read(words())[0]
    assert read(None, words())[0] == read(words())[0]


def test_what_is_offered_during_the_game_is_none() -> None:
    live = numbers() | {"provider": {"name": "B Book - Live Odds"}}
    assert read(live) == (None, {"odds:offered during the game": 1})


@pytest.mark.parametrize(
    "offered",
    [
        numbers(home=50), numbers(home=1e7), numbers("", 200.5), words("", -5), words("", 900),
        numbers(away="x"), closes(home="-55O"), {"provider": "A Book"}, [], 7, "UTAH -2.5",
    ],
)  # fmt: skip
def test_nonsense_loses_its_line_and_no_more(offered: Any) -> None:
    found, census = read(offered, words())
    assert found == GameLine("A Book", 250, 22_900)
    assert census.total() == 1


@pytest.mark.parametrize(
    "gone", ["provider", "homeTeamOdds", "awayTeamOdds", "moneyline", "pointSpread", "total"]
)
def test_any_part_may_be_null(gone: str) -> None:
    found, census = read(closes() | {gone: None})
    assert found is not None
    assert found.spread == -1_150
    assert not census


def test_nothing_is_no_line() -> None:
    assert read() == read({"provider": {"name": "A Book"}}) == (None, {})
