"""Fed buckets, consumer prices, growth and jobs."""

import pytest
from matchlistings import kalshi, pm, related, units

from cockpit.models.match.read import read
from cockpit.models.match.relate import Relation

BLS = "As published by the Bureau of Labor Statistics (BLS)."


def decision(code, words=""):
    said = words or {"H0": "Hike rates by 0bps", "H25": "Hike rates by 25bps", "H26": "Hike rates by >25bps",
                     "C25": "Cut rates by 25bps", "C26": "Cut rates by >25bps"}[code]  # fmt: skip
    title = f"Will the Federal Reserve {said} at their October 2027 meeting?"
    return kalshi(title, f"KXFEDDECISION-27OCT-{code}")


@pytest.mark.parametrize(
    ("code", "words", "relation"),
    [
        ("H0", "No change in Fed interest rates after October 2027 meeting?", Relation.IDENTICAL),
        ("H25", "Fed increases interest rates by 25 bps after October 2027 meeting?", Relation.IDENTICAL),
        ("H26", "Fed increases interest rates by 50+ bps after October 2027 meeting?", Relation.IDENTICAL),
        ("H25", "Fed increases interest rates by 25+ bps after October 2027 meeting?", Relation.SUBSET),
        ("C25", "Fed decreases interest rates by 25 bps after October 2027 meeting?", Relation.IDENTICAL),
        ("C26", "Fed decreases interest rates by 50+ bps after October 2027 meeting?", Relation.IDENTICAL),
        ("C26", "Fed decreases interest rates by 50 bps after October 2027 meeting?", Relation.SUPERSET),
        ("C25", "Fed increases interest rates by 25 bps after October 2027 meeting?", Relation.DISJOINT),
        ("C25", "Fed decreases interest rates by 25 bps after December 2027 meeting?", Relation.UNKNOWN),
        (
            "H0",
            "Will the Fed increase interest rates by 0 bps after its October 2027 meeting?",
            Relation.IDENTICAL,
        ),
    ],
)
def test_decisions(code, words, relation):
    assert related(decision(code), pm(words)).relation is relation


def test_a_ticker_and_a_title_of_different_moves_are_refused():
    assert read(decision("C25", "Hike rates by 25bps")).doubt


def test_other_questions_about_rates_are_no_decisions():
    assert read(pm("How many Fed rate cuts in 2027?")).family == "text"
    assert read(pm("Fed rate hike in 2027?")).family == "text"
    level = kalshi(
        "Will the upper bound of the federal funds rate be above 3.25% following the Fed's October 2027 meeting?",
        "KXFED-27OCT-T3.25",
        strike_type="greater",
        floor=units(3.25),
    )
    contract = read(level)
    assert (contract.measure, contract.low, contract.period) == (
        "target rate upper bound",
        units(3.25),
        "2027-10",
    )


@pytest.mark.parametrize(
    ("series", "words", "relation"),
    [
        ("KXCPI", "Will monthly inflation be 0.4% or more in May 2027?", Relation.IDENTICAL),
        ("KXCPI", "Will monthly inflation be 0.3% or more in May 2027?", Relation.SUBSET),
        ("KXCPI", "Will monthly inflation be 0.4% in May 2027?", Relation.SUPERSET),
        ("KXCPI", "Will monthly inflation be 0.3% in May 2027?", Relation.DISJOINT),
        ("KXCPI", "Will monthly inflation be 0.3% or less in May 2027?", Relation.COMPLEMENT),
        ("KXCPICORE", "Will monthly inflation be 0.4% or more in May 2027?", Relation.UNKNOWN),
        ("KXCPIYOY", "Will monthly inflation be 0.4% or more in May 2027?", Relation.UNKNOWN),
        ("KXCPIYOY", "Will annual inflation be 0.4% or more in May 2027?", Relation.IDENTICAL),
        ("KXCPICOREYOY", "Will annual core inflation be 0.4% or more in May 2027?", Relation.IDENTICAL),
    ],
)
def test_consumer_prices(series, words, relation):
    ours = kalshi("Will CPI be above 0.3% in May 2027?", f"{series}-27MAY-T0.3")
    assert related(ours, pm(words, rules=BLS)).relation is relation


def test_prices_whose_span_or_sign_or_country_is_not_plain_are_refused():
    ours = kalshi("Will CPI be above 0.3% in May 2027?", "KXCPI-27MAY-T0.3")
    for words, rules in (
        ("Will inflation be 0.4% or more in May 2027?", BLS),
        ("Will monthly CPI fall by 0.4% or more in May 2027?", BLS),
        ("Will monthly inflation be 0.4% or more in May 2027?", ""),
        ("Will Canadian monthly inflation be 0.4% or more in May 2027?", ""),
    ):
        assert related(ours, pm(words, rules=rules)).relation is Relation.UNKNOWN
    assert read(kalshi("Will core CPI YoY be above 0.3% in May 2027?", "KXCPI-27MAY-T0.3")).doubt


