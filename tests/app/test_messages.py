"""Which of several messages is seen, and for how long."""

from app_sample import NOTES, TICKETS, VIEW, change
from hypothesis import given
from hypothesis import strategies as st

from cockpit.app.messages import ANSWER_NS, REFUSED_NS, SHOWN_NS, Messages
from cockpit.domain.units import SECOND
from cockpit.domain.view import Note

ROUTINE = Note(1, 0, "ticket", "T-1 withdrawn")
LOUD = Note(2, 0, "fill", "desk-1 filled", loud=True)
REFUSED = Note(3, 0, "refused", "Approve: edge gone")


def shown(messages, now):
    line = messages.line(now)
    return line[0][0].strip() if line else ""


def test_a_refusal_is_not_overwritten():
    messages = Messages()
    messages.note(REFUSED, 0)
    for second in range(1, 8):
        messages.note(ROUTINE, second * SECOND)
        messages.note(LOUD, second * SECOND)
        assert shown(messages, second * SECOND) == REFUSED.text
    assert shown(messages, 8 * SECOND) == REFUSED.text
    assert shown(messages, REFUSED_NS) == LOUD.text


def test_a_loud_note_goes_before_routine_ones():
    messages = Messages()
    messages.note(LOUD, 0)
    messages.note(ROUTINE, SECOND)
    assert shown(messages, SECOND) == LOUD.text
    assert shown(messages, SHOWN_NS) == ROUTINE.text
    assert shown(messages, SHOWN_NS + SECOND) == ""


def test_what_a_key_answers_is_seen_at_once_and_then_yields():
    messages = Messages()
    messages.note(REFUSED, 0)
    messages.answer("sort by name", "text", SECOND)
    assert shown(messages, SECOND) == "sort by name"
    assert shown(messages, SECOND + ANSWER_NS) == REFUSED.text


def test_a_refusal_is_seen_at_once_after_the_answer():
    messages = Messages()
    messages.answer("approve D-41 sent", "accent", 0)
    messages.note(REFUSED, SECOND // 10)
    assert shown(messages, SECOND // 10) == REFUSED.text


def test_without_others_an_answer_stays():
    messages = Messages()
    messages.answer("sort by name", "text", 0)
    assert shown(messages, SHOWN_NS - 1) == "sort by name"
    assert messages.line(SHOWN_NS) == ()


@given(st.lists(st.tuples(st.sampled_from([ROUTINE, LOUD, REFUSED]), st.integers(0, 3)), max_size=60))
def test_a_refusal_stands_eight_seconds_whatever_comes(events):
    messages, now, refused = Messages(), 0, -REFUSED_NS
    for note, wait in events:
        now += wait * SECOND
        messages.note(note, now)
        refused = now if note is REFUSED else refused
        if now - refused < 8 * SECOND:
            assert shown(messages, now) == REFUSED.text


async def test_a_refused_approval_on_the_screen(run):
    """The refusal, a fill and a routine note come with one pull and after it."""
    async with run() as desk:
        notes = (*NOTES, change(REFUSED, n=3), change(LOUD, n=4), change(ROUTINE, n=5))
        await desk.show(change(VIEW, notes=notes))
        assert desk.row(16) == " Approve: edge gone"
        desk.now += 7 * SECOND
        await desk.show(change(VIEW, notes=(*notes, change(ROUTINE, n=6))))
        assert desk.row(16) == " Approve: edge gone"


async def test_approving_what_is_not_armed_is_a_refusal_too(run):
    async with run(change(VIEW, tickets=TICKETS[1:])) as desk:
        await desk.press("a")
        desk.now += 7 * SECOND
        await desk.show(change(VIEW, tickets=TICKETS[1:], notes=(*NOTES, change(LOUD, n=3))))
        assert "event cap" in desk.row(16)
