"""What is asked about the account: all of it again and again, its orders' places in the queue most often."""

from collections.abc import Sequence

from cockpit.domain.events import AccountOrders, Event
from cockpit.domain.units import SECOND
from cockpit.feeds.base import Poll
from cockpit.feeds.kalshi.watch import LIMIT, SOURCE, batches, joined

MONEY_NS = 10 * SECOND
QUEUES_NS = 2 * SECOND


class Ledger:
    """The questions; every one is signed and reads only."""

    def __init__(self, rest: str) -> None:
        self._rest = rest
        self._resting: dict[str, str] = {}
        """Market by resting order."""
        self._polls = self._questions()

    def requests(self) -> list[Poll]:
        """The standing questions."""
        return self._polls

    def hear(self, events: Sequence[Event]) -> None:
        """Take note of which orders rest."""
        for event in events:
            if isinstance(event, AccountOrders):
                before = set(self._resting.values())
                if event.whole:
                    self._resting = {order.id: order.market for order in event.orders}
                for order in event.orders:
                    if order.resting and order.left:
                        self._resting[order.id] = order.market
                    else:
                        self._resting.pop(order.id, None)
                if set(self._resting.values()) != before:
                    self._polls = self._questions()

    def _questions(self) -> list[Poll]:
        polls = [
            self._poll("/portfolio/balance", MONEY_NS),
            self._poll(f"/portfolio/positions?limit={LIMIT}", MONEY_NS),
            self._poll(f"/portfolio/orders?status=resting&limit={LIMIT}", MONEY_NS),
            self._poll("/portfolio/fills?limit=100", MONEY_NS),
        ]
        markets = sorted(set(self._resting.values()))
        for batch in batches(markets):
            path = f"/portfolio/orders/queue_positions?market_tickers={joined(batch)}"
            polls.append(self._poll(path, QUEUES_NS))
        return polls

    def _poll(self, path: str, every_ns: int) -> Poll:
        return Poll(SOURCE, f"{self._rest}{path}", every_ns, signed=True)
