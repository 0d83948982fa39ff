"""Hand-built games: what the NBA screen and the detail of a game are tested with."""

import math
from typing import Any

from app_sample import DAY, HOUR, MINUTE, NOW, VIEW, change, dollars, row

from cockpit.domain.games import (
    BoardView,
    Chance,
    Claim,
    GameDetail,
    GamePoint,
    GameView,
    Phase,
    RuleFlag,
    VenueLine,
)
from cockpit.domain.units import SECOND

RULES = ("homeUnderdog", "favoriteFade", "lateGameLeader")
OFF = ("after the first 6 minutes", "not before the game", "not in period 4")


def flags(*fields: dict[str, Any]) -> tuple[RuleFlag, ...]:
    """Three rules, off unless told otherwise."""
    told = (*fields, *({},) * (3 - len(fields)))
    return tuple(
        RuleFlag(**({"rule": rule, "on": False, "why": "" if each.get("on") else why} | each))
        for rule, why, each in zip(RULES, OFF, told, strict=True)
    )


def line(venue: str, bid: float, ask: float, market: str = "", **fields: Any) -> VenueLine:
    """A venue's line; prices in cents."""
    for name in ("price",):
        if name in fields:
            fields[name] = round(fields[name] * 100)
    usual = {"age_ns": SECOND, "market": market or f"{venue}-MARKET"}
    return VenueLine(venue=venue, bid=round(bid * 100), ask=round(ask * 100), **(usual | fields))


def game(away: str, home: str, phase: Phase = Phase.LIVE, **fields: Any) -> GameView:
    """A game as the board tells it; a chance in per cent."""
    if fields.get("chance"):
        fields["chance"] = Chance(*(part / 100 for part in fields["chance"]))
    usual = {
        "id": f"nba {away}{home}", "league": "nba", "start_ns": NOW - HOUR, "period": 0, "clock_ms": 0, "away_score": 0,
        "home_score": 0, "detail": "", "chance": None, "before": None, "venues": (), "spread": None, "book": None,
        "provider": "", "flags": flags(), "age_ns": 3 * SECOND, "stale": False, "fitted": True,
    }  # fmt: skip
    return GameView(away=away, home=home, phase=phase, **(usual | fields))


NYK = "KXNBAGAME-26DEC01BOSNYK-NYK"
DEN = "KXNBAGAME-26DEC01LALDEN-DEN"

LATE = game(
    "BOS", "NYK", period=4, clock_ms=251_000, away_score=88, home_score=101, chance=(95.1, 96.4, 97.5), before=0.91,
    detail="4:11 - 4th", spread=-2.5, start_ns=NOW - 110 * MINUTE, book=0.55, provider="DraftKings",
    venues=(line("K", 93, 95, NYK, team="NYK", price=93, edge=0.034, low=0.021, mark="W"),
            line("P", 94, 95, "0xnyk", team="NYK", price=94, edge=0.024, low=0.011),
            line("U", 93, 96, "nyk-us")),
    flags=flags({}, {}, {"on": True, "model": True, "team": "NYK", "held": True}),
)  # fmt: skip
HALF = game(
    "LAL", "DEN", Phase.BREAK, period=2, away_score=58, home_score=55, chance=(60.2, 63.8, 67.4), before=0.64,
    detail="Halftime", spread=-7.5, book=0.741, provider="DraftKings",
    venues=(line("K", 58, 60, DEN, team="DEN", price=58, edge=0.054, low=0.032, mark="T"),
            line("P", 61, 63, "0xden", team="DEN", price=61, edge=0.024, low=-0.008)),
)  # fmt: skip
LATE_AGAIN = game(
    "MIA", "ORL", period=6, clock_ms=29_400, away_score=121, home_score=119, chance=(31, 36, 41), before=0.45, age_ns=94 * SECOND,
    stale=True, detail="29.4 - 2nd OT", spread=1.5, book=0.48, venues=(line("K", 35, 41, mark="?"),),
)  # fmt: skip
TONIGHT = game(
    "CHA", "OKC", Phase.PRE, start_ns=NOW + 4 * HOUR + 38 * MINUTE, chance=(84, 86.1, 88.2), before=0.861, age_ns=40 * SECOND,
    spread=-12.5, book=0.874, provider="DraftKings",
    venues=(line("K", 79, 81, team="CHA", price=19, edge=-0.061, low=-0.082), line("P", 84, 86)),
    flags=flags({"why": "the away side"}, {"on": True, "team": "CHA", "veto": "edge under the threshold"},
                {"why": "not in period 4"}),
)  # fmt: skip
TOMORROW = game(
    "DAL", "SAS", Phase.PRE, start_ns=NOW + DAY + 5 * HOUR, chance=(28, 34, 40), before=None, age_ns=400 * SECOND, spread=6.5,
    book=0.31, provider="DraftKings", neutral=True, trouble="two games on one key: 2 and 4 December",
    venues=(line("K", 32, 34, mark="!"),), flags=flags({"on": True, "model": True, "team": "SAS"}),
)  # fmt: skip
DONE = game(
    "PHI", "ATL", Phase.FINAL, period=5, away_score=112, home_score=118, start_ns=NOW - 4 * HOUR, age_ns=2 * HOUR, flags=(),
    spread=0.0, book=0.5, detail="Final/OT",
)  # fmt: skip
OFF_TODAY = game(
    "UTA", "POR", Phase.VOID, start_ns=NOW + 6 * HOUR, detail="Postponed", flags=(), age_ns=3000 * SECOND
)

