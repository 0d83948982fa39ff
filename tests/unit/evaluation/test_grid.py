"""Grids as typed: ranges, lists, units, and the names of versions they become."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.errors import SettingsError
from cockpit.domain.units import QTY, SECOND
from cockpit.evaluation.grid import MOST, axis, names, parameters, shown
from cockpit.strategies.versions import VERSIONS, version


@pytest.mark.parametrize(
    ("strategy", "text", "name", "values"),
    [
        ("V15", "threshold=3..8", "threshold", ("0.03", "0.04", "0.05", "0.06", "0.07", "0.08")),
        ("V15", "threshold=3..4:0.5", "threshold", ("0.03", "0.035", "0.04")),
        ("V15", "threshold=none,5", "threshold", ("none", "0.05")),
        ("V15", "theta=0.2", "theta", ("0.002",)),
        ("V15", "gate=0.55,0.6,0.55", "gate", ("0.55", "0.6")),
        ("V15", "ttl=10..30:10", "ttl_ns", (str(10 * SECOND), str(20 * SECOND), str(30 * SECOND))),
        ("V15", "ttl_ns=10", "ttl_ns", (str(10 * SECOND),)),
        ("V15", "blend.w=0..1:0.5", "blend.w", ("0", "0.5", "1")),
        ("V15", "limits.tau_min=90", "limits.tau_min_ns", (str(90 * SECOND),)),
        ("V15", "limits.max_spread=10", "limits.max_spread", ("1000",)),
        ("V15", "caps.kelly=25", "caps.kelly", ("2500",)),
        ("V10", "threshold=0.5,1", "threshold", ("0.5", "1")),
        ("V10", "qty=20", "qty", (str(20 * QTY),)),
        ("yesBias", "low=15", "low", ("1500",)),
        ("homeUnderdog", "margin=2,3", "margin", ("0.02", "0.03")),
    ],
)
def test_values_in_a_persons_units(strategy, text, name, values):
    made = axis(strategy, text)
    assert (made.name, made.values) == (name, values)
    assert all(version(each) for each in names(strategy, [made]))


@pytest.mark.parametrize(
    "text", ["threshold", "threshold=", "threshold=x", "threshold=3..", "threshold=8..3", "threshold=3..8:0",
             "threshold=3..8:-1", "threshold=nan", "threshold=inf", "threshold=1..nan", f"threshold=0..{MOST + 1}"],
)  # fmt: skip
def test_refusals(text):
    with pytest.raises(SettingsError, match="threshold"):
        axis("V15", text)


def test_unknown_versions_and_parameters():
    with pytest.raises(SettingsError, match="no strategy version 'V99'"):
        axis("V99", "threshold=3")
    with pytest.raises(SettingsError, match="no parameter 'mood'; known: blend, theta"):
        names("V15", [axis("V15", "mood=3")])
    with pytest.raises(SettingsError, match="no parameter 'q'"):
        names("V15", [axis("V15", "blend.q=3")])
    with pytest.raises(SettingsError, match="twice"):
        names("V15", [axis("V15", "gate=0.5"), axis("V15", "gate=0.6")])
    with pytest.raises(SettingsError, match="combinations"):
        names("V15", [axis("V15", "gate=0..1:0.001"), axis("V15", "theta=0..10:0.1")])


def test_the_version_itself_comes_first_and_once():
    found = names("V15", [axis("V15", "threshold=4..6"), axis("V15", "gate=0.6,0.7")])
    assert found == [
        "V15",
        "V15[threshold=0.04;gate=0.6]",
        "V15[threshold=0.04;gate=0.7]",
        "V15[threshold=0.05;gate=0.7]",
        "V15[threshold=0.06;gate=0.6]",
        "V15[threshold=0.06;gate=0.7]",
    ]
    assert names("V15", []) == ["V15"]


def test_names_are_read_back():
    name = "V15[threshold=0.04;ttl_ns=10000000000;blend.w=0.5]"
    assert parameters(name) == {"threshold": "0.04", "ttl_ns": "10000000000", "blend.w": "0.5"}
    assert shown(name) == "threshold=4 ttl_ns=10 blend.w=0.5"
    assert (parameters("V15"), shown("V15"), shown("V15[threshold=none]")) == ({}, "base", "threshold=none")


@given(st.decimals(0, 50, places=2), st.sampled_from(["V15", "V10"]))
def test_what_is_typed_is_what_is_shown(value, strategy):
    text = f"{value:f}".rstrip("0").rstrip(".") or "0"
    (made,) = axis(strategy, f"threshold={value:f}").values
    assert shown(f"{strategy}[threshold={made}]") == f"threshold={text}"


def test_every_parameter_of_every_version_can_be_reached():
    for name, each in VERSIONS.items():
        for field in each.__struct_fields__:
            value = getattr(each, field)
            if isinstance(value, int | float) and not isinstance(value, bool):
                assert len(names(name, [axis(name, f"{field}=1,2,3")])) > 2
