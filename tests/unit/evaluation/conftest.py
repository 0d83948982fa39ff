"""A small session whose market settles, for what runs over whole sessions."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def settled(wire: Any, write: Callable[..., Path]) -> Callable[..., Path]:
    """A session of one market: rested orders are traded through, and it settles YES or NO."""

    def make(name: str = "one.jsonl.zst", result: str = "yes", ticker: str = "KXTEST-26DEC0112-T100") -> Path:
        made = type(wire)(ticker)
        made.market(0).snapshot(1, {"0.4000": "100.00", "0.3900": "50.00"}, {"0.5800": "80.00"})
        for i in range(40):
            made.delta(400 * i + 100, "yes", "0.3900", "7.00").delta(400 * i + 200, "yes", "0.3900", "-7.00")
        made.trade(16_500, "0.3900", "50.00", "no")
        made.market(30_000, status="determined", result=result)
        made.market(32_000, status="finalized", result=result)
        made.market(36_000, status="finalized", result=result)
        return write(made.frames, name=name)

    return make
