"""The control path: faults switched over HTTP, for a stand-in that runs as another process.

`POST /_control` with {"faults": NAME or {field: value}, "action": ACTION}, either of which may be left out; it answers,
as does a GET, with what is on. No fault touches it.
"""

import msgspec

from cockpit.rehearsal.stands.asked import JSON, Answer, Asked, json_answer
from cockpit.rehearsal.stands.faults import Control, Faults, Link

CONTROL_PATH = "/_control"


class _Order(msgspec.Struct, forbid_unknown_fields=True):
    """A control request's body."""

    faults: str | Faults | None = None
    action: str = ""


def switch(control: Control, asked: Asked, spare: Link) -> Answer:
    """Do what a control request asks, and say what is on."""
    try:
        if asked.method == "POST":
            order = msgspec.json.decode(asked.body, type=_Order)
            if order.faults is not None:
                control.set(order.faults)
            if order.action:
                control.act(order.action, spare)
    except (msgspec.MsgspecError, UnicodeDecodeError, KeyError, ValueError) as error:
        return Answer(400, msgspec.json.encode({"error": str(error)}), (("Content-Type", JSON),))
    sockets = sum(1 for link in control.links if link.born)
    return json_answer({"faults": msgspec.to_builtins(control.faults), "sockets": sockets})
