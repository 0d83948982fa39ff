"""One trial of a sweep: one session, replayed without a screen with one lane of one parameter set, and what it came to.

A trial is named by everything it depends on, so that a rerun knows what is there: the session's bytes, the version's
parameters, the settings and the program.
"""

from hashlib import blake2b, file_digest
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from cockpit.domain.units import MONEY, PRICE, SECOND
from cockpit.engine.config import EngineConfig, LaneConfig
from cockpit.engine.engine import Engine
from cockpit.engine.queue import CROSS, RULES
from cockpit.engine.state import Lane
from cockpit.engine.views.lab import lane_net, rule_net
from cockpit.evaluation.gather import Gathering
from cockpit.evaluation.grid import parameters
from cockpit.runtime import replay
from cockpit.runtime.header import installed
from cockpit.runtime.reader import SessionFile
from cockpit.settings.tree import read
from cockpit.strategies.versions import version

LANE = "trial"
"""The lane's name: of no lane a session may have run before."""


class Trial(msgspec.Struct, frozen=True):
    """What a worker is given; plain values, so that it may run anywhere that has the session's file."""

    key: str
    session: str
    """Path of the session file."""
    name: str
    """The version with its changes."""
    settings: dict[str, Any]


class Event(msgspec.Struct, frozen=True):
    """One settlement cluster of one trial: dollars after fees, and contracts traded."""

    net: float
    contracts: float
    family: str


class Row(msgspec.Struct, frozen=True):
    """One trial's result: a line of the results file. Money is dollars, mark-outs dollars a contract."""

    key: str
    session: str
    strategy: str
    trial: str
    parameters: dict[str, str]
    """Changes, in the parameters' own units."""
    events: dict[str, Event]
    """Settled clusters in which it traded."""
    open: dict[str, float]
    """What the clusters that had not settled stood at when the session ended, positions at the mid."""
    settled: dict[str, int]
    """Every cluster that settled in the session, traded or not (a zero is a result), and when, ns UTC."""
    net: float
    fees: float
    flat: float
    """Net under the flat fee model."""
    orders: int
    fills: dict[str, int | None]
    """Orders with any fill, by rule; null where the session cannot show it."""
    by_rule: dict[str, float | None]
    """Net by rule."""
    markouts: list[float | None]
    """Mean at 1, 10 and 60 s of the fills that count."""
    failed: str
    digest: str
    seconds: float
    """How long the replay took; it changes nothing."""


def session_digest(path: Path) -> str:
    """Of a session's bytes."""
    with path.open("rb") as file:
        return file_digest(file, "blake2b").hexdigest()[:32]


def trial(session: Path, digest: str, name: str, settings: dict[str, Any]) -> Trial:
    """A trial with its key.

    Raises:
        SettingsError: for a name that is no version's.
    """
    parts = (digest, installed("cockpit"), version(name), name.partition("[")[0], settings)
    key = blake2b(msgspec.json.encode(parts, order="deterministic"), digest_size=12).hexdigest()
    return Trial(key, str(session), name, settings)


def run_trial(given: Trial) -> Row:
    """Replay the session with the lane. Every input and every parameter is in ``given`` and in the file.

    Raises:
        SessionError: for a session that cannot be read.
        SettingsError: for settings or a version that are none.
    """
    file = SessionFile(Path(given.session))
    made = engine(file, given)
    gathering = Gathering(made)
    session = replay.session(file, made, None, approve="none")
    outcomes = Settled(made, gathering)
    made.on_beat = outcomes.look
    seconds = replay.run_quietly(session, replay.batches(file), None)
    outcomes.look()
    return row(given, made, gathering, outcomes, session.digest, seconds)


def engine(file: SessionFile, given: Trial) -> Engine:
    """An engine with the trial's lane alone, under the desk's caps, in the state the session opens with."""
    settings = read(given.settings, given.session).with_lanes(()).without_desk()
    made = replay.engine(file, settings)
    config: EngineConfig = made.config
    lane = LaneConfig(LANE, given.name, config.lanes[0].caps)
    return Engine(replace(config, lanes=(*config.lanes, lane)), made.state)


class Settled:
    """Which clusters settle while a session runs, whether the lane traded in them or not."""

    def __init__(self, made: Engine, gathering: Gathering) -> None:
        self._engine = made
        self._gathering = gathering
        self._seen: set[str] = set()
        self._second = 0
        self.clusters: dict[str, int] = {}
        """With the time the first of its markets settled, ns UTC."""

    def look(self) -> None:
        """Once a second of the session's time."""
        second = self._engine.state.now // SECOND
        if second == self._second:
            return
        self._second = second
        for ticker, m in self._engine.state.markets.items():
            if m.settled is not None and m.settled[1] is not None and ticker not in self._seen:
                self._seen.add(ticker)
                self.clusters.setdefault(self._gathering.place(ticker)[1], m.settled_ns)


def row(
    given: Trial, made: Engine, gathering: Gathering, settled: Settled, digest: str, seconds: float
) -> Row:
    """The lane's figures, by the functions the Lab's are by."""
    lane: Lane = made.state.lanes[LANE]
    metrics = lane.metrics
    known = range(CROSS + 1 if made.config.no_trades else len(RULES))
    net, fees, flat = lane_net(made, lane), lane.account.fees, lane.account.flat_fees
    by_rule = [rule_net(made, lane, i) if i in known else None for i in range(len(RULES))]
    results = made.results.of(lane)
    name, _, _ = given.name.partition("[")
    return Row(
        key=given.key,
        session=Path(given.session).name,
        strategy=name,
        trial=given.name,
        parameters=parameters(given.name),
        events={cluster: Event(r.realised, r.contracts, r.family) for cluster, r in sorted(results.items())},
        open=dict(sorted(gathering.open(lane).items())),
        settled=dict(sorted(settled.clusters.items())),
        net=net / MONEY,
        fees=fees / MONEY,
        flat=(net + fees - flat) / MONEY,
        orders=metrics.accepted,
        fills={r: metrics.orders_filled[i] if i in known else None for i, r in enumerate(RULES)},
        by_rule={r: None if (v := by_rule[i]) is None else v / MONEY for i, r in enumerate(RULES)},
        markouts=[None if out.mean is None else out.mean / PRICE for out in metrics.headline],
        failed=lane.failed,
        digest=digest,
        seconds=round(seconds, 6),
    )
