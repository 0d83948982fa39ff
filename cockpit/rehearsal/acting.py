"""What everything that acts in a world has in common."""

from typing import Protocol

from cockpit.rehearsal.pit import Floor


class Agent(Protocol):
    """Whatever acts: once at a time, and says when it wants to act again."""

    @property
    def pit(self) -> Floor | None:
        """The market it trades on, if it trades."""
        ...

    def act(self, now: int) -> int | None:
        """Do one thing at ``now`` (ns UTC)."""
        ...
