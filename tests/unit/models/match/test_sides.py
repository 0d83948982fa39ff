"""Which side of a game YES is, by the words after its pair."""

import pytest
from matchlistings import kalshi, pm, related

from cockpit.models.match.read import read
from cockpit.models.match.relate import Relation

BEAT = kalshi("Will the Thunder beat the Spurs on January 15, 2027?")
PAIR = "Spurs vs. Thunder on January 15, 2027"


@pytest.mark.parametrize(
    "after", [": {} win?", ": {} wins?", ": {} to win", " - {}", " winner: {}", ": {} moneyline", " ({} win)"]
)
def test_a_team_named_after_the_pair_is_yes(after):
    assert related(BEAT, pm(PAIR + after.format("Thunder"))).relation is Relation.IDENTICAL
    assert related(BEAT, pm(PAIR + after.format("Spurs"))).relation is Relation.COMPLEMENT
    turned = "Thunder vs. Spurs on January 15, 2027"
    assert related(BEAT, pm(turned + after.format("Spurs"))).relation is Relation.COMPLEMENT


def test_what_else_is_said_after_the_pair_leaves_the_side_in_doubt():
    for after in (": Thunder win at home?", ": overtime?", ": Thunder win by 5?", ": Bulls win?"):
        assert related(BEAT, pm(PAIR + after)).relation is Relation.UNKNOWN
    assert read(pm(PAIR, subtitle="No")).doubt


def test_kalshi_has_no_first_named_side():
    assert read(kalshi(PAIR)).doubt
    assert not read(pm(PAIR)).doubt


def test_a_city_of_two_teams_names_no_side():
    title = "Boston Celtics vs. Los Angeles Lakers on January 5, 2027: {}"
    assert read(pm(title.format("Los Angeles"))).doubt
    assert read(pm(title.format("Lakers"))).value == "LAL"
