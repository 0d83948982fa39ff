"""People who follow a game take back what a score has made wrong, before somebody else takes it."""

from cockpit.domain.units import ASK, BID, PRICE
from cockpit.rehearsal.draws import Draws
from cockpit.rehearsal.pit import Floor

MARGIN = 50.0
"""Price units beyond the true value from which an order is taken back."""


class Nerves:
    """All of a market's traders whose orders a score has made wrong; they look every so many seconds on average."""

    def __init__(self, pit: Floor, draws: Draws, pace_s: float) -> None:
        self.pit = pit
        self._draws = draws
        self._pace = pace_s

    def act(self, now: int) -> int | None:
        """Take back every order that gives too much away."""
        pit = self.pit
        if not pit.open:
            return None
        fair = pit.fair(now) * PRICE
        for side in (BID, ASK):
            wrong = [p for p, _ in pit.exchange.levels(side) if (p - fair) * side > MARGIN]
            for price in wrong:
                for order in pit.exchange.orders(side, price):
                    pit.exchange.cancel(now, order.id)
        return now + self._draws.wait(self._pace)
