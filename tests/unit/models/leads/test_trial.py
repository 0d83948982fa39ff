"""The test over a whole series: planted leads are found and told from chance, in slices that stay small."""

from typing import Any

import msgspec
import numpy as np
import pytest

from cockpit.domain.units import SECOND
from cockpit.models.leads.hayashi import path
from cockpit.models.leads.record import LeadRecord, Session, Track
from cockpit.models.leads.trial import LAGS, LeadTest, Stretch, percentile95, stretches, turn

T = 1_800_000_000 * SECOND
HOUR = 3600


def series(lag: float, tracks: int = 5, gap: float = 9.0, long: int = HOUR, seed: int = 5) -> LeadRecord:
    """Hourly pairs of one series; both sides see one random walk, y later by ``lag`` seconds; a session every two."""
    rng = np.random.default_rng(seed)
    record = LeadRecord("S")
    for k in range(tracks):
        start = T + k * 2 * HOUR * SECOND
        if k % 2 == 0:
            record.sessions.append(Session(start, start + 4 * HOUR * SECOND, 2 * long * SECOND, 400, 400))
        walk = rng.normal(0, 0.01, (long + 100) * 4).cumsum()
        sides: list[Any] = []
        for behind in (0.0, lag):
            times = np.unique(np.round(rng.exponential(gap, int(long / gap)).cumsum(), 3))
            times = times[times < long]
            values = walk[((times + 50 - behind) * 4).astype(int)]
            sides += [[start + round(t * SECOND) for t in times.tolist()], values.tolist()]
        record.tracks.append(Track(f"p{k}", record.sessions[-1].start, *sides))
    return record


def done(record: LeadRecord, lags: Any = LAGS) -> tuple[Any, int]:
    test, steps = LeadTest(record, T, lags), 1
    while not test.step():
        steps += 1
        assert test.result is None
    return test.result, steps


def test_a_planted_lead_is_found_over_its_tracks() -> None:
    result, steps = done(series(4.0))
    assert result.lag_s == pytest.approx(4.0, abs=1.0)
    assert result.sign == 1
    assert result.rho > 0.8
    assert result.rho - result.rho0 > 0.01
    assert result.llr > 1.2
    assert result.llr > result.llr_null95
    assert [sign for _, sign in result.signs] == [1, 1, 1]
    assert 1_500 < result.n_x < 2_000
    assert result.tested_ns == T
    assert steps > 20


def test_the_other_way_round_it_is_the_other_who_leads() -> None:
    record = series(-4.0)
    result, _ = done(record)
    assert result.lag_s == pytest.approx(-4.0, abs=1.0)
    assert result.sign == -1
    assert result.llr < 1.0
    record.learn(result.signs)
    assert record.held(1, 5) == (0, 3)
    assert record.held(-1, 5) == (3, 3)


def test_two_series_of_their_own_are_not_above_chance() -> None:
    one, other = series(0.0), series(0.0, seed=99)
    for mine, strange in zip(one.tracks, other.tracks, strict=True):
        mine.y_ns, mine.y = strange.y_ns, strange.y
    result, _ = done(one)
    assert abs(result.rho) < 0.3
    assert result.llr < result.llr_null95


def test_a_dependence_without_a_lead_is_not_above_chance() -> None:
    result, _ = done(series(0.0))
    assert result.rho > 0.9
    assert abs(result.lag_s) <= 0.5
    assert 1.0 < result.llr_null95 < 1.5
    assert result.llr < result.llr_null95


def test_the_same_record_gives_the_same_result_and_is_not_held_on_to() -> None:
    record = series(3.0, tracks=2)
    quick = msgspec.structs.replace(LAGS, shifts=20)
    first, _ = done(record, quick)
    test = LeadTest(record, T, quick)
    test.step()
    record.note("p9", "x", T + 10**6 * SECOND, 1.0)
    record.tracks[0].x.append(9.0)
    record.tracks[0].x_ns.append(record.tracks[0].x_ns[-1] + 1)
    while not test.step():
        pass
    assert test.result == first
    assert test.step()


@pytest.mark.parametrize("slices", [1, 10**9])
def test_how_it_is_sliced_does_not_matter(slices: int) -> None:
    record = series(3.0, tracks=2)
    quick = msgspec.structs.replace(LAGS, shifts=10)
    whole, _ = done(record, quick)
    other, steps = done(record, msgspec.structs.replace(quick, slice_pairs=slices))
    assert (steps == 1) is (slices > 1)
    assert (other.lag_s, other.sign, other.signs) == (whole.lag_s, whole.sign, whole.signs)
    assert other.llr == pytest.approx(whole.llr)
    assert other.llr_null95 == pytest.approx(whole.llr_null95)


def test_a_slice_is_bounded_by_the_pairs_it_works_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """A track of 2,000 changes in ten minutes: hundreds of thousands of pairs, never many at once."""
    import cockpit.models.leads.trial as module

    seen: list[int] = []
    plain = module.portions

    def watched(*args: Any) -> Any:
        for part, pairs in plain(*args):
            seen.append(pairs)
            yield part, pairs

    monkeypatch.setattr(module, "portions", watched)
    dense = series(2.0, tracks=1, gap=0.35, long=700)
    test = LeadTest(dense, T, msgspec.structs.replace(LAGS, shifts=2))
    worst = before = 0
    while not test.step():
        worst, before = max(worst, sum(seen[before:])), len(seen)
    assert sum(seen) > 500_000
    assert worst < 2.5 * LAGS.slice_pairs


def test_what_is_too_short_to_be_turned_is_left_out() -> None:
    short = series(3.0, tracks=1, long=590)
    assert stretches(short.tracks) == []
    assert done(short) == (None, 1)
    both = series(3.0, tracks=1)
    both.tracks += short.tracks
    assert done(both)[0].n_x == len(both.tracks[0].x) - 1
    assert done(LeadRecord("S"))[0] is None


def test_a_side_that_never_moved_is_left_out() -> None:
    still = Track("p", T, [T], [0.0], [T, T + HOUR * SECOND], [0.0, 1.0])
    assert stretches([still]) == []


def test_shifts_are_far_from_none_and_evenly_spread() -> None:
    span, least = 3600 * SECOND, 300 * SECOND
    y = path([T, T + 100 * SECOND], [0.0, 1.0])
    each = Stretch(T, y, y, T, span)
    shifts = sorted(int(turn(each, k, least).y.at[1]) - T - 100 * SECOND for k in range(1, 201))
    assert len(set(shifts)) == 200
    turned = [shift % span for shift in shifts]
    assert min(turned) >= least
    assert max(turned) <= span - least
    assert max(np.diff(sorted(turned))) < 3 * (span - 2 * least) / 200


def test_a_session_with_too_little_is_not_judged() -> None:
    record = series(3.0, tracks=3)
    track = record.tracks[2]
    del track.x[10:], track.x_ns[10:]
    result, _ = done(record, msgspec.structs.replace(LAGS, shifts=5))
    assert [start for start, _ in result.signs] == [record.sessions[0].start]


@pytest.mark.parametrize(("n", "expected"), [(200, 190), (20, 19), (1, 1), (0, float("inf"))])
def test_the_percentile_is_by_nearest_rank(n: int, expected: float) -> None:
    assert percentile95([float(k) for k in range(n, 0, -1)]) == expected
