"""What is kept of a series to test who leads: change points of both sides, and how long both were heard.

A market pair may live an hour while the question is asked of its series, so points are kept by *track* (one pair
without an interruption) and statistics add over tracks. Side "x" is the other venue, "y" is Kalshi. Times are ns UTC
on one clock, values logits. Everything is bounded: newest points, a week of sessions.
"""

from bisect import bisect_right
from collections.abc import Iterable
from typing import Literal

import msgspec

from cockpit.domain.units import SECOND

Side = Literal["x", "y"]

FRESH_NS = 10 * SECOND
"""A joint moment counts while both sides were heard within this."""
BREAK_NS = 60 * SECOND
"""A silence of either side after which a track does not go on: what changed meanwhile is not known."""
SESSION_GAP_NS = 1_800 * SECOND
"""A pause of recording that ends a session."""
SESSION_NS = 7_200 * SECOND
"""A session's greatest length: an unbroken run of days is many sessions."""
KEEP_NS = 7 * 86_400 * SECOND
"""What is older is forgotten."""
MAX_POINTS = 1_000
"""Newest points kept on each side of a series."""
DIGITS = 6
"""Decimals of a logit that are kept: a millionth is far below any tick."""
TRIM_AT = MAX_POINTS + 200
"""A side this long is cut back: not at every point, for cutting moves the list."""


class Track(msgspec.Struct, array_like=True):
    """Change points of one pair, oldest first, times strictly rising; the first of each side is where it began."""

    pair: str
    session: int
    """Start of the session it belongs to, ns UTC."""
    x_ns: list[int] = msgspec.field(default_factory=list)
    x: list[float] = msgspec.field(default_factory=list)
    y_ns: list[int] = msgspec.field(default_factory=list)
    y: list[float] = msgspec.field(default_factory=list)
    heard_x: int = 0
    """Newest word on each side, ns UTC; 0 before the first."""
    heard_y: int = 0
    joint_to: int = 0
    """Up to where joint time has been counted."""

    @property
    def points(self) -> int:
        """Points of both sides."""
        return len(self.x) + len(self.y)

    @property
    def span(self) -> tuple[int, int]:
        """From the first point to the newest word, ns UTC."""
        first = min((times[0] for times in (self.x_ns, self.y_ns) if times), default=self.session)
        return first, max(self.heard_x, self.heard_y, first)


class Session(msgspec.Struct, array_like=True):
    """A stretch of joint recording of a series."""

    start: int
    end: int
    joint_ns: int = 0
    """Time with both sides of a pair heard; of several pairs at once it counts once."""
    n_x: int = 0
    """Changes seen, also of points that are no longer kept."""
    n_y: int = 0
    sign: int | None = None
    """+1 where x led in it, -1 where y did, 0 where neither; None until it was tested."""


