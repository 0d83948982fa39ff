"""What else acts in the rehearsal world: clocks, spot trading, the venue's own announcements, and the probes.

Each has the agents' ``act``: do one thing at ``now`` (ns UTC), say when to act again, None when done.
"""

from collections.abc import Callable

import msgspec

from cockpit.domain.markets import MarketStatus
from cockpit.domain.units import (
    ASK,
    BID,
    PRICE,
    QTY,
    SECOND,
    UNDERLYING,
    UNDERLYING_DIGITS,
    decimal,
)
from cockpit.rehearsal.draws import Draws
from cockpit.rehearsal.happenings import Blocked, Dealt, Happening, Polled, Probe, Probed, Read, Ticked, Told
from cockpit.rehearsal.listing import QUARTER_S, strike, target_text
from cockpit.rehearsal.path import Path
from cockpit.rehearsal.pit import LOT, Floor, Pit, human_size
from cockpit.rehearsal.rest import Settled, market_body, market_url, settlement_timer
from cockpit.rehearsal.spot import Deal
from cockpit.rehearsal.value import pays
from cockpit.rehearsal.wire import Reading, Top, dollars

Emit = Callable[[Happening], None]
TICKER_NS = 2 * SECOND
LARGEST_PROBE = 60 * QTY


class IndexClock:
    """Prints one asset's index every whole second."""

    pit = None

    def __init__(self, path: Path, emit: Emit) -> None:
        self._path = path
        self._emit = emit

    def act(self, now: int) -> int:
        """Print, and say so."""
        path = self._path
        total, count = path.window(now - 60 * SECOND, now - SECOND)
        value = path.index(now)
        quarter = -(-now // (QUARTER_S * SECOND)) * QUARTER_S * SECOND
        window = None
        if quarter - now < 60 * SECOND:
            start = quarter - 60 * SECOND
            window = (*path.window(start + SECOND, now), start)
        trailing = (total, count) if count else (value, 0)
        asset = path.asset
        self._emit(Read(now, Reading(asset.index, asset.digits, now, value, trailing, window)))
        return now + SECOND


class SpotTape:
    """Trades of one asset on one spot exchange."""

    pit = None

    def __init__(self, path: Path, exchange: int, rate: float, draws: Draws, emit: Emit) -> None:
        self._path = path
        self._exchange = exchange
        self._rate = rate
        self._draws = draws
        self._emit = emit

    def act(self, now: int) -> int:
        """One trade at the bid or the ask, around the exchange's own mid."""
        draws, asset = self._draws, self._path.asset
        mid = self._path.on(self._exchange, now)
        half = mid * asset.basis * (0.02 + draws.exponential(0.1))
        taker = BID if draws.uniform() < 0.5 else ASK
        bid, ask = self._units(mid - half), self._units(mid + half)
        qty = max(1, int(draws.exponential(2000.0 / mid) * UNDERLYING))
        deal = Deal(
            ts=now,
            symbol=asset.kraken if self._exchange else asset.coinbase,
            price=ask if taker == BID else bid,
            qty=qty,
            taker=taker,
            bid=bid,
            ask=ask,
            bid_qty=max(1, int(draws.exponential(9000.0 / mid) * UNDERLYING)),
            ask_qty=max(1, int(draws.exponential(9000.0 / mid) * UNDERLYING)),
            digits=asset.digits,
        )
        self._emit(Dealt(now, self._exchange, deal))
        return now + draws.wait(1.0 / self._rate)

    def _units(self, value: float) -> int:
        scale = round(10.0**self._path.asset.digits)
        return round(value * scale) * (UNDERLYING // scale)


class TickerBoard:
    """Tells one market's top of book when it has changed, every so often (ns) at most."""

    def __init__(self, pit: Floor, emit: Emit, every: int = TICKER_NS) -> None:
        self.pit = pit
        self._emit = emit
        self._every = every
        self._told: Top | None = None

    def act(self, now: int) -> int | None:
        """Tell what is new."""
        if not self.pit.open:
            return None
        top = self.pit.top()
        if top != self._told:
            self._told = top
            self._emit(Ticked(now, self.pit.market.ticker, top))
        return now + self._every


class Steward:
    """The venue's staff for one market: closes, determines and settles it, and answers the last poll."""

    def __init__(self, pit: Pit, lag: int, emit: Emit) -> None:
        """``lag`` (ns) is from the close to the determination."""
        self.pit = pit
        self._lag = lag
        self._emit = emit
        self._settled: Settled | None = None
        self._steps = iter((self._close, self._determine, self._settle, self._answer))

    def act(self, now: int) -> int | None:
        """The next step of the market's end."""
        return next(self._steps)(now)

    def _close(self, now: int) -> int | None:
        self.pit.exchange.close(now)
        self.pit.market = msgspec.structs.replace(self.pit.market, status=MarketStatus.CLOSED)
        return now + self._lag

    def _determine(self, now: int) -> int | None:
        market = self.pit.market
        value = self.pit.path.settlement(market.close_ns)
        final = now + settlement_timer(market)
        self._settled = Settled(value, pays(market, value), final)
        fields: dict[str, object] = {
            "result": "yes" if self._settled.yes else "no",
            "settlement_value": dollars(PRICE if self._settled.yes else 0),
            "determination_ts": now // SECOND,
        }
        self._emit(Told(now, market.ticker, "determined", fields))
        return final

    def _settle(self, now: int) -> int | None:
        self._emit(Told(now, self.pit.market.ticker, "settled", {"settled_ts": now // SECOND}))
        return now + SECOND

    def _answer(self, now: int) -> int | None:
        market = self.pit.market
        body = market_body(market, self.pit.top(), now, self._settled)
        self._emit(Polled(now, market_url(market.ticker), body))
        return None


class Opener:
    """Gives an up/down market its target once the quarter before has settled, and lets its traders in."""

    def __init__(self, pit: Pit, admit: Callable[[Pit, int], None], emit: Emit) -> None:
        self.pit = pit
        self._admit = admit
        self._emit = emit

    def act(self, now: int) -> int | None:
        """Announce the strike."""
        market = self.pit.market
        target = self.pit.path.settlement(market.open_ns)
        text = target_text(target)
        self.pit.market = msgspec.structs.replace(
            market, floor=target, subtitle=text, status=MarketStatus.ACTIVE
        )
        fields: dict[str, object] = {
            "strike_type": market.strike_type,
            "floor_strike": strike(target),
            "custom_strike": dict(market.custom),
            "yes_sub_title": text,
        }
        self._emit(Told(now, market.ticker, "metadata_updated", fields))
        # nothing is sent when a market turns active: a reader's next poll shows it
        body = market_body(self.pit.market, self.pit.top(), now)
        self._emit(Polled(now, market_url(market.ticker), body))
        self._admit(self.pit, now)
        return None


class Blocks:
    """Trades arranged off the book, now and then, anywhere."""

    pit = None

    def __init__(self, pits: list[Pit], draws: Draws, emit: Emit) -> None:
        self._pits = pits
        self._draws = draws
        self._emit = emit

    def act(self, now: int) -> int:
        """One block trade near the fair price of a market that trades."""
        pit = self._pits[self._draws.below(len(self._pits))]
        price = pit.quote(BID, pit.fair(now) * PRICE) if pit.open else None
        if price is not None:
            taker = BID if self._draws.uniform() < 0.5 else ASK
            self._emit(Blocked(now, pit.market.ticker, price, human_size(self._draws) + 100 * QTY, taker))
        return now + self._draws.wait(45.0)


class Prober:
    """Places one ghost somewhere near the touch, and withdraws it at ``leave`` (ns UTC)."""

    def __init__(self, pit: Pit, leave: int, draws: Draws, emit: Emit, probes: list[Probe]) -> None:
        self.pit = pit
        self._leave = leave
        self._draws = draws
        self._emit = emit
        self._probes = probes
        self._probe: Probe | None = None

    def act(self, now: int) -> int | None:
        """Enter, the first time; leave, the second."""
        if self._probe is not None:
            self.pit.exchange.withdraw(now, self._probe.ghost)
            self._emit(Probed(now, self._probe, entered=False))
            return None
        side = BID if self._draws.uniform() < 0.5 else ASK
        price = self._price(side)
        if price is None or not self.pit.open:
            return None
        qty = max(LOT, min(human_size(self._draws), LARGEST_PROBE))
        ghost = self.pit.exchange.ghost(now, side, price, qty)
        if ghost.refused:
            return None
        self._probe = Probe(self.pit.market.ticker, ghost)
        self._probes.append(self._probe)
        self._emit(Probed(now, self._probe, entered=True))
        return self._leave

    def _price(self, side: int) -> int | None:
        """Mostly the best price; sometimes a tick better, or one or two behind."""
        best = self.pit.exchange.best(side)
        away = (0, 1, -1, -2)[self._draws.pick((0.6, 0.15, 0.15, 0.10))]
        return None if best is None else self.pit.step(best, side * away)


def truth_of(probe: Probe) -> dict[str, object]:
    """A probe's truth as plain values, in domain units and ns UTC."""
    ghost = probe.ghost
    return {
        "market": probe.market,
        "side": ghost.side,
        "price": ghost.price,
        "qty": ghost.qty,
        "entered": ghost.entered,
        "entered_recv": probe.entered_recv,
        "ended_recv": probe.ended_recv,
        "ahead": ghost.ahead,
        "left": ghost.left,
        "fills": [[fill.ts, fill.qty, fill.cause] for fill in ghost.fills],
    }


def outcome_of(pit: Pit) -> dict[str, object]:
    """How a market ends, as plain values; its strike is known."""
    value = pit.path.settlement(pit.market.close_ns)
    return {"expiration_value": decimal(value, UNDERLYING_DIGITS, 2), "yes": pays(pit.market, value)}
