"""Numbers of an explanation: the same in every pane."""

import pytest

from cockpit.app.panes import reasons
from cockpit.app.text import CUT

PRICE = (("spot", 84213.4), ("sigma", 0.412), ("seconds", 473.0), ("P t5", 0.94))
GAME = (("lead", 13.0), ("sigma", 16.461), ("seconds left", 251.0), ("P", 0.9641))
WORDS = (("events", 39.0), ("base rate", 0.61), ("weighed", 33.71), ("P", 0.2741))
DEGREES = (("mean", 50.467), ("sigma", 1.914), ("hours to peak", 5.0), ("reached", 47.0), ("P", 0.36))


@pytest.mark.parametrize(
    ("pairs", "model"), [(PRICE, "price"), (GAME, "game"), (WORDS, "words"), (DEGREES, "degrees"), ((), "")]
)
def test_a_model_is_known_by_its_numbers(pairs, model):
    assert reasons.kind(name for name, _ in pairs) == model


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("spot", 84213.4, "84,213.40"),
        ("P normal", 0.9474, "94.7%"),
        ("P t5", 0.005, "0.5%"),
        ("given back", 0.0316, "3.2%"),
        ("base's share", 0.62, "62.0%"),
        ("band index", 0.0124, "+-1.2%"),
        ("band half", 0.045, "+-4.5%"),
        ("lead", 13.0, "+13"),
        ("drift", -3.66, "-3.7"),
        ("seconds", 473.0, "7:53"),
        ("seconds left", 251.0, "4:11"),
        ("effective seconds", 251.0, "4:11"),
        ("age", 0.42, "<1s"),
        ("message age", 3.2, "3s"),
        ("z low", -1.618, "-1.62"),
        ("prints known", 12.0, "12"),
        ("games fitted on", 3827.0, "3,827"),
        ("something new", 0.12345, "0.1235"),
        ("", 0.5, "0.5"),
    ],
)
def test_numbers_are_told_as_their_names_ask_for(name, value, words):
    assert {reasons.figure(name, value, model) for model in ("price", "game", "")} == {words}


@pytest.mark.parametrize(
    ("pairs", "told"), [(PRICE, "41.2%"), (GAME, "16.46"), (DEGREES, "1.9"), ((("sigma", 0.5),), "0.5")]
)
def test_a_sigma_is_in_its_models_unit(pairs, told):
    line = reasons.lines(pairs, 200)[0]
    words = [text.strip() for text, _ in line]
    assert words[words.index("sigma") + 1] == told


def test_what_does_not_fit_shows_it():
    whole = reasons.lines(PRICE, 30)
    assert len(whole) > 1
    (row,) = reasons.lines(PRICE, 30, 1)
    assert row[-1][0] == f" {CUT}"
    assert sum(len(text) for text, _ in row) <= 30
    assert reasons.lines((), 30, 1) == []
