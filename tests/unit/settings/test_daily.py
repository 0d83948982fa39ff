"""The rows of the screen: words out of settings, settings out of words, values for the file."""

import tomllib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.errors import SettingsError
from cockpit.domain.units import MONEY
from cockpit.engine.engine import Engine
from cockpit.engine.limits import told
from cockpit.settings.daily import DAILY, limits, typed, value, words
from cockpit.settings.tree import Settings, read
from cockpit.settings.written import changed

DOLLARS = st.decimals("0.01", "9999999", places=2)
TYPED = st.fixed_dictionaries(
    {},
    optional={
        "desk.threshold_cents": st.decimals(0, 50, places=2).map(str),
        "desk.event_share": st.decimals("0.000001", 1, places=6).map(str),
        **{name: DOLLARS.map(str) for name in ("desk.day_loss", "desk.bankroll", "caps.order", "caps.total")},
        "desk.strategies": st.lists(st.sampled_from(["V14", "V15", "V15[threshold=0.08]"]), max_size=2, unique=True).map(" ".join),
        "spot.assets": st.lists(st.sampled_from(["BTC", "ETH", "SOL"]), max_size=3).map(", ".join),
    },
)  # fmt: skip


def test_every_row_is_a_setting_and_every_limit_has_one() -> None:
    plain = Settings().plain()
    for each in DAILY:
        part, _, key = each.name.partition(".")
        assert key in plain[part]
    assert {each.name for each in DAILY if each.limit} == set(told(Settings().limits()))
    fields = [each.limit for each in DAILY if each.limit]
    assert sorted((*fields, "ts")) == sorted(Settings().limits().__struct_fields__)


@given(TYPED)
def test_what_is_typed_comes_back_from_the_file_as_it_was_taken(text: dict[str, str]) -> None:
    made = typed(Settings(), text)
    file = changed("# mine\n", {name: value(made, name) for name in text})
    again = read(tomllib.loads(file), "file")
    assert words(again) == words(made)
    assert again.limits() == made.limits()
    assert again.engine() == made.engine()
    assert typed(Settings(), words(made)) == made


def test_limits_set_are_those_a_start_with_the_file_would_have() -> None:
    """Setting them while a session runs, and starting anew with what was written, is one and the same."""
    made = typed(
        Settings(), {"desk.threshold_cents": "5.1", "desk.event_share": "0.035", "caps.order": "12.5"}
    )
    begun = Engine(made.engine())
    running = Engine(Settings().engine())
    running.process(
        limits(Settings().limits(), made, {"desk.threshold_cents": "", "desk.event_share": "", "caps.order": ""})
    )  # fmt: skip
    one, two = begun.gate.limits, running.gate.limits
    assert (one.threshold, one.event_share, one.caps) == (two.threshold, two.event_share, two.caps)
    assert two.caps.order == 25 * MONEY // 2


def test_only_the_named_limits_are_taken_over() -> None:
    made = typed(Settings(), {"caps.order": "1", "caps.total": "2"})
    after = limits(Settings().limits(), made, {"caps.order": "1", "spot.assets": "BTC"})
    assert told(after) == told(Settings().limits()) | {"caps.order": "1"}


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("desk.threshold_cents", "51", "less than or equal to 50"),
        ("desk.threshold_cents", "5.125", "decimal places"),
        ("desk.threshold_cents", "-0.01", "greater than or equal to 0"),
        ("desk.event_share", "0", "greater than 0"),
        ("desk.strategies", "V15 V99", "no strategy version 'V99'"),
        ("desk.strategies", "V15 V14 V15", "V15 is named twice"),
        ("desk.strategies", "V15 probe", "probe proves fills only"),
        ("caps.order", "-5", "greater than 0"),
        ("kalshi.series", "KX<b>", "pattern"),
    ],
)
def test_what_is_wrong_is_said_by_the_tree(name: str, text: str, says: str) -> None:
    with pytest.raises(SettingsError, match=name.replace(".", r"\.")) as raised:
        typed(Settings(), {name: text})
    assert says in str(raised.value)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "none", "nan", "inf", "1e3", "1E-1", "1_000", "1,000", "1.2.3", ".", "-", "+", "--1", "- 1", "1 0", "0x10",
        "٥", "５０", "1５", "५.5", "−5", "²", "5\n", "5\u00a0", "5 $",
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["desk.threshold_cents", "caps.order"])
def test_what_is_more_likely_a_slip_than_a_number_is_refused(name: str, text: str) -> None:
    with pytest.raises(SettingsError, match=f"typed: {name}: plain digits"):
        typed(Settings(), {name: text, "caps.total": "7"})


def test_each_slip_is_named() -> None:
    with pytest.raises(SettingsError, match=r"typed: caps\.order, caps\.total: plain"):
        typed(Settings(), {"caps.order": "1e3", "caps.total": "٥", "desk.strategies": "V15"})


@pytest.mark.parametrize(
    ("text", "number"),
    [("5", "5"), ("+5", "5"), (" 5.50 ", "5.5"), ("7.", "7"), (".5", "0.5"), ("007", "7"), ("0", "0"), ("-0", "0"), ("-0.00", "0"), ("+.0", "0")],
)  # fmt: skip
def test_numbers_as_people_write_them(text: str, number: str) -> None:
    made = typed(Settings(), {"desk.threshold_cents": text})
    assert words(made)["desk.threshold_cents"] == number
    assert made.desk.threshold_cents == Decimal(number)
    assert not made.desk.threshold_cents.is_signed()
    assert value(made, "desk.threshold_cents") == float(number)


def test_no_names_are_none() -> None:
    made = typed(Settings(), {"spot.assets": " ", "desk.strategies": "none"})
    assert (made.spot.assets, made.desk.strategies) == ((), ())
    assert words(made)["spot.assets"] == words(made)["desk.strategies"] == "none"
    assert value(made, "spot.assets") == []


def test_a_value_is_a_number_of_the_file() -> None:
    made = typed(Settings(), {"caps.order": "50.00", "desk.event_share": "0.05"})
    assert value(made, "caps.order") == 50
    assert isinstance(value(made, "caps.order"), int)
    assert value(made, "desk.event_share") == 0.05
    assert made.desk.event_share == Decimal("0.05")
