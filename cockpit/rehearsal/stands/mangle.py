"""Frame faults: what becomes of one connection's data frames."""

from collections.abc import Hashable

from cockpit.rehearsal.stands.faults import Faults

GARBAGE = b"<!doctype html><p>bad gateway"
NOISE = b'{"type":"\xff\xfe\x80"}'
BLOAT = b'{"type":"bloat","msg":"' + b"x" * 1_100_000 + b'"}'


class Mangler:
    """Counts one connection's data frames by channel, and spoils those whose turn it is."""

    __slots__ = ("_counts", "_held")

    def __init__(self) -> None:
        self._counts: dict[Hashable, int] = {}
        self._held: dict[Hashable, bytes] = {}

    def spoil(self, faults: Faults, frame: bytes, lane: Hashable) -> list[bytes]:
        """The frames to send in place of one; empty when it is lost or held back until the next of its lane."""
        count = self._counts[lane] = self._counts.get(lane, 0) + 1

        def turn(nth: int) -> bool:
            return nth > 0 and count % nth == 0

        if turn(faults.lose):
            return []
        sent = [frame[: len(frame) // 2] if turn(faults.cut) else frame]
        if turn(faults.repeat):
            sent.append(frame)
        held = self._held.pop(lane, None)
        if held is not None:
            sent.append(held)
        elif turn(faults.swap):
            self._held[lane] = frame
            return []
        for nth, extra in ((faults.garbage, GARBAGE), (faults.bloat, BLOAT), (faults.noise, NOISE)):
            if turn(nth):
                sent.append(extra)
        return sent
