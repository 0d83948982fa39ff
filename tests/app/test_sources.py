"""Whose prices a spot is made of: in the detail of a market, and with room on the Feeds screen."""

import pytest
from app_sample import change
from pane_sample import DETAIL, LIVE, VIEW, pane_text, press, show_pane

from cockpit.app import cells, text
from cockpit.app.line import length
from cockpit.app.panes import feeds
from cockpit.app.panes.market import document
from cockpit.app.scene import Scene
from cockpit.domain.spots import SourceLine, SpotLine
from cockpit.domain.units import SECOND

BTC = SpotLine(
    "BTC", 84_213.4, "PROXY mean of 2", SECOND // 2, 3.42, vol=0.41,
    sources=(
        SourceLine("coinbase", 84_210.1, 0, 3.21, 3.4, 0.4, 0.62),
        SourceLine("kraken", 84_213.9, 2 * SECOND, -0.8, 3.4, -0.9, 0.38),
        SourceLine("deribit", 84_254.0, 0, 0.0, 4.2, 41.3),
        SourceLine("binance_us", 84_199.0, 42 * SECOND, 0.0, 14.0, -14.4, stale=True),
    ),
    vols=(("ewma", 0.412), ("range", 0.43), ("bipower", 0.4), ("days", 0.42), ("implied", 0.455), ("prior", 0.42)),
)  # fmt: skip
DOGE = SpotLine(
    "DOGE", 0.0725, "DOGEUSD_RTI", SECOND // 2,
    sources=(SourceLine("coinbase", 0.07251, 0, -1.2e-5, 1e-5, 0.0, 1.0),),
)  # fmt: skip


def plain(lines):
    return ["".join(words for words, _ in line) for line in lines]


def test_each_source_says_what_it_weighs_or_why_it_does_not():
    assert plain(part.line for part in cells.sources(BTC)) == [
        "BTC 84,213 PROXY mean of 2 <1s +-3.4",
        "coinbase 84,210 <1s +3.2 62%",
        "kraken 84,214 2s -0.8 38%",
        "deribit 84,254 <1s +41 off",
        "binance_us 84,199 42s stale",
    ]
    assert plain(part.line for part in cells.sources(DOGE)) == [
        "DOGE 0.0725 DOGEUSD_RTI <1s",
        "coinbase 0.0725 <1s -1.2e-05 100%",
    ]


def test_who_is_not_believed_is_marked_with_more_than_words():
    roles = [part.line[-1][1] for part in cells.sources(BTC)[1:]]
    assert roles == ["text", "text", "warn", "dim"]


@pytest.mark.parametrize(
    ("value", "words"),
    [(3.21, "+3.2"), (-41.4, "-41"), (0.0, "+0"), (0.0112, "+0.011"), (-1234.5, "-1,234")],
)
def test_offsets(value, words):
    assert text.offset(value) == words


@pytest.mark.parametrize("width", [40, 80, 140])
def test_the_detail_tells_them_below_the_value(width):
    lines = document(change(DETAIL, spot=BTC), 0, width, 60)
    assert all(length(line) <= width for line in lines)
    rows = plain(lines)
    value, terms = rows.index(" ".join(["VALUE where the fair value comes from"])), rows.index("TERMS")
    told = " ".join(rows[value:terms])
    for word in ("SPOT", "coinbase", "41 off", "stale", "VOL", "ewma 41%", "implied 46%"):
        assert word in told


def test_a_detail_without_sources_tells_none():
    for spot in (None, change(BTC, sources=(), vols=())):
        rows = plain(document(change(DETAIL, spot=spot), 0, 80, 60))
        assert not any(row.startswith((" SPOT", " VOL")) for row in rows)


async def test_the_detail_on_screen(run, snapshot):
    async with run(VIEW) as desk:
        link = desk.link
        told = change(DETAIL, spot=BTC)
        link.view = lambda focus="": change(link.shown, detail=told) if focus else link.shown
        await show_pane(desk, "Edges")
        await press(desk, "enter")
        await press(desk, "pagedown")
        snapshot("detail-sources", pane_text(desk))


async def test_the_feeds_with_room(run, snapshot):
    async with run(change(VIEW, spots=(BTC, DOGE)), LIVE, size=(140, 40)) as desk:
        await show_pane(desk, "Feeds")
        snapshot("feeds-sources", pane_text(desk))


def test_without_room_the_feeds_tell_none():
    scene = Scene(change(VIEW, spots=(BTC, DOGE)), LIVE)
    rows = [plain(feeds.facts(scene, 80, roomy=roomy)) for roomy in (False, True)]
    assert [any("coinbase" in row for row in each) for each in rows] == [False, True]
