"""Where a speech's words trade: a market a word on Kalshi, and on Polymarket for those it lists."""

from functools import cached_property

from cockpit.domain.markets import Market, MarketStatus
from cockpit.domain.units import SECOND
from cockpit.rehearsal.path import STEP_NS
from cockpit.rehearsal.pit import LOT, Floor
from cockpit.rehearsal.polymarket.market import ids_of, tick_of
from cockpit.rehearsal.polymarket.names import Names
from cockpit.rehearsal.polymarket.terms import SPEECH
from cockpit.rehearsal.speech import listing
from cockpit.rehearsal.speech.script import Script, Word
from cockpit.rehearsal.tokens import VENUE, TokenFloor, grid_of


class WordFloor(Floor):
    """Kalshi's market on a word."""

    def __init__(self, script: Script, word: Word, before: int) -> None:
        super().__init__(listing.market(script, word), before)
        self.script = script
        self.word = word
        self._fair = (-1, 0.0)

    def fair(self, now: int) -> float:
        """The true chance that it is said, taken anew every 100 ms."""
        step = now // STEP_NS
        if step != self._fair[0]:
            self._fair = (step, self.worth(now))
        return self._fair[1]

    def worth(self, now: int) -> float:
        """The true chance that it is said, as seen at ``now`` (ns UTC)."""
        return self.script.chance(self.word, now)

    def ends(self, now: int) -> int:
        """When the speech ends, ns UTC."""
        return self.script.ends

    @property
    def said(self) -> bool:
        """Whether it is said."""
        return self.word.label in self.script.said


class WordTokens(TokenFloor):
    """Polymarket's market on a word; its traders hear it ``lead`` ns earlier, later where that is below 0."""

    def __init__(self, script: Script, word: Word, number: int, lead: int) -> None:
        self.script = script
        self.word = word
        self._lead = lead
        self._fair = (-1, 0.0)
        terms = listing.terms(script, word)
        market = Market(
            ticker=ids_of(number, terms.ticker).condition,
            venue=VENUE,
            status=MarketStatus.ACTIVE,
            open_ns=terms.open_ns,
            close_ns=terms.close_ns,
            expected_ns=terms.close_ns,
            grid=grid_of(tick_of(SPEECH)),
            lot=LOT,
        )
        super().__init__(market, terms, number)

    def fair(self, now: int) -> float:
        """What its traders take for the chance now, taken anew every 100 ms."""
        step = now // STEP_NS
        if step != self._fair[0]:
            self._fair = (step, self.worth(now + self._lead))
        return self._fair[1]

    def worth(self, now: int) -> float:
        """The true chance that it is said, as seen at ``now`` (ns UTC)."""
        return self.script.chance(self.word, now)

    def ends(self, now: int) -> int:
        """When the speech ends, ns UTC."""
        return self.script.ends

    def pays(self) -> bool:
        """Whether it is said."""
        return self.word.label in self.script.said

    @cached_property
    def _names(self) -> Names:
        return listing.names(self.script, self.word)

    @property
    def names(self) -> Names:
        """What its listing calls it."""
        return self._names


def first_second(ts: int) -> int:
    """The first whole second from a moment on, ns UTC."""
    return -(-ts // SECOND) * SECOND
