"""Price and quantity text by look-up: a busy market repeats a few hundred strings, each parsed once."""

from collections import Counter

from cockpit.domain.units import PRICE, price, qty

LIMIT = 1 << 16
"""Entries a table may hold; then it starts anew, so that it follows the strings in use."""


class Prices(dict[str, int]):
    """Dollar text to price units; ``prices[text]`` raises ValueError for text that is no price in 0..1."""

    def __missing__(self, text: str) -> int:
        """Parse and remember."""
        if len(self) >= LIMIT:
            self.clear()
        value = self[text] = price(text)
        return value


class NoPrices(dict[str, int]):
    """Dollar text of a NO price to the YES price units of the same level."""

    def __missing__(self, text: str) -> int:
        """Parse, mirror and remember."""
        if len(self) >= LIMIT:
            self.clear()
        value = self[text] = PRICE - price(text)
        return value


class Quantities(dict[str, int]):
    """Contract text, signed, to quantity units; raises ValueError for text that is no quantity."""

    def __missing__(self, text: str) -> int:
        """Parse and remember."""
        if len(self) >= LIMIT:
            self.clear()
        value = self[text] = qty(text)
        return value


class Numbers:
    """What all readers of one feed share: the look-up tables and the census."""

    def __init__(self, census: Counter[str], *, use_yes_price: bool) -> None:
        self.census = census
        self.yes = Prices()
        self.no = NoPrices()
        self.asks: dict[str, int] = self.yes if use_yes_price else self.no
        """Prices of the socket's NO levels: already YES prices when ``use_yes_price`` was asked for."""
        self.qty = Quantities()

    def size(self, text: str) -> int:
        """A quantity that must be above zero; raises ValueError."""
        value = self.qty[text]
        if value <= 0:
            raise ValueError(f"not a size: {text!r}")
        return value

    def levels(
        self, pairs: list[tuple[str, str]] | None, prices: dict[str, int]
    ) -> tuple[tuple[int, int], ...]:
        """Wire levels as (price, quantity) in YES terms; None is an empty side. Raises ValueError."""
        return tuple((prices[text], self.size(count)) for text, count in pairs or ())
