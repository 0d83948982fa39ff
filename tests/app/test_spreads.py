"""Spreads: pairs in the order of what needs a look, the difference screen, what keys say to the engine."""

import re

import pytest
from app_sample import DESK, REPLAYING, TICKETS, SamplePlayer, change, order
from pair_sample import DETAIL, HEDGE, PAIRED, PAIRS, SPREADS, TWO_LEGS, held

from cockpit.domain.commands import (
    Acknowledge,
    Approve,
    CancelOrder,
    ConfirmPair,
    PullMarket,
    RefusePair,
    Unwind,
)
from cockpit.domain.units import ASK, MILLISECOND, QTY, SECOND

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
        rows = [row for row in desk.text().splitlines() if re.search("K[/<>]P", row)]
    assert [row[1] for row in rows[:9]] == ["N", "!", "W", "c", " ", " ", " ", "?", "z"]


@pytest.mark.parametrize("presses", range(5))
async def test_what_is_stale_advertises_nothing_and_comes_last(run, presses):
    async with run(PAIRED) as desk:
        await desk.press(PANE, *("s" * presses))
        rows = [row for row in desk.text().splitlines() if re.search("K[/<>]P", row)]
    assert "NYC" in rows[-1]
    assert "+3.2" not in rows[-1]
    assert "K+" not in rows[-1]


async def test_rows_stand_still_while_prices_move(run):
    async with run(PAIRED) as desk:
        await desk.press(PANE, "s")
        before = _names(desk)
        jumped = tuple(change(pair, ev=-pair.ev if pair.ev else None) for pair in PAIRS)
        moved = change(PAIRED, spreads=change(SPREADS, pairs=jumped))
        await desk.show(change(moved, ts=PAIRED.ts + 2 * SECOND))
        assert _names(desk) == before
        await desk.show(change(moved, ts=PAIRED.ts + 4 * SECOND))
        assert _names(desk) != before
        await desk.press("s", "s", "s", "s")
        calm = _names(desk)
        await desk.show(change(PAIRED, ts=PAIRED.ts + 9 * SECOND))
        assert _names(desk) == calm


async def test_no_age_is_said_of_a_book_that_is_not_believed(run):
    async with run(PAIRED) as desk:
        await desk.press(PANE)
        (row,) = [row for row in desk.text().splitlines() if "3,015" in row]
    assert "ETH 15m >3,015 7:45 " in row
    assert row.endswith("  -")


async def test_an_acknowledged_disagreement_is_not_counted(run):
    async with run(PAIRED) as desk:
        await desk.press(PANE)
        assert " 1 disagree" in desk.text()


async def test_an_empty_strip_gives_no_other_panes_reason(run):
    async with run(change(PAIRED, tickets=())) as desk:
        assert "no ticket: nothing with LOW" in desk.text()
        await desk.press(PANE)
        assert "no ticket" in desk.text()
        assert "nothing with LOW" not in desk.text()


async def test_refused_pairs_are_shown_when_asked_for_and_can_be_confirmed(run):
    view = change(PAIRED, pair=change(DETAIL, pair=next(pair for pair in PAIRS if pair.name == "refused")))
    async with run(view) as desk:
        await desk.press(PANE)
        assert "SOL >138 3pm" not in "".join(
            row for row in desk.text().splitlines() if re.search("K[/<>]P", row)
        )
        await desk.press("/", *"refused", "space", *"sol", "enter")
        assert "SOL >138 3pm" in "".join(row for row in desk.text().splitlines() if re.search("K[/<>]P", row))
        await desk.press("c", "G", "y")
        assert len(desk.link.of(ConfirmPair)) == 1


async def test_why_says_who_is_right(run, snapshot):
    async with run(PAIRED) as desk:
        await desk.press(PANE)
        await desk.press(*_to(desk, "btc"), "w")
        snapshot("spreads-why", desk.text())
        await desk.press("g", *_to(desk, "off"))
        assert "venues disagree by 5c at the touch: one of them is wrong, or we are" in desk.text()


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
        await desk.press(*_to(desk, "btc"), "c", "n", "n")
        assert not desk.link.of(RefusePair)  # not before it was read
        await desk.press("G", "n")
        assert f"n again: refuse all pairs of {DETAIL.key}" in desk.text()
        await desk.press("k", "G", "n")
        assert not desk.link.of(RefusePair)  # another key came between
        await desk.press("n")
        (sent,) = desk.link.of(RefusePair)
        assert sent.pair == DETAIL.key
        assert desk.app.dialog is None


