"""What a sweep says of its parameter sets."""

import pytest

from cockpit.evaluation.sweep_table import table, text
from cockpit.evaluation.trials import Event, Row
from cockpit.models.verdicts import B_BETTER, COLLECTING


def row(trial, nets, session="one", settled=None, failed=""):
    events = {f"e{i:03}": Event(net, 10.0, "crypto") for i, net in nets.items() if net}
    when = {f"e{i:03}": 1000 + i for i in (settled if settled is not None else nets)}
    return Row(
        key=f"{session} {trial}", session=session, strategy=trial.partition("[")[0], trial=trial, parameters={},
        events=events, open={}, settled=when, net=sum(nets.values()), fees=0.0, flat=0.0, orders=3, fills={},
        by_rule={}, markouts=[], failed=failed, digest="", seconds=0.0,
    )  # fmt: skip


def test_each_against_the_version_itself():
    many = range(60)
    base = row("V15", dict.fromkeys(many, 1.0) | {7: 0.0})
    good = row("V15[gate=0.5]", {i: 61.0 - 20.0 * (i % 3 == 0) for i in many})
    same = row("V15[gate=0.7]", {i: 1.0 + (-1.0) ** i for i in many})
    made = table([base, good, same], [base, good, same])
    assert [line.parameters for line in made.lines] == ["base", "gate=0.5", "gate=0.7"]
    own, better, other = made.lines
    assert (own.verdict, own.adjusted, own.events) == (None, None, 59)
    assert better.verdict is not None
    assert (better.verdict.state, better.verdict.n) == (B_BETTER, 60)
    assert other.verdict is not None
    assert better.adjusted == pytest.approx(2 * better.verdict.p)
    assert other.adjusted == 1.0
    assert better.deflated is not None
    assert "better" in text(made)
    assert made.best is not None
    assert made.best.better == (0,)
    assert made.best.superior < 0.01
    assert text(made).endswith("(reality check); 1 better by the stepwise test at 5 %")
    assert "cannot tell yet" in text(made)


def test_all_that_was_tried_counts():
    base, one = row("V15", {1: 2.0}), row("V15[gate=0.5]", {1: 3.0})
    dropped = [row(f"V15[gate=0.{i}]", {1: 1.0}) for i in (4, 5, 6)]
    made = table([base, one], [base, one, *dropped, row("V14[gate=0.5]", {1: 1.0})])
    assert made.tried == 3
    assert text(made).endswith("3 parameter sets of V15 tried in all, besides its own")
    assert made.lines[1].deflated is None, "one event is no Sharpe ratio"
    assert made.best is None


def test_sessions_are_joined_by_cluster():
    rows = [
        row("V15", {1: 2.0}, "one"), row("V15", {1: 1.0, 2: 4.0}, "two"),
        row("V15[gate=0.5]", {1: 0.0}, "one", settled=[1]), row("V15[gate=0.5]", {2: 5.0}, "two", settled=[1, 2]),
    ]  # fmt: skip
    base, other = table(rows, rows).lines
    assert (base.sessions, base.events, base.net) == (2, 2, 7.0)
    assert other.verdict is not None
    assert (other.verdict.state, other.verdict.n) == (COLLECTING, 2)
    assert other.verdict.mean == pytest.approx((5.0 - 7.0) / 2)


def test_a_failure_is_said():
    rows = [row("V15", {1: 2.0}), row("V15[gate=0.5]", {1: 1.0}, failed="ValueError: x")]
    assert "failed: ValueError: x" in text(table(rows, rows))
