"""What happens in the rehearsal world, in true order, before any wire has delayed or re-ordered it."""

import msgspec

from cockpit.rehearsal.exchange import Change, Ghost, Print
from cockpit.rehearsal.spot import Deal
from cockpit.rehearsal.wire import Reading, Top


class Opened(msgspec.Struct, frozen=True, gc=False):
    """The recording begins: subscriptions are made and every book is sent whole."""

    ts: int


class Moved(msgspec.Struct, frozen=True):
    """One deed left this tape on one market's exchange."""

    ts: int
    market: str
    tape: list[Change | Print]


class Blocked(msgspec.Struct, frozen=True, gc=False):
    """A trade arranged off the book."""

    ts: int
    market: str
    price: int
    qty: int
    taker: int


class Ticked(msgspec.Struct, frozen=True, gc=False):
    """A market's top of book or totals have changed since they were last told."""

    ts: int
    market: str
    top: Top


class Read(msgspec.Struct, frozen=True, gc=False):
    """The settlement index printed."""

    ts: int
    reading: Reading


class Dealt(msgspec.Struct, frozen=True, gc=False):
    """A spot trade: ``exchange`` 0 is Coinbase, 1 is Kraken."""

    ts: int
    exchange: int
    deal: Deal


class Told(msgspec.Struct, frozen=True):
    """A lifecycle message with its event type's fields."""

    ts: int
    market: str
    event_type: str
    fields: dict[str, object]


class Polled(msgspec.Struct, frozen=True, gc=False):
    """A REST request was answered."""

    ts: int
    url: str
    body: bytes


class Probe(msgspec.Struct):
    """A ghost placed to be compared with a simulated order. Receive times are ns UTC, 0 until told.

    A book message that arrived before ``entered_recv`` (``ended_recv``) happened before it entered (ended), any later
    one after. A print that arrived before also happened before; one that arrives later may be of an earlier trade.
    """

    market: str
    ghost: Ghost
    entered_recv: int = 0
    ended_recv: int = 0


class Probed(msgspec.Struct, frozen=True):
    """A probe entered, or ended."""

    ts: int
    probe: Probe
    entered: bool


class Refined(msgspec.Struct, frozen=True, gc=False):
    """A twin trades on another tick: it was ``before``, price units."""

    ts: int
    market: str
    before: int


class Ended(msgspec.Struct, frozen=True, gc=False):
    """A twin's outcome was proposed, or is ``final``."""

    ts: int
    market: str
    final: bool


class Scored(msgspec.Struct, frozen=True, gc=False):
    """The score source answered."""

    ts: int
    url: str
    body: bytes


class Heard(msgspec.Struct, frozen=True, gc=False):
    """A source that is no venue told something, with the URL it was asked at; "" where nobody asked."""

    ts: int
    source: str
    url: str
    body: bytes


class Staged(msgspec.Struct, frozen=True):
    """A happening around a game or a speech, or the weather: how each's messages travel is drawn apart from all others."""

    what: "Happening"
    sky: bool = False
    """Whether it is around the weather."""

    @property
    def ts(self) -> int:
        """When, ns UTC."""
        return self.what.ts


Happening = (
    Opened
    | Moved
    | Blocked
    | Ticked
    | Read
    | Dealt
    | Told
    | Polled
    | Probed
    | Refined
    | Ended
    | Scored
    | Heard
    | Staged
)
