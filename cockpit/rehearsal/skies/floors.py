"""Where brackets on a day's high trade."""

from cockpit.rehearsal.path import STEP_NS
from cockpit.rehearsal.pit import Floor
from cockpit.rehearsal.skies import listing
from cockpit.rehearsal.skies.day import Day
from cockpit.rehearsal.skies.listing import Degrees


class BracketFloor(Floor):
    """Kalshi's market on a bracket."""

    def __init__(self, day: Day, degrees: Degrees, before: int) -> None:
        super().__init__(listing.market(day, degrees), before)
        self.day = day
        self.degrees = degrees
        self._fair = (-1, 0.0)

    def fair(self, now: int) -> float:
        """The true chance that it pays, taken anew every 100 ms."""
        step = now // STEP_NS
        if step != self._fair[0]:
            self._fair = (step, self.worth(now))
        return self._fair[1]

    def worth(self, now: int) -> float:
        """The true chance that it pays, as seen at ``now`` (ns UTC)."""
        return self.day.chance(*self.degrees, now)
