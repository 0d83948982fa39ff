"""Occurrences from plain lists and from sessions' own settled markets."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from cockpit.domain.errors import InputError
from cockpit.domain.events import Event, EventListed, MarketListed, MarketSettled
from cockpit.domain.markets import EventGroup, Market, SettlementState
from cockpit.domain.mentions import Occurrence
from cockpit.domain.units import PRICE
from cockpit.runtime.corpus import Row
from cockpit.runtime.settled import listed, settled

LINE = {
    "day": "2026-05-01",
    "event": "E1",
    "speaker": "Donald Trump",
    "phrase": "Crypto / Bitcoin",
    "said": True,
}


def rows(path: Path) -> list[Row]:
    return list(listed(path, lambda _done, _of: None))


def put(path: Path, *lines: Any) -> Path:
    path.write_text("\n".join(each if isinstance(each, str) else json.dumps(each) for each in lines))
    return path


def test_a_plain_list(tmp_path: Path) -> None:
    path = put(
        tmp_path / "a.jsonl", LINE, "", LINE | {"phrase": "Biden (5+ times)", "kind": "Rally", "said": False}
    )
    assert rows(path) == [
        Row(
            Occurrence("2026-05-01", "E1", "trump", "remarks", "bitcoin/crypto", said=True),
            "Crypto / Bitcoin",
        ),
        Row(Occurrence("2026-05-01", "E1", "trump", "rally", "biden x5", said=False), "Biden (5+ times)"),
    ]
    packed = tmp_path / "a.jsonl.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert rows(packed) == rows(path)


@pytest.mark.parametrize(
    "bad",
    [
        "{", "[]", LINE | {"day": "2026-02-30"}, LINE | {"day": "20260203"}, LINE | {"said": 1}, LINE | {"phrase": " / "},
        LINE | {"event": ""}, LINE | {"more": 1}, LINE | {"phrase": "x" * 301}, {"day": "2026-05-01"}, "[" * 5000,
    ],
)  # fmt: skip
def test_a_bad_line_is_named(tmp_path: Path, bad: Any) -> None:
    with pytest.raises(InputError, match=r"a\.jsonl: line 2: "):
        rows(put(tmp_path / "a.jsonl", LINE, bad))


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    torn = tmp_path / "a.jsonl.gz"
    torn.write_bytes(gzip.compress(json.dumps(LINE).encode() * 50)[:-9])
    for path in (torn, tmp_path / "none.jsonl"):
        with pytest.raises(InputError, match=path.name):
            rows(path)


# ---------------------------------------------------------------------------------------------- sessions


def market(word: str, event: str = "KXTRUMPMENTION-26DEC15", venue: str = "kalshi", **more: Any) -> Market:
    told = {
        "ticker": f"{event}-{word[:4].upper()}", "venue": venue, "event": event, "series": event.partition("-")[0],
        "title": "What will Trump say during his rally in Ohio?", "subtitle": word, "custom": (("Word", word),),
    }  # fmt: skip
    return Market(**(told | more))


def story(*told: tuple[Market, int | None], state: SettlementState = SettlementState.FINAL) -> list[Event]:
    """Events that list markets and settle them."""
    found: list[Event] = []
    for each, value in told:
        group = EventGroup(each.event, each.venue, each.series, title=each.title)
        found += [EventListed(1, group), MarketListed(1, each), MarketSettled(2, each.ticker, state, value)]
    return found


def test_a_session_s_settled_markets() -> None:
    told = settled(
        story(
            (market("Biden"), PRICE),
            (market("Crypto / Bitcoin"), 0),
            (market("Wall (3+ times)"), PRICE),
            (market("Void"), None),
        )
    )
    event = "KXTRUMPMENTION-26DEC15"
    want = [
        ("biden", True, "Biden"),
        ("bitcoin/crypto", False, "Crypto / Bitcoin"),
        ("wall x3", True, "Wall (3+ times)"),
    ]
    assert {row.occurrence.phrase: row for row in told} == {
        phrase: Row(Occurrence("2026-12-15", event, "trump", "rally", phrase, said=said), label)
        for phrase, said, label in want
    }


def test_what_is_not_final_is_not_settled() -> None:
    assert settled(story((market("Biden"), PRICE), state=SettlementState.DETERMINED)) == []
    assert settled([MarketSettled(1, "unknown", SettlementState.FINAL, PRICE)]) == []


def test_an_event_that_was_not_held_counts_for_nothing() -> None:
    held = (market("Biden"), 0)
    assert settled(story(held, (market("Event does not qualify"), PRICE))) == []
    assert len(settled(story(held, (market("Event does not qualify"), 0)))) == 1


def test_other_markets_are_passed_over() -> None:
    other = Market(
        "KXBTCD-26DEC15-T100", "kalshi", "KXBTCD-26DEC15", "KXBTCD", "Bitcoin above 100 on Dec 15?"
    )
    assert settled(story((other, PRICE))) == []


def test_two_venues_on_one_speech_are_one_event() -> None:
    theirs = market(
        "Biden",
        "trump-rally-ohio",
        "polymarket",
        ticker="0x1",
        series="",
        custom=(),
        title='Will Trump say "Biden" during his rally in Ohio on December 15, 2026?',
    )
    told = settled(story((theirs, 0), (market("Biden"), PRICE), (market("Oil"), PRICE)))
    assert {(row.occurrence.event, row.occurrence.phrase, row.occurrence.said) for row in told} == {
        ("KXTRUMPMENTION-26DEC15", "biden", True),
        ("KXTRUMPMENTION-26DEC15", "oil", True),
    }
