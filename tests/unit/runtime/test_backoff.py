import itertools
import socket
import ssl

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosedError, InvalidStatus
from websockets.frames import Close
from websockets.http11 import Response

from cockpit.domain.units import SECOND
from cockpit.runtime import backoff


@given(st.lists(st.floats(0, 1), min_size=12, max_size=12))
def test_delays_grow_to_a_bound_and_are_spread(draws):
    waits = list(itertools.islice(backoff.delays(iter(draws)), 12))
    most = [min(0.25 * 2**n, 30.0) for n in range(12)]
    assert all(m / 2 <= w <= m for w, m in zip(waits, most, strict=True))


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ConnectionRefusedError(111, "Connect call failed ('10.0.0.1', 443)"), "connection refused"),
        (ConnectionResetError(104, "x"), "connection reset"),
        (socket.gaierror(-2, "Name or service not known"), "name not found"),
        (ssl.SSLCertVerificationError(1, "self-signed certificate"), "certificate not trusted"),
        (TimeoutError(), "no answer in time"),
        (httpx.ReadTimeout("x"), "no answer in time"),
        (httpx.RemoteProtocolError("Server disconnected: secret"), "RemoteProtocolError"),
        (InvalidStatus(Response(401, "Unauthorized", Headers({"x": "secret"}))), "refused: HTTP 401"),
        (ConnectionClosedError(Close(1011, "internal error"), None), "closed: 1011 internal error"),
        (ConnectionClosedError(None, None), "connection lost"),
    ],
)
def test_words_for_what_networks_raise(error, words):
    assert backoff.words(error) == words


def test_the_cause_below_httpx_is_told():
    error = httpx.ConnectError("All connection attempts failed")
    error.__cause__ = ConnectionRefusedError(111, "x")
    assert backoff.words(error) == "connection refused"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("10", 10.0), (" 0 ", 0.0), ("99999", 3600.0), ("", None), ("soon", None), ("-5", None), ("1.5", None),
     ("Thu, 01 Jan 1970 00:01:40 GMT", 40.0), ("Thu, 01 Jan 1970 00:00:10 GMT", 0.0), ("9" * 40, None)],
)  # fmt: skip
def test_retry_after_in_seconds_or_as_a_date(value, seconds):
    assert backoff.asked_to_wait({"retry-after": value}, 60 * SECOND) == seconds


@given(st.text())
def test_no_date_breaks_anything(text):
    assert backoff.http_date(text) is None or isinstance(backoff.http_date(text), int)


def test_a_servers_own_words_are_cut_and_cleaned():
    told = backoff.words(ConnectionClosedError(Close(4008, "\x1b[2Jpolicy\u202e" + "x" * 90), None))
    assert told.startswith("closed: 4008 ?[2Jpolicy?xxx")
    assert len(told) < 80
    assert told.isprintable()
