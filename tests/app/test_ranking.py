"""When rows may change places."""

from cockpit.app.panes.ranking import RESORT_NS, Ranking


def test_rows_that_come_and_go_are_sorted_at_once_and_figures_wait():
    ranking = Ranking()
    assert ranking.due("ab", 10)
    assert not ranking.due("ab", 11)
    assert ranking.due("abc", 12)
    assert not ranking.due("abc", 12 + RESORT_NS - 1)
    assert ranking.due("abc", 12 + RESORT_NS)


def test_a_replay_that_goes_back_sorts_anew():
    ranking = Ranking()
    assert ranking.due("ab", 100)
    assert ranking.due("ab", 100)
    assert ranking.due("ab", 50)


def test_a_wish_is_done_at_once():
    ranking = Ranking()
    ranking.put(["b", "a"])
    assert ranking.places == {"b": 0, "a": 1}
    assert ranking.due("ab", 100)
    ranking.again()
    assert ranking.due("ab", 101)