class LeadRecord(msgspec.Struct, array_like=True):
    """What is kept of one series."""

    series: str
    tracks: list[Track] = msgspec.field(default_factory=list)
    """By when they began, oldest first."""
    sessions: list[Session] = msgspec.field(default_factory=list)
    """Oldest first."""
    joint_to: int = 0
    """Up to where joint time has been counted, ns UTC."""

    def note(self, pair: str, side: Side, ts: int, x: float, heard: int = 0) -> None:
        """Take a side's mid in. Call it for every pair and side on every beat; one that is unchanged costs little.

        Args:
            pair: the pair's name.
            side: "x" the other venue, "y" Kalshi.
            ts: when the mid became this, ns UTC on the common clock.
            x: logit of the mid, in the sense of Kalshi's YES; kept to a millionth.
            heard: newest word that confirms it, ns UTC; 0 where that is ``ts``.
        """
        now, x = max(heard, ts), round(x, DIGITS)
        track = self._track(pair, now)
        session = self.sessions[-1]
        session.end = max(session.end, now)
        self._count(session, *_hear(track, side, now))
        times, values = (track.x_ns, track.x) if side == "x" else (track.y_ns, track.y)
        if not values:
            times.append(ts)
            values.append(x)
        elif values[-1] != x:
            _change(times, values, ts, x)
            if side == "x":
                session.n_x += 1
            else:
                session.n_y += 1
            if len(times) > TRIM_AT:
                self._trim()

    def learn(self, signs: Iterable[tuple[int, int]]) -> None:
        """Take over what a test said of single sessions, as (session start, sign)."""
        told = dict(signs)
        for session in self.sessions:
            session.sign = told.get(session.start, session.sign)

    def forget(self, now: int) -> None:
        """Drop what is older than a week, and the oldest points beyond what is kept."""
        self.sessions = [each for each in self.sessions if each.end >= now - KEEP_NS]
        self.tracks = [each for each in self.tracks if max(each.heard_x, each.heard_y) >= now - KEEP_NS]
        self._trim()

    def merge(self, other: "LeadRecord") -> None:
        """Take another record of the same series in, of another time; what both hold is taken once.

        Sessions are known by their start, tracks by their pair and the time they cover; of two the longer one stays.
        """
        sessions = {each.start: each for each in self.sessions}
        for session in other.sessions:
            mine = sessions.get(session.start)
            if mine is None or mine.joint_ns < session.joint_ns:
                sessions[session.start] = session
        tracks: list[Track] = []
        for track in sorted((*self.tracks, *other.tracks), key=lambda each: -each.points):
            if not any(_overlap(track, kept) for kept in tracks):
                tracks.append(track)
        self.sessions = sorted(sessions.values(), key=lambda each: each.start)
        self.tracks = sorted(tracks, key=lambda each: each.span[0])
        self.joint_to = max(self.joint_to, other.joint_to)
        self._trim()

    def held(self, sign: int, newest: int) -> tuple[int, int]:
        """How many of the newest tested sessions have a sign, and how many there were."""
        told = [each.sign for each in self.sessions if each.sign is not None][-newest:]
        return told.count(sign), len(told)

    @property
    def joint_s(self) -> float:
        """Seconds of joint recording kept."""
        return sum(each.joint_ns for each in self.sessions) / SECOND

    @property
    def n_x(self) -> int:
        """Changes seen of the other venue."""
        return sum(each.n_x for each in self.sessions)

    @property
    def n_y(self) -> int:
        """Changes seen of Kalshi."""
        return sum(each.n_y for each in self.sessions)

    # ------------------------------------------------------------------ bookkeeping

    def _track(self, pair: str, now: int) -> Track:
        """The track a word belongs to: the pair's newest, unless it was interrupted or its session is over."""
        session = self._session(now)
        for track in reversed(self.tracks):
            if track.pair != pair:
                continue
            if track.session == session.start and not _broken(track, now):
                return track
            break
        track = Track(pair, session.start)
        self.tracks.append(track)
        self._trim()
        return track

    def _session(self, now: int) -> Session:
        last = self.sessions[-1] if self.sessions else None
        if last is None or now - last.end > SESSION_GAP_NS or now - last.start >= SESSION_NS:
            last = Session(now, now)
            self.sessions.append(last)
        return last

    def _count(self, session: Session, begin: int, end: int) -> None:
        """Count joint time, what another pair has counted already left out."""
        begin = max(begin, self.joint_to)
        if end > begin:
            session.joint_ns += end - begin
            self.joint_to = end

    def _trim(self) -> None:
        """Keep the newest points: whole tracks go first, then the beginning of the oldest that stays."""
        room = {"x": MAX_POINTS, "y": MAX_POINTS}
        kept: list[Track] = []
        for track in reversed(self.tracks):
            if room["x"] <= 0 or room["y"] <= 0:
                break
            cut = max(_cut(track.x_ns, room["x"]), _cut(track.y_ns, room["y"]))
            if cut:
                _drop(track.x_ns, track.x, cut)
                _drop(track.y_ns, track.y, cut)
            room["x"] -= len(track.x)
            room["y"] -= len(track.y)
            kept.append(track)
        self.tracks = kept[::-1]


def _overlap(one: Track, other: Track) -> bool:
    """Whether two tracks are of one pair at one time."""
    (a, b), (c, d) = one.span, other.span
    return one.pair == other.pair and a <= d and c <= b


def _broken(track: Track, now: int) -> bool:
    """Whether a side that had spoken has been silent too long for what follows to go on from it."""
    oldest = min(heard for heard in (track.heard_x, track.heard_y, now) if heard)
    return now - oldest > BREAK_NS


def _hear(track: Track, side: Side, now: int) -> tuple[int, int]:
    """Note a word; from when to when both sides were covered since the last one, ns UTC.

    Each word covers the next ten seconds of its side.
    """
    begin = track.joint_to
    both = min(track.heard_x, track.heard_y) + FRESH_NS if track.heard_x and track.heard_y else 0
    track.joint_to = max(begin, now)
    if side == "x":
        track.heard_x = max(track.heard_x, now)
    else:
        track.heard_y = max(track.heard_y, now)
    return begin, min(both, now)


def _change(times: list[int], values: list[float], ts: int, x: float) -> None:
    """Append a change point; one that comes no later than the last takes its place."""
    if ts > times[-1]:
        times.append(ts)
        values.append(x)
    else:
        values[-1] = x


def _cut(times: list[int], room: int) -> int:
    """From when on a side's newest points fit, 0 where all do."""
    return times[-room] if len(times) > room else 0


def _drop(times: list[int], values: list[float], before: int) -> None:
    """Drop points before a moment, but the last of them, which is what held then."""
    first = max(0, bisect_right(times, before) - 1)
    del times[:first]
    del values[:first]
