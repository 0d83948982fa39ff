"""What the pricer makes of prices, candles and implied volatilities; fair values themselves are the models' own."""

import math

import numpy as np
import pytest

from cockpit.domain.events import ImpliedVol, IndexTick, MarketListed, SpotBar, SpotTick, Tick
from cockpit.domain.markets import Market, MarketStatus
from cockpit.domain.units import SECOND, UNDERLYING
from cockpit.engine.config import EngineConfig
from cockpit.engine.engine import Engine
from cockpit.models.digitals import YEAR_S

T0 = 1_796_000_000 * SECOND
CLOSE = T0 + 3 * 86_400 * SECOND
NEAR, FAR = "KXBTCD-NEAR-T84000", "KXBTCD-FAR-T84000"


def listed(ticker: str, close_ns: int) -> MarketListed:
    market = Market(
        ticker,
        "kalshi",
        event=ticker.rpartition("-")[0],
        series="KXBTCD",
        status=MarketStatus.ACTIVE,
        close_ns=close_ns,
        strike_type="greater",
        floor=84_200 * UNDERLYING,
    )
    return MarketListed(T0, market)


@pytest.fixture
def engine() -> Engine:
    engine = Engine(EngineConfig())
    engine.process(listed(NEAR, T0 + 900 * SECOND))
    engine.process(listed(FAR, CLOSE))
    return engine


def spot(engine: Engine, ts: int, price: float, source: str = "coinbase") -> None:
    assert engine.process(SpotTick(ts, 0, source, "BTC-USD", round(price * UNDERLYING))) == []


def vol(engine: Engine, ticker: str) -> float:
    fair = engine.pricer.fair(ticker)
    assert fair is not None
    return fair.outlook.vol


def candles(sigma: float, end: int) -> list[SpotBar]:
    """Five hours of minutes up to ``end``, as received just after."""
    rng = np.random.default_rng(3)
    path = 84_000 * np.exp(np.cumsum(rng.standard_normal(5 * 3600) * sigma / math.sqrt(YEAR_S)))
    bars = []
    for i, part in enumerate((path * UNDERLYING).astype(np.int64).reshape(-1, 60)):
        over = end - (299 - i) * 60 * SECOND
        prices = (part[0], part.max(), part.min(), part[-1])
        bars.append(SpotBar(end, "coinbase", "BTC-USD", over, 60, *map(int, prices), 1))
    return bars


def test_candles_reach_the_volatility(engine: Engine) -> None:
    spot(engine, T0, 84_000)
    before = vol(engine, NEAR)
    for bar in candles(1.2, T0):
        assert engine.process(bar) == []
    spot(engine, T0 + SECOND, 84_000)
    assert before == pytest.approx(0.42)
    assert vol(engine, NEAR) == pytest.approx(1.2, rel=0.12)


def test_options_reach_contracts_that_are_far(engine: Engine) -> None:
    spot(engine, T0, 84_000)
    near, far = vol(engine, NEAR), vol(engine, FAR)
    tenor = 30 * 86_400 * SECOND
    assert engine.process(ImpliedVol(T0, 0, "deribit", "BTC-USD", 90_000_000, tenor)) == []
    index_only = vol(engine, FAR)
    engine.process(ImpliedVol(T0, 0, "deribit", "BTC-USD", 60_000_000, CLOSE - T0, CLOSE))
    assert far < vol(engine, FAR) < index_only
    assert vol(engine, NEAR) == near


def test_what_is_of_no_underlying_of_ours_is_passed_over(engine: Engine) -> None:
    engine.process(ImpliedVol(T0, 0, "deribit", "ADA-USDC", 90_000_000, 1))
    engine.process(SpotBar(T0, "coinbase", "ADA-USD", T0, 60, 1, 1, 1, 1))
    engine.process(SpotTick(T0, 0, "elsewhere", "BTC-USD", UNDERLYING))
    assert engine.state.underlyings == {}


def test_an_old_spot_makes_no_fair_value(engine: Engine) -> None:
    stale = engine.config.fair_stale_ns
    engine.process(IndexTick(T0, T0, "BRTI", 84_000 * UNDERLYING))
    engine.process(Tick(T0 + stale))
    assert engine.pricer.fair(NEAR) is not None
    engine.process(Tick(T0 + stale + 1))
    assert engine.pricer.fair(NEAR) is None
    engine.process(Tick(T0 + stale + SECOND))
    assert engine.state.markets[NEAR].stale
    spot(engine, T0 + stale + 2 * SECOND, 84_000)
    engine.process(Tick(T0 + stale + 3 * SECOND))
    assert engine.state.markets[NEAR].fair is not None


def test_what_is_over_has_no_fair_value(engine: Engine) -> None:
    spot(engine, T0 + 900 * SECOND, 84_000)
    assert engine.pricer.fair(NEAR) is None
    assert engine.pricer.fair(FAR) is not None
    assert engine.pricer.fair("KXNONE") is None
