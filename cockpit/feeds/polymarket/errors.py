"""What a failed question comes to, in one line: the venue's words, never a page of HTML."""

import msgspec

LONGEST = 200
"""Characters of a foreign body that are quoted."""


class _Said(msgspec.Struct):
    error: str | None = None
    message: str | None = None


_decode = msgspec.json.Decoder(_Said).decode


def refusal(data: bytes | msgspec.Raw, status: int) -> str:
    """One line about a failed request; status 0 is a question nobody answered, whose body says why."""
    head = f"HTTP {status}" if status else "no answer"
    body = bytes(data)
    try:
        said = _decode(body)
        text = said.error or said.message or ""
    except (ValueError, RecursionError):
        text = body.decode(errors="replace").strip()
        if text[:1] == "<":
            text = "a web page"
    return f"{head}: {text[:LONGEST]}" if text else head
