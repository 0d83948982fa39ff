"""Hand-built stations' days: what the Weather screen and the detail of a bracket are tested with."""

from typing import Any

from app_sample import HOUR, MINUTE, NOW, change, row
from pane_sample import DETAIL as MARKET
from pane_sample import VIEW

from cockpit.domain.book import EMPTY_ASK, EMPTY_BID
from cockpit.domain.units import ASK, BID, SECOND
from cockpit.domain.weather import BracketView, DegreeChance, StationView, WeatherView

CLI = "If the highest temperature in Central Park, New York, by the NWS Climatological Report (Daily) is 43-44, Yes"


def bracket(label: str, bid: float | None, ask: float | None, market: str = "", **fields: Any) -> BracketView:
    """A bracket; prices, edges in cents, the chance in per cent."""
    if "price" in fields:
        fields["price"] = round(fields["price"] * 100)
    for name in ("edge", "low"):
        if name in fields:
            fields[name] /= 100
    chance = fields.pop("chance", None)
    return BracketView(
        label, market or f"M-{label}", EMPTY_BID if bid is None else round(bid * 100),
        EMPTY_ASK if ask is None else round(ask * 100),
        chance=DegreeChance(*(each / 100 for each in chance)) if chance else None, **({"age_ns": SECOND} | fields),
    )  # fmt: skip


def day(city: str, station: str, *brackets: BracketView, hours: float = 14, **fields: Any) -> StationView:
    """A station's day that ends so many hours from now."""
    usual = {
        "id": f"{station}-DAY", "day": "2026-12-01", "lowest": False, "reached": None, "reading": None, "reading_ns": 0,
        "mu": None, "sigma": None, "spread": None, "forecasts": (), "forecast_ns": 0, "report": "none", "reported": None,
        "ends_ns": NOW + round(hours * HOUR), "source": "",
    }  # fmt: skip
    return StationView(city=city, station=station, brackets=brackets, **(usual | fields))


B43, B45 = "KXHIGHNY-26DEC01-B43.5", "KXHIGHNY-26DEC01-B45.5"
NEW_YORK = day(
    "New York", "KNYC",
    bracket("<=40", 1, 3, chance=(0, 0, 1)),
    bracket("41-42", 4, 7, chance=(2, 5.1, 9)),
    bracket("43-44", 22, 25, B43, chance=(27, 31.4, 36), side=BID, price=22, edge=9.4, low=5.3, mark="T"),
    bracket("45-46", 47, 50, B45, chance=(36, 41.2, 46), side=ASK, price=50, edge=8.8, low=3.6, mark="P"),
    bracket("47-48", 18, 22, chance=(14, 18.9, 24), side=BID, price=18, edge=0.9, low=-4.1),
    bracket(">=49", None, 6, chance=(1, 3.4, 7), age_ns=94 * SECOND),
    id="KXHIGHNY-26DEC01", reached=43, reading=43.9, reading_ns=NOW - 12 * MINUTE, mu=45.1, sigma=1.8, spread=1.1,
    forecasts=(("ncep_nbm_conus", 44.8, 0.2, 0.52), ("ecmwf_ifs", 46.1, -0.4, 0.31), ("ncep_hrrr_conus", 43.2, 1.3, 0.17)),
    forecast_ns=NOW - 100 * MINUTE, report="intraday", reported=43, source=CLI, hours=14.13,
)  # fmt: skip
MIAMI = day(
    "Miami", "KMIA",
    bracket("<=59", 12, 15, "KXLOWTMIA-26DEC01-T60", chance=(9, 13, 18), side=ASK, price=15, edge=1.2, low=-3, mark="W"),
    bracket("60-61", 40, 44, chance=(38, 43, 48), mark="?"),
    bracket(">=62", 41, 46, chance=(39, 44, 49)),
    id="KXLOWTMIA-26DEC01", lowest=True, reached=61, reading=63.5, reading_ns=NOW - 100 * MINUTE, mu=61.1, sigma=0.9,
    spread=0.4, forecasts=(("ncep_nbm_conus", 61.0, 0.1, 1.0),), forecast_ns=NOW - 9 * HOUR, hours=14.13,
)  # fmt: skip
DENVER = day("Denver", "KDEN", bracket("31-32", 20, 30, mark="z"), bracket("33-34", 50, 60, mark="z"),
             hours=16.1, trouble="no fresh forecast")  # fmt: skip
DALLAS = day("Dallas", "KDFW", bracket("60-61", 20, 24), trouble="the rules name no station we know", source="Accuweather",
             hours=15.1)  # fmt: skip
TOMORROW = day(
    "New York", "KNYC", bracket("<=50", 40, 44, chance=(50, 55, 60), side=BID, price=40, edge=15, low=10),
    bracket(">=51", 55, 60, chance=(40, 45, 50)), id="KXHIGHNY-26DEC02", day="2026-12-02", mu=50.2, sigma=3.1, spread=2.2,
    forecasts=(("ncep_nbm_conus", 50.2, 0.0, 1.0),), forecast_ns=NOW - HOUR, hours=38.13, source=CLI,
)  # fmt: skip
YESTERDAY = day(
    "Chicago", "KMDW", bracket("31-32", None, 1, settled="no"), bracket("33-34", 99, None, settled="yes"), id="KXHIGHCHI-26NOV30",
    day="2026-11-30", reached=33, reading=28.4, reading_ns=NOW - 20 * MINUTE, report="final", reported=33, hours=-9, trouble="the report is out",
)  # fmt: skip
CORRECTED = change(
    YESTERDAY,
    id="KXHIGHAUS-26NOV30",
    city="Austin",
    station="KAUS",
    report="corrected",
    reported=71,
    reached=72,
)
PENDING = day("Los Angeles", "KLAX", bracket("66-67", 90, 95, chance=(90, 95, 98)), id="KXHIGHLAX-26NOV30", day="2026-11-30",
              reached=66, mu=66.2, sigma=0.5, spread=0.0, report="intraday", reported=66, hours=-2, reading=60.0,
              reading_ns=NOW - 10 * MINUTE)  # fmt: skip

STATIONS = (PENDING, NEW_YORK, MIAMI, DALLAS, DENVER, TOMORROW, YESTERDAY, CORRECTED)
WEATHER = WeatherView(STATIONS, NOW - 4 * MINUTE)
ROWS = (
    row(B43, "New York high 43-44", "KXHIGHNY-26DEC01", bid=22, ask=25, mark="T", fair=(27, 31.4, 36)),
    row(
        B45,
        "New York high 45-46",
        "KXHIGHNY-26DEC01",
        bid=47,
        ask=50,
        mark="P",
        why="low side of the band has no edge",
    ),
)
VIEW_OF_DAYS = change(VIEW, weather=WEATHER, rows=(*VIEW.rows, *ROWS))
LISTED = change(
    MARKET, row=ROWS[0], title="Will the high in New York be 43-44 on Dec 1?", rules="If the report says 43 or 44, Yes.",
    orders=(), refusals=(), spot=None, explanation=(("ncep_nbm_conus w 0.52", 45.0), ("mean", 45.1), ("sigma", 1.8), ("apart", 1.1), ("reached", 43.0), ("hours to peak", 0.6),
                 ("last reading", 43.9), ("P", 0.314), ("band half", 0.045)),
)  # fmt: skip
