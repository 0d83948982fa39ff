"""Who is called when something happens: bell, terminal title, a person's own command, unread counts on the tabs."""

import asyncio
import os
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Sequence

from cockpit.app.panes.registry import Spec
from cockpit.app.text import clean
from cockpit.domain.units import SECOND
from cockpit.domain.view import Note

SNOOZE_NS = 300 * SECOND
BELL_NS = SECOND
"""Bells ring this far apart at least."""
HOOK_SECONDS = 10.0
HOOKS = 4
"""Commands of a person that may run at once; more are not started."""

Start = Callable[[Coroutine[None, None, None]], object]


class Alerts:
    """Takes the view's notes; each is told once, by its number, whatever a replay jumps back to."""

    def __init__(
        self,
        panes: Sequence[Spec],
        *,
        bell: Callable[[], None],
        title: Callable[[str], None],
        start: Start,
        say: Callable[[str, str], None],
        hook: Sequence[str] = (),
    ) -> None:
        """Take the means.

        Args:
            panes: whose tabs count unread notes.
            bell: rings.
            title: sets the terminal's title.
            start: runs a coroutine beside the screen.
            say: prints a message and its role.
            hook: a command and its arguments; ``{text}``, ``{kind}`` and ``{market}`` in them are filled in.
        """
        self._panes, self._bell, self._title, self._start, self._say = panes, bell, title, start, say
        self.hook = tuple(hook)
        self.mute = False
        self.unread: Counter[str] = Counter()
        self._seen = -1
        self._until = 0
        self._rang = -BELL_NS
        self._running = 0

    def snooze(self, now: int) -> bool:
        """Put bells off for a while, or end that; whether they are off. ``now`` is of a steady clock."""
        self._until = 0 if self.snoozed(now) else now + SNOOZE_NS
        return self._until > 0

    def snoozed(self, now: int) -> int:
        """For how long bells are still off, ns."""
        return max(self._until - now, 0)

    def take(self, notes: Sequence[Note], active: str, now: int, *, live: bool) -> list[Note]:
        """Tell the new notes; they are returned. What was there before the first call is old.

        Args:
            notes: oldest first.
            active: title of the pane shown.
            now: of a steady clock, ns.
            live: whether the person's own command may run: never for what a recording says.
        """
        first = self._seen < 0
        fresh = [note for note in notes if note.n > self._seen]
        self._seen = max([self._seen, 0, *(note.n for note in fresh)])
        if first:
            return []
        self._count(fresh, active)
        loud = [note for note in fresh if note.loud]
        if loud and not self.mute and not self.snoozed(now):
            self._tell(loud, now, live=live)
        return fresh

    def read(self, title: str) -> None:
        """A pane was looked at."""
        self.unread.pop(title, None)

    def _count(self, notes: Iterable[Note], active: str) -> None:
        for note in notes:
            for spec in self._panes:
                if note.kind in spec.notes and spec.title != active:
                    self.unread[spec.title] += 1

    def _tell(self, notes: Sequence[Note], now: int, *, live: bool) -> None:
        if now - self._rang >= BELL_NS:
            self._rang = now
            self._bell()
        self._title(clean(notes[-1].text))
        if not self.hook or not live:
            return
        for note in notes:
            if self._running >= HOOKS:
                self._say(f"alert command: {HOOKS} still running, not started for: {note.text}", "warn")
                return
            self._running += 1
            self._start(self._run(note))

    async def _run(self, note: Note) -> None:
        """Run the person's command without a shell; it cannot hold anything up."""
        words = {"{text}": clean(note.text), "{kind}": note.kind, "{market}": note.market}
        argv = [_filled(argument, words) for argument in self.hook]
        quiet = asyncio.subprocess.DEVNULL
        try:
            process = await asyncio.create_subprocess_exec(
                *argv, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True, env=_environment(note)
            )
            try:
                code = await asyncio.wait_for(process.wait(), HOOK_SECONDS)
            except TimeoutError:
                self._say(f"alert command: stopped after {HOOK_SECONDS:g} s", "warn")
            else:
                if code:
                    self._say(f"alert command: exit code {code}", "warn")
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()
        except (OSError, ValueError) as error:
            self._say(f"alert command: {error}", "warn")
        finally:
            self._running -= 1


def _filled(argument: str, words: dict[str, str]) -> str:
    for name, value in words.items():
        argument = argument.replace(name, value)
    return argument


def _environment(note: Note) -> dict[str, str]:
    told = {"COCKPIT_KIND": note.kind, "COCKPIT_TEXT": clean(note.text), "COCKPIT_MARKET": note.market}
    return {key: value for key, value in os.environ.items() if not _secret(key)} | told


def _secret(name: str) -> bool:
    """Names that look like keys stay out of other programs."""
    return any(word in name.upper() for word in ("KEY", "SECRET", "TOKEN", "PASSWORD"))