async def test_a_yes_after_a_no_confirms(run):
    async with run(PAIRED) as desk:
        await desk.press(PANE)
        await desk.press(*_to(desk, "btc"), "c", "G", "n", "y")
        assert not desk.link.of(RefusePair)
        assert len(desk.link.of(ConfirmPair)) == 1


async def test_a_disagreement_is_acknowledged_where_there_is_one(run):
    async with run(PAIRED) as desk:
        await desk.press(PANE)
        await desk.press(*_to(desk, "btc"), "d")
        assert not desk.link.of(Acknowledge)
        await desk.press("g", *_to(desk, "off"), "d")
        assert [sent.pair for sent in desk.link.of(Acknowledge)] == ["off"]


async def test_both_legs_are_printed_and_one_key_approves(run, snapshot):
    async with run(TWO_LEGS) as desk:
        snapshot("two-legs", desk.text())
        await desk.press("a")
        (sent,) = desk.link.of(Approve)
        assert (sent.ticket, sent.partner) == ("T-5", "T-6")
        assert (sent.partner_side, sent.partner_price, sent.partner_qty) == (ASK, 5600, 100 * QTY)


@pytest.mark.parametrize("pane", ["7", "8", "9"])
async def test_a_leg_that_is_not_printed_is_not_approved(run, snapshot, pane):
    async with run(TWO_LEGS) as desk:
        desk.now += 60 * SECOND
        await desk.press(pane)
        assert "NOT ARMED: two legs, both are shown on pane 1 or 2" in desk.text()
        assert "T-6" not in desk.text()
        await desk.press("a")
        assert not desk.link.of(Approve)
        snapshot(f"two-legs-{pane}", desk.text())
        await desk.press("1")
        desk.tap("a", gap_ms=200)
        desk.wait(31)
        (sent,) = desk.link.of(Approve)
        assert sent.shown_ts >= -SECOND - 200 * MILLISECOND


async def test_a_pane_with_the_room_prints_both_legs(run):
    async with run(TWO_LEGS, size=(140, 40)) as desk:
        await desk.press("7")
        assert "both or none: T-6 BUY NO 100 @ 44c" in desk.text()
        await desk.press("a")
        assert [sent.partner for sent in desk.link.of(Approve)] == ["T-6"]


async def test_what_would_be_refused_has_no_terms(run):
    ticket = change(TWO_LEGS.tickets[0], refusal="event cap: worst case -250.00 reached")
    async with run(change(TWO_LEGS, tickets=(ticket,))) as desk:
        assert desk.app.frame.strip.terms is None
        assert "T-6" not in desk.text()


async def test_the_other_legs_terms_are_new_to_the_eye_when_they_change(run):
    async with run(TWO_LEGS) as desk:
        desk.now += 9 * SECOND
        ticket = change(
            TWO_LEGS.tickets[0], partner_price=5700
        )  # the words stay: the worst case for a repaint
        await desk.show(change(TWO_LEGS, tickets=(ticket,)))
        desk.tap("a", gap_ms=160)
        desk.wait(31)
        (sent,) = desk.link.of(Approve)
        assert (sent.partner_price, sent.shown_ts) == (5700, -160 * MILLISECOND)


@pytest.mark.parametrize("what", [TWO_LEGS.tickets[0], HEDGE], ids=["leg", "hedge"])
async def test_a_leg_is_not_edited(run, what):
    async with run(change(TWO_LEGS, tickets=(what,))) as desk:
        await desk.press("e")
        assert desk.app.dialog is None
        assert "is a leg of two: it is not edited" in desk.text()


async def test_a_legs_order_is_not_edited(run):
    working = order("D-50", "K-works", "CPI Nov >0.3", ticket="T-1")
    view = change(PAIRED, tickets=(), desk=change(DESK, working=(working,)))
    async with run(view) as desk:
        await desk.press(PANE)
        await desk.press(*_to(desk, "works"), "e")
        assert desk.app.dialog is None
        assert "D-50 is a leg of two" in desk.text()


