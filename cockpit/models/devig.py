"""Books' odds without the books' margin.

American odds A: a win pays A per 100 staked where A > 0, 100 per -A where A < 0, so that the implied chance is
100 / (100 + A) or -A / (100 - A). The implied chances of all outcomes sum to more than one; the excess is the margin.
"""


def implied(american: int) -> float:
    """The chance American odds imply, margin included.

    Raises:
        ValueError: for odds between -100 and 100, which are none.
    """
    if -100 < american < 100:
        raise ValueError(f"American odds of {american}")
    return 100.0 / (100.0 + american) if american > 0 else -american / (100.0 - american)


def multiplicative(home: int, away: int) -> float:
    """The home side's chance of two: each implied chance divided by their sum, which over-rates long shots.

    Raises:
        ValueError: for odds between -100 and 100.
    """
    one, other = implied(home), implied(away)
    return one / (one + other)
