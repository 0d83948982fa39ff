"""The venue's failures: three body shapes, and the one of the rate limit. Source: the venue's answers of mid-2026."""

from cockpit.rehearsal.stands.asked import Answer, json_answer, phrase


class Refused(Exception):  # noqa: N818  an answer, not a fault of ours
    """A request the venue does not fulfil; ``answer`` is what it says instead."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status, answer.body)
        self.answer = answer


def nested(status: int, code: str, message: str = "", details: str = "") -> Answer:
    """``{"error": {"code", "message", "details"}}``: refusals by the exchange and by its gate."""
    return json_answer({"error": fields(code, message, details)}, status)


def fields(code: str, message: str = "", details: str = "") -> dict[str, str]:
    """What an error consists of; ``details`` is left out when there are none."""
    body = {"code": code, "message": message or code.replace("_", " ")}
    return body | {"details": details} if details else body


def flat(status: int, code: str, details: str) -> Answer:
    """``{"code", "message", "details"}``: bodies that cannot be read."""
    return json_answer({"code": code, "message": code.replace("_", " "), "details": details}, status)


def bare(text: str) -> Answer:
    """``{"msg"}`` with 400: query parameters out of range."""
    return json_answer({"msg": text}, 400)


def invalid(request: str, field: str, rule: str) -> Answer:
    """A parameter that fails a rule, in the words of the venue's validator."""
    text = f"Key: '{request}Request.{field}' Error:Field validation for '{field}' failed on the '{rule}' tag"
    return bare(f"Parameter validation failed for {request}: {text}")


def unauthorised(details: str) -> Answer:
    """401 of a key that is unknown or a signature that does not fit."""
    return nested(401, "authentication_error", "authentication_error", details)


NOT_FOUND = nested(404, "not_found")
TOO_MANY = json_answer({"error": "too many requests"}, 429)
HEADER_EXPIRED = nested(401, "header_timestamp_expired")
HEADER_MISSING = nested(401, "signature_is_missing_from_headers")


def denial(status: int) -> Answer:
    """A status' usual body, for failures on purpose."""
    if status == 429:
        return TOO_MANY
    if status == 401:
        return unauthorised("INCORRECT_API_KEY_SIGNATURE")
    if status == 404:
        return NOT_FOUND
    return nested(status, phrase(status).lower().replace(" ", "_"))
