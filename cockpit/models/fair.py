"""What a fair value is: a probability with its band, and what it was made from.

Four families of models make them: settlement values of a price (`cockpit.models.brackets`), the winners of games
(`cockpit.models.games`), words said (`cockpit.models.mentions`) and temperatures (`cockpit.models.weather`).
"""

import msgspec

BAND = 1.5
"""Standard errors from mid to low and to high.

One of them leaves a sixth of the truths outside the side we trade on, and edges are chosen for being large; two would
hide most honest edges of five cents. At 1.5 the low side is wrong once in fifteen.
"""
SE_FLOOR = 0.02
"""The least standard error of logit(mid)."""
_LEAST_VARIANCE = 1e-4
"""p (1 - p) is not taken below this where a standard error is put on the logit scale."""


class Outlook(msgspec.Struct, frozen=True, gc=False, tag="price"):
    """The law of one settlement value as of a moment, and what it was made from. Dollars, seconds, yearly vol."""

    mean: float
    sd: float
    """Standard deviation of the settlement value, index and age errors included."""
    tail: int = 0
    """0 for the normal law, else degrees of freedom; see `cockpit.models.tails`."""
    spot: float = 0.0
    source: str = ""
    """The index by name, or ``"PROXY coinbase"``."""
    age_s: float = 0.0
    """Age of the spot."""
    vol: float = 0.0
    vol_error: float = 0.0
    """Relative standard error of ``vol``."""
    left_s: float = 0.0
    """Seconds to the close."""
    theta_s: float = 0.0
    """Seconds of spot diffusion with the variance that is left, age not included."""
    known: int = 0
    """Prints of the settlement mean that are out."""
    index_error: float = 0.0
    """What index-minus-proxy does to the settlement value."""
    age_error: float = 0.0
    """What the age of the spot does to the settlement value."""
    tail_error: float = 0.0
    """Standard error of the law's excess kurtosis."""
    residual: float = 0.0
    """Standard error the model leaves unexplained, in probability."""


class GameOutlook(msgspec.Struct, frozen=True, gc=False, tag="game"):
    """A game as the model took it, seen from the team whose win pays. Points and seconds."""

    spot: float
    """The team's lead."""
    left_s: float
    """Left of regulation, or of the overtime being played."""
    overtime: bool
    drift: float
    """mu, on the scale of the model's sigma: what the line says."""
    numbers: str
    """Name of the model's parameters."""
    source: str = ""
    """Who tells the score."""
    age_s: float = 0.0
    """Of the message, and of what it tells."""
    home: bool = True
    """Whether the team is the home side."""
    ball: int = 0
    """Who has it: 1 the home side, -1 the other, 0 not known."""
    line_error: float = 0.0
    """Standard error of the drift."""
    lead_error: float = 0.0
    """What may have been scored and not told, points."""
    vol: float = 0.0
    """A game has none."""


class MentionOutlook(msgspec.Struct, frozen=True, gc=False, tag="mention"):
    """A phrase's chance of being said, and what it was made from."""

    rate: float
    """Base rate at such events."""
    said: float
    """Weighted occurrences behind it."""
    n: float
    """Weighted events behind it."""
    events: int
    prior: float
    """What it is shrunk to."""
    left: float
    """Share of the event to come."""
    held: float
    """Chance that it is held."""
    other: float | None = None
    """Another venue's middle."""
    own_share: float = 1.0
    """The base rate's share of the whole, where another price counts."""
    age_s: float = 0.0
    spot: float = 0.0
    """A phrase has none."""
    vol: float = 0.0
    source: str = "record"


class WeatherOutlook(msgspec.Struct, frozen=True, gc=False, tag="weather"):
    """A station's day as the model took it. Degrees Fahrenheit."""

    mu: float
    sigma: float
    mu_error: float
    """Standard error of mu."""
    reached: int | None = None
    """The highest whole degree that is sure so far; the lowest, where the low decides."""
    low: bool = False
    spread: float = 0.0
    """How far the forecasts are apart."""
    lead_h: float = 0.0
    """Hours until the day's warmest, or coldest."""
    age_s: float = 0.0
    """Of the oldest forecast that counts."""
    models: int = 0
    spot: float = 0.0
    """The last reading."""
    vol: float = 0.0
    source: str = ""
    """The station."""


class Fair(msgspec.Struct, frozen=True, gc=False):
    """The probability of YES with its band, 0 <= low <= mid <= high <= 1."""

    low: float
    mid: float
    high: float
    error: float
    """Standard error of mid; the band is `BAND` of it to either side, cut at 0 and 1."""
    outlook: Outlook | GameOutlook | MentionOutlook | WeatherOutlook

    @property
    def se(self) -> float:
        """Standard error of logit(mid); never 0."""
        return max(SE_FLOOR, self.error / max(self.mid * (1.0 - self.mid), _LEAST_VARIANCE))

    @property
    def settlement(self) -> Outlook | None:
        """The law of the price it settles on; None where it settles on none."""
        return self.outlook if isinstance(self.outlook, Outlook) else None
