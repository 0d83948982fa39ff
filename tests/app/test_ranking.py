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


def test_items_stand_where_they_were_sorted_until_that_is_due():
    ranking, price = Ranking(), {"a": 2, "b": 1, "c": 0}

    def order(names, ts):
        return ranking.order(names, ts, name=str.lower, key=lambda each: (price[each.lower()],))

    assert order("ABC", 100) == ["C", "B", "A"]
    price["a"] = -1
    assert order("ABC", 101) == ["C", "B", "A"]
    assert order("AB", 102) == ["A", "B"]
    assert order("AB", 102 + RESORT_NS) == ["A", "B"]


def test_what_changes_its_shape_is_sorted_at_once():
    ranking, mark = Ranking(), {"a": "z", "b": ""}

    def order(ts):
        return ranking.order(
            "ab", ts, name=str, key=lambda each: (mark[each],), shape=lambda each: mark[each]
        )

    assert order(100) == ["b", "a"]
    mark |= {"a": "", "b": "z"}
    assert order(101) == ["b", "a"]
    mark["a"] = "T"
    assert order(102) == ["a", "b"]
