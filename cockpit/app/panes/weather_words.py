"""Stations' days in words: what was read so far, what is expected, what the official report says, what is bought."""

from collections.abc import Iterable
from datetime import date

from cockpit.app import text
from cockpit.app.line import Part, part
from cockpit.app.panes import quotes
from cockpit.domain.book import EMPTY_ASK, EMPTY_BID
from cockpit.domain.units import PRICE, SECOND
from cockpit.domain.weather import BracketView, StationView

DAY_NS = 24 * 3_600 * SECOND
OLD_READING_NS = 5_400 * SECOND
"""A station reports each hour: a reading older than this, while the day is on, misses one. Ours."""
OLD_FORECAST_NS = 8 * 3_600 * SECOND
"""Global models run every six hours, and take two to be told. Ours."""
DONE = ("final", "corrected")
"""Reports of a day that is over."""
REPORTS = {"none": "no report", "intraday": "intraday", "final": "FINAL", "corrected": "corrected"}
_REPORTED = {"none": "dim", "intraday": "accent", "final": "title", "corrected": "warn"}


# ---------------------------------------------------------------------------------------------- a station's day


def place(station: StationView) -> str:
    """City, station, and what of which day is asked: ``New York KNYC high Dec 1``."""
    words = (text.cut(station.city, 14), text.cut(station.station, 6), extreme(station), day(station))
    return " ".join(word for word in words if word)


def extreme(station: StationView) -> str:
    """Which temperature of the day decides."""
    return "low" if station.lowest else "high"


def day(station: StationView) -> str:
    """The climate day: ``Dec 1``; as it was told where that is no date."""
    try:
        told = date.fromisoformat(station.day)
    except ValueError:
        return text.cut(station.day, 10)
    return f"{told:%b} {told.day}"


def begun(station: StationView, now: int) -> bool:
    """Whether the climate day has begun."""
    return station.ends_ns - DAY_NS <= now


def on(station: StationView, now: int) -> bool:
    """Whether the climate day is under way."""
    return begun(station, now) and now < station.ends_ns


def over(station: StationView) -> bool:
    """Whether nothing is to be done there any more: its report is final, or all brackets are settled."""
    settled = bool(station.brackets) and all(bracket.settled for bracket in station.brackets)
    return station.report in DONE or settled


def standing(station: StationView, now: int) -> int:
    """0 while it is to come or under way, 1 when the day is over, 2 when nothing is to be done any more."""
    return 2 if over(station) else int(station.ends_ns <= now)


def time_left(station: StationView, now: int) -> str:
    """How long the climate day still lasts, or until it begins; ``over`` behind its end."""
    if now >= station.ends_ns:
        return "over"
    if begun(station, now):
        return f"ends {text.left(station.ends_ns - now)}"
    return f"begins {text.left(station.ends_ns - DAY_NS - now)}"


def so_far(station: StationView) -> Part:
    """The highest or lowest whole degree that is sure."""
    return part("" if station.reached is None else f"so far {station.reached}", "accent")


def reading(station: StationView, now: int) -> Part:
    """The last reading with its age; loud where one is missing while the day is on, and none once that is over."""
    if station.ends_ns <= now:
        return part("")
    if station.reading is None or not station.reading_ns:
        return part("no reading" if on(station, now) and not station.trouble else "", "warn")
    old = now - station.reading_ns
    late = old > OLD_READING_NS and on(station, now)
    return part(
        f"now {station.reading:.1f} {text.short_age(old)}{'!' if late else ''}", "warn" if late else "text"
    )


def law(station: StationView) -> str:
    """The normal law of what the report will say: ``91.2 +-1.8``; empty where there is none."""
    if station.mu is None or station.sigma is None:
        return ""
    return f"{station.mu:.1f} +-{station.sigma:.1f}"


def apart(station: StationView) -> str:
    """How far the models are apart once each is set right: ``S1.1``."""
    return "" if station.spread is None else f"S{station.spread:.1f}"


def report(station: StationView) -> Part:
    """What the official report says, and how final that is."""
    name = REPORTS.get(station.report, text.cut(station.report, 10))
    value = "" if station.reported is None else f" {station.reported}"
    return part(f"{name}{value}", _REPORTED.get(station.report, "text"))


def forecast_age(station: StationView, now: int) -> Part:
    """How old the oldest forecast is that counts; loud where a newer one is due."""
    if not station.forecast_ns:
        return part("no forecast heard", "warn")
    old = now - station.forecast_ns
    late = old > OLD_FORECAST_NS
    return part(f"forecasts {text.short_age(old)}{'!' if late else ''}", "warn" if late else "dim")


def source(station: StationView) -> str:
    """What it settles on, in the words of its rules."""
    return text.clean(station.source).strip() or "no report is named that we know"


def trouble(station: StationView) -> str:
    """Why it is not priced; that its report is out is no trouble."""
    return "" if over(station) else text.clean(station.trouble).strip()


def models(station: StationView) -> list[Part]:
    """Each forecast with its bias at this station and its weight, the heaviest first."""
    return [
        Part(
            (
                (f"{text.clean(name)} ", "dim"),
                (f"{degrees:.1f}", "text"),
                (f"{bias:+.1f} ", "dim"),
                (f"{weight * 100:.0f}%", "band"),
            )
        )
        for name, degrees, bias, weight in station.forecasts
    ]


# ---------------------------------------------------------------------------------------------- a bracket


def best(station: StationView) -> BracketView | None:
    """Where the better order on the day could rest."""
    return quotes.best(bracket for bracket in station.brackets if bracket.side)


def bought(bracket: BracketView) -> str:
    """What an order there would buy and at what: ``NO@38``."""
    return quotes.yes_no(bracket.side, bracket.price)


def middle(bracket: BracketView) -> float | None:
    """The market's middle as a probability; None where a side is empty or not to be believed."""
    if bracket.bid == EMPTY_BID or bracket.ask == EMPTY_ASK or bracket.mark in quotes.MISPRICED:
        return None
    return (bracket.bid + bracket.ask) / 2 / PRICE


def tallest(brackets: Iterable[BracketView]) -> float:
    """What the longest bar of a day stands for: its largest chance, ours or the market's."""
    found = [bracket.chance.mid for bracket in brackets if bracket.chance is not None]
    found += [mid for bracket in brackets if (mid := middle(bracket)) is not None]
    return max(found, default=0.0) or 1.0


def chance(bracket: BracketView) -> str:
    """What came of it once it is settled, else P(pays) low-mid-high."""
    if bracket.settled:
        return text.clean(bracket.settled).upper()
    return text.NONE if bracket.chance is None else quotes.band(bracket.chance)
