"""Phases by the state, never by a number or a clock at zero."""

from collections import Counter
from typing import Any

import msgspec
import pytest

from cockpit.domain.games import Phase
from cockpit.feeds.espn.bodies import Status
from cockpit.feeds.espn.status import Stand, length_ms, stand

from .payloads import status  # noqa: TID252  the tests are no package


def read(
    told: Any, league: str = "nba", *, tied: bool = False, playoffs: bool = False
) -> tuple[Stand | None, Counter[str]]:
    census: Counter[str] = Counter()
    shape = msgspec.json.decode(msgspec.json.encode(told), type=Status)
    return stand(shape, league, census, tied=tied, playoffs=playoffs), census


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (status("pre", 0, 0.0, "0.0"), Stand(Phase.PRE, 0, 0)),
        (status("in", 2, 98.0, "1:38"), Stand(Phase.LIVE, 2, 98_000)),
        (status("in", 4, 29.4, "29.4"), Stand(Phase.LIVE, 4, 29_400)),
        (status("in", 4, None, "29.4"), Stand(Phase.LIVE, 4, 29_400)),
        (status("in", 3, None, "11:59"), Stand(Phase.LIVE, 3, 719_000)),
        (status("in", 2, 0.0, "0.0", "STATUS_HALFTIME"), Stand(Phase.BREAK, 2, 0)),
        (status("in", 3, 0.0, "0.0", "STATUS_END_PERIOD"), Stand(Phase.BREAK, 3, 0)),
        (status("in", 1, 0.0, "0.0", "STATUS_END_OF_PERIOD"), Stand(Phase.BREAK, 1, 0)),
        (status("in", 2, 720.0, "12:00", "STATUS_END_PERIOD"), Stand(Phase.BREAK, 1, 0)),
        (status("in", 3, 0.0, "0.0"), Stand(Phase.BREAK, 3, 0)),
        (status("in", 4, 0.0, "0.0"), Stand(Phase.LIVE, 4, 0)),
        (status("in", 5, 12.5, "12.5"), Stand(Phase.LIVE, 5, 12_500)),
        (status("in", 0, 0.0, "0.0", "STATUS_DELAYED"), Stand(Phase.PRE, 0, 0)),
        (status("in", 2, 60.0, "1:00", "STATUS_FIRST_HALF"), Stand(Phase.LIVE, 2, 60_000)),
        (status("post", 4, 0.0, "0.0"), Stand(Phase.FINAL, 4, 0)),
        (status("post", 5, 0.0, "0.0", "STATUS_FINAL_OVERTIME"), Stand(Phase.FINAL, 5, 0)),
        (status("post", None, None, None, "STATUS_POSTPONED", completed=False), Stand(Phase.VOID, 0, 0)),
        (status("post", 0, 0.0, "0.0", "STATUS_CANCELED", completed=True), Stand(Phase.VOID, 0, 0)),
        (status("pre", 0, 0.0, "0.0", "STATUS_CANCELLED"), Stand(Phase.VOID, 0, 0)),
        (status("post", 2, 0.0, "0.0", "STATUS_SUSPENDED", completed=False), Stand(Phase.VOID, 2, 0)),
    ],
)  # fmt: skip
def test_phases(told: Any, expected: Stand) -> None:
    assert read(told) == (expected, {})


def test_a_tie_at_the_end_goes_on_and_a_lead_may_be_over() -> None:
    told = status("in", 4, 0.0, "0.0")
    assert read(told, tied=True)[0] == Stand(Phase.BREAK, 4, 0)
    assert read(told, tied=False)[0] == Stand(Phase.LIVE, 4, 0)


@pytest.mark.parametrize("number", ["1", "2", "3", "22", "99", None])
def test_the_number_of_a_status_says_nothing(number: Any) -> None:
    told = status("in", 2, 0.0, "0.0", "STATUS_HALFTIME")
    told["type"]["id"] = number
    assert read(told)[0] == Stand(Phase.BREAK, 2, 0)


def test_a_new_name_keeps_the_state_and_is_counted() -> None:
    where, census = read(status("in", 2, 98.0, "1:38", "STATUS_REVIEW"))
    assert where == Stand(Phase.LIVE, 2, 98_000)
    assert census == {"status:REVIEW": 1}


@pytest.mark.parametrize(
    ("told", "counted"),
    [
        (status("post", 4, 0.0, "0.0", completed=False), "status:FINAL, not completed"),
        (status("warm", 4, 0.0, "0.0", "STATUS_FINAL"), "state:warm"),
        (status("in", 3, None, "Q3"), "clock:missing"),
    ],
)
def test_what_contradicts_itself_is_not_told(told: Any, counted: str) -> None:
    assert read(told) == (None, {counted: 1})


@pytest.mark.parametrize(
    ("league", "period", "playoffs", "seconds"),
    [
        ("nba", 1, False, 720), ("nba", 5, False, 300), ("nba", 7, True, 300),
        ("nfl", 4, False, 900), ("nfl", 5, False, 600), ("nfl", 5, True, 900),
    ],
)  # fmt: skip
def test_lengths_and_clamping(league: str, period: int, playoffs: bool, seconds: int) -> None:
    assert length_ms(league, period, playoffs=playoffs) == seconds * 1_000
    for clock, left in ((seconds + 5.0, seconds * 1_000), (-3.0, 0)):
        told, census = read(status("in", period, clock, None), league, playoffs=playoffs)
        assert told is not None
        assert (told.clock_ms, census) == (left, {"clock:out of range": 1})


@pytest.mark.parametrize("period", ["x", -1, 21, 1e9])
def test_a_period_that_is_none_is_refused(period: Any) -> None:
    with pytest.raises(ValueError, match=r"period|number"):
        read(status("in", period))
