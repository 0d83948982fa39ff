"""REST error bodies: four shapes, and whatever a gateway says."""

import msgspec

from cockpit.feeds.kalshi.wire import Struct

LONGEST = 200
"""Characters of a foreign body that are quoted."""


class _Detail(Struct):
    code: str | int | None = None
    message: str | None = None
    details: str | None = None


class _Body(_Detail):
    error: _Detail | str | None = None
    msg: str | None = None


_decode = msgspec.json.Decoder(_Body).decode


def described(data: bytes | msgspec.Raw) -> str | None:
    """What an error body says ("code: message (details)"); None when it is not of the exchange's shapes.

    Shapes: ``{"error": {...}}``, ``{"error": "text"}`` (rate limit), ``{"code", "message"}``, ``{"msg": "text"}``.
    """
    try:
        body = _decode(data)
    except (ValueError, RecursionError):
        return None
    if isinstance(body.error, str):
        return body.error
    return _said(body.error) or _said(body) or body.msg


def _said(detail: _Detail | None) -> str | None:
    if detail is None or detail.code is None:
        return None
    text = f"{detail.code}: {detail.message}" if detail.message else str(detail.code)
    return f"{text} ({detail.details})" if detail.details else text


def refusal(data: bytes | msgspec.Raw, status: int) -> str:
    """One line about a failed request."""
    said = described(data) or bytes(data)[:LONGEST].decode(errors="replace").strip() or "no body"
    return f"HTTP {status}: {said}"
