"""What a screen may see of the session around the engine: feeds, recording, playback. Times are ns UTC."""

import msgspec


class _Part(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What all parts share."""


class FeedLine(_Part, frozen=True):
    """One source of frames."""

    source: str
    age_ns: int
    frames: int
    rate: float = 0.0
    """Frames a second, over the last seconds."""
    faults: int = 0
    gaps: int = 0
    up: bool = True
    note: str = ""


class Awaited(_Part, frozen=True):
    """A source that is asked and has not been heard from yet."""

    source: str
    doing: str
    """What is being tried: connecting, asking."""
    since_ns: int = 0
    """For how long."""


class Marker(_Part, frozen=True):
    """Something on the seek bar."""

    ts: int
    kind: str
    """ticket, fill, doubt."""


class Playback(_Part, frozen=True):
    """Where a replay stands."""

    start: int
    end: int
    now: int
    speed: float
    paused: bool
    finished: bool = False
    markers: tuple[Marker, ...] = ()
    scanned: bool = False
    """Whether the markers are complete."""


class Status(_Part, frozen=True):
    """The session around the engine."""

    mode: str
    """DEMO, REPLAY, REHEARSAL, LIVE PAPER."""
    synthetic: bool = False
    hindsight: bool = False
    """Approvals go to the what-if lane."""
    name: str = ""
    feeds: tuple[FeedLine, ...] = ()
    awaited: tuple[Awaited, ...] = ()
    """Sources that nothing has come of yet, not even a failure."""
    recording: str = ""
    """Where and how much; empty when nothing is recorded."""
    playback: Playback | None = None
    fault: str = ""
    """What ended the session, if something did."""
    notes: tuple[str, ...] = ()
    """Standing troubles of the machine: no recording, a wrong clock, a full disk, somebody else's pen."""
    keyed: bool = False
    """Whether a venue is read with a key."""
    read_only: bool = False
    """Whether another cockpit holds the pen: what is said here changes nothing."""
