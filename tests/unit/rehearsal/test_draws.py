"""Draws: the laws they claim, and independence of how they are asked."""

import numpy as np
import pytest

from cockpit.domain.units import SECOND
from cockpit.rehearsal.draws import Draws, micros

N = 20_000


@pytest.fixture
def draws() -> Draws:
    return Draws(np.random.default_rng(3))


def test_uniform_and_normal_have_their_moments(draws: Draws) -> None:
    uniform = [draws.uniform() for _ in range(N)]
    normal = [draws.normal() for _ in range(N)]
    assert all(0 <= u < 1 for u in uniform)
    assert sum(uniform) / N == pytest.approx(0.5, abs=0.01)
    assert sum(normal) / N == pytest.approx(0.0, abs=0.03)
    assert sum(x * x for x in normal) / N == pytest.approx(1.0, abs=0.05)


def test_waits_have_their_mean_and_whole_microseconds(draws: Draws) -> None:
    waits = [draws.wait(0.5) for _ in range(N)]
    assert sum(waits) / N / SECOND == pytest.approx(0.5, rel=0.03)
    assert min(waits) >= 1000
    assert all(wait % 1000 == 0 for wait in waits)


def test_weights_are_kept_and_the_last_takes_the_remainder(draws: Draws) -> None:
    picks = [draws.pick((0.2, 0.5, 0.3)) for _ in range(N)]
    assert [picks.count(i) / N for i in range(3)] == pytest.approx([0.2, 0.5, 0.3], abs=0.015)
    assert draws.pick((0.0, 0.0)) == 1


def test_integers_cover_their_range(draws: Draws) -> None:
    assert {draws.below(3) for _ in range(200)} == {0, 1, 2}


def test_identities_have_the_venues_form_and_differ(draws: Draws) -> None:
    names = [draws.identity() for _ in range(100)]
    assert len(set(names)) == 100
    assert [len(part) for part in names[0].split("-")] == [8, 4, 4, 4, 12]
    assert set("".join(names)) <= set("0123456789abcdef-")


def test_what_one_consumer_draws_does_not_shift_another() -> None:
    greedy, modest = (Draws(rng) for rng in np.random.default_rng(1).spawn(2))
    for _ in range(1000):
        greedy.normal()
    alone = Draws(np.random.default_rng(1).spawn(2)[1])
    assert [modest.uniform() for _ in range(5)] == [alone.uniform() for _ in range(5)]


def test_seconds_are_cut_to_microseconds() -> None:
    assert micros(1.2345678) == 1_234_567_000
