"""Games and the contracts on their winners: joined by codes, priced from either side."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.games import Game, GameLine, Phase
from cockpit.domain.markets import EventGroup, Market
from cockpit.domain.units import SECOND
from cockpit.models import nba, nfl
from cockpit.models.fair import Fair
from cockpit.models.games import (
    LEAST_ERROR,
    Fixture,
    contract,
    fixture_of,
    fixture_of_ticker,
    moneyline,
    outset,
    price,
    reasons,
    state_of,
)
from cockpit.models.match.dates import wall
from cockpit.models.scoreline import State, win

TIP = wall(2027, 1, 15, 20)
GAME = Game("nba 1", "nba", TIP, "OKC", "SAS", Phase.LIVE, 4, 300_000, 90, 100, line=GameLine("B", 250))
GROUP = EventGroup("777", "polymarket", title="Thunder vs. Spurs", subtitle="nba-okc-sas-2027-01-15")


def kalshi(side="SAS", ticker="KXNBAGAME-27JAN15OKCSAS", subtitle="San Antonio"):
    return Market(
        f"{ticker}-{side}", "kalshi", event=ticker, series="KXNBAGAME",
        title="Oklahoma City at San Antonio Winner?", subtitle=subtitle,
    )  # fmt: skip


def pm(label="Thunder", **more):
    fields = {"title": "Thunder vs. Spurs", "series": "nba", "clear_ns": TIP} | more
    return Market("0xabc", "polymarket", event="777", subtitle=label, **fields)


def test_a_game_s_day_is_new_york_s():
    late = msgspec.structs.replace(GAME, start_ns=wall(2027, 1, 16, 3) - 5 * 3600 * SECOND)
    assert fixture_of(GAME) == Fixture("nba", "2027-01-15", "OKC", "SAS")
    assert fixture_of(late).day == "2027-01-15"
    assert fixture_of(GAME).label == "OKC@SAS"


@pytest.mark.parametrize(
    ("ticker", "found"),
    [
        ("KXNBAGAME-26FEB07DALSAS-SAS", (Fixture("nba", "2026-02-07", "DAL", "SAS"), "SAS")),
        ("KXNBAGAME-26FEB07DALSAS", (Fixture("nba", "2026-02-07", "DAL", "SAS"), "")),
        ("KXNFLGAME-26NOV231300GBKC-KC", (Fixture("nfl", "2026-11-23", "GB", "KC"), "KC")),
        ("KXNFLGAME-26NOV23LARNE-NE", (Fixture("nfl", "2026-11-23", "LAR", "NE"), "NE")),
        ("KXNBAGAME-26FEB30DALSAS-SAS", None),
        ("KXNBAGAME-26XXX07DALSAS-SAS", None),
        ("KXNBAGAME-26FEB07DALDAL-DAL", None),
        ("KXNBAGAME-26FEB07NODAL-DAL", None),
        ("KXNBASPREAD-26FEB07DALSAS-SAS5", None),
        ("KXAFLGAME-26JUL102315PAPSKS-PAP", None),
    ],
)
def test_a_ticker_states_all_four(ticker, found):
    assert fixture_of_ticker(ticker) == found


@given(st.text(alphabet="KXNBAFLGME-0123456789OCTSD", max_size=40))
def test_any_ticker_is_read_or_not(ticker):
    found = fixture_of_ticker(ticker)
    assert found is None or found[0].away != found[0].home


def test_both_markets_of_a_game():
    home, away = contract(kalshi()), contract(kalshi("OKC", subtitle="Oklahoma City"))
    assert home.fixture == away.fixture == fixture_of(GAME)
    assert (home.home, home.team, away.home, away.team) == (True, "SAS", False, "OKC")


def test_a_slug_states_who_is_at_home():
    found = contract(pm(), GROUP)
    assert (found.fixture, found.home, found.start_ns) == (fixture_of(GAME), False, TIP)
    assert contract(pm("Spurs"), GROUP).home
    assert contract(pm("San Antonio"), GROUP).home
    assert contract(pm("Spurs - Thunder vs. Spurs"), GROUP).home


@pytest.mark.parametrize(
    "market",
    [
        kalshi("BOS"),
        kalshi(subtitle="Oklahoma City"),
        pm(title="Thunder vs. Spurs: 1H Winner"),
        pm(title="Spread: Spurs (-4.5)"),
        pm("Lakers", title="Lakers vs. Spurs"),
        pm("Over", title="Thunder vs. Spurs: O/U 224.5"),
        pm(clear_ns=TIP + 86_400 * SECOND),
        pm("Yes"),
        pm(""),
        pm("Over"),
        pm("Draw"),
        pm("Lakers"),
    ],
)
def test_what_is_not_the_winner_of_this_game(market):
    assert contract(market, GROUP if market.venue == "polymarket" else None) is None


def test_a_market_without_a_slug_says_not_who_is_at_home():
    assert contract(pm(), EventGroup("777", "polymarket", title="Thunder vs. Spurs")) is None
    assert contract(pm(), None) is None


# ---------------------------------------------------------------------------------------------- the value


def test_the_moneyline_comes_first_then_the_spread_then_the_house():
    both = GameLine("B", -650, home=-250, away=210)
    book = moneyline(both)
    by_book = outset(GAME, both)
    start = State(0.0, nba.REGULATION_S)
    assert win(start, by_book.line.drift, by_book.numbers) == pytest.approx(book, abs=1e-6)
    assert outset(GAME, GameLine("B", -650)).line == nba.outlook(-6.5)[0]
    assert outset(GAME, None).numbers is nba.UNLINED
    assert outset(msgspec.structs.replace(GAME, league="nfl"), None).numbers is nfl.PUBLISHED
    assert moneyline(GameLine("B", -650, home=-50, away=210)) is None


def test_ten_up_with_five_minutes_left():
    even = outset(GAME, GameLine("B", 0))
    fair = price(GAME, even, 0.0, home=True)
    other = price(GAME, even, 0.0, home=False)
    assert 0.95 <= fair.mid <= 0.975
    assert other.mid == pytest.approx(1.0 - fair.mid)
    assert (other.low, other.high) == (pytest.approx(1.0 - fair.high), pytest.approx(1.0 - fair.low))
    assert (fair.outlook.spot, other.outlook.spot) == (10, -10)


def test_what_is_not_told_yet_widens_the_band_of_a_close_game_only_while_it_is_played():
    close = msgspec.structs.replace(GAME, away_score=99, clock_ms=120_000)
    pause = msgspec.structs.replace(close, phase=Phase.BREAK)
    known = outset(GAME, GAME.line)
    fresh, old = price(close, known, 0.0, home=True), price(close, known, 20.0, home=True)
    assert old.error > fresh.error
    assert old.mid == fresh.mid
    assert price(pause, known, 20.0, home=True).error == price(pause, known, 0.0, home=True).error
    numbers = dict(reasons(close, known, old))
    assert numbers["band unseen"] == pytest.approx(1.5 * (old.error**2 - fresh.error**2) ** 0.5)


@given(
    lead=st.integers(-60, 60),
    period=st.integers(1, 7),
    clock=st.integers(0, 900_000),
    spread=st.integers(-2_000, 2_000) | st.none(),
    age=st.floats(0.0, 100.0),
    league=st.sampled_from(["nba", "nfl"]),
    phase=st.sampled_from([Phase.LIVE, Phase.BREAK, Phase.PRE]),
)
def test_a_band_holds_its_middle_and_both_sides_mirror(lead, period, clock, spread, age, league, phase):
    game = Game(
        "x", league, TIP, "DAL", "DEN", phase, period, clock, max(0, -lead), max(0, lead),
        line=GameLine("B", spread) if spread is not None else None,
    )  # fmt: skip
    known = outset(game, game.line)
    one, other = (price(game, known, age, home=home) for home in (True, False))
    assert 0.0 <= one.low <= one.mid <= one.high <= 1.0
    assert one.error >= LEAST_ERROR
    assert one.mid + other.mid == pytest.approx(1.0)
    assert one.low == pytest.approx(1.0 - other.high)


@pytest.mark.parametrize("clock", [0, 1_000, 10_000, 300_000])
def test_both_sides_of_a_level_overtime_come_to_one_and_mirror(clock):
    """The same game told with the sides swapped, its line with them, has the prices swapped."""
    line, swapped = GameLine("B", -300, home=-150, away=130), GameLine("B", 300, home=130, away=-150)
    game = Game("x", "nfl", TIP, "KC", "BUF", Phase.LIVE, 5, clock, 20, 20, line=line)
    other = msgspec.structs.replace(game, away="BUF", home="KC", line=swapped)
    home = price(game, outset(game, line), 10.0, home=True).mid
    assert home + price(game, outset(game, line), 10.0, home=False).mid == pytest.approx(1.0)
    assert price(other, outset(other, swapped), 10.0, home=False).mid == pytest.approx(home, abs=1e-6)
    assert home == 0.5 if clock == 0 else home > 0.5


def test_numbers_that_are_kept_are_floats():
    fair = price(GAME, outset(GAME, GAME.line), 0.0, home=True)
    assert type(state_of(GAME).lead) is type(state_of(GAME).left) is float
    assert msgspec.json.encode(msgspec.json.decode(msgspec.json.encode(fair), type=Fair)) == (
        msgspec.json.encode(fair)
    )


def test_before_the_game_all_of_it_is_left():
    assert state_of(msgspec.structs.replace(GAME, phase=Phase.PRE)) == State(0.0, 2880.0)
    assert state_of(msgspec.structs.replace(GAME, period=6, clock_ms=60_000)) == State(
        10, 60.0, overtime=True
    )
    assert state_of(msgspec.structs.replace(GAME, league="nfl", period=2)).left == 1800.0 + 300.0
