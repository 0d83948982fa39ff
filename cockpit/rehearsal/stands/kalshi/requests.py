"""What order requests say, read with the venue's strictness: numbers where text belongs are refused in its words."""

import msgspec

from cockpit.domain.units import ASK, BID, PRICE
from cockpit.domain.units import price as price_of
from cockpit.domain.units import qty as qty_of
from cockpit.rehearsal.stands.kalshi.errors import Refused, flat, nested
from cockpit.rehearsal.stands.kalshi.money import count_of

SIDES = {"bid": BID, "ask": ASK}
_TIFS = ("good_till_canceled", "immediate_or_cancel", "fill_or_kill")
_STPS = ("taker_at_cross", "maker")
_GO = {str: "string", int: "int64", bool: "bool", list: "[]", dict: "object"}
_JSON = {str: "string", int: "number", float: "number", bool: "bool", list: "array", dict: "object"}


class Create(msgspec.Struct, frozen=True):
    """A new order: price units, quantity units, ``expires`` unix seconds (0 never)."""

    ticker: str
    side: int
    price: int
    qty: int
    tif: str
    stp: str
    client_id: str
    expires: int
    post_only: bool
    reduce_only: bool
    group: str
    on_pause: bool
    subaccount: int
    shard: int | None


def fields_of(body: bytes, request: str, types: dict[str, type]) -> dict[str, object]:
    """A JSON body's known fields, each of its type; null counts as left out.

    Raises:
        Refused: 400 for what is no JSON object, or a field of another type.
    """
    try:
        value = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Refused(flat(400, "bad_request", f"json: {error}")) from None
    if not isinstance(value, dict):
        raise Refused(flat(400, "bad_request", f"json: cannot unmarshal into Go value of type {request}"))
    known = {name: value[name] for name in types if value.get(name) is not None}
    for name, item in known.items():
        if type(item) is not types[name]:
            got, want = _JSON[type(item)], _GO[types[name]]
            text = f"json: cannot unmarshal {got} into Go struct field {request}.{name} of type {want}"
            raise Refused(flat(400, "bad_request", text))
    return known


_CREATE: dict[str, type] = {
    "ticker": str, "side": str, "price": str, "count": str, "time_in_force": str,
    "self_trade_prevention_type": str, "client_order_id": str, "expiration_time": int, "post_only": bool,
    "reduce_only": bool, "order_group_id": str, "cancel_order_on_pause": bool, "subaccount": int,
    "exchange_index": int,
}  # fmt: skip
_NEEDED = ("ticker", "side", "price", "count", "time_in_force", "self_trade_prevention_type")


def create_of(body: bytes) -> Create:
    """A request for a new order.

    Raises:
        Refused: 400, as the venue words it.
    """
    known = fields_of(body, "CreateOrderV2Request", _CREATE)
    needed(known, _NEEDED)
    tif = chosen(known, "time_in_force", _TIFS)
    expires, reduce_only = int(str(known.get("expiration_time", 0))), bool(known.get("reduce_only"))
    if expires and tif != "good_till_canceled":
        raise _wrong("expiration_time is only for good_till_canceled")
    if reduce_only and tif != "immediate_or_cancel":
        raise _wrong("reduce_only is only for immediate_or_cancel")
    if known.get("post_only") and tif != "good_till_canceled":
        raise _wrong("post_only is only for good_till_canceled")
    shard = known.get("exchange_index")
    return Create(
        ticker=str(known["ticker"]),
        side=SIDES[chosen(known, "side", tuple(SIDES))],
        price=priced(str(known["price"])),
        qty=counted(str(known["count"])),
        tif=tif,
        stp=chosen(known, "self_trade_prevention_type", _STPS),
        client_id=str(known.get("client_order_id", "")),
        expires=expires,
        post_only=bool(known.get("post_only")),
        reduce_only=reduce_only,
        group=str(known.get("order_group_id", "")),
        on_pause=bool(known.get("cancel_order_on_pause")),
        subaccount=int(str(known.get("subaccount", 0))),
        shard=int(str(shard)) if shard not in (None, -1) else None,
    )


def needed(known: dict[str, object], names: tuple[str, ...]) -> None:
    """Check that fields are there; raises Refused."""
    for name in names:
        if name not in known:
            raise _wrong(f"missing field: {name}")


def chosen(known: dict[str, object], name: str, words: tuple[str, ...]) -> str:
    """A field that must be one of some words; raises Refused."""
    if known[name] not in words:
        raise _wrong(f"invalid {name}: {known[name]}")
    return str(known[name])


def priced(text: str) -> int:
    """A price in dollars, two to four decimals, strictly inside 0 and 1; raises Refused."""
    try:
        price = price_of(text)
    except ValueError:
        price = 0
    if not 0 < price < PRICE:
        raise Refused(nested(400, "invalid_price"))
    return price


def counted(text: str, *, zero: bool = False) -> int:
    """A count above zero (or zero, where that is sensible); raises Refused."""
    try:
        return 0 if zero and qty_of(text) == 0 else count_of(text)
    except ValueError:
        raise Refused(nested(400, "invalid_order_size")) from None


def _wrong(details: str) -> Refused:
    return Refused(nested(400, "invalid_parameters", details=details))
