"""The best of many: luck is not taken for skill, skill is found, and hopeless company does not hide it."""

import numpy as np
import pytest

from cockpit.evaluation.best import _step, best

RNG = np.random.default_rng
EVENTS, VERSIONS, DRAWS = 80, 12, 300


def noise(seed, versions=VERSIONS, events=EVENTS):
    rng = RNG(seed)
    shared = rng.normal(0, 1, events)
    return rng.normal(0, 1, (versions, events)) + shared


def test_luck_is_called_skill_one_time_in_twenty():
    found = [best(noise(seed), RNG(seed), DRAWS) for seed in range(150)]
    for share in (
        np.mean([each.reality_check <= 0.05 for each in found]),
        np.mean([each.superior <= 0.05 for each in found]),
        np.mean([bool(each.better) for each in found]),
    ):
        assert (
            share < 0.11
        )  # 5 % and two and a half standard errors of 150 runs, and the bootstrap's own optimism


def test_skill_is_found_by_name():
    d = noise(1)
    d[3] += 2.0
    d[7] += 2.0
    found = best(d, RNG(0), DRAWS)
    assert found.reality_check < 0.01
    assert found.superior < 0.01
    assert found.better == (3, 7)


def test_hopeless_company_does_not_hide_it():
    d = RNG(2).normal(0, 1, (40, EVENTS))
    d[1:] -= 4.0
    d[1:] *= 6.0
    d[0] += 0.35
    found = best(d, RNG(0), DRAWS)
    assert found.superior < 0.05
    assert found.reality_check > 3 * found.superior


def test_one_version_is_a_plain_test():
    d = RNG(3).normal(0.2, 1, 200)
    found = best([d], RNG(0), 2_000)
    z = d.mean() / d.std() * len(d) ** 0.5
    from scipy.special import ndtr

    assert found.reality_check == pytest.approx(1 - ndtr(z), abs=0.02)
    assert found.superior == pytest.approx(found.reality_check, abs=0.01)


def test_a_step_finds_what_the_first_look_hides():
    """With the strongest set aside the bar for the others falls: 2.12 deviations of three, 1.95 of two."""
    drawn = RNG(5).normal(0, 1, (3, 50_000))
    assert _step(np.array([10.0, 2.03, 0.0]), drawn) == [0, 1]
    assert _step(np.array([0.0, 2.03, 0.0]), drawn) == []


@pytest.mark.parametrize("d", [[], [[1.0] * 10], [[0.0] * 50], [[0.0] * 50, [1.0] * 50]])
def test_too_few_events_or_no_difference_is_not_tested(d):
    assert best(d, RNG(0)) is None


def test_what_never_differs_is_left_out_and_numbers_stay():
    d = noise(4)
    d[0] = 0.0
    d[5] += 3.0
    assert best(d, RNG(0), DRAWS).better == (5,)
    assert best(d, RNG(0), DRAWS) == best(d, RNG(0), DRAWS)