def test_growth_by_quarter_and_estimate():
    ours = kalshi("Will real GDP increase by more than 2.0% in Q2 2027?", "KXGDP-27JUL29-T2.0", floor=units(2),
                  strike_type="greater")  # fmt: skip
    assert related(ours, pm("Will US GDP growth be 2.1% or more in Q2 2027?")).relation is Relation.IDENTICAL
    one_sided = pm(
        "Will US GDP growth be 2.1% or more in Q2 2027?", rules="Resolves on the advance estimate."
    )
    assert related(ours, one_sided).relation is Relation.UNKNOWN
    assert related(ours, pm("Will US GDP growth be 2.1% or more in Q3 2027?")).relation is Relation.UNKNOWN


def test_jobs():
    ours = kalshi("Will the unemployment rate be above 4.2% in May 2027?", "KXU3-27MAY-T4.2")
    theirs = pm("Will the US unemployment rate be 4.3% or higher in May 2027?")
    assert related(ours, theirs).relation is Relation.IDENTICAL
    assert read(pm("Will payrolls be above 100,000 in May 2027?")).measure == "payrolls"


@pytest.mark.parametrize(
    ("words", "relation"),
    [
        ("Will the Fed cut rates by at least 25 bps after its October 2027 meeting?", Relation.SUBSET),
        ("Will the Fed cut rates by more than 25 bps after its October 2027 meeting?", Relation.DISJOINT),
        ("Will the Fed cut rates by 25 bps or less after its October 2027 meeting?", Relation.UNKNOWN),
        ("Will the Fed cut rates by 25-50 bps after its October 2027 meeting?", Relation.UNKNOWN),
        ("Will the Fed cut rates by 25 or 50 bps after its October 2027 meeting?", Relation.UNKNOWN),
        ("Will the Fed cut rates by 25 bps after its October and December 2027 meetings?", Relation.UNKNOWN),
        ("Will the Fed cut rates by 25 bps with a dissent after its October 2027 meeting?", Relation.UNKNOWN),
        ("Will the ECB cut rates by 25 bps after its October 2027 meeting?", Relation.UNKNOWN),
    ],
)
def test_other_shapes_of_a_move_are_no_single_cut(words, relation):
    assert related(decision("C25"), pm(words)).relation is relation


@pytest.mark.parametrize(
    "words",
    [
        "Will monthly PCE inflation be 0.4% or more in May 2027?",
        "Will monthly CPI be 0.4% or more in May 2027 in Texas?",
    ],
)
def test_other_figures_are_other_questions(words):
    ours = kalshi("Will CPI be above 0.3% in May 2027?", "KXCPI-27MAY-T0.3")
    assert not related(ours, pm(words, rules=BLS)).accepted


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Will the Fed cut rates by 25 bps in December 2027 with 3 dissents?", "Will the Fed cut rates by 25 bps in December 2027 with 2 dissents?"),
        ("Will US CPI YoY be above 3.0% in May 2027 for the 3rd month?", "Will US CPI YoY be above 3.0% in May 2027?"),
        ("Will US GDP growth in Q2 2027 be above 2.0% in the 2nd estimate?", "Will US GDP growth in Q2 2027 be above 2.0% in the 3rd estimate?"),
        ("Will US GDP growth in Q2 2027 be above 2.0% in the 2nd estimate?", "Will US GDP growth in Q2 2027 be above 2.0%?"),
        ("Will the US U6 unemployment rate in May 2027 be above 4.2%?", "Will the US unemployment rate in May 2027 be above 4.2%?"),
        ("Will the US 25-54 unemployment rate in May 2027 be above 4.2%?", "Will the US unemployment rate in May 2027 be above 4.2%?"),
        ("Will US core inflation MoM be lower in May 2027 than 0.3%?", "Will US core inflation MoM be 0.3% in May 2027?"),
    ],
)  # fmt: skip
def test_a_number_that_is_no_bound_is_part_of_the_question(a, b):
    assert not related(kalshi(a), pm(b)).accepted


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Will US GDP growth in Q2 2027 be above 2.0%?", "Will Q2 2027 US GDP growth exceed 2%?"),
        ("Will US GDP growth in Q2 2027 be above 2.0% in the 2nd estimate?", "Will US GDP growth in Q2 2027 exceed 2% in the second estimate?"),
        ("Will the Fed leave rates unchanged in October 2027?", "No change in Fed interest rates after October 2027 meeting?"),
    ],
)  # fmt: skip
def test_other_words_for_one_number(a, b):
    found = related(kalshi(a), pm(b))
    assert found.relation is Relation.IDENTICAL, found.refusal


def test_after_a_month_is_not_in_it():
    ours = kalshi("Will the US unemployment rate be above 4.2% in May 2027?")
    assert related(ours, pm("Will the US unemployment rate be above 4.2% in May 2027?")).accepted
    assert not related(ours, pm("Will the US unemployment rate be above 4.2% after May 2027?")).accepted
