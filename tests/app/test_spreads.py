"""Spreads: pairs in the order of what needs a look, the difference screen, what keys say to the engine."""

import pytest
from app_sample import REPLAYING, TICKETS, SamplePlayer, change
from pair_sample import DETAIL, PAIRED, PAIRS, SPREADS

from cockpit.domain.commands import Acknowledge, Approve, ConfirmPair, RefusePair

PANE = "2"


@pytest.mark.parametrize("size", [(80, 24), (140, 40), (200, 60)], ids=str)
async def test_the_pane(run, snapshot, size):
    async with run(PAIRED, size=size) as desk:
        await desk.press(PANE)
        text = desk.text()
    snapshot(f"spreads-{size[0]}x{size[1]}", text)
    assert all(len(row) <= size[0] for row in text.splitlines())


@pytest.mark.parametrize("state", ["none", "nothing-measured", "filtered"])
async def test_states(run, snapshot, state):
    view = {
        "none": change(PAIRED, spreads=change(SPREADS, pairs=(), baskets=(), average=None, seconds=0)),
        "nothing-measured": change(PAIRED, spreads=change(SPREADS, average=None, seconds=0)),
        "filtered": PAIRED,
    }[state]
    async with run(view) as desk:
        await desk.press(PANE)
        if state == "filtered":
            await desk.press("/", "f", "e", "d", "enter")
        snapshot(f"spreads-{state}", desk.text())


async def test_what_needs_a_look_comes_first(run):
    async with run(PAIRED) as desk:
        await desk.press(PANE)
        rows = [row for row in desk.text().splitlines() if "/P" in row]
    assert [row[1] for row in rows[:7]] == ["N", "!", "W", "c", " ", "?", "z"]


async def test_why_says_who_is_right(run, snapshot):
    async with run(PAIRED) as desk:
        await desk.press(PANE, "s", "s", "s", "s", "w")
        snapshot("spreads-why", desk.text())


async def test_the_differences_are_read_to_the_end_before_they_are_confirmed(run, snapshot):
    async with run(PAIRED) as desk:
        await desk.press(PANE)
        await desk.press(*_to(desk, "btc"), "enter")
        snapshot("pair-screen", desk.text())
        await desk.press("y")
        assert not desk.link.of(ConfirmPair)
        await desk.press("G")
        snapshot("pair-screen-end", desk.text())
        await desk.press("y")
        (sent,) = desk.link.of(ConfirmPair)
        assert (sent.pair, sent.rules_hash) == (DETAIL.key, DETAIL.rules_hash)


async def test_rules_that_change_under_the_eye_are_read_anew(run):
    async with run(PAIRED) as desk:
        await desk.press(PANE)
        await desk.press(*_to(desk, "btc"), "c", "G")
        await desk.show(change(PAIRED, pair=change(DETAIL, rules_hash="other", rules_a="new rules " * 200)))
        await desk.press("y")
        assert not desk.link.of(ConfirmPair)


async def test_a_pair_is_refused(run):
    async with run(PAIRED) as desk:
        await desk.press(PANE)
        await desk.press(*_to(desk, "btc"), "c", "n")
        (sent,) = desk.link.of(RefusePair)
        assert sent.pair == DETAIL.key


async def test_a_disagreement_is_acknowledged_where_there_is_one(run):
    async with run(PAIRED) as desk:
        await desk.press(PANE)
        await desk.press(*_to(desk, "btc"), "d")
        assert not desk.link.of(Acknowledge)
        await desk.press("g", *_to(desk, "off"), "d")
        assert [sent.pair for sent in desk.link.of(Acknowledge)] == ["off"]


async def test_both_legs_are_printed_and_one_key_approves(run, snapshot):
    legs = (
        change(TICKETS[0], id="T-5", strategy="spread", partner="T-6", fair=None, edge=None, low=None, ev=None,
               partner_terms="BUY NO 100 @ 44c pm Fed Dec cut 25",
               reasons=(("after basis", 0.021), ("ev", 0.004), ("p both", 0.18), ("naked worst", 53.0))),
    )  # fmt: skip
    async with run(change(PAIRED, tickets=legs)) as desk:
        snapshot("two-legs", desk.text())
        await desk.press("a")
        assert [sent.ticket for sent in desk.link.of(Approve)] == ["T-5"]


async def test_a_hedge_takes_the_strip_when_it_comes(run):
    async with run(PAIRED) as desk:
        await desk.press("n")
        assert "TICKET 2/3" in desk.text()
        hedge = change(TICKETS[0], id="T-9", strategy="hedge", urgent=True)
        await desk.show(change(PAIRED, tickets=(hedge, *TICKETS)))
        assert "T-9 hedge" in desk.text()
        assert "HEDGE of a leg left naked" in desk.text()
        await desk.press("n")
        assert "TICKET 2/4" in desk.text()
        await desk.show(change(PAIRED, tickets=(hedge, *TICKETS)))
        assert "TICKET 2/4" in desk.text()


def _to(desk, name):
    """Keys to a pair's row from the top."""
    rows = [row for row in desk.text().splitlines() if "/P" in row]
    label = next(pair.label for pair in PAIRS if pair.name == name)
    return ["down"] * next(i for i, row in enumerate(rows) if label[:9] in row)


async def test_a_recordings_pairs_are_only_looked_at(run):
    async with run(PAIRED, REPLAYING, player=SamplePlayer()) as desk:
        await desk.press(PANE)
        await desk.press(*_to(desk, "btc"), "c", "G", "y", "n")
        assert "a recording plays" in desk.text()
        assert not desk.link.of(ConfirmPair)
        assert not desk.link.of(RefusePair)
