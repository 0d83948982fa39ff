"""How numbers look."""

import pytest
from app_sample import DAY, HOUR, MINUTE, NOW
from hypothesis import given
from hypothesis import strategies as st

from cockpit.app import text
from cockpit.domain.book import EMPTY_ASK, EMPTY_BID
from cockpit.domain.units import ASK, BID, MILLISECOND, MONEY, QTY, SECOND


@pytest.mark.parametrize(
    ("got", "want"),
    [
        (text.cents(8600), "86"),
        (text.cents(50), "0.5"),
        (text.cents(9955), "99.55"),
        (text.act(BID, 8600), "Y@86"),
        (text.act(ASK, 8300), "N@17"),
        (text.act(ASK, 9950), "N@0.5"),
        (text.act(0, 0), "-"),
        (text.bid_ask(8600, 8800), "86/88"),
        (text.bid_ask(50, 150), "0.5/1.5"),
        (text.bid_ask(EMPTY_BID, EMPTY_ASK), "--/--"),
        (text.bid_ask(EMPTY_BID, 200), "--/2"),
        (text.own_top(BID, 8000, 8300), "YES 80/83"),
        (text.own_top(ASK, 8000, 8300), "NO 17/20"),
        (text.own_top(ASK, EMPTY_BID, 8300), "NO 17/--"),
        (text.own_top(ASK, 8000, EMPTY_ASK), "NO --/20"),
        (text.left(0), "-"),
        (text.left(473 * SECOND), "7:53"),
        (text.left(19 * MINUTE + 59 * SECOND), "19m"),
        (text.left(2 * HOUR + 7 * MINUTE), "2h07"),
        (text.underlying(84_213.4), "84,213"),
        (text.underlying(3_021.64), "3,021.6"),
        (text.underlying(138.213), "138.21"),
        (text.underlying(0.55123), "0.5512"),
        (text.signed_cents(0.08), "+8"),
        (text.signed_cents(-0.024), "-2"),
        (text.signed_cents(0.0), "+0"),
        (text.signed_cents(-0.004, 1), "-0.4"),
        (text.signed_cents(None), "-"),
        (text.money(86 * MONEY), "86.00"),
        (text.money(-1059 * MONEY // 10), "-105.90"),
        (text.money(MONEY // 200), "0.01"),
        (text.money(-MONEY // 1000), "0.00"),
        (text.money(None), "-"),
        (text.signed_money(3484 * MONEY // 100), "+34.84"),
        (text.signed_money(0), "+0.00"),
        (text.signed_money(-MONEY), "-1.00"),
        (text.whole_money(1846 * MONEY + MONEY // 2), "1847"),
        (text.quantity(QTY // 100), "0.01"),
        (text.short_quantity(240 * QTY), "240"),
        (text.short_quantity(QTY // 4), "0.25"),
        (text.short_quantity(1), "<.01"),
        (text.short_quantity(99_930_000), "100"),
        (text.short_quantity(9_960_000), "10"),
        (text.short_quantity(9_940_000), "9.9"),
        (text.short_quantity(4_100 * QTY), "4.1k"),
        (text.short_quantity(12_000 * QTY), "12k"),
        (text.short_quantity(1_230_000 * QTY), "1.2M"),
        (text.duration(21 * SECOND), "0:21"),
        (text.duration(473 * SECOND), "7:53"),
        (text.duration(59 * MINUTE + 59 * SECOND), "59:59"),
        (text.duration(2 * HOUR + 7 * MINUTE), "2h07"),
        (text.duration(17 * DAY), "17d"),
        (text.duration(3 * DAY + 7 * HOUR), "3d07"),
        (text.duration(-SECOND), "0:00"),
        (text.age(400 * MILLISECOND), "<1s"),
        (text.age(94 * SECOND), "94s"),
        (text.age(15 * MINUTE), "15m"),
        (text.age(5 * HOUR), "5h"),
        (text.age(3 * DAY), "3d"),
        (text.clock(NOW), "14:52:07"),
        (text.clock(NOW + 212 * DAY), "15:52:07"),
        (text.clock(0), "--:--:--"),
        (text.plain(84_213.4), "84,213.40"),
        (text.plain(0.41), "0.41"),
        (text.plain(31.0), "31"),
        (text.probability(0.943), "94"),
    ],
)
def test_numbers(got, want):
    assert got == want


@given(st.text(max_size=30))
def test_one_character_is_one_cell(raw):
    clean = text.clean(raw)
    assert all(
        char == text.CUT or (char.isascii() and char.isprintable()) or "\u2800" <= char <= "\u28ff"
        for char in clean
    )
    assert text.clean(clean) == clean


@given(st.text(max_size=30), st.integers(0, 20))
def test_a_cut_shows_its_sign(raw, width):
    short = text.cut(raw, width)
    assert len(short) <= width
    if len(text.clean(raw)) > width > 0:
        assert short.endswith(text.CUT)


@given(st.integers(0, 99 * DAY))
def test_time_left_is_four_cells(ns):
    assert len(text.left(ns)) <= 4


@given(st.integers(0, 10**13))
def test_quantities_and_durations_stay_short(value):
    assert len(text.short_quantity(value)) <= 5
    assert len(text.duration(value * 1000)) <= 5


def test_well_known_foreign_glyphs_are_spelt():
    assert text.clean("≥5° – “é” fi 東 ⣿") == '>=5d - "e" fi ? ⣿'
