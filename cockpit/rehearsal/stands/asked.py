"""What a stand-in is asked and what it answers, as plain values."""

from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

import msgspec

JSON = "application/json"


class Asked(msgspec.Struct, frozen=True):
    """One request: header names in lower case, ``path`` without the query and not unquoted, as it was signed."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes = b""
    target: str = ""
    """Path and query as they stood in the request line."""

    def first(self, name: str) -> str:
        """A query parameter's first value; "" when it is not there."""
        return self.query.get(name, [""])[0]

    def listed(self, name: str) -> list[str]:
        """A parameter that may be repeated or hold a comma list; empty values are left out."""
        return [part for value in self.query.get(name, []) for part in value.split(",") if part]


class Answer(msgspec.Struct, frozen=True):
    """One response; the server adds length, date and connection headers."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = (("Content-Type", JSON),)


def make_asked(method: str, target: str, headers: dict[str, str], body: bytes = b"") -> Asked:
    """A request from its parts as they came over the wire."""
    url = urlsplit(target)
    query = parse_qs(url.query, keep_blank_values=True, max_num_fields=10_000)
    return Asked(method, url.path, query, headers, body, target)


def json_answer(value: object, status: int = 200) -> Answer:
    """A JSON answer."""
    return Answer(status, msgspec.json.encode(value))


def phrase(status: int) -> str:
    """A status in words."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
