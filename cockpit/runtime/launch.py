"""How a live run is put together from settings: feeds, network, engine, recording."""

import asyncio
import signal
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from cockpit.domain.effects import Effect
from cockpit.engine.engine import Engine
from cockpit.feeds.base import Feed
from cockpit.runtime.clock import Clock
from cockpit.runtime.feeds import Receivers, wanted
from cockpit.runtime.inbox import Inbox
from cockpit.runtime.keys import KalshiKey, find_key
from cockpit.runtime.live import Live
from cockpit.runtime.opening import LIVE, polled_venues, standing
from cockpit.runtime.profile import Profile
from cockpit.runtime.reel import Reel
from cockpit.runtime.secrets import find_secrets
from cockpit.runtime.transport import Transport
from cockpit.settings.tree import Settings

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Launch:
    """Everything a live run is made of, before it is made.

    Args:
        settings: all of them.
        mode: LIVE or REHEARSAL, see `cockpit.runtime.opening`.
        key: the Kalshi key; by default the user's, if there is one.
        synthetic: whether prices are invented.
        clock: the run's clock.
        trust_env: whether proxies are taken from the environment.

    Raises:
        SettingsError: when a key is half given, or its file may be read by others.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        mode: str = LIVE,
        key: KalshiKey | None = None,
        synthetic: bool = False,
        clock: Clock | None = None,
        trust_env: bool = True,
    ) -> None:
        self.settings = settings
        self.mode = mode
        self.synthetic = synthetic
        self.key = key if key is not None else find_key(settings.kalshi) if mode == LIVE else None
        self.clock = clock or Clock()
        self.inbox = Inbox()
        self.secrets = find_secrets(settings.sportsbook) if mode == LIVE else {}
        self.feeds = self._feeds()
        self.polled = polled_venues(settings, keyed=self.key is not None)
        keys = {"kalshi": self.key} if self.key is not None else {}
        self.transport = Transport(
            self.feeds, self.inbox, self.clock, keys=keys, secrets=self.secrets, trust_env=trust_env
        )
        self.receivers = Receivers(self.feeds)

    def _feeds(self) -> Mapping[str, Feed]:
        """The feeds, which know nothing yet."""
        return wanted(self.settings, keyed=self.key is not None, secrets=self.secrets)

    def capabilities(self) -> list[str]:
        """What a recording of this run holds."""
        words = [f"polled:{venue}" for venue in self.polled]
        words += ["use_yes_price"] if self.settings.kalshi.use_yes_price else []
        words += ["synthetic"] if self.synthetic else []
        return [*words, self.mode.lower().replace(" ", "_")]

    def engine(self) -> Engine:
        """An engine that begins with nothing."""
        return Engine(self.settings.engine(polled=self.polled))

    def reel(self, folder: Path, *, first: Path | None = None, overwrite: bool = False) -> Reel:
        """The recording."""
        return Reel(
            folder, self.settings, self.capabilities(), first=first, overwrite=overwrite,
            offset=lambda: self.clock.offset,
        )  # fmt: skip

    def live(
        self,
        *,
        profile: Profile | None = None,
        engine: Engine | None = None,
        reel: Reel | None = None,
        listeners: Iterable[Callable[[Sequence[Effect]], None]] = (),
    ) -> Live:
        """The run, which goes on from an engine, else from a profile's account where one is given."""
        if engine is None and profile is not None:
            engine = profile.engine(self.settings, self.clock.now(), self.polled)
        return Live(
            engine or self.engine(),
            self.receivers,
            self.transport,
            self.inbox,
            self.settings,
            standing=standing(
                self.mode,
                held=profile.held if profile is not None else "",
                synthetic=self.synthetic,
                keyed=self.key is not None,
            ),
            reel=reel,
            journal=profile.journal if profile is not None else None,
            listeners=tuple(listeners),
            remake=self._feeds,
        )


async def until(
    live: Live, seconds: float | None, look: Callable[[], bool] = lambda: False, every_s: float = 1.0
) -> None:
    """Run without a screen, then seal it.

    Ends when the time is over, a signal asks to end, the run ends by itself, or ``look``, asked every so often, says
    that it is enough.
    """
    work = asyncio.ensure_future(live.run())
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, work.cancel)
    end = None if seconds is None else loop.time() + seconds
    try:
        while not work.done() and (end is None or loop.time() < end):
            left = every_s if end is None else min(every_s, end - loop.time())
            await asyncio.wait((work,), timeout=max(0.0, left))
            if look():
                break
    finally:
        work.cancel()
        await asyncio.wait((work,))
        for number in SIGNALS:
            loop.remove_signal_handler(number)
        live.close()