GAMES = (HALF, LATE, LATE_AGAIN, TONIGHT, TOMORROW, DONE, OFF_TODAY)


def claim(rule: str, *, model: bool = False, **fields: Any) -> Claim:
    usual = {"claimed": None, "claimed_n": "n not published", "verdict": "unproven", "source": "posts on X"}
    return Claim(rule=rule, model=model, **(usual | fields))


CLAIMS = (
    claim("homeUnderdog", claimed=0.462, n=39, wins=18, low=0.316, high=0.614, entry=0.331, said=0.352, brier=0.241,
          net=dollars(4.2), open=1),
    claim("homeUnderdog", model=True, claimed=0.462, n=12, wins=4, low=0.138, high=0.609, entry=0.329, said=0.371, brier=0.25,
          net=dollars(-1.13)),
    claim("favoriteFade", claimed=0.359, n=140, wins=20, low=0.094, high=0.211, entry=0.224, said=0.17, brier=0.14,
          net=dollars(-113.4), verdict="contradicted", note="contrary to the published favourite-longshot bias", open=1),
    claim("favoriteFade", model=True, claimed=0.359, note="contrary to the published favourite-longshot bias"),
    claim("lateGameLeader", n=212, wins=209, low=0.959, high=0.995, entry=0.951, said=0.967, brier=0.02, net=dollars(28.1),
          verdict="supported", open=2),
    claim("lateGameLeader", model=True, verdict="no lane"),
)  # fmt: skip

BOARD = BoardView(games=GAMES, claims=CLAIMS, unjoined=2, heard_ns=NOW - 3 * SECOND)
ROWS = (
    row(NYK, "BOS@NYK NYK", "KXNBAGAME-26DEC01BOSNYK", bid=93, ask=95, why="LOW under 5c"),
    row(DEN, "LAL@DEN DEN", "KXNBAGAME-26DEC01LALDEN", bid=58, ask=60, mark="T"),
)
BOARDED = change(VIEW, board=BOARD, rows=(*VIEW.rows, *ROWS))


def played(n: int = 240) -> tuple[GamePoint, ...]:
    """Two hours, half a minute apart: before the game, three quarters and a bit; Polymarket is silent for a while."""
    points = []
    for i in range(n):
        lead = 0 if i < 20 else round(13 * (i - 20) / (n - 20) + 4 * math.sin(i / 9))
        mid = 1 / (1 + math.exp(-(0.2 + lead * (0.1 + 0.12 * i / n))))
        wide = 0.05 * (1 - i / n) + 0.005
        values = (None, None, None) if 60 < i < 66 else (max(0.0, mid - wide), mid, min(1.0, mid + wide))
        kalshi = 2 * round((mid - 0.02) * 10_000)
        polymarket = 0 if 100 < i < 130 else 2 * round((mid - 0.01) * 10_000)
        points.append(GamePoint(NOW - (n - i) * 30 * SECOND, *values, lead, kalshi, polymarket, said=mid))
    return tuple(points)


DETAIL = GameDetail(
    LATE, played(), (24, 22, 27, 15), (28, 25, 30, 18),
    (("lead", 13.0), ("seconds left", 251.0), ("drift", 3.66), ("sigma", 16.461), ("given back", 0.0316), ("floor", 1.46),
     ("P overtime", 0.55), ("P plain", 0.9968), ("P", 0.9641), ("band parameters", 0.004), ("band line", 0.002),
     ("band model", 0.011), ("band unseen", 0.003), ("message age", 3.0), ("games fitted on", 3827.0)),
    said=0.968, source="fitted: quarter scores and closing spreads 2016-2020, n 3,827", line_ns=NOW - 2 * HOUR,
)  # fmt: skip
BEFORE = GameDetail(TONIGHT, played(20), (), (), (), said=None, line_ns=NOW - 20 * MINUTE)
AFTER = GameDetail(DONE, (), (30, 28, 27, 20, 7), (25, 30, 24, 26, 13), ())
DETAILS = {each.game.id: each for each in (DETAIL, BEFORE, AFTER)}
