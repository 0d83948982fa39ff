"""Amounts as the venue writes them, and its fee on a fill."""

from cockpit.domain.units import MONEY, MONEY_DIGITS, PRICE, QTY_DIGITS, decimal, fixed

TAKER_SHARE = 700
MAKER_SHARES = {"quadratic_with_maker_fees": 175, "quadratic_with_combo_maker_fees": 350}
"""Fee coefficients in 1e-4, by fee type; takers pay 0.07 in every series. Source: the venue's fee schedule."""
_QUANTUM = MONEY // 10_000
_CENT = MONEY // 100


def amount(money: int, places: int = 4) -> str:
    """Money units as dollars, cut to ``places`` decimals towards zero."""
    scale = 10 ** (MONEY_DIGITS - places)
    cut = abs(money) // scale * scale
    return decimal(-cut if money < 0 else cut, MONEY_DIGITS, places)


def cents(money: int) -> int:
    """Whole cents, cut towards zero, as the venue's integer fields are."""
    return abs(money) // _CENT * (-1 if money < 0 else 1)


def count_of(text: str) -> int:
    """A request's count: up to two decimals, above zero.

    Raises:
        ValueError: for anything else.
    """
    if len(text.partition(".")[2]) > 2 or (value := fixed(text, QTY_DIGITS)) <= 0:
        raise ValueError(f"not a count: {text!r}")
    return value


def fee(fee_type: str, multiplier: float, price: int, qty: int, *, maker: bool) -> int:
    """One fill's fee in money units, rounded up to 1e-4 dollar: share x M x C x P x (1 - P)."""
    share = MAKER_SHARES.get(fee_type, 0) if maker else TAKER_SHARE
    raw = share * round(multiplier * 10_000) * qty * price * (PRICE - price)
    scale = 10_000 * 10_000 * PRICE
    return -(-raw // (scale * _QUANTUM)) * _QUANTUM
