"""Payloads as they should never come: cut off anywhere, or with something foreign in them."""

from collections.abc import Callable, Sequence

from hypothesis import strategies as st

from cockpit.domain.errors import FeedError
from cockpit.domain.events import ImpliedVol, SpotBar, SpotTick

PATCHES = [b"null", b"1e999", b'"NaN"', b"[]", b"-1", b"0", b"{}", b"99999999999999999999", b'""']


@st.composite
def mutated(draw: st.DrawFn, *payloads: bytes) -> bytes:
    """One of the payloads with a stretch of it replaced."""
    whole = draw(st.sampled_from(payloads))
    start = draw(st.integers(0, len(whole)))
    end = draw(st.integers(start, len(whole)))
    return whole[:start] + draw(st.one_of(st.binary(max_size=6), st.sampled_from(PATCHES))) + whole[end:]


def events_or_refusal(tell: Callable[[], Sequence[object]]) -> None:
    """Whatever was told, there are sound events or a FeedError."""
    try:
        events = tell()
    except FeedError:
        return
    for event in events:
        assert isinstance(event, SpotTick | SpotBar | ImpliedVol)
        if isinstance(event, SpotTick):
            assert event.price > 0
            assert min(event.qty, event.bid, event.ask, event.ex) >= 0
        elif isinstance(event, SpotBar):
            assert 0 < event.low <= min(event.open, event.close) <= max(event.open, event.close) <= event.high
        else:
            assert event.sigma > 0
            assert event.tenor_ns > 0
