"""Fill rates, censored times to fill, mark-outs: the worked numbers of the reference."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.units import ASK, BID, QTY, SECOND
from cockpit.engine.metrics import HORIZONS, KEEP_TIMES, Markout, Metrics, cumulative_incidence, kaplan_meier
from cockpit.engine.queue import CROSS, FIFO, TAIL, TOUCH, Fill, Own

SPANS = st.lists(st.tuples(st.integers(1, 12), st.booleans()), max_size=30)
ENDS = st.lists(st.tuples(st.integers(1, 12), st.integers(0, 3)), max_size=30)


def order(qty: int = 10 * QTY, live_ns: int = 100) -> Own:
    return Own(
        id="a-1", lane="a", market="M", side=BID, price=4000, qty=qty, rule=FIFO, sent_ns=50, live_ns=live_ns
    )


class TestKaplanMeier:
    """Survival of "not yet filled"."""

    def test_the_worked_numbers(self) -> None:
        times = list(zip((2, 3, 5, 5, 8, 10, 12), (1, 0, 1, 1, 0, 1, 0), strict=True))
        curve = kaplan_meier([(t, bool(event)) for t, event in times])
        assert [t for t, _, _ in curve] == [2, 5, 10]
        assert [s for _, s, _ in curve] == pytest.approx([0.857143, 0.514286, 0.257143], abs=1e-6)
        assert [se for _, _, se in curve] == pytest.approx([0.132260, 0.203869, 0.208451], abs=1e-6)
        assert next(t for t, s, _ in curve if s <= 0.5) == 10

    @given(SPANS)
    def test_it_falls_from_one_and_does_not_mind_the_order(self, times: list[tuple[int, bool]]) -> None:
        curve = kaplan_meier(times)
        values = [1.0, *(s for _, s, _ in curve)]
        assert values == sorted(values, reverse=True)
        assert all(0 <= s <= 1 and se >= 0 for _, s, se in curve)
        assert curve == kaplan_meier(times[::-1])
        assert [t for t, _, _ in curve] == sorted({t for t, event in times if event})

    @given(st.lists(st.integers(1, 12), min_size=1, max_size=30))
    def test_without_censoring_it_is_the_plain_share(self, times: list[int]) -> None:
        for t, s, _ in kaplan_meier([(t, True) for t in times]):
            assert s == pytest.approx(sum(x > t for x in times) / len(times), abs=1e-9)

    def test_nobody_filled(self) -> None:
        assert kaplan_meier([]) == kaplan_meier([(5, False)]) == []


class TestCumulativeIncidence:
    """Cancels compete with fills."""

    def test_the_worked_numbers(self) -> None:
        times = list(zip((2, 3, 5, 6, 8, 10, 12), (1, 2, 1, 1, 2, 1, 0), strict=True))
        curve = cumulative_incidence(times, 1)
        assert [t for t, _ in curve] == [2, 5, 6, 10]
        assert [p for _, p in curve] == pytest.approx([0.142857, 0.285714, 0.428571, 0.571429], abs=1e-6)
        naive = kaplan_meier([(t, what == 1) for t, what in times])
        assert 1 - naive[-1][1] == pytest.approx(0.742857, abs=1e-6)

    @given(ENDS)
    def test_it_is_never_more_than_the_naive_curve(self, times: list[tuple[int, int]]) -> None:
        """1 - KM takes a cancel for an order that would have filled later."""
        naive = {t: 1 - s for t, s, _ in kaplan_meier([(t, what == 1) for t, what in times])}
        for t, p in cumulative_incidence(times, 1):
            assert p <= naive[t] + 1e-9

    @given(ENDS)
    def test_all_kinds_together_are_the_complement_of_survival(self, times: list[tuple[int, int]]) -> None:
        total = sum(curve[-1][1] for kind in (1, 2, 3) if (curve := cumulative_incidence(times, kind)))
        ended = kaplan_meier([(t, what > 0) for t, what in times])
        assert total == pytest.approx(1 - ended[-1][1] if ended else 0, abs=1e-9)


class TestMarkout:
    """side * (mid at t + h - fill price)."""

    @pytest.mark.parametrize(("mid2", "cents"), [(8_100, 0.5), (7_800, -1.0), (7_400, -3.0)])
    def test_the_worked_numbers(self, mid2: int, cents: float) -> None:
        """Bought at 40; mids 40.5, 39 and 37 after 1, 10 and 60 s."""
        out = Markout()
        out.add(BID, 4_000, 5 * QTY, mid2)
        assert out.mean == pytest.approx(cents * 100)

    def test_a_sale_counts_the_other_way(self) -> None:
        out = Markout()
        out.add(ASK, 4_000, 5 * QTY, 7_800)
        assert out.mean == pytest.approx(100.0)

    def test_the_mean_is_by_quantity(self) -> None:
        out = Markout()
        out.add(BID, 4_000, 3 * QTY, 8_200)
        out.add(BID, 4_000, QTY, 7_400)
        assert out.mean == pytest.approx((3 * 100 - 300) / 4)
        assert (out.n, out.qty) == (2, 4 * QTY)

    def test_no_mid_is_missing_not_nothing(self) -> None:
        out = Markout()
        out.add(BID, 4_000, QTY, None)
        assert (out.n, out.missing, out.mean) == (0, 1, None)
        out.add(BID, 4_000, QTY, 8_200)
        assert (out.n, out.missing, out.mean) == (1, 1, 100.0)

    def test_horizons(self) -> None:
        assert HORIZONS == (SECOND, 10 * SECOND, 60 * SECOND)


class TestMetrics:
    """Counts by rule."""

    def test_rates(self) -> None:
        metrics = Metrics()
        assert metrics.fill_rate_qty(FIFO) is None
        filled, idle = order(), order()
        metrics.live(filled)
        metrics.live(idle)
        for rule, qty in ((FIFO, 4), (TOUCH, 10), (FIFO, 6)):
            fill = Fill(200, rule, qty * QTY, 4000, "queue")
            filled.fills.append(fill)
            metrics.fill(filled, fill, gap=rule == TOUCH)
        assert metrics.orders_filled == [0, 0, 1, 1]
        assert metrics.qty_filled == [0, 0, 10 * QTY, 10 * QTY]
        assert (metrics.accepted, metrics.accepted_qty) == (2, 20 * QTY)
        assert metrics.fill_rate_qty(FIFO) == 0.5
        assert metrics.fill_rate_qty(TAIL) == metrics.fill_rate_qty(CROSS) == 0.0
        assert (metrics.orders_counted, metrics.gap_fills) == (1, 1)

    def test_two_fills_booked_together_are_one_filled_order(self) -> None:
        """A snapshot may fill an order from several levels at once: both fills are in its story by then."""
        metrics, own = Metrics(), order()
        metrics.live(own)
        own.fills += [Fill(200, FIFO, 3 * QTY, 4000, "gap"), Fill(200, FIFO, 4 * QTY, 4000, "gap")]
        for fill in own.fills:
            metrics.fill(own, fill, gap=True)
        assert (metrics.orders_filled[FIFO], metrics.orders_counted) == (1, 1)
        assert metrics.qty_filled[FIFO] == 7 * QTY

    def test_times_are_to_the_first_fill_or_to_the_end(self) -> None:
        metrics, own = Metrics(), order(live_ns=100)
        own.fills += [Fill(130, FIFO, QTY, 4000, "queue"), Fill(150, FIFO, QTY, 4000, "queue")]
        own.ended_ns = 190
        metrics.end(own)
        assert metrics.ended == 1
        assert metrics.times[FIFO] == [(30, True)]
        assert metrics.times[CROSS] == metrics.times[TAIL] == metrics.times[TOUCH] == [(90, False)]

    def test_times_are_bounded(self) -> None:
        metrics = Metrics()
        metrics.times[CROSS] = [(1, False)] * KEEP_TIMES
        metrics.end(order())
        assert len(metrics.times[CROSS]) == KEEP_TIMES
        assert metrics.ended == 1
