"""How wide the law of few or unknown models is."""

import math

import pytest

from cockpit.models.weather.blend import FIRST_VAR, C, Skill, blend


def test_one_model_is_trusted_no_more_than_its_own_past():
    new, poor, good = Skill(), Skill(), Skill()
    for day in range(60):
        poor.learn(80.0, 80.0 + (6.0 if day % 2 else -6.0))
        good.learn(80.0, 80.0 + (0.5 if day % 2 else -0.5))
    sigmas = [blend({"a": 80.0}, {"a": skill}).sigma for skill in (new, poor, good)]
    assert sigmas[0] == pytest.approx(math.sqrt(FIRST_VAR))
    assert sigmas[1] > 4.5
    assert sigmas[2] == pytest.approx(math.sqrt(C))


def test_many_new_models_are_wider_than_many_known_ones():
    names = "abcde"
    known = {}
    for name in names:
        known[name] = Skill()
        for _ in range(60):
            known[name].learn(80.0, 80.5)
    told = dict.fromkeys(names, 80.0)
    assert blend(told, {}).sigma > 1.5 * blend(told, known).sigma
