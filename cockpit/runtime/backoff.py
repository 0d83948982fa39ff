"""When to try again: delays that grow and are spread out, and what went wrong in words. Nothing here sleeps."""

import os
import socket
import ssl
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx
from websockets.exceptions import ConnectionClosed, InvalidStatus

from cockpit.domain.errors import CockpitError

FIRST_S = 0.25
MOST_S = 30.0
PATIENT_S = 60.0
"""After an answer that time alone does not change: a wrong key, a page that is not there."""
LIVED_S = 10.0
"""A connection that lived less than this counts as a failure: a venue may accept and drop at once."""

_NAMED = {
    "InvalidURI": "not a socket's address",
    "EOFError": "connection lost",
    "InvalidProxy": "the proxy's address cannot be used",
    "ProxyError": "the proxy refused",
    "InvalidURL": "not an address",
    "ImportError": "the proxy's kind is not supported",
}


def delays(random: Iterator[float]) -> Iterator[float]:
    """Seconds to wait after the first, second, ... failure in a row, each drawn from its upper half.

    Args:
        random: numbers from 0 to 1, so that many clients do not come back together.
    """
    most = FIRST_S
    while True:
        yield most * (0.5 + 0.5 * next(random))
        most = min(2 * most, MOST_S)


def words(error: BaseException) -> str:
    """What went wrong, short and without anything secret: never a header, never a URL."""
    if isinstance(error, InvalidStatus):
        return f"refused: HTTP {error.response.status_code}"
    if isinstance(error, ConnectionClosed):
        told = error.rcvd or error.sent
        return (
            f"closed: {told.code} {printable(told.reason)}".strip() if told is not None else "connection lost"
        )
    if isinstance(error, ssl.SSLCertVerificationError):
        return "certificate not trusted"
    if isinstance(error, httpx.ConnectError | OSError):
        return _network(error)
    if isinstance(error, httpx.TimeoutException):
        return "no answer in time"
    if isinstance(error, CockpitError):
        return str(error)
    return _NAMED.get(type(error).__name__, type(error).__name__)


def _network(error: httpx.ConnectError | OSError) -> str:
    """A failure below HTTP; httpx keeps the cause behind its own error."""
    cause: BaseException | None = error
    while cause is not None:
        match cause:
            case ssl.SSLCertVerificationError():
                return "certificate not trusted"
            case ssl.SSLError():
                return "no encrypted connection"
            case socket.gaierror():
                return "name not found"
            case ConnectionRefusedError():
                return "connection refused"
            case ConnectionResetError():
                return "connection reset"
            case TimeoutError():
                return "no answer in time"
            case _:
                pass
        cause = cause.__cause__ or cause.__context__
    number = error.errno if isinstance(error, OSError) else None
    return os.strerror(number).lower() if number else "connection failed"


def printable(text: str) -> str:
    """What another wrote, short and without anything a terminal would obey."""
    return "".join(c if c.isprintable() and c.isascii() else "?" for c in text[:60])


def asked_to_wait(headers: Mapping[str, str], now_ns: int) -> float | None:
    """Seconds a ``Retry-After`` asks for, at most an hour; None where it asks for none (RFC 9110, 10.2.3)."""
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(min(int(text), 3600))
    moment = http_date(text)
    return None if moment is None else min(max(0.0, (moment - now_ns) / 1e9), 3600.0)


def http_date(text: str) -> int | None:
    """An HTTP date as ns UTC; None where it is none."""
    try:
        when = parsedate_to_datetime(text)
        when = when if when.tzinfo is not None else when.replace(tzinfo=UTC)
        return int((when - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()) * 1_000_000_000
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
