"""A recording as if it began now: all times inside its payloads moved by a constant, everything else byte for byte.

A field is moved by its name, wherever it stands (also inside JSON that is text in JSON, as index readings have it), by
the unit its value shows: 10 digits are seconds, 13 milliseconds, 16 microseconds, 19 nanoseconds; other text must be
RFC 3339, perhaps with a blank or without seconds. Anything else under such a name is left alone, as are times in lists, strikes and tickers.
"""

import base64
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from cockpit.domain.units import SECOND
from cockpit.rehearsal.courier import Arrival
from cockpit.runtime.reader import Line, SessionFile

FIELDS = (
    # on Kalshi's socket
    "ts", "ts_ms", "time", "received_at", "open_ts", "close_ts", "determination_ts", "settled_ts",
    "expected_expiration_ts", "window_start_ts_ms", "window_end_ts_exclusive", "source_ts_ms", "created_ts_ms",
    "last_updated_ts_ms", "expiration_ts_ms", "strike_date",
    # in Kalshi's REST answers
    "created_time", "updated_time", "open_time", "close_time", "expiration_time", "expected_expiration_time",
    "latest_expiration_time", "occurrence_datetime", "settlement_ts", "settled_time", "last_updated_ts",
    "scheduled_ts", "end_period_ts", "fee_waiver_expiration_time", "start_date", "end_date",
    # at Polymarket, Coinbase and Kraken
    "timestamp", "match_time", "last_update", "startDate", "endDate", "end_date_iso", "game_start_time",
    "gameStartTime", "createdAt", "updatedAt", "closedTime", "acceptingOrdersTimestamp", "startTime",
    "eventStartTime", "creationDate", "deployingTimestamp", "umaEndDate",
    # of games
    "date", "wallclock",
)  # fmt: skip
"""The fields that are moved."""

_MINUTES = 16
"""Characters of a time up to its minutes."""
_UNITS = {10: SECOND, 13: SECOND // 1_000, 16: SECOND // 1_000_000, 19: 1}
_NAMES = "|".join(FIELDS)
_FIELD = re.compile(
    rf'((?<!\\)"(?:{_NAMES})"\s*:\s*"?|\\"(?:{_NAMES})\\"\s*:\s*(?:\\")?)([0-9][0-9T:.Z+-]*(?: [0-9:.]+[Z+-][0-9:]*)?)'.encode()
)


def shifted(payload: bytes, by: int) -> bytes:
    """A payload with its times moved by whole seconds (``by`` in ns)."""
    return _FIELD.sub(partial(_moved, by), payload)


def recorded(path: Path, now: int) -> Iterator[Arrival]:
    """A session file's frames, moved so that the first arrives within the second before ``now`` (ns UTC).

    Ticks, commands, link changes, digests and failed requests are left out: a stand-in makes its own.

    Raises:
        SessionError: when the file cannot be read.
    """
    return _played(SessionFile(path), now)


def _played(file: SessionFile, now: int) -> Iterator[Arrival]:
    by: int | None = None
    for lines in file.blocks():
        for line in lines:
            if line.v is not None or "." not in line.s or line.st not in (None, 200):
                continue
            if by is None:
                by = (now - line.t) // SECOND * SECOND
            yield Arrival(line.t + by, line.s, shifted(_payload(line), by), line.u)


def _moved(by: int, match: re.Match[bytes]) -> bytes:
    head, value = match.group(1), match.group(2)
    if value.isdigit():
        unit = _UNITS.get(len(value))
        return match.group(0) if unit is None else head + str(int(value) + by // unit).encode()
    try:
        text = value.decode()
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return match.group(0)
    if moment.tzinfo is None:
        return match.group(0)
    return head + _like(text, moment, by).encode()


def _like(text: str, moment: datetime, by: int) -> str:
    """A moved moment, written like the text, with or without seconds: what follows them is kept as it stands."""
    seconds = int(moment.replace(microsecond=0).timestamp()) + by // SECOND
    moved = datetime.fromtimestamp(seconds, moment.tzinfo or UTC)
    written = moved.strftime(f"%Y-%m-%d{text[10]}%H:%M:%S")
    kept = len(written) if text[16:17] == ":" else _MINUTES
    return written[:kept] + text[kept:]


def _payload(line: Line) -> bytes:
    if line.x is not None:
        return line.x.encode()
    return base64.b64decode(line.b) if line.b is not None else bytes(line.d)
