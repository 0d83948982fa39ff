"""Draws the README's pictures from the real screen: `python examples/pictures.py [folder]`, from the project's folder.

Each is the demo's session at a moment, with keys pressed, as the terminal shows it.
"""

import asyncio
import re
import sys
from pathlib import Path
from typing import NamedTuple

from cockpit.app.app import CockpitApp
from cockpit.runtime.film import Film
from cockpit.runtime.reader import SessionFile
from cockpit.settings.tree import Settings

HERE = Path(__file__).parent
SESSION = HERE / "demo-seed22.jsonl.zst"
SECOND = 1_000_000_000
FONTS = "DejaVu Sans Mono, Menlo, Consolas, monospace"


class Picture(NamedTuple):
    """One picture: seconds into the session, what is pressed there, and the terminal's size."""

    name: str
    at_s: float
    keys: tuple[str, ...]
    size: tuple[int, int] = (80, 24)


PICTURES = (
    Picture("ticket", 20, ()),
    Picture("games", 20, ("3",)),
    Picture("words", 20, ("4",)),
    Picture("wide", 60, (), (160, 44)),
)


async def draw(picture: Picture) -> str:
    """The screen as SVG."""
    film = Film(SessionFile(SESSION), Settings(), mode="DEMO", hindsight=False, approve="recorded")
    film.pause()
    film.seek(film.start + int(picture.at_s * SECOND))
    app = CockpitApp(film, theme="dark")
    async with app.run_test(size=picture.size) as pilot:
        while (
            playback := film.status().playback
        ) is None or playback.now < film.start + picture.at_s * SECOND:
            await pilot.pause(0.1)
        await pilot.press(*picture.keys)
        await pilot.pause(1.0)
        return steady(app.export_screenshot(title=f"cockpit demo, {picture.name}"))


def steady(svg: str) -> str:
    """The same picture each time, in a font that is at hand: nothing is fetched by whoever looks at it."""
    svg = re.sub(r"terminal-\d+", "terminal", svg)
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    return re.sub(r"font-family: ?(?:Fira Code|arial)[^;]*;", f"font-family: {FONTS};", svg)


def main(folder: Path) -> None:
    """Draw all of them."""
    folder.mkdir(exist_ok=True)
    for picture in PICTURES:
        path = folder / f"{picture.name}.svg"
        path.write_text(asyncio.run(draw(picture)))
        print(f"{path}  {path.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "pictures")
