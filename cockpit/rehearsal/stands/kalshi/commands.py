"""A socket client's commands: how they are read, and the error codes. Source: the venue's socket description."""

from typing import Any

import msgspec

ERRORS = {
    1: "Unable to process message", 2: "Params required", 3: "Channels required", 4: "Subscription IDs required",
    5: "Unknown command", 7: "Unknown subscription ID", 8: "Unknown channel name", 11: "Invalid parameter",
    12: "Exactly one subscription ID is required", 13: "Unsupported action", 14: "Market ticker required",
    15: "Action required", 24: "Index IDs required", 25: "Subscription buffer overflow",
    26: "Market limit per subscription", 27: "Too many requests",
}  # fmt: skip


class Bad(Exception):  # noqa: N818  an answer, not a fault of ours
    """A command that is refused with an error code."""

    def __init__(self, code: int, sid: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.sid = sid


class Command(msgspec.Struct):
    """A client's message."""

    id: int = 0
    cmd: str = ""
    params: dict[str, Any] | None = None


def params_of(command: Command) -> dict[str, Any]:
    """A command's parameters; raises Bad."""
    if command.params is None:
        raise Bad(2)
    return command.params


def texts_of(params: dict[str, Any], name: str) -> list[str]:
    """A list of texts, empty when it is left out; raises Bad."""
    found = params.get(name) or []
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise Bad(11)
    return found


def markets_of(params: dict[str, Any]) -> list[str]:
    """``market_ticker`` or ``market_tickers``, never both; raises Bad."""
    one = params.get("market_ticker")
    if one is None:
        return list(dict.fromkeys(texts_of(params, "market_tickers")))
    if not isinstance(one, str) or params.get("market_tickers"):
        raise Bad(11)
    return [one]


def sids_of(params: dict[str, Any]) -> list[int]:
    """``sid`` or ``sids``; raises Bad."""
    found = params.get("sids", [params["sid"]] if "sid" in params else [])
    if not isinstance(found, list) or not all(type(each) is int for each in found):
        raise Bad(11)
    if not found:
        raise Bad(4)
    return found


def drop(held: dict[str, None], gone: list[str]) -> None:
    """Take names out of a set that keeps its order."""
    for each in gone:
        held.pop(each, None)
