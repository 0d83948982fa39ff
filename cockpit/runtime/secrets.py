"""Keys of services that want them in the query or in a header: held in memory, added on sending, never shown.

The query's key goes into the request's target alone, below httpx's own request: neither its log nor an exception of its knows
of it. A key goes to the address its settings name and to no other.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from cockpit.domain.errors import SettingsError
from cockpit.feeds.sportsbook import opticodds, theoddsapi
from cockpit.runtime.keys import read_private
from cockpit.settings.sportsbook import SportsbookSettings

ODDS_VARIABLE = "COCKPIT_ODDS_API_KEY"
OPTIC_VARIABLE = "COCKPIT_OPTICODDS_KEY"
HIDDEN = "(hidden)"
SHORTEST, LONGEST = 8, 200


class Secret:
    """One key, and where it goes. Its representation tells nothing.

    Args:
        value: the key.
        place: the address it may go to; its host is compared.
        query: the query's field it goes by; "" for none.
        header: the header it goes by; "" for none.
        title: what it is called in a message.

    Raises:
        SettingsError: when it cannot be a key.
    """

    def __init__(self, value: str, place: str, *, query: str = "", header: str = "", title: str = "") -> None:
        if not (value.isascii() and value.isprintable() and " " not in value):
            raise SettingsError(f"the {title} key holds a character that no key holds")
        if not SHORTEST <= len(value) <= LONGEST:
            raise SettingsError(f"the {title} key is too short or too long to be one")
        self._value = value
        self._host = _host(place)
        self._query = query
        self._header = header

    def __repr__(self) -> str:
        return "Secret(...)"

    def headers(self) -> dict[str, str]:
        """What is sent in headers."""
        return {self._header: self._value} if self._header else {}

    def extensions(self, url: str) -> dict[str, Any] | None:
        """What makes httpx send the key in the query, without its request knowing of it; None for nothing.

        Raises:
            SettingsError: for another host than the key's own.
        """
        if _host(url) != self._host:
            raise SettingsError("a key goes to its own address only")
        if not self._query:
            return None
        parts = urlsplit(url)
        query = f"{parts.query}&" if parts.query else ""
        return {"target": f"{parts.path or '/'}?{query}{self._query}={quote(self._value, safe='')}".encode()}

    def hidden(self, text: str) -> str:
        """A text without the key."""
        return text.replace(self._value, HIDDEN).replace(quote(self._value, safe=""), HIDDEN)

    def blank(self, data: bytes) -> bytes:
        """Bytes without the key: a server may repeat what it was asked."""
        for each in (self._value, quote(self._value, safe="")):
            data = data.replace(each.encode(), HIDDEN.encode())
        return data


def find_secrets(
    settings: SportsbookSettings, environment: Mapping[str, str] = os.environ
) -> dict[str, Secret]:
    """The user's keys of odds services, by the name questions call them; what is not given, or not on, is left out.

    Raises:
        SettingsError: when a file cannot be read, others may read it, or what it holds is no key.
    """
    if not settings.on:
        return {}
    found: dict[str, Secret] = {}
    odds = _value(environment.get(ODDS_VARIABLE, ""), settings.key_file)
    if odds:
        found[theoddsapi.SECRET] = Secret(odds, settings.site, query="apiKey", title="Odds API")
    optic = settings.opticodds
    value = _value(environment.get(OPTIC_VARIABLE, ""), optic.key_file) if optic.on else ""
    if value:
        found[opticodds.SECRET] = Secret(value, optic.site, header="x-api-key", title="OpticOdds")
    return found


def _value(stated: str, file: str) -> str:
    """A key from the environment, else from a file that only its owner may read. Raises SettingsError."""
    if stated or not file:
        return stated.strip()
    return read_private(Path(file).expanduser()).decode("ascii", errors="replace").strip()


def _host(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc
