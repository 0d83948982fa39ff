"""A run that is being made while its screen is up: the network's half takes its time, the screen does not wait for it.

screen ──► Opening ──(make)──► Live
   shows the account as it is, and what is being tried; from then on the run itself
"""

import asyncio
import time
import traceback
from collections.abc import Awaitable, Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from msgspec.structs import replace

from cockpit.domain.commands import Command
from cockpit.domain.errors import CockpitError
from cockpit.domain.status import Awaited, Status
from cockpit.domain.units import SECOND
from cockpit.domain.view import View
from cockpit.engine.config import DESK
from cockpit.engine.engine import Engine
from cockpit.engine.views.view import view
from cockpit.engine.watch import Watch
from cockpit.settings.tree import Settings

if TYPE_CHECKING:
    from cockpit.runtime.live import Live

LIVE = "LIVE PAPER"
REHEARSAL = "REHEARSAL"
NETWORK = (
    "httpx",
    "websockets.asyncio.client",
    "cockpit.runtime.feeds",
    "cockpit.runtime.transport",
    "cockpit.runtime.launch",
)
"""What a run needs and its screen does not, in pieces of a tenth of a second at most."""

Make = Callable[["Opening"], Awaitable["Live"]]


def standing(mode: str, *, held: str = "", synthetic: bool = False, keyed: bool = False) -> Status:
    """How a run stands before anything is heard.

    Args:
        mode: LIVE or REHEARSAL.
        held: who else holds the profile's pen; empty when nobody does.
        synthetic: whether prices are invented.
        keyed: whether a key is used.
    """
    notes = (f"READ ONLY: {held}",) if held else ()
    return Status(mode, synthetic=synthetic, keyed=keyed, read_only=bool(held), notes=notes)


class Opening:
    """Stands in for a live run until there is one; see `cockpit.app.link.Link` for who drives it.

    Args:
        engine: whose account is shown meanwhile; the run may go on from it.
        standing: as the run's.
        make: makes the run, telling `tell` what it waits for.
        sources: what will be asked, by name.
    """

    def __init__(
        self,
        engine: Engine,
        standing: Status,
        make: Make,
        *,
        sources: Sequence[str] = (),
        doing: str = "starting",
    ) -> None:
        self.live: Live | None = None
        self.traceback = ""
        """Where a fault of ours came from."""
        self._engine = engine
        self._watch = Watch(engine)
        self._make = make
        self._status = standing
        self._begun = time.monotonic()
        self._sources, self._doing = tuple(sources), doing

    # ------------------------------------------------------------------ what a screen asks

    @property
    def playback(self) -> None:
        """A live run cannot be played."""
        return

    @property
    def lane(self) -> str:
        """A person's hand is the desk's."""
        return DESK

    def view(self, focus: str = "") -> View:
        """The run now, or the account it will go on from."""
        return self.live.view(focus) if self.live is not None else view(self._engine, self._watch)

    def status(self) -> Status:
        """How the run stands, or what it waits for."""
        if self.live is not None:
            return self.live.status()
        since = int((time.monotonic() - self._begun) * SECOND)
        return replace(
            self._status, awaited=tuple(Awaited(name, self._doing, since) for name in self._sources)
        )

    def send(self, command: Command) -> None:
        """Nothing can be done before there is a run."""
        if self.live is not None:
            self.live.send(command)

    # ------------------------------------------------------------------ the loop

    def tell(self, sources: Sequence[str], doing: str) -> None:
        """What is waited for from now on."""
        self._sources, self._doing = tuple(sources), doing

    async def run(self) -> None:
        """Make the run, then run it until cancelled; a fault of ours is told and leaves the screen.

        Raises:
            CockpitError: when it cannot be made.
        """
        try:
            self.live = await self._make(self)
        except CockpitError:
            raise
        except Exception as error:  # noqa: BLE001  as in the run itself; what a library says may hold secrets
            self._broken(error)
        else:
            await self.live.run()

    def _broken(self, error: Exception) -> None:
        fault = f"Internal fault ({type(error).__name__})"
        self.traceback = f"{fault}\n{''.join(traceback.format_tb(error.__traceback__))}"
        self._status, self._sources = replace(self._status, fault=fault), ()

    def close(self) -> None:
        """Seal what there is; more calls do nothing."""
        if self.live is not None:
            self.live.close()


async def warm() -> None:
    """Load what the network needs, and let the screen take its keys between."""
    for name in NETWORK:
        import_module(name)
        await asyncio.sleep(0)


def named(settings: Settings) -> list[str]:
    """The sources that settings ask for, by their venues, as far as settings alone can say."""
    spot, weather = settings.spot, settings.weather
    on = {
        "kalshi": settings.kalshi.on,
        "polymarket": settings.polymarket.on,
        "polymarket_us": settings.polymarket_us.on,
        "coinbase": spot.coinbase,
        "kraken": spot.kraken,
        "binance_us": spot.binance_us,
        "deribit": spot.deribit,
        "espn": settings.espn.on,
        "schedule": settings.schedule.on,
        "weather": weather.on and bool(weather.contact),
    }
    return [name for name, wanted in on.items() if wanted]


def polled_venues(settings: Settings, *, keyed: bool) -> tuple[str, ...]:
    """The venues whose books are polled."""
    kalshi = ("kalshi",) if settings.kalshi.on and not keyed else ()
    return (*kalshi, "polymarket_us") if settings.polymarket_us.on else kalshi
