"""What would my order have done: files of orders, told the way a venue tells it."""

import asyncio

import pytest

from cockpit.domain.errors import OrdersError
from cockpit.evaluation.simulate import Refusals, merged, read_orders, results, script
from cockpit.runtime import replay
from cockpit.runtime.reader import SessionFile
from cockpit.runtime.session import run
from cockpit.settings.tree import Settings

from ...conftest import T0, TICKER  # noqa: TID252  the tests are no package

HEAD = "ts_ns,market,side,price,qty,cancel_ts_ns\n"


@pytest.fixture
def ask(tmp_path):
    """Put orders into a session: ask(session path, rows) -> results."""

    def put(path, *rows, latency_ms=0):
        orders = tmp_path / "orders.csv"
        orders.write_text(HEAD + "".join(f"{row}\n" for row in rows))
        wishes = read_orders(orders)
        file = SessionFile(path)
        engine = replay.engine_for_orders(file, Settings(), latency_ms, len(wishes))
        refusals = Refusals()
        session = replay.session(file, engine, None, listeners=(refusals,))
        asyncio.run(run(session, merged(replay.batches(file), script(wishes))))
        return results(session, wishes, refusals)["orders"]

    return put


def row(ms, side, price, qty, cancel="", market=TICKER):
    until = T0 + int(cancel * 1_000_000) if cancel != "" else ""
    return f"{T0 + int(ms * 1_000_000)},{market},{side},{price},{qty},{until}"


def book(wire):
    return wire.market(0).snapshot(1, {"0.4000": "100.00", "0.3900": "50.00"}, {"0.5800": "80.00"})


def quantities(order):
    return {rule: sum(f["qty"] for f in fills) for rule, fills in order["fills"].items()}


@pytest.mark.parametrize("first", ["size", "trade"])
def test_an_order_behind_a_hundred(wire, write, ask, first):
    book(wire)
    for ms, count in ((10, "60.00"), (20, "40.00"), (30, "4.50")):
        if first == "size":
            wire.delta(ms, "yes", "0.4000", f"-{count}").trade(ms + 1, "0.4000", count, "no")
        else:
            wire.trade(ms, "0.4000", count, "no").delta(ms + 1, "yes", "0.4000", f"-{count}")
        if count == "60.00":
            wire.delta(ms + 2, "yes", "0.4000", "4.50")
    (order,) = ask(write(wire.frames), row(5, "buy_yes", "0.40", "10"))
    assert order["queue_at_entry"] == 100
    assert quantities(order) == {"cross": 0, "tail": 4.5, "fifo": 4.5, "touch": 10}
    assert order["fills"]["fifo"][0]["cause"] == "queue"
    assert order["story"]["printed_at_level"] == 104.5
    assert order["story"]["end"] == "still resting when the session ended"


def test_a_no_order_in_its_own_terms(wire, write, ask):
    book(wire).delta(10, "no", "0.5800", "-80.00").trade(11, "0.4200", "80.00", "yes")
    wire.delta(12, "no", "0.5800", "5.00").delta(13, "no", "0.5800", "-5.00")
    wire.trade(14, "0.4200", "5.00", "yes")
    (order,) = ask(write(wire.frames), row(5, "buy_no", "0.58", "10"))
    assert order["queue_at_entry"] == 80
    assert order["fills"]["fifo"] == [{"ts_ns": T0 + 14_000_000, "qty": 5.0, "price": 0.58, "cause": "queue"}]


def test_a_cancel_ends_it(wire, write, ask):
    book(wire).trade(10, "0.3900", "20.00", "no").trade(30, "0.3900", "20.00", "no")
    late, early = ask(
        write(wire.frames), row(5, "buy_yes", "0.40", "30", 20), row(5, "buy_yes", "0.40", "30", 6)
    )
    assert quantities(late)["cross"] == 20
    assert late["story"]["end"] == "cancelled by hand"
    assert quantities(early)["touch"] == 0


def test_orders_do_not_meet_each_other(wire, write, ask):
    book(wire).trade(10, "0.3900", "20.00", "no")
    both = ask(write(wire.frames), row(5, "buy_yes", "0.40", "20"), row(5, "buy_yes", "0.40", "20"))
    assert [quantities(order)["cross"] for order in both] == [20, 20]


def test_latency_is_added_when_asked_for(wire, write, ask):
    book(wire).delta(100, "yes", "0.4000", "11.00").delta(400, "yes", "0.4000", "1.00")
    path = write(wire.frames)
    assert ask(path, row(50, "buy_yes", "0.40", "1"), latency_ms=250)[0]["queue_at_entry"] == 111
    assert ask(path, row(50, "buy_yes", "0.40", "1"))[0]["queue_at_entry"] == 100


def test_refusals_say_why(wire, write, ask):
    book(wire).delta(10, "yes", "0.4000", "1.00")
    crossing, off_grid, unknown, early = ask(
        write(wire.frames),
        row(5, "buy_yes", "0.42", "10"),
        row(5, "buy_yes", "0.405", "10"),
        row(5, "buy_yes", "0.40", "10", market="KXNONE"),
        row(-5, "buy_yes", "0.40", "10"),
    )
    assert crossing["story"]["why"] == "post-only would cross"
    assert off_grid["story"]["why"] == "price off the grid"
    assert unknown["story"]["why"] == early["story"]["why"] == "unknown market"
    assert all(order["queue_at_entry"] is None for order in (crossing, off_grid, unknown, early))


def test_without_trades_only_cross_is_known(wire, write, ask):
    book(wire).delta(10, "no", "0.6000", "4.00")
    (order,) = ask(write(wire.frames, capabilities=["no_trades"]), row(5, "buy_yes", "0.40", "10"))
    assert order["fills"]["cross"] == [{"ts_ns": T0 + 10_000_000, "qty": 4.0, "price": 0.4, "cause": "quote"}]
    assert order["fills"]["tail"] is order["fills"]["fifo"] is order["fills"]["touch"] is None


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("ts,market\n", "line 1"),
        (HEAD[:-1] + ",more\n", "unknown more"),
        (HEAD + "1,M,buy,0.4,1,\n", "line 2: side"),
        (HEAD + "x,M,buy_yes,0.4,1,\n", "line 2: ts_ns"),
        (HEAD + "1,M,buy_yes,40,1,\n", "line 2: price"),
        (HEAD + "1,M,buy_yes,0.40001,1,\n", "line 2: price"),
        (HEAD + "1,M,buy_yes,1,1,\n", "line 2: price"),
        (HEAD + "1,M,buy_yes,0.4,0,\n", "line 2: qty"),
        (HEAD + "1,M,buy_yes,0.4,-3,\n", "line 2: qty"),
        (HEAD + "1,M,buy_yes,0.4,0.001,\n", "line 2: qty"),
        (HEAD + "1,M,buy_yes,0.4\n", "line 2: 6 columns"),
        (HEAD + "9,M,buy_yes,0.4,1,8\n", "line 2: cancel_ts_ns"),
    ],
)
def test_a_bad_file_is_named_with_its_line(tmp_path, text, what):
    path = tmp_path / "orders.csv"
    path.write_text(text)
    with pytest.raises(OrdersError, match=what) as raised:
        read_orders(path)
    assert "orders.csv" in str(raised.value)


def test_a_missing_file(tmp_path):
    with pytest.raises(OrdersError, match=r"none\.csv"):
        read_orders(tmp_path / "none.csv")
