"""Which markets are compared with which."""

import msgspec
from matchlistings import kalshi, kalshi_btc, pm, us_btc

from cockpit.models.match.contract import TypedContract
from cockpit.models.match.index import Index
from cockpit.models.match.read import read


def named(i, title, venue="polymarket"):
    return read(msgspec.structs.replace(pm(title), ticker=f"p{i}", venue=venue))


def test_only_other_venues_and_only_the_same_keys():
    index = Index()
    ours = read(kalshi_btc())
    for market in (kalshi_btc("84349.99"), us_btc(), us_btc("85250"), us_btc(hour=12), us_btc(day=6)):
        index.add(read(market))
    found = index.candidates(ours)
    assert [each.market for each in found] == ["btc-above-84250-5-17", "btc-above-85250-5-17"]
    assert len(index) == 5


def test_a_whole_ladder_is_found_the_nearest_strike_first():
    index = Index()
    for i in range(40):
        index.add(read(us_btc(str(80_000 + 250 * i))))
    found = index.candidates(read(kalshi_btc()))
    assert len(found) == 40
    assert found[0].market == "btc-above-84250-5-17"


def test_the_order_in_which_markets_come_is_nothing_to_the_candidates():
    strikes = [str(80_000 + 250 * i) for i in range(12)]
    orders = []
    for listed in (strikes, strikes[::-1]):
        index = Index()
        for strike in listed:
            index.add(read(us_btc(strike)))
        orders.append([each.market for each in index.candidates(read(kalshi_btc()))])
    assert orders[0] == orders[1]


def test_both_games_of_a_day_are_candidates_of_a_game_without_a_time():
    index = Index()
    for clock in ("1305", "1910"):
        ticker = f"KXMLBGAME-27JUL04{clock}BOSNYY-NYY"
        index.add(read(kalshi("Boston vs New York Y Winner?", ticker, subtitle="New York Y")))
    asked = pm("Boston Red Sox vs. New York Yankees on July 4, 2027", subtitle="New York Yankees")
    assert len(index.candidates(read(asked))) == 2


def test_texts_by_their_rare_words():
    index = Index()
    index.add(named(1, "Olga Brandt arrested before 2028?"))
    index.add(named(2, "Olga Brandt charged before 2028?"))
    index.add(named(3, "Mira Tors arrested before 2028?"))
    found = index.candidates(read(kalshi("Will Olga Brandt be arrested before Jan 2028?")))
    assert [each.market for each in found] == ["p1"]


def test_a_letter_slipped_is_found_by_the_other_name():
    index = Index()
    index.add(named(1, "George Walsh arrested before 2028?"))
    assert index.candidates(read(kalshi("Will George Walish be arrested before 2028?")))


def test_what_is_removed_or_replaced_is_not_found():
    index = Index()
    index.add(read(us_btc()))
    index.add(named(1, "Olga Brandt arrested before 2028?"))
    index.add(named(1, "Mira Tors arrested before 2028?"))
    assert not index.candidates(read(kalshi("Will Olga Brandt be arrested before Jan 2028?")))
    assert index.candidates(read(kalshi("Will Mira Tors be arrested before Jan 2028?")))
    index.remove("p1")
    index.remove("p1")
    index.remove("btc-above-84250-5-17")
    assert not index.candidates(read(kalshi("Will Mira Tors be arrested before Jan 2028?")))
    assert not index.candidates(read(kalshi_btc()))
    assert len(index) == 0


def test_what_is_in_doubt_is_held_and_not_found():
    index = Index()
    doubtful = TypedContract(market="d", venue="polymarket", doubt="torn")
    index.add(doubtful)
    assert len(index) == 1
    assert index.candidates(doubtful) == []
    index.remove("d")
    assert len(index) == 0
