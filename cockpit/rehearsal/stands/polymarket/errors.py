"""The venue's failures: Gamma's, the matching engine's, the data API's, and the gate's before them all."""

from cockpit.rehearsal.stands.asked import Answer, json_answer, phrase


class Refused(Exception):  # noqa: N818  an answer, not a fault of ours
    """A request the venue does not fulfil; ``answer`` is what it says instead."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status, answer.body)
        self.answer = answer


def gamma(status: int, text: str) -> Answer:
    """Gamma's: a kind of error, and what is wrong."""
    kind = {404: "not found error", 422: "validation error"}.get(status, "internal error")
    return json_answer({"type": kind, "error": text}, status)


def clob(status: int, text: str) -> Answer:
    """The matching engine's and the data API's."""
    return json_answer({"error": text}, status)


def too_many(retry_s: int) -> Answer:
    """The gate's, which is a line of text."""
    headers = (("Content-Type", "text/plain; charset=UTF-8"), ("Retry-After", str(retry_s)))
    return Answer(429, b"error code: 1015", headers)


NO_BOOK = clob(404, "No orderbook exists for the requested token id")
NO_MARKET = clob(404, "market not found")
BAD_TOKEN = clob(400, "Invalid token id")
BAD_PAYLOAD = clob(400, "Invalid payload")
NOT_FOUND = clob(404, "not found")


def denial(status: int) -> Answer:
    """A status' usual body, for failures on purpose."""
    return too_many(10) if status == 429 else clob(status, phrase(status).lower())
