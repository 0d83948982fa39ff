import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from cockpit.runtime import backoff


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch):
    """Waits between tries are short here; how they grow is tested without time."""
    monkeypatch.setattr(backoff, "FIRST_S", 0.01)
    monkeypatch.setattr(backoff, "MOST_S", 0.05)
