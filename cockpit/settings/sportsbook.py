"""Sportsbooks' odds: which service, what is asked of it, and how often."""

from typing import Annotated, Literal

from pydantic import Field, field_validator

from cockpit.feeds.sportsbook.opticodds import FIELDS, WORDS
from cockpit.feeds.sportsbook.prices import Market
from cockpit.settings.part import Part
from cockpit.settings.venues import Names, Url

Path = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$", max_length=200)]
"""Where something stands in an answer: names with points between, a number for a place in a list."""
Word = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9 _/-]*$", max_length=60)]


class OpticOddsSettings(Part):
    """OpticOdds, the service behind OddsJam. Unverified: no answer of it has been seen; what its fields are called is here."""

    on: bool = False
    site: Url = "https://api.opticodds.com/api/v3"
    leagues: tuple[Literal["nba", "nfl"], ...] = ("nba", "nfl")
    books: Annotated[Names, Field(max_length=5)] = ("Pinnacle", "DraftKings", "FanDuel", "BetMGM", "Caesars")
    """Five at most in one question."""
    every_min: Annotated[int, Field(ge=1, le=10_000)] = 5
    key_file: str = ""
    """Path of a file with the key (mode 0600); the environment's COCKPIT_OPTICODDS_KEY comes first."""
    fields: dict[Word, Path] = Field(default_factory=lambda: dict(FIELDS))
    """Where each thing stands, by dotted paths; what is left out stands where it is documented."""
    words: dict[Word, Market] = Field(default_factory=lambda: dict(WORDS))
    """Our markets by theirs, small letters."""

    @field_validator("fields")
    @classmethod
    def _known(cls, told: dict[str, str]) -> dict[str, str]:
        """Only things that are read."""
        other = next((each for each in told if each not in FIELDS), None)
        if other is not None:
            raise ValueError(f"{other} is none of {', '.join(FIELDS)}")
        return told


class SportsbookSettings(Part):
    """The Odds API; without a key it is not asked."""

    on: bool = True
    site: Url = "https://api.the-odds-api.com"
    sports: tuple[Literal["basketball_nba", "americanfootball_nfl"], ...] = (
        "basketball_nba",
        "americanfootball_nfl",
    )
    regions: Annotated[tuple[Literal["us", "us2", "uk", "eu", "au", "us_ex"], ...], Field(min_length=1)] = (
        "us",
    )
    markets: Annotated[tuple[Market, ...], Field(min_length=1)] = ("h2h",)
    every_min: Annotated[int, Field(ge=1, le=10_000)] = 90
    """From one question to the next; each costs markets times regions of the account's credits."""
    keep: Annotated[int, Field(ge=0, le=10_000_000)] = 25
    """Credits below which nothing is asked that costs."""
    key_file: str = ""
    """Path of a file with the key (mode 0600); the environment's COCKPIT_ODDS_API_KEY comes first."""
    opticodds: OpticOddsSettings = OpticOddsSettings()
