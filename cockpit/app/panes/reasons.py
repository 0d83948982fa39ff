"""How a fair value came about: the same number looks the same in every pane, as its name and its model ask for."""

from collections.abc import Iterable, Sequence
from typing import Literal

from cockpit.app import cells, text
from cockpit.app.line import Line, Part
from cockpit.domain.units import SECOND

Kind = Literal["price", "game", "words", "degrees", ""]
KNOWN_BY: tuple[tuple[str, Kind], ...] = (
    ("spot", "price"),
    ("lead", "game"),
    ("base rate", "words"),
    ("hours to peak", "degrees"),
)
"""A name that only one kind of model has among its numbers."""
SHARES = frozenset({"given back", "shrunk to", "base rate", "left of it", "other venue", "base's share"})
POINTS = frozenset({"lead", "drift"})


def lines(pairs: Sequence[tuple[str, float]], width: int, rows: int = 0) -> list[Line]:
    """All numbers with their names over rows; of more than ``rows``, when that is not 0, the last shows the cut."""
    return cells.flow(parts(pairs), width, rows=rows)


def parts(pairs: Sequence[tuple[str, float]]) -> list[Part]:
    """Each number with its name before it."""
    model = kind(name for name, _ in pairs)
    return [
        Part(
            (
                (f"{text.clean(name)} ", "dim"),
                (figure(name, value, model), "band" if name.startswith("P") else "text"),
            )
        )
        for name, value in pairs
    ]


def kind(names: Iterable[str]) -> Kind:
    """Whose numbers they are."""
    known = set(names)
    return next((model for name, model in KNOWN_BY if name in known), "")


def figure(name: str, value: float, model: Kind = "") -> str:
    """A number: per cent, points, time, standard deviations, degrees."""
    if name.startswith("band"):
        return f"+-{value * 100:.1f}%"
    if name.startswith("P") or name in SHARES:
        return f"{value * 100:.1f}%"
    if name in POINTS:
        return f"{value:+.1f}" if value % 1 else f"{value:+.0f}"
    if "seconds" in name.split():
        return text.duration(round(value * SECOND))
    if name.split()[-1:] == ["age"]:
        return text.age(round(value * SECOND))
    return f"{value:+.2f}" if name.startswith("z ") else _of(model, name, value)


def _of(model: Kind, name: str, value: float) -> str:
    """What the same name does not mean in every model."""
    if model == "price" and name.startswith(("sigma", "vol")):
        return f"{value * 100:.1f}%"
    if model == "degrees":
        return f"{value:.0f}" if name == "reached" else f"{value:.1f}"
    return f"{value:.1f}" if model == "words" and value % 1 else text.plain(value)
