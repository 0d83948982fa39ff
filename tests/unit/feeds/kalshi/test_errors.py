import pytest

from cockpit.feeds.kalshi.errors import LONGEST, described, refusal


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"error":{"code":"not_found","message":"not found"}}', "not_found: not found"),
        (
            b'{"error":{"code":"authentication_error","message":"authentication_error","details":"NOT_FOUND"}}',
            "authentication_error: authentication_error (NOT_FOUND)",
        ),
        (b'{"error":{"code":"header_timestamp_expired"}}', "header_timestamp_expired"),
        (b'{"code":"bad_request","message":"bad request"}', "bad_request: bad request"),
        (b'{"msg":"Parameter validation failed"}', "Parameter validation failed"),
        (b'{"error":"too many requests"}', "too many requests"),
        (b'{"markets":[]}', None),
        (b'{"error":7}', None),
        (b"<html>", None),
        (b"", None),
        (b"[" * 100_000, None),
    ],
)
def test_the_four_shapes_and_others(body: bytes, said: str | None) -> None:
    assert described(body) == said


def test_a_refusal_names_the_status_and_quotes_what_it_cannot_read() -> None:
    assert refusal(b'{"error":"too many requests"}', 429) == "HTTP 429: too many requests"
    assert refusal(b" <html>\xff ", 502) == "HTTP 502: <html>\ufffd"
    assert refusal(b"", 504) == "HTTP 504: no body"
    assert len(refusal(b"x" * 10_000, 500)) == LONGEST + len("HTTP 500: ")
