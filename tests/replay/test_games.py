"""A whole evening of games as a recording: from tip to final, overtime included, priced, traded and settled."""

from pathlib import Path

import pytest

from cockpit.domain.effects import Effect, OrderPlaced
from cockpit.domain.games import Phase
from cockpit.engine.engine import Engine
from cockpit.engine.watch import Watch
from cockpit.rehearsal.profiles import PROFILES
from cockpit.rehearsal.world import World
from cockpit.rehearsal.write import write_session
from cockpit.runtime import replay
from cockpit.runtime.reader import SessionFile
from cockpit.runtime.session import Session
from cockpit.settings.tree import Settings
from cockpit.strategies.nba import NAMES

DEMO = Path(__file__).resolve().parents[2] / "examples" / "demo-seed22.jsonl.zst"


class Looker:
    """What was seen of each game as the recording played."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.watch = Watch(engine)
        self.phases: dict[str, list[tuple[Phase, int]]] = {}
        self.fairs: dict[str, list[tuple[float, float]]] = {}
        """Our chance of the home side beside Kalshi's middle, by game."""
        self.effects: list[Effect] = []
        inner = engine.on_beat
        engine.on_beat = lambda: (inner() if inner is not None else None, self._look())[1]

    def _look(self) -> None:
        games = self.engine.pricer.games
        for name, track in games.tracks.items():
            seen = self.phases.setdefault(name, [])
            if not seen or seen[-1] != (track.game.phase, track.game.period):
                seen.append((track.game.phase, track.game.period))
            for ticker in games.markets(track):
                m, known = self.engine.state.markets[ticker], games.contract(ticker)
                home = m.market.venue == "kalshi" and known is not None and known.home
                if home and m.fair is not None and m.mid2 is not None and not m.doubt:
                    self.fairs.setdefault(name, []).append((m.fair.mid, m.mid2 / 20_000))

    def __call__(self, effects: list[Effect]) -> None:
        self.effects += effects
        self.watch.take(effects)


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Looker, Session]:
    path: Path = tmp_path_factory.mktemp("games") / "games.jsonl.zst"
    world = write_session(path, 5, 9.0, profile=PROFILES["games"])
    file = SessionFile(path)
    engine = replay.engine(file, Settings())
    looker = Looker(engine)
    session = replay.session(file, engine, None, listeners=(looker,))
    replay.run_quietly(session, replay.batches(file), None)
    return world, looker, session


def overtime(looker: Looker) -> str:
    return next(name for name, seen in looker.phases.items() if any(period > 4 for _, period in seen))


def test_a_game_is_seen_from_before_the_tip_to_its_end_through_an_overtime(evening):
    _, looker, _ = evening
    seen = looker.phases[overtime(looker)]
    assert seen[0][0] is Phase.PRE
    assert seen[-1][0] is Phase.FINAL
    periods = [period for _, period in seen]
    assert periods == sorted(periods)
    assert {1, 2, 3, 4, 5} <= set(periods)
    assert Phase.BREAK in {phase for phase, _ in seen}


def test_its_contracts_settle_on_the_side_that_won(evening):
    world, looker, _ = evening
    told = world.truth()["games"]
    state = looker.engine.state
    games = looker.engine.pricer.games
    name = overtime(looker)
    game = games.tracks[name].game
    ended = [
        m for m in state.markets.values() if m.settled is not None and m.market.event.startswith("KXNBAGAME")
    ]
    ours = [m for m in ended if game.away in m.market.ticker and game.home in m.market.ticker]
    assert len(ours) == 2
    winner = game.home if game.home_score > game.away_score else game.away
    paid = {m.market.ticker.rpartition("-")[2]: m.settled[1] for m in ours}
    assert paid == {winner: 10_000, (game.away if winner == game.home else game.home): 0}
    assert told


def test_our_chance_goes_with_the_market_and_ends_where_the_game_does(evening):
    _, looker, _ = evening
    for name, pairs in looker.fairs.items():
        assert len(pairs) > 50, name
        apart = [abs(ours - theirs) for ours, theirs in pairs]
        assert sum(apart) / len(apart) < 0.12, name


def test_the_rules_trade_in_the_bundled_evening():
    """Lanes of all rules' arms look on; those whose moment comes rest an order, and nobody else's lane does."""
    file = SessionFile(DEMO)
    engine = replay.engine(file, Settings())
    looker = Looker(engine)
    replay.run_quietly(replay.session(file, engine, None, listeners=(looker,)), replay.batches(file), None)
    placed = {e.lane for e in looker.effects if isinstance(e, OrderPlaced) and e.lane.startswith(NAMES)}
    assert {"homeUnderdog", "lateGameLeader"} <= placed
    assert not any(
        lane.startswith("favoriteFade") for lane in placed
    )  # no line of ten to fourteen that evening
    assert {track.game.phase for track in engine.pricer.games.tracks.values()} >= {
        Phase.FINAL,
        Phase.LIVE,
        Phase.PRE,
    }
