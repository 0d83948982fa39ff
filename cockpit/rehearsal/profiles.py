"""The worlds that can be rehearsed, as named frozen data."""

import msgspec

from cockpit.domain.units import SECOND, UNDERLYING
from cockpit.rehearsal.agents import Crowding, Habits
from cockpit.rehearsal.games.fixtures import Fixture, Fixtures
from cockpit.rehearsal.games.play import Breaks
from cockpit.rehearsal.listing import Ladder
from cockpit.rehearsal.path import Asset
from cockpit.rehearsal.skies.day import Weather
from cockpit.rehearsal.speech.script import Speech, Word
from cockpit.rehearsal.twins import Doubled, Twins
from cockpit.rehearsal.worlds import WORLDS

CLOSE_NS = 1_796_328_000 * SECOND
"""3 December 2026, 20:00 UTC: 3 p.m. in New York."""

BTC = Asset("BTC", "BRTI", 84_213.0, 0.42, 2, "BTC-USD", "BTC/USD")
ETH = Asset("ETH", "ETHUSD_RTI", 3_021.5, 0.58, 2, "ETH-USD", "ETH/USD")
SOL = Asset("SOL", "SOLUSD_RTI", 138.2, 0.66, 4, "SOL-USD", "SOL/USD")

CENT = 100.0
MAKERS = (
    Habits(half=0.8 * CENT, error=0.4 * CENT, size=120, pace=1.0),
    Habits(half=1.5 * CENT, error=0.6 * CENT, size=55, pace=2.0),
    Habits(half=2.6 * CENT, error=0.8 * CENT, size=400, pace=4.0),
)
"""Half spreads of about one to three cents, the width of a quiet hourly book; the widest shows the most."""

HAWK_MARGIN = 1.2 * CENT
"""How wrong a price must be for the fast informed to take it."""


class Profile(msgspec.Struct, frozen=True):
    """A world: what is listed, who trades, how long after the close it runs (ns), how many ghosts it probes with."""

    name: str
    assets: tuple[Asset, ...]
    ladders: tuple[Ladder, ...]
    makers: tuple[Habits, ...] = MAKERS
    crowding: Crowding = Crowding(rate=1.0)
    hawk_pace_s: float = 1.2
    spot_rate: float = 1.2
    """Trades a second, on each exchange and in each asset."""
    probes: int = 0
    probe_life_s: float = 45.0
    close_ns: int = CLOSE_NS
    warm_ns: int = 40 * SECOND
    """How long books trade before the recording begins."""
    lag_ns: int = 7 * SECOND
    """From the close to the determination."""
    tail_ns: int = 90 * SECOND
    """From the close to the end: past the hourly markets' settlement timer of one minute."""
    twins: Twins | None = None
    """Polymarket's markets on the same things; without them there are only Kalshi's."""
    games: Fixtures | None = None
    """Games that are played, and their markets on both venues."""
    speech: Speech | None = None
    """A speech that is under way, and markets on its words on both venues."""
    weather: Weather | None = None
    """A day's high in New York, and Kalshi's brackets on it; only worlds that end have one."""


