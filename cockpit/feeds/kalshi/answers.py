"""An answer to a poll, told apart by the parts of its URL's path."""

from urllib.parse import SplitResult, parse_qs, unquote

import msgspec

PREFIX = ("trade-api", "v2")

Data = bytes | msgspec.Raw


class Answer(msgspec.Struct, gc=False):
    """One answer: when it came, what its URL asked for, and its body."""

    ts: int
    parts: tuple[str, ...]
    query: dict[str, list[str]]
    data: Data
    url: str

    @property
    def ticker(self) -> str:
        """The market a ``markets/{ticker}/...`` path names."""
        return self.parts[self.parts.index("markets") + 1]


def parts_of(url: SplitResult) -> tuple[str, ...]:
    """A path's parts below the API's root; /historical answers like the rest."""
    parts = tuple(unquote(part) for part in url.path.split("/") if part)
    if parts[:2] == PREFIX:
        parts = parts[2:]
    return parts[1:] if parts[:1] == ("historical",) else parts


def matches(pattern: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    """Whether a path is of a pattern, in which "*" stands for any part."""
    return len(pattern) == len(parts) and all(
        p in ("*", part) for p, part in zip(pattern, parts, strict=True)
    )


def books_of(parts: tuple[str, ...], query: str) -> list[str]:
    """The markets whose polled books a question was for."""
    if matches(("markets", "*", "orderbook"), parts):
        return [parts[1]]
    return (
        parse_qs(query, max_num_fields=1_000).get("tickers", []) if parts == ("markets", "orderbooks") else []
    )
