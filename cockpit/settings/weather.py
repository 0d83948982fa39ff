"""Temperatures: whose, from which models, and who asks."""

from typing import Annotated

from pydantic import Field, field_validator

from cockpit.feeds.weather.feed import MODELS
from cockpit.models.weather.stations import BY_ICAO
from cockpit.settings.part import Part
from cockpit.settings.venues import Url


class WeatherSettings(Part):
    """The weather service, which wants to know who asks, and Open-Meteo, which does not."""

    on: bool = True
    contact: Annotated[str, Field(pattern=r"^[\x21-\x27\x2a-\x7e]*$", max_length=200)] = ""
    """An address the weather service may write to; it refuses whoever gives none, so without one it is not asked."""
    stations: tuple[Annotated[str, Field(pattern=r"^[A-Z]{4}$")], ...] = ()
    """ICAO codes; empty takes those of the temperature series Kalshi is watched for, else the seven oldest."""
    models: tuple[Annotated[str, Field(pattern=r"^[a-z0-9_]{1,60}$")], ...] = MODELS
    """Open-Meteo's names; none does not ask it."""
    nws: Url = "https://api.weather.gov"
    openmeteo: Url = "https://api.open-meteo.com"

    @field_validator("stations")
    @classmethod
    def _known(cls, told: tuple[str, ...]) -> tuple[str, ...]:
        """Only stations whose climate day is known."""
        other = next((each for each in told if each not in BY_ICAO), None)
        if other is not None:
            raise ValueError(f"{other} is none of {', '.join(BY_ICAO)}")
        return told
