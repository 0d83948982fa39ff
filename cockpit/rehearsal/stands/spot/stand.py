"""What the spot stand-ins share: the prices of the stage by coin, sockets with a beat, and one server."""

import asyncio
from typing import Any, Protocol, Self

from cockpit.domain.units import SECOND, UNDERLYING_DIGITS, decimal
from cockpit.rehearsal.courier import Arrival
from cockpit.rehearsal.profiles import CRYPTO
from cockpit.rehearsal.stands.asked import Answer, Asked
from cockpit.rehearsal.stands.faults import Clock, Control
from cockpit.rehearsal.stands.serve import Server
from cockpit.rehearsal.stands.spot.bars import Bars
from cockpit.rehearsal.stands.spot.reader import SOURCES, Fact, Top, Trade, facts
from cockpit.rehearsal.stands.wire import Wire, WireClosed
from cockpit.rehearsal.wire import Stamps

_STAMPS = Stamps()
COINS = tuple(asset.symbol for asset in CRYPTO.assets)
"""Known from the beginning; others once the stage tells of them."""
FIRST_TRADE = 700_000_000


class Session(Protocol):
    """One client of a venue's socket."""

    def hear(self, raw: bytes) -> None:
        """Do what a client's message asks."""
        ...

    def beat(self) -> None:
        """A second has passed."""
        ...


class Coin:
    """One coin at one venue."""

    def __init__(self, name: str, venue: str, thin: float) -> None:
        self.name = name
        self.bars = Bars(name, venue, thin)
        self.trades = FIRST_TRADE
        """The last trade's number."""
        self.sequence = 0
        self.last: Trade | None = None
        self.tops: dict[str, Top] = {}
        """By the exchange that was told of."""

    def step(self) -> int:
        """The next sequence number."""
        self.sequence += 1
        return self.sequence

    @property
    def mid(self) -> int:
        """Between best bids and asks, over the exchanges told of; 1e-8 dollars, 0 while there are none."""
        mids = [(top.bid + top.ask) // 2 for top in self.tops.values()]
        return sum(mids) // len(mids) if mids else 0


class SpotStand:
    """A venue: an async context manager that serves while it is open.

    Args:
        control: faults and the wall clock.
        clock: the stage's time, ns UTC: what messages are stamped with.
        beat_s: real seconds for one of the venue's.
        server: more arguments for the server, such as ``port``.
    """

    name = ""
    thin = 1.0
    """Its share of the usual volume."""

    def __init__(self, control: Control, clock: Clock, *, beat_s: float = 1.0, **server: Any) -> None:
        self.control = control
        self.now = clock
        self.beat_s = beat_s
        self.coins: dict[str, Coin] = {}
        for name in COINS:
            self.coin(name)
        self.server = Server(self, control, **server)

    async def __aenter__(self) -> Self:
        await self.server.__aenter__()
        return self

    async def __aexit__(self, *error: Any) -> None:
        await self.server.__aexit__(*error)

    # ------------------------------------------------------------------ as the stage sees it

    def take(self, arrival: Arrival) -> None:
        """One frame of the stage; those that are no spot exchange's are passed over."""
        if arrival.source in SOURCES:
            for fact in facts(arrival.source, arrival.payload):
                coin = self.coin(fact.coin)
                # every venue's history ends at the first price of all, whoever told it
                price = fact.price if isinstance(fact, Trade) else (fact.bid + fact.ask) // 2
                coin.bars.anchor(price, arrival.t)
                self.told(coin, fact, arrival.t)

    def coin(self, name: str) -> Coin:
        """A coin, known from now on."""
        found = self.coins.get(name)
        if found is None:
            found = self.coins[name] = Coin(name, self.name, self.thin)
        return found

    def told(self, coin: Coin, fact: Fact, ts: int) -> None:
        """A fact about a coin, which arrived at ``ts`` (ns UTC)."""
        raise NotImplementedError

    @property
    def congested(self) -> bool:
        """Whether any client is far behind."""
        return self.server.congested

    def places(self) -> dict[str, str]:
        """Where a client finds it."""
        return {"socket": self.server.ws, "rest": self.server.http}

    # ------------------------------------------------------------------ as the server sees it

    async def answer(self, asked: Asked) -> Answer:
        """Answer a plain request."""
        return self.respond(asked)

    def respond(self, asked: Asked) -> Answer:
        """The answer to a plain request."""
        raise NotImplementedError

    def denial(self, status: int) -> Answer:
        """A failure on purpose, in the venue's words."""
        raise NotImplementedError

    def session(self, asked: Asked, wire: Wire) -> Session:
        """A new client's session."""
        raise NotImplementedError

    def left(self, session: Session) -> None:
        """A client has gone."""
        raise NotImplementedError

    async def greet(self, asked: Asked) -> Answer | None:
        """Public sockets take no key."""
        return None

    async def talk(self, asked: Asked, wire: Wire) -> None:
        """Hold one client's session, and beat for it."""
        session = self.session(asked, wire)
        try:
            async with asyncio.TaskGroup() as group:
                beating = group.create_task(self._beat(session))
                try:
                    while True:
                        session.hear(await wire.recv())
                except WireClosed:
                    beating.cancel()
        finally:
            self.left(session)

    async def _beat(self, session: Session) -> None:
        while True:
            await asyncio.sleep(self.beat_s)
            session.beat()


def text(value: int, places: int = 2) -> str:
    """A price or size (1e-8) as exact text, with at least so many decimals."""
    return decimal(value, UNDERLYING_DIGITS, places)


def moment(ts: int) -> str:
    """A moment (ns UTC) as RFC 3339 with six decimals."""
    return f"{_STAMPS.text(ts // SECOND * SECOND)[:-1]}.{ts % SECOND // 1_000:06d}Z"
