"""What the screen is told of an underlying: who says its price, and what its volatility is made of."""

import pytest

from cockpit.domain.events import ImpliedVol, IndexTick, MarketListed, SpotTick
from cockpit.domain.markets import Market, MarketStatus
from cockpit.domain.units import SECOND, UNDERLYING
from cockpit.domain.view import View
from cockpit.engine.config import EngineConfig
from cockpit.engine.engine import Engine
from cockpit.engine.views.view import view
from cockpit.engine.watch import Watch

T0 = 1_796_000_000 * SECOND
M = "KXBTCD-26DEC0115-T84000"
DAY = 86_400 * SECOND


@pytest.fixture
def engine() -> Engine:
    engine = Engine(EngineConfig())
    market = Market(
        M, "kalshi", event="KXBTCD-26DEC0115", series="KXBTCD", status=MarketStatus.ACTIVE, close_ns=T0 + DAY,
        strike_type="greater", floor=84_000 * UNDERLYING,
    )  # fmt: skip
    engine.process(MarketListed(T0, market))
    return engine


def spot(engine: Engine, source: str, price: float, ts: int = T0) -> None:
    engine.process(SpotTick(ts, 0, source, "BTC-USD", round(price * UNDERLYING)))


def seen(engine: Engine, focus: str = "") -> View:
    return view(engine, Watch(engine), focus=focus)


def test_several_exchanges(engine: Engine) -> None:
    for source, price in (("coinbase", 84_000.0), ("kraken", 84_004.0), ("deribit", 84_900.0)):
        spot(engine, source, price)
    (line,) = seen(engine).spots
    assert line.source == "PROXY mean of 2"
    assert 84_001.9 < line.price < 84_002.1
    coinbase, kraken, deribit = line.sources
    assert (coinbase.name, coinbase.price, coinbase.stale) == ("coinbase", 84_000.0, False)
    assert coinbase.weight + kraken.weight == pytest.approx(1.0)
    assert (deribit.weight, round(deribit.away)) == (0.0, 898)


def test_the_index_speaks_and_the_exchanges_are_told_all_the_same(engine: Engine) -> None:
    spot(engine, "coinbase", 84_000.0)
    engine.process(IndexTick(T0, T0, "BRTI", 84_010 * UNDERLYING))
    (line,) = seen(engine).spots
    assert (line.source, line.price) == ("BRTI", 84_010.0)
    assert [(each.name, each.weight) for each in line.sources] == [("coinbase", 1.0)]


def test_a_detail_tells_the_volatility_over_its_own_time(engine: Engine) -> None:
    spot(engine, "coinbase", 84_000.0)
    engine.process(ImpliedVol(T0, 0, "deribit", "BTC-USD", 90_000_000, DAY, T0 + DAY))
    found = seen(engine, M)
    assert found.detail is not None
    assert found.detail.spot is not None
    assert found.detail.spot.vol > found.spots[0].vol == pytest.approx(0.42)
    assert dict(found.detail.spot.vols) == {"implied": 0.9, "prior": 0.42}
    assert found.detail.spot.sources == found.spots[0].sources


def test_a_market_nobody_can_price_has_no_spot(engine: Engine) -> None:
    engine.process(MarketListed(T0, Market("KXOTHER-1", "kalshi", event="KXOTHER", series="KXOTHER")))
    found = seen(engine, "KXOTHER-1").detail
    assert found is not None
    assert found.spot is None
