"""A volatility that was told the candles of the hours before, on a recorded day of one-second bitcoin prices."""

import csv
import gzip
import math

import numpy as np
import pytest

from cockpit.domain.units import MILLISECOND, SECOND
from cockpit.models.digitals import YEAR_S
from cockpit.models.volatility import Bar, Volatility

MINUTE = 60 * SECOND
HOUR = 3600 * SECOND


@pytest.fixture(scope="module")
def day(shared):
    path = shared / "polymarket_updown" / "chainlink_BTCUSD_1hz_2026-07-24.csv.gz"
    if not path.exists():
        pytest.skip(f"the recorded day is not beside this checkout ({path.name})")
    with gzip.open(path, "rt") as file:
        rows = [(int(row["feed_ts_ms"]) * MILLISECOND, float(row["value"])) for row in csv.DictReader(file)]
    return sorted(rows)


def candles(rows):
    minutes: dict[int, list[float]] = {}
    for ts, price in rows:
        minutes.setdefault(ts // MINUTE, []).append(price)
    return [
        Bar((minute + 1) * MINUTE, 60, each[0], max(each), min(each), each[-1])
        for minute, each in minutes.items()
    ]


def watched(rows):
    vol = Volatility(prior=0.42)
    for ts, price in rows:
        vol.add(ts, price)
    return vol


def realised(rows):
    """Yearly volatility of half-minute returns."""
    few = rows[::30]
    squares = np.diff(np.log([price for _, price in few])) ** 2
    return math.sqrt(squares.sum() / ((few[-1][0] - few[0][0]) / SECOND) * YEAR_S)


def test_candles_are_nearly_as_good_as_having_watched(day):
    """Every hour of the day: a minute of prices and five hours of candles, against all of the prices since morning."""
    away, seeded_miss, alone_miss = [], [], []
    for at in range(day[0][0] + 6 * HOUR, day[-1][0] - HOUR, HOUR):
        past = [row for row in day if row[0] < at]
        start = at - MINUTE
        vol = watched(row for row in past if row[0] >= start)
        alone = vol.estimate(at).sigma
        bars = [bar for bar in candles(past) if at - 5 * HOUR < bar.end <= start]
        coming = [row for row in day if at <= row[0] < at + HOUR // 2]
        if len(bars) < 240 or len(coming) < 1_500:
            continue
        assert vol.seed(bars)
        seeded, truth = vol.estimate(at).sigma, realised(coming)
        away.append(math.log(seeded / watched(past).estimate(at).sigma))
        seeded_miss.append(math.log(seeded / truth))
        alone_miss.append(math.log(alone / truth))
    assert len(away) > 10
    assert abs(np.mean(away)) < 0.05
    assert np.max(np.abs(away)) < 0.2
    assert np.sqrt(np.mean(np.square(seeded_miss))) < 0.85 * np.sqrt(np.mean(np.square(alone_miss)))
