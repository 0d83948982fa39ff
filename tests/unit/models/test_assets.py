from itertools import chain

import pytest

from cockpit.models.assets import ASSETS, by_index, by_proxy, by_series


@pytest.mark.parametrize(
    ("series", "symbol"),
    [("KXBTC", "BTC"), ("KXBTCD", "BTC"), ("KXBTC15M", "BTC"), ("KXETHD", "ETH"), ("KXSOLE", "SOL"),
     ("KXSOLD", "SOL"), ("KXSOL15M", "SOL"), ("KXXRP15M", "XRP"), ("KXDOGED", "DOGE")],
)  # fmt: skip
def test_series(series, symbol):
    asset = by_series(series)
    assert asset is not None
    assert asset.symbol == symbol


def test_what_is_not_ours():
    assert by_series("KXBTCMAXY") is None
    assert by_series("KXNBAGAME") is None
    assert by_index("NASDAQ") is None
    assert by_proxy("coinbase BTC-EUR") is None


@pytest.mark.parametrize(
    ("name", "symbol"), [("BRTI", "BTC"), ("ETHUSD_RTI", "ETH"), ("ETHUSDRTI", "ETH"), ("SOLUSD_RTI", "SOL")]
)
def test_indices(name, symbol):
    assert by_index(name) is ASSETS[symbol]


def test_proxies():
    for key in ("coinbase BTC-USD", "kraken BTC-USD", "deribit BTC-USD", "binance_us BTC-USD"):
        assert by_proxy(key) is ASSETS["BTC"]
    assert by_proxy("deribit SOL-USDC") is ASSETS["SOL"]
    assert by_proxy("deribit SOL-USD") is None


def test_the_best_proxies_come_first_and_are_the_nearest():
    for asset in ASSETS.values():
        spreads = list(asset.proxies.values())
        assert spreads == sorted(spreads)
        assert spreads[0] == asset.basis_sd
        assert spreads[-1] == 4 * asset.basis_sd


def test_no_name_means_two_assets():
    for names in (
        chain.from_iterable(a.series for a in ASSETS.values()),
        chain.from_iterable(a.proxies for a in ASSETS.values()),
        chain.from_iterable((a.index, *a.aliases) for a in ASSETS.values()),
    ):
        listed = list(names)
        assert len(listed) == len(set(listed))


def test_numbers_are_in_range():
    for asset in ASSETS.values():
        assert asset.vol_floor < asset.vol_prior < asset.vol_cap
        assert 0 < asset.basis_sd < 1e-3
        assert 0 < asset.digits < 8
