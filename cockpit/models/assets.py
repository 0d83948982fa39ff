"""The underlyings of the venue's crypto series: settlement index, proxies, volatility and basis priors.

Sources. Index names: CF Benchmarks' real-time indices as Kalshi's ``cfbenchmarks_value`` channel names them. Series:
Kalshi's hourly ranges, hourly thresholds and quarter-hour up/down markets. ``digits``: the decimals of the target
prices Kalshi announced in July 2026 (BTC 65,985.75; SOL 77.5182; DOGE 0.0725048). ``vol_prior``: the level of
realised volatility over minutes to hours in summer 2026, rounded; its error is stated by `cockpit.models.volatility`.
``basis_sd``: a few dollars on bitcoin for a single large exchange against the index, wider where books are thinner.
"""

import msgspec


class Asset(msgspec.Struct, frozen=True):
    """One underlying and the numbers everything starts from."""

    symbol: str
    index: str
    """The settlement index, as `cockpit.domain.events.IndexTick` names it."""
    proxies: tuple[str, ...]
    """``"source symbol"`` of the spot ticks that stand in for the index, best first."""
    series: tuple[str, ...]
    """The venue's series that settle on the index."""
    vol_prior: float
    """Yearly volatility before anything is seen."""
    basis_sd: float
    """Standard deviation of (proxy minus index) relative to the price, before anything is seen."""
    digits: int = 2
    """Decimals of a dollar the venue rounds the settlement mean to."""
    vol_floor: float = 0.15
    vol_cap: float = 3.0
    aliases: tuple[str, ...] = ()
    """Other names of the index."""


def _asset(
    symbol: str,
    vol_prior: float,
    basis_sd: float,
    digits: int,
    ranges: str = "",
    index: str = "",
    aliases: tuple[str, ...] = (),
) -> Asset:
    """An asset by the venues' naming rules, except where a name is given."""
    name = f"KX{symbol}"
    return Asset(
        symbol=symbol,
        index=index or f"{symbol}USD_RTI",
        proxies=(f"coinbase {symbol}-USD", f"kraken {symbol}-USD"),
        series=(*dict.fromkeys((name, ranges or name)), f"{name}D", f"{name}15M"),
        vol_prior=vol_prior,
        basis_sd=basis_sd,
        digits=digits,
        aliases=(*aliases, f"{symbol}USDRTI"),
    )


_ALL = (
    _asset("BTC", 0.42, 0.4e-4, 2, index="BRTI", aliases=("BTCUSD_RTI",)),
    _asset("ETH", 0.58, 0.5e-4, 2),
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