async def test_a_hedge_takes_the_strip_when_it_comes(run, snapshot):
    async with run(PAIRED) as desk:
        await desk.press("n")
        assert "TICKET 2/3" in desk.text()
        await desk.show(change(PAIRED, tickets=(HEDGE, *TICKETS)))
        snapshot("hedge", desk.text())
        assert "locks -13.6c x10 = -1.36  out now -2.09  naked 0:42  moves desk-3" in desk.text()
        await desk.press("n")
        assert "TICKET 2/4" in desk.text()
        await desk.show(change(PAIRED, tickets=(HEDGE, *TICKETS)))
        assert "TICKET 2/4" in desk.text()


async def test_a_hedge_under_the_best_does_not_say_it_is_there(run):
    for ticket, there in ((change(HEDGE, replaces=""), True), (change(HEDGE, replaces="", bid=8800), False)):
        async with run(change(PAIRED, tickets=(ticket,))) as desk:
            assert ("at the best" in desk.text()) == there
            assert ("2c under" in desk.text()) != there


# ---------------------------------------------------------------------------------------------- keys on a pair


async def test_a_key_acts_on_the_leg_that_is_naked(run):
    view = change(PAIRED, tickets=(), desk=change(DESK, events=(held("0xnaked", 10), held("K-naked", 4))))
    async with run(view) as desk:
        await desk.press(PANE)
        assert " unw" in desk.text().splitlines()[-1]
        await desk.press("u")
        assert desk.link.of(Unwind) == [Unwind(0, "0xnaked")]


async def test_unwinding_works_on_the_leg_that_is_held(run):
    view = change(PAIRED, tickets=(), desk=change(DESK, events=(held("0xbtc", -10),)))
    async with run(view) as desk:
        await desk.press(PANE)
        await desk.press(*_to(desk, "btc"), "u")
        assert desk.link.of(Unwind) == [Unwind(0, "0xbtc")]


async def test_unwinding_both_is_asked_for(run):
    view = change(PAIRED, tickets=(), desk=change(DESK, events=(held("K-btc", 10), held("0xbtc", -10))))
    async with run(view) as desk:
        await desk.press(PANE)
        await desk.press(*_to(desk, "btc"), "u")
        assert "Unwind both: YES 10 K-btc and NO 10 0xbtc?" in " ".join(desk.text().replace("|", " ").split())
        assert not desk.link.of(Unwind)
        await desk.press("y")
        assert desk.link.of(Unwind) == [Unwind(0, "K-btc"), Unwind(0, "0xbtc")]


async def test_a_cancel_takes_both_legs_back(run):
    working = (
        order("D-50", "K-works", "CPI Nov >0.3", ticket="T-1"),
        order("D-51", "0xworks", "pm CPI Nov >0.3", ticket="T-2"),
        order("D-52", "0xworks", "pm CPI Nov >0.3", ticket="T-77"),
    )
    async with run(change(PAIRED, tickets=(), desk=change(DESK, working=working))) as desk:
        await desk.press(PANE)
        await desk.press(*_to(desk, "works"), "x")
        assert [sent.order for sent in desk.link.of(CancelOrder)] == ["D-50", "D-51"]
        await desk.press("X")
        await desk.press("y")
        assert [sent.market for sent in desk.link.of(PullMarket)] == ["K-works", "0xworks"]


async def test_a_cancel_without_a_trade_takes_the_newest_of_either_market(run):
    working = (order("D-60", "K-btc", "BTC"), order("D-61", "0xbtc", "pm BTC", sent_ns=1 << 62))
    async with run(change(PAIRED, tickets=(), desk=change(DESK, working=working))) as desk:
        await desk.press(PANE)
        await desk.press(*_to(desk, "btc"), "x")
        assert [sent.order for sent in desk.link.of(CancelOrder)] == ["D-61"]


def _names(desk):
    """Labels in the order of the rows."""
    rows = [row[3:] for row in desk.text().splitlines() if re.search("K[/<>]P", row)]
    return [row.partition("  ")[0] for row in rows]


def _to(desk, name):
    """Keys to a pair's row from the top."""
    rows = [row for row in desk.text().splitlines() if re.search("K[/<>]P", row)]
    label = next(pair.label for pair in PAIRS if pair.name == name)
    return ["down"] * next(i for i, row in enumerate(rows) if label[:9] in row)


async def test_a_recordings_pairs_are_only_looked_at(run):
    async with run(PAIRED, REPLAYING, player=SamplePlayer()) as desk:
        await desk.press(PANE)
        await desk.press(*_to(desk, "btc"), "c", "G", "y", "n")
        assert "a recording plays" in desk.text()
        assert not desk.link.of(ConfirmPair)
        assert not desk.link.of(RefusePair)
