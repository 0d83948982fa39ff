"""The cockpit under load in a terminal of its own: ``python live_child.py PLAN FD``.

The plan is JSON: the stand-ins' places and settings. The whole live mode runs as ``cockpit live`` runs it, on a profile
of its own; around it stands a stopwatch. What that saw goes to the file descriptor, a line of JSON each: once when
nearly every open market has a book that is believed, and at the end.
"""

import asyncio
import gc
import json
import os
import resource
import sys
import time

from cockpit.app.app import CockpitApp
from cockpit.cli.rehearse import against, stand_in_key
from cockpit.runtime.launch import Launch
from cockpit.runtime.opening import REHEARSAL
from cockpit.runtime.profile import Profile
from cockpit.settings.tree import read

SAMPLE_S = 0.05
LEAST = 20
"""Markets that must be there."""


class Stopwatch:
    """The live run as the screen sees it, timed; a `cockpit.app.link.Link`. Times are of the steady clock, s."""

    playback = None

    def __init__(self, live, launch, profile, tell):
        self.live, self.lane, self.status = live, live.lane, live.status
        self.inbox, self.profile, self.tell = launch.inbox, profile, tell
        self.samples = []
        self.spent = {}
        self.began = 0.0
        self.view = self.timed("a view", live.view)
        self.send = self.timed("a command", live.send)
        live._each_second = self.timed("chores of a second", live._each_second)
        live._engine.opening = self.timed("the account encoded", live._engine.opening)
        profile.journal._pen.write = self.timed(
            "the account written, beside the loop", profile.journal._pen.write
        )
        launch.transport.attend = self.timed("attending to feeds", launch.transport.attend)
        gc.callbacks.append(self.collected)

    def timed(self, name, work):
        spent = self.spent.setdefault(name, [])

        def do(*args, **more):
            started = time.monotonic()
            try:
                return work(*args, **more)
            finally:
                spent.append((started, time.monotonic() - started))

        return do

    def collected(self, phase, info):
        if phase == "start":
            self.began = time.monotonic()
        else:
            spent = self.spent.setdefault("collecting garbage", [])
            spent.append((self.began, time.monotonic() - self.began))

    async def run(self):
        async with asyncio.TaskGroup() as group:
            running = group.create_task(self.live.run())
            sampling = group.create_task(self.sample())
            await asyncio.wait((running,))
            sampling.cancel()

    async def sample(self):
        """Every so often: when, frames by source, CPU seconds, frames waiting, and how late this task was woken."""
        told = False
        while True:
            due = time.monotonic() + SAMPLE_S
            await asyncio.sleep(SAMPLE_S)
            now = time.monotonic()
            frames = {feed.source: feed.frames for feed in self.live.status().feeds}
            self.samples.append((now, frames, time.process_time(), len(self.inbox), now - due))
            if not told and self.sound():
                told = True
                self.tell({"ready": now, "doubted": self.live._engine.state.doubts})

    def sound(self):
        markets = [
            m for m in self.live.markets() if m.listed and m.market.status == "active" and not m.closed
        ]
        return (
            len(markets) >= LEAST and sum(m.has_book and not m.doubt for m in markets) >= len(markets) * 0.95
        )

    def report(self):
        live = self.live
        session, state, status = live.session, live._engine.state, live.status()
        return {
            "samples": self.samples,
            "spent": self.spent,
            "most": self.inbox.most,
            "shed": dict(self.inbox.shed),
            "faults": dict(session.faults),
            "first_fault": session.first_fault,
            "fault": status.fault + live.traceback,
            "notes": status.notes,
            "frames": session.frames,
            "events": session.events,
            "doubted": state.doubts,
            "doubts": [f"{each.market}: {each.reason}" for each in session.doubts],
            "markets": sum(m.has_book for m in live.markets()),
            "orders": {name: lane.orders for name, lane in state.lanes.items()},
            "opening": len(live._engine.opening()),
            "committed": self.profile.journal.committed(),
            "rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        }


def main():
    plan, out = json.loads(sys.argv[1]), os.fdopen(int(sys.argv[2]), "w")

    def tell(value):
        out.write(json.dumps(value) + "\n")
        out.flush()

    settings = asyncio.run(against(read(plan["settings"], "bench"), plan["places"]))
    key = stand_in_key(plan["places"])
    launch = Launch(settings, mode=REHEARSAL, key=key, synthetic=True, trust_env=False)
    with Profile(settings) as profile:
        reel = launch.reel(profile.sessions)
        reel.check()
        live = launch.live(profile=profile, reel=reel)
        watch = Stopwatch(live, launch, profile, tell)
        try:
            CockpitApp(watch, fps=settings.screen.fps, theme="dark").run(mouse=False)
        finally:
            live.close()
            tell(watch.report())


if __name__ == "__main__":
    main()
