"""A game's status as ESPN writes it. Source: recorded scoreboards of 2022 to 2026; ids 22 and 23 by other programs' code."""

from datetime import datetime
from typing import Any

from cockpit.domain.games import Phase
from cockpit.domain.newyork import local, offset
from cockpit.rehearsal.games.play import Board, Play

Body = dict[str, Any]
_ORDINALS = {1: "1st", 2: "2nd", 3: "3rd", 4: "4th"}
_WORDS = {
    "STATUS_SCHEDULED": ("1", "pre", "Scheduled"),
    "STATUS_IN_PROGRESS": ("2", "in", "In Progress"),
    "STATUS_FINAL": ("3", "post", "Final"),
    "STATUS_END_PERIOD": ("22", "in", "End of Period"),
    "STATUS_HALFTIME": ("23", "in", "Halftime"),
}
_MINUTE_MS = 60_000
_TENTH_MS = 100
_DAYLIGHT = -14_400


def status_of(play: Play, board: Board) -> Body:
    """Clock, period and type."""
    name = _name(play, board)
    number, state, words = _WORDS[name]
    long, short = _details(play, board, name)
    return {
        "clock": _seconds(play, board),
        "displayClock": shown(play.league, board.clock_ms),
        "period": board.period,
        "type": {
            "id": number,
            "name": name,
            "state": state,
            "completed": board.phase is Phase.FINAL,
            "description": words,
            "detail": long,
            "shortDetail": short,
        },
    }


def shown(league: str, clock_ms: int) -> str:
    """A clock as it is displayed: in basketball tenths stand alone in the last minute."""
    if league == "nba" and clock_ms < _MINUTE_MS:
        tenths = -(-clock_ms // _TENTH_MS)
        return f"{tenths // 10}.{tenths % 10}"
    seconds = clock_ms // 1_000
    return f"{seconds // 60}:{seconds % 60:02}"


def ordinal(number: int) -> str:
    """4th, 21st."""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{({1: 'st', 2: 'nd', 3: 'rd'}).get(number % 10, 'th')}"


def period_name(period: int) -> str:
    """1st to 4th, OT, 2OT."""
    if period in _ORDINALS:
        return _ORDINALS[period]
    return "OT" if period == 5 else f"{period - 4}OT"


def _seconds(play: Play, board: Board) -> float:
    """What is left of the period, as displayed."""
    if play.league == "nba" and board.clock_ms < _MINUTE_MS:
        return -(-board.clock_ms // _TENTH_MS) / 10
    return float(board.clock_ms // 1_000)


def _name(play: Play, board: Board) -> str:
    if board.phase is Phase.BREAK:
        half = 2 * board.period == play.sport.periods
        return "STATUS_HALFTIME" if half else "STATUS_END_PERIOD"
    names = {Phase.PRE: "STATUS_SCHEDULED", Phase.FINAL: "STATUS_FINAL"}
    return names.get(board.phase, "STATUS_IN_PROGRESS")


def _details(play: Play, board: Board, name: str) -> tuple[str, str]:
    """In many words, and in few."""
    if name == "STATUS_SCHEDULED":
        return _start(play.tie.scheduled)
    if name == "STATUS_FINAL":
        words = "Final" if board.period <= play.sport.periods else f"Final/{period_name(board.period)}"
        return words, words
    if name == "STATUS_HALFTIME":
        return "Halftime", "Halftime"
    period = period_name(board.period)
    quarter = f"{period} Quarter" if board.period in _ORDINALS else period
    if name == "STATUS_END_PERIOD":
        return f"End of {quarter}", f"End of {period}"
    clock = shown(play.league, board.clock_ms)
    return f"{clock} - {quarter}", f"{clock} - {period}"


def _start(ts: int) -> tuple[str, str]:
    at: datetime = local(ts)
    zone = "EDT" if offset(ts) == _DAYLIGHT else "EST"
    clock = f"{at:%-I:%M %p} {zone}"
    return f"{at:%a}, {at:%B} {ordinal(at.day)} at {clock}", f"{at.month}/{at.day} - {clock}"