CRYPTO = Profile(
    name="crypto",
    assets=(BTC, ETH, SOL),
    ladders=(
        Ladder("BTC", 100 * UNDERLYING, above=3, between=4, updown=True),
        Ladder("BTC", 250 * UNDERLYING, above=2, later_h=2),
        Ladder("ETH", 5 * UNDERLYING, above=2, updown=True),
        Ladder("SOL", UNDERLYING // 4, above=1, updown=True),
    ),
)
"""Three underlyings with their spot: ladders and up/down markets that close within the session, two that do not."""

QUEUE = Profile(
    name="queue",
    assets=(BTC,),
    ladders=(
        Ladder("BTC", 500 * UNDERLYING, above=3, later_h=26),
        Ladder("BTC", 100 * UNDERLYING, updown=True),
    ),
    crowding=Crowding(rate=14.0, weights=(0.48, 0.01, 0.37, 0.02, 0.11, 0.01), informed=0.4, crowd=260),
    hawk_pace_s=3.0,
    spot_rate=0.5,
    probes=600,
)
"""Few books and many ghosts, whose truth stands beside the session.

The markets of the next day hardly move within minutes: there, orders wait in line and what is ahead of them decides.
The quarter hour's market runs over its orders.
"""

UNAMENDED = (0.42, 0.07, 0.32, 0.0, 0.14, 0.05)
"""How a crowd's arrivals divide where orders cannot be changed, only cancelled."""

DOUBLED = (Doubled("BTC", 100 * UNDERLYING, above=5), Doubled("ETH", 5 * UNDERLYING, above=2))
"""The ladders' thresholds near the money, and the windows."""

EVENING = Fixtures(
    fixtures=(
        Fixture("nba", on=(4, 420.0), pace=2.0, spread=-3.5, total=224.5),
        Fixture("nba", on=(2, 600.0), pace=2.0, spread=-7.5, total=229.5),
        Fixture("nba", tip_s=90.0, pace=2.0, spread=6.5, total=221.5),
        Fixture("nba", spread=-2.5, total=218.5, evening_h=22),
        Fixture("nfl", on=(2, 420.0), pace=3.0, spread=-3.0, total=44.5),
    ),
    makers=(Habits(half=1.1 * CENT, error=2.0 * CENT, size=400, pace=9.0),),
    crowding=Crowding(rate=0.03, weights=UNAMENDED, informed=0.5, crowd=24),
    hawk_pace_s=90.0,
    other_makers=(Habits(half=0.9 * CENT, error=1.0 * CENT, size=900, pace=13.0),),
    other_crowding=Crowding(rate=0.012, weights=UNAMENDED, crowd=16),
    other_hawk_pace_s=150.0,
    nerves_s=8.0,
    lead_s=2.0,
    ticker_s=20.0,
    polls=(("nba", 10.0), ("nfl", 20.0)),
    quicken=2.0,
)
"""One game in its last quarter, one in its second, one that begins after a minute and a half with the home side at a
third, one of later, and a football game. They run at twice their time and everybody trades rarely, so that a recording
stays small; worlds without end play them at four times."""

REMARKS = Speech(
    place="the Detroit Economic Club",
    words=(
        Word("Tariff", 0.85, "TARI", both=True),
        Word("Biden", 0.70, "BIDE", both=True),
        Word("Crypto / Bitcoin", 0.18, "CRYP", both=True),
        Word("Nuclear", 0.45, "NUCL"),
    ),
    gone_s=2_280.0,
    minutes=45,
    makers=(Habits(half=1.4 * CENT, error=3.0 * CENT, size=150, pace=12.0),),
    crowding=Crowding(rate=0.03, weights=UNAMENDED, informed=0.4, crowd=20),
    hawk_pace_s=60.0,
    nerves_s=3.0,
    lead_s=1.0,
)
"""The last minutes of a speech of three quarters of an hour; what was said before is off the list."""

AFTERNOON = Weather(
    models=(
        ("ncep_nbm_conus", -0.2),
        ("ncep_hrrr_conus", 0.5),
        ("ncep_gfs_global", 2.0),
        ("ecmwf_ifs025", 0.1),
        ("icon_seamless", -0.6),
        ("cmc_gem_seamless", -0.4),
    ),
    makers=(
        Habits(half=1.2 * CENT, error=2.5 * CENT, size=200, pace=12.0),
        Habits(half=2.4 * CENT, error=2.0 * CENT, size=500, pace=25.0),
    ),
    crowding=Crowding(rate=0.03, weights=UNAMENDED, informed=0.4, crowd=20),
    hawk_pace_s=60.0,
)
"""A day near its warmest hour: five models agree within a degree, one is two degrees too warm."""

DEMO = Profile(
    name="demo",
    assets=CRYPTO.assets,
    ladders=CRYPTO.ladders,
    makers=(
        Habits(half=0.9 * CENT, error=4.0 * CENT, size=140, pace=1.5),
        Habits(half=2.2 * CENT, error=2.5 * CENT, size=380, pace=4.0),
    ),
    crowding=Crowding(rate=1.0, informed=0.4),
    hawk_pace_s=20.0,
    spot_rate=0.65,  # rarer than elsewhere: the bundled recording has games, a speech and weather besides: below 2.6 MB
    twins=Twins(
        doubled=DOUBLED,
        makers=(
            Habits(half=0.7 * CENT, error=1.2 * CENT, size=300, pace=4.0),
            Habits(half=1.8 * CENT, error=1.6 * CENT, size=900, pace=10.0),
        ),
        crowding=Crowding(rate=0.25, weights=UNAMENDED, crowd=20),
        hawk_pace_s=10.0,
        lead_s=1.5,
    ),
    games=EVENING,
    speech=REMARKS,
    weather=AFTERNOON,
)
"""The same markets with makers who are often several cents wrong and few who punish it, so that a person who looks
has something to decide. What is earned here says nothing about any real market. Polymarket is nearer to the truth about
its own markets, and a second and a half ahead."""

PAIRS = Profile(
    name="pairs",
    assets=CRYPTO.assets,
    ladders=CRYPTO.ladders,
    twins=Twins(
        doubled=DOUBLED,
        makers=MAKERS,
        crowding=Crowding(rate=0.7, weights=UNAMENDED),
        hawk_pace_s=2.0,
        lead_s=-1.0,
    ),
)
"""The crypto world with twins whose makers are as good as Kalshi's, but see prices a second later."""

GAMES = Profile(
    name="games",
    assets=(BTC,),
    ladders=(),
    spot_rate=0.2,
    games=Fixtures(
        fixtures=(
            Fixture(
                "nba", tip_s=60.0, pace=10.0, spread=-1.5, total=225.5, overtimes=1, breaks=Breaks(8, 15, 8)
            ),
            Fixture("nba", on=(3, 480.0), spread=4.5, total=231.5),
            Fixture("nba", spread=-5.5, total=220.5, evening_h=22),
            Fixture("nfl", on=(2, 840.0), pace=6.0, spread=2.5, total=47.5),
        ),
        makers=MAKERS,
        crowding=Crowding(rate=0.8),
        hawk_pace_s=2.0,
        other_makers=MAKERS[:2],
        other_crowding=Crowding(rate=0.4, weights=UNAMENDED),
        other_hawk_pace_s=3.0,
        nerves_s=1.5,
        lead_s=-1.5,
    ),
)
"""Games and nothing else: one from its beginning to its settlement, an overtime included, one in its third quarter, one
of later, and a football game. Polymarket's traders see them a second and a half later."""

SPEECH = Profile(
    name="speech",
    assets=(BTC,),
    ladders=(),
    spot_rate=0.2,
    speech=Speech(
        place=REMARKS.place,
        words=(
            *REMARKS.words,
            Word("China", 0.65, "CHIN", both=True),
            Word("Radical Left", 0.40, "RADI"),
            Word("Epstein", 0.10, "EPST", both=True),
        ),
        gone_s=REMARKS.gone_s,
        minutes=REMARKS.minutes,
        makers=MAKERS[1:],
        crowding=Crowding(rate=0.4, weights=UNAMENDED),
        hawk_pace_s=4.0,
        nerves_s=1.0,
        lead_s=1.0,
    ),
)
"""A speech and nothing else. Polymarket's traders hear it a second earlier."""

PROFILES = dict(zip(WORLDS, (DEMO, PAIRS, GAMES, SPEECH, CRYPTO, QUEUE), strict=True))
