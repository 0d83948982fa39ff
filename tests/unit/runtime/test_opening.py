"""A run that is being made while its screen is up."""

from typing import Any

import pytest

from cockpit.domain.commands import Present
from cockpit.domain.errors import InputError
from cockpit.domain.units import SECOND
from cockpit.engine.engine import Engine
from cockpit.runtime.opening import LIVE, Opening, named, standing
from cockpit.settings.tree import Settings, read


class Run:
    """What a live run is to it."""

    def __init__(self) -> None:
        self.ran = self.closed = 0
        self.sent: list[object] = []

    async def run(self) -> None:
        self.ran += 1

    def view(self, focus: str) -> str:
        return f"the run's own view of {focus}"

    def status(self) -> str:
        return "the run's own status"

    def send(self, command: object) -> None:
        self.sent.append(command)

    def close(self) -> None:
        self.closed += 1


def opening(make: Any, **more: Any) -> Opening:
    return Opening(Engine(Settings().engine()), standing(LIVE, **more), make, sources=("kalshi", "kraken"))


async def test_the_account_and_what_is_waited_for_then_the_run_itself() -> None:
    run, seen = Run(), []

    async def make(made: Opening) -> Any:
        seen.append(made.status())
        made.tell(["kalshi"], "asking what is listed")
        seen.append(made.status())
        made.send(Present(0))
        return run

    made = opening(make, keyed=True, held="held by process 7")
    assert made.view().desk.cash == made.view("anything").desk.cash > 0
    made.close()
    await made.run()
    first, second = seen
    assert (first.mode, first.keyed, first.read_only) == (LIVE, True, True)
    assert first.notes == ("READ ONLY: held by process 7",)
    assert [(each.source, each.doing) for each in first.awaited] == [
        ("kalshi", "starting"),
        ("kraken", "starting"),
    ]
    assert [(each.source, each.doing) for each in second.awaited] == [("kalshi", "asking what is listed")]
    assert 0 <= second.awaited[0].since_ns < 60 * SECOND
    assert (run.ran, run.sent) == (1, [])
    made.send(Present(1))
    made.close()
    assert (run.sent, run.closed) == ([Present(1)], 1)
    assert made.view("M") == "the run's own view of M"
    assert made.status() == "the run's own status"


async def test_what_cannot_be_made_is_refused_by_name() -> None:
    async def make(_: Opening) -> Any:
        raise InputError("the stand-ins did not open")

    with pytest.raises(InputError, match="did not open"):
        await opening(make).run()


async def test_a_fault_of_ours_is_told_without_what_it_held() -> None:
    async def make(_: Opening) -> Any:
        raise ValueError("-".join(("marker", "secret")))

    made = opening(make)
    await made.run()
    assert made.status().fault == "Internal fault (ValueError)"
    assert not made.status().awaited
    assert "marker-secret" not in made.traceback
    assert "make" in made.traceback


def test_who_will_be_asked() -> None:
    assert named(Settings()) == [
        "kalshi", "polymarket", "polymarket_us", "coinbase", "kraken", "binance_us", "deribit", "espn", "schedule",
    ]  # fmt: skip
    some = read(
        {"kalshi": {"on": False}, "spot": {"kraken": False}, "weather": {"contact": "me@here.test"}}, "test"
    )
    assert {"kalshi", "kraken"}.isdisjoint(named(some))
    assert "weather" in named(some)
