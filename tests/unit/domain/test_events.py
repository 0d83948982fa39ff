"""Whatever can be said, written as JSON and read back: inputs of both kinds, and effects as the digest sees them."""

import json
from typing import get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.commands import Command, Lease, PlaceManual
from cockpit.domain.effects import Effect, OrderFilled, OrderLive, encode
from cockpit.domain.events import BookDelta, Event, MarketListed, MarketSettled, Tick, Trade
from cockpit.domain.games import Phase
from cockpit.domain.markets import EventGroup, Market, MarketStatus, PriceBand, Series, SettlementState

INT = st.integers(-(2**62), 2**62)
TEXT = st.text(max_size=12)


def values(kind: type[msgspec.Struct]) -> st.SearchStrategy[msgspec.Struct]:
    """Any value of a struct, field by field from its annotations."""
    fields = {field.name: _field(field.type) for field in msgspec.structs.fields(kind)}
    return st.builds(kind, **fields)


def _field(kind: object) -> st.SearchStrategy[object]:
    simple: dict[object, st.SearchStrategy[object]] = {
        int: INT,
        str: TEXT,
        bool: st.booleans(),
        type(None): st.none(),
        MarketStatus: st.sampled_from(MarketStatus),
        SettlementState: st.sampled_from(SettlementState),
        Phase: st.sampled_from(Phase),
    }
    if kind in simple:
        return simple[kind]
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return values(kind)
    args = get_args(kind)
    if getattr(kind, "__origin__", None) is tuple:
        if args[-1] is Ellipsis:
            return st.lists(_field(args[0]), max_size=3).map(tuple)
        return st.tuples(*(_field(arg) for arg in args))
    assert args, f"no way to make a {kind}"
    return st.one_of(*(_field(arg) for arg in args))


INPUTS = [*get_args(Event), *get_args(Command), Tick]
EFFECTS = list(get_args(Effect))


@pytest.mark.parametrize("kind", INPUTS, ids=lambda kind: kind.__name__)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_an_input_survives_a_session_file(kind: type[msgspec.Struct], data: st.DataObject) -> None:
    """Any one of the unions reads it back by its tag, equal and of the same type."""
    item = data.draw(values(kind))
    line = msgspec.json.encode(item)
    back = msgspec.json.decode(line, type=Event | Command | Tick)
    assert back == item
    assert type(back) is kind
    assert msgspec.json.encode(back) == line


@pytest.mark.parametrize("kind", EFFECTS, ids=lambda kind: kind.__name__)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_an_effect_is_a_line_of_integers_booleans_and_names(
    kind: type[msgspec.Struct], data: st.DataObject
) -> None:
    effect = data.draw(values(kind))
    line = encode([effect])  # type: ignore[list-item]
    assert line.count(b"\n") == 1
    parts = json.loads(line, parse_float=lambda text: pytest.fail(f"a float: {text}"))
    assert parts[:2] == [kind.__name__, effect.ts]  # type: ignore[attr-defined]
    assert msgspec.json.decode(line, type=Effect) == effect


@pytest.mark.parametrize("kind", EFFECTS, ids=lambda kind: kind.__name__)
def test_no_effect_has_room_for_a_float(kind: type[msgspec.Struct]) -> None:
    assert not [field.name for field in msgspec.structs.fields(kind) if "float" in str(field.type)]


def test_tags_are_unique_over_all_that_goes_into_a_session() -> None:
    names = [kind.__name__ for kind in [*INPUTS, *EFFECTS]]
    assert len(names) == len(set(names))


def test_the_canonical_bytes_are_stable() -> None:
    """What every digest ever written rests on."""
    fill = OrderFilled(5, "desk", "desk-1", "KXA", 1, 4000, 10_000, "fifo", "queue", True, False, 700_000)
    assert encode([OrderLive(4, "desk", "desk-1", 0), fill]) == (
        b'["OrderLive",4,"desk","desk-1",0]\n'
        b'["OrderFilled",5,"desk","desk-1","KXA",1,4000,10000,"fifo","queue",true,false,700000]\n'
    )
    assert encode([]) == b""


def test_commands_are_written_with_their_names_and_without_defaults() -> None:
    placed = PlaceManual(7, "KXA", 1, 4000, 10_000)
    assert json.loads(msgspec.json.encode(placed)) == {
        "type": "PlaceManual",
        "ts": 7,
        "market": "KXA",
        "side": 1,
        "price": 4000,
        "qty": 10_000,
    }


@pytest.mark.parametrize(
    "line",
    [
        b'{"type":"Lease","ts":1,"ticks":2,"risk":3.5,"until_ns":4}',
        b'{"type":"Trade","ts":1,"ex":1,"market":"A","price":"4000","qty":1,"taker":1}',
        b'{"type":"Tick"}',
        b'{"type":"Nonsense","ts":1}',
        b'{"ts":1}',
        b"[]",
    ],
)
def test_a_line_that_breaks_its_shape_is_refused(line: bytes) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(line, type=Event | Command | Tick)


def test_facts_cannot_be_changed() -> None:
    for fact in (
        BookDelta(1, 1, "A", 1, 1, 1),
        Trade(1, 1, "A", 1, 1, 1),
        Lease(1, 1, 1, 1),
        OrderLive(1, "a", "a-1", 0),
        MarketListed(1, Market(ticker="A", venue="kalshi")),
    ):
        with pytest.raises(AttributeError):
            fact.ts = 2  # type: ignore[misc]


def test_a_listing_keeps_every_field() -> None:
    market = Market(
        ticker="KXA-1",
        venue="kalshi",
        event="KXA",
        status=MarketStatus.ACTIVE,
        grid=(PriceBand(0, 10_000, 10),),
        custom=(("team", "x"),),
        floor=-5,
    )
    back = msgspec.json.decode(msgspec.json.encode(MarketListed(3, market)), type=MarketListed)
    assert back.market == market
    assert back.market.grid[0].step == 10


def test_a_settlement_tells_no_value_from_nothing_paid() -> None:
    for value in (None, 0):
        told = MarketSettled(1, "A", SettlementState.DETERMINED, value)
        assert msgspec.json.decode(msgspec.json.encode(told), type=MarketSettled).value == value


@given(values(EventGroup), values(Series))
def test_groups_and_series_round_trip(group: msgspec.Struct, series: msgspec.Struct) -> None:
    assert msgspec.json.decode(msgspec.json.encode(group), type=EventGroup) == group
    assert msgspec.json.decode(msgspec.json.encode(series), type=Series) == series
