"""Recorded data, which lives beside the checkout and is never part of it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cockpit.runtime.capture import Form, import_captures
from cockpit.runtime.header import make_header

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"

GOLD = sorted(path.name for path in (SHARED / "sessions").glob("gold15m-*.xz"))
BTC = sorted(path.name for path in (SHARED / "sessions").glob("btc15m-*.xz"))


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip("the recorded data is not beside this checkout (shared/data)")
    return SHARED


@pytest.fixture(scope="session")
def imported(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A recorded capture as a session file, imported once."""
    folder = tmp_path_factory.mktemp("sessions")

    def get(name: str) -> Path:
        out = folder / name.replace(".ndjson.xz", ".jsonl.zst")
        if not out.exists():
            header = make_header(created=0, settings={})
            import_captures([shared / "sessions" / name], out, form=Form(), header=header)
        return out

    return get


@pytest.fixture(scope="session")
def gold_names(shared: Path) -> list[str]:
    """The recorded windows with books and trades."""
    return GOLD


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test per recorded session; a single skipped one where there is no data."""
    for fixture, names in (("gold", GOLD), ("btc", BTC)):
        if fixture in metafunc.fixturenames:
            metafunc.parametrize(fixture, names or ["no recorded data"])


@pytest.fixture(scope="session")
def btc_names(shared: Path) -> list[str]:
    return BTC
