"""Climate reports: by words, in several layouts; final only when the day is over and the text says yesterday."""

from collections import Counter

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.weather import Report
from cockpit.feeds.weather.climate import Product, read
from cockpit.feeds.weather.places import Places
from cockpit.models.weather.stations import STATIONS

from .payloads import (  # noqa: TID252  the tests are no package
    AFTERNOON,
    COLD,
    MORNING,
    PLAIN,
    TWO_SITES,
    at,
    product,
)

PLACES = Places(STATIONS)
EARLY = "2027-07-16T06:31:00+00:00"


def reports(text: str, when: str = EARLY, census: Counter[str] | None = None) -> list[Report]:
    body = msgspec.convert(product(text, when), Product)
    return read(body, PLACES, Counter() if census is None else census)


def one(text: str, when: str = EARLY) -> Report:
    (found,) = reports(text, when)
    return found


def test_yesterdays_report_is_final() -> None:
    assert one(MORNING) == Report("KNYC", "2027-07-15", 91, 74, at(EARLY), final=True)


def test_a_report_within_its_own_day_is_never_final() -> None:
    when = "2027-07-16T20:34:00+00:00"
    assert one(AFTERNOON, when) == Report("KNYC", "2027-07-16", 93, 76, at(when))
    for late in ("2027-07-17T05:30:00+00:00", "2027-07-18T12:00:00+00:00"):
        assert not one(AFTERNOON, late).final
    without = AFTERNOON.replace("VALID TODAY AS OF 0400 PM LOCAL TIME.", "")
    assert not one(without, "2027-07-18T12:00:00+00:00").final, "it says TODAY"


def test_a_report_issued_within_the_standard_day_is_not_final() -> None:
    assert not one(MORNING, "2027-07-16T04:40:00+00:00").final, "00:40 by the wall, 23:40 in standard time"
    assert one(MORNING, "2027-07-16T05:00:00+00:00").final


def test_flags_missing_figures_and_corrections() -> None:
    found = one(PLAIN, "2027-07-16T06:20:00+00:00")
    assert found == Report("KMIA", "2027-07-15", 92, None, at("2027-07-16T06:20:00+00:00"), True, True)


def test_negative_figures_and_a_summary_from_a_day() -> None:
    found = one(COLD, "2027-01-16T09:40:00+00:00")
    assert (found.station, found.day, found.high, found.low, found.final) == (
        "KMSP",
        "2027-01-15",
        -3,
        -21,
        True,
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("CDUS41 KOKX 160631", "CDUS41 KOKX 160631 CCB"),
        ("CLIMATE REPORT\n", "CLIMATE REPORT (CORRECTION)\n"),
        ("JULY 15 2027...", "JULY 15 2027 CORRECTION..."),
    ],
)
def test_a_correction_is_told_in_three_places(old: str, new: str) -> None:
    assert not one(MORNING).correction
    assert one(MORNING.replace(old, new, 1)).correction
    assert not one(MORNING.replace("160631", "160631 RRA")).correction, "sent again is not corrected"


def test_of_several_sites_the_headline_says_which_is_ours() -> None:
    census: Counter[str] = Counter()
    (found,) = reports(TWO_SITES, census=census)
    assert (found.station, found.high, found.low) == ("KHOU", 95, 79)
    assert census == {"site:HOUSTON INTERCONTINENTAL": 1}


def test_another_stations_report_tells_nothing() -> None:
    census: Counter[str] = Counter()
    assert reports(MORNING.replace("CLINYC", "CLILGA"), census=census) == []
    assert census == {"site:CENTRAL PARK NY": 1}


def test_a_headline_over_two_lines_is_read() -> None:
    text = MORNING.replace(
        "THE CENTRAL PARK NY CLIMATE SUMMARY FOR", "THE CENTRAL PARK\nNY CLIMATE\nSUMMARY FOR"
    )
    assert one(text).day == "2027-07-15"


def test_a_morning_report_without_a_maximum_tells_the_minimum() -> None:
    text = "\n".join(line for line in AFTERNOON.splitlines() if "MAXIMUM" not in line)
    census: Counter[str] = Counter()
    (found,) = reports(text, "2027-07-16T12:00:00+00:00", census)
    assert (found.high, found.low) == (None, 76)
    assert census == {"report:without MAXIMUM": 1}


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("CLINYC\n", "\n", "not a climate report"),
        ("CLIMATE SUMMARY", "SUMMARY", "not a climate report"),
        ("FOR JULY 15", "FOR QUINTILIS 15", "not a month"),
        ("FOR JULY 15", "FOR JULY 32", "day"),
        ("FOR JULY 15", "FOR JULY 17", "issued on"),
        ("JULY 15 2027", "JULY 15 2020", "issued on"),
        ("TEMPERATURE (F)\n YESTERDAY", "RAIN", "without temperatures"),
        ("MAXIMUM         91 ", "MAXIMUM         61 ", "below a low"),
        ("MAXIMUM         91 ", "MAXIMUM            ", "no figure"),
        ("MAXIMUM         91 ", "MAXIMUM         9I ", "no figure"),
        ("MAXIMUM         91 ", "MAXIMUM        191 ", "out of range"),
    ],
)
def test_what_contradicts_itself_is_refused(old: str, new: str, why: str) -> None:
    assert old in MORNING
    with pytest.raises(ValueError, match=why):
        reports(MORNING.replace(old, new, 1))


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from((MORNING, AFTERNOON, PLAIN, COLD, TWO_SITES)),
    st.lists(st.tuples(st.integers(0, 2_000), st.characters(max_codepoint=127)), max_size=8),
    st.integers(0, 2_000),
)
def test_mutated_and_cut_texts_give_reports_or_a_value_error(
    text: str, changes: list[tuple[int, str]], cut: int
) -> None:
    for place, char in changes:
        text = text[:place] + char + text[place + 1 :]
    try:
        found = reports(text[: len(text) - cut] if cut % 2 else text)
    except ValueError:
        return
    for each in found:
        assert type(each.high) in (int, type(None))
        assert each.high is None or each.low is None or each.high >= each.low
