"""The underlyings of the venue's crypto series: settlement index, proxies, volatility and basis priors.

Sources. Index names: CF Benchmarks' real-time indices as Kalshi's ``cfbenchmarks_value`` channel names them. Series:
Kalshi's hourly ranges, hourly thresholds and quarter-hour up/down markets. ``digits``: the decimals of the target
prices Kalshi announced in July 2026 (BTC 65,985.75; SOL 77.5182; DOGE 0.0725048). ``vol_prior``: the level of
realised volatility over minutes to hours in summer 2026, rounded; its error is stated by `cockpit.models.volatility`.
``basis_sd``: a few dollars on bitcoin for a single large exchange against the index, wider where books are thinner.

Proxies, and how much wider than ``basis_sd`` each is before it is measured. Coinbase and Kraken are the venues the index
itself is made of. Deribit's price index is a mean over a dozen exchanges, some of which trade in stablecoins. Binance.US
is thin: its spread alone is many dollars on bitcoin, and its price is not that of Binance's main exchange; it hardly
weighs while another speaks.
"""

import msgspec


class Asset(msgspec.Struct, frozen=True):
    """One underlying and the numbers everything starts from."""

    symbol: str
    index: str
    """The settlement index, as `cockpit.domain.events.IndexTick` names it."""
    proxies: dict[str, float]
    """``"source symbol"`` of the spot ticks that stand in for the index, best first, and the `basis_sd` of each."""
    series: tuple[str, ...]
    """The venue's series that settle on the index."""
    vol_prior: float
    """Yearly volatility before anything is seen."""
    basis_sd: float
    """Standard deviation of (proxy minus index) relative to the price, of a large exchange, before anything is seen."""
    digits: int = 2
    """Decimals of a dollar the venue rounds the settlement mean to."""
    vol_floor: float = 0.15
    vol_cap: float = 3.0
    aliases: tuple[str, ...] = ()
    """Other names of the index."""


_WIDER = {"coinbase": 1.0, "kraken": 1.0, "deribit": 1.25, "binance_us": 4.0}


def _asset(
    symbol: str,
    vol_prior: float,
    basis_sd: float,
    digits: int,
    ranges: str = "",
    index: str = "",
    aliases: tuple[str, ...] = (),
    coin_options: bool = False,
) -> Asset:
    """An asset by the venues' naming rules, except where a name is given.

    Deribit quotes what its coin-settled options are on in dollars, the rest in USDC.
    """
    name = f"KX{symbol}"
    return Asset(
        symbol=symbol,
        index=index or f"{symbol}USD_RTI",
        proxies={
            f"{source} {symbol}-{'USDC' if source == 'deribit' and not coin_options else 'USD'}": wider
            * basis_sd
            for source, wider in _WIDER.items()
        },
        series=(*dict.fromkeys((name, ranges or name)), f"{name}D", f"{name}15M"),
        vol_prior=vol_prior,
        basis_sd=basis_sd,
        digits=digits,
        aliases=(*aliases, f"{symbol}USDRTI"),
    )


_ALL = (
    _asset("BTC", 0.42, 0.4e-4, 2, index="BRTI", aliases=("BTCUSD_RTI",), coin_options=True),
    _asset("ETH", 0.58, 0.5e-4, 2, coin_options=True),
    _asset("SOL", 0.66, 0.8e-4, 4, ranges="KXSOLE"),
    _asset("XRP", 0.66, 1.2e-4, 4),
    _asset("DOGE", 0.78, 1.5e-4, 7),
)

ASSETS: dict[str, Asset] = {asset.symbol: asset for asset in _ALL}
"""Every underlying we price, by symbol."""

_BY_SERIES = {series: asset for asset in _ALL for series in asset.series}
_BY_INDEX = {name: asset for asset in _ALL for name in (asset.index, *asset.aliases)}
_BY_PROXY = {proxy: asset for asset in _ALL for proxy in asset.proxies}


def by_series(series: str) -> Asset | None:
    """The underlying a venue's series settles on; None when it is not one of ours."""
    return _BY_SERIES.get(series)


def by_index(name: str) -> Asset | None:
    """The underlying of a settlement index."""
    return _BY_INDEX.get(name)


def by_proxy(key: str) -> Asset | None:
    """The underlying a spot tick stands in for; ``key`` is ``"source symbol"``."""
    return _BY_PROXY.get(key)
