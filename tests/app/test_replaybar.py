"""The bar of a replay: where it stands and what lies ahead."""

import pytest
from app_sample import MINUTE, SamplePlayer, change
from hypothesis import given
from hypothesis import strategies as st
from pane_sample import NOW, PLAYBACK, REPLAYING, VIEW

from cockpit.app.chrome import replay_keys
from cockpit.app.keys import Keymap
from cockpit.app.line import length
from cockpit.app.panes.replaybar import bar, span, state
from cockpit.app.scene import Scene
from cockpit.domain.status import Marker, Playback
from cockpit.domain.units import SECOND
from cockpit.domain.view import View


def plain(line):
    return "".join(text for text, _ in line)


def told(width=80, hindsight=True, **fields):
    at = change(PLAYBACK, **fields)
    scene = Scene(VIEW, change(REPLAYING, playback=at, hindsight=hindsight))
    return plain(state(scene, at, width))


@pytest.mark.parametrize("size", [(80, 24), (140, 40), (200, 60)], ids=str)
async def test_the_bar(run, snapshot, size):
    async with run(VIEW, REPLAYING, player=SamplePlayer(), size=size) as desk:
        region = desk.app.frame.replay.region
        assert region.height == 2
        rows = desk.text().splitlines()[region.y : region.bottom]
    snapshot(f"replaybar-{size[0]}x{size[1]}", "\n".join(rows) + "\n")


async def test_there_is_none_when_live(run):
    async with run(VIEW) as desk:
        assert not desk.app.frame.replay.display


def test_paused_playing_and_ended_are_words_and_signs():
    assert told().startswith(" >  playing 10x")
    assert told(paused=True).startswith(" ||  paused 10x")
    assert told(finished=True).startswith(" END  finished 10x")


def test_hindsight_is_told_only_when_it_is():
    assert "HINDSIGHT>what-if" in told()
    assert "HINDSIGHT" not in told(hindsight=False)


def test_where_it_stands():
    assert "+40:00  of 1:00:00" in told(100)


def test_the_keys_stand_at_its_end_as_a_person_has_them():
    keys = replay_keys(Keymap({"pause": "p"}))
    line = state(Scene(VIEW, REPLAYING), PLAYBACK, 80, keys)
    assert plain(line).endswith(" p pause [ ] x . step t go { } mark")
    assert length(line) == 80
    assert "+40:00  next T in 0:34" in plain(line)


def test_the_next_marker_and_all_of_them():
    assert "next T in 0:34" in told(140)
    assert "2 fills, 3 tickets, 2 doubts" in told(140)
    assert "next" not in told(140, markers=())


def test_markers_are_incomplete_while_it_is_scanned():
    assert "scanning" in told(scanned=False)
    assert "scanning" not in told()


def test_a_fill_hides_a_ticket_and_a_ticket_a_doubt():
    def sign(*kinds):
        found = tuple(Marker(NOW + 5 * MINUTE + i, kind) for i, kind in enumerate(kinds))
        return set(plain(bar(change(PLAYBACK, markers=found), 80))) & set("TFD")

    assert sign("doubt", "ticket", "fill") == sign("fill", "doubt", "ticket") == {"F"}
    assert sign("doubt", "ticket") == sign("ticket", "doubt") == {"T"}
    assert sign("doubt") == {"D"}
    assert sign("something else") == set()


@given(
    st.integers(60, 250),
    st.integers(0, 10**14),
    st.lists(st.tuples(st.floats(-0.1, 1.1), st.sampled_from(["ticket", "fill", "doubt"])), max_size=30),
    st.floats(0, 1),
    st.booleans(),
)
def test_the_bar_is_as_wide_as_the_screen(width, lasts, marks, part, finished):
    markers = tuple(Marker(NOW + int(lasts * place), kind) for place, kind in marks)
    at = Playback(NOW, NOW + lasts, NOW + int(lasts * part), 1.0, False, finished, markers, True)
    line = bar(at, width)
    assert length(line) == width
    assert plain(line).count("#") == 1
    assert length(state(Scene(View(), REPLAYING), at, width)) <= width


def test_all_behind_it_is_played():
    words = plain(bar(change(PLAYBACK, markers=()), 80))
    inside = words[words.index("[") + 1 : words.index("]")]
    played, to_come = inside.split("#")
    assert set(played) == {"="}
    assert set(to_come) == {"-"}
    assert len(played) == pytest.approx(len(inside) * 2 / 3, abs=1)


def test_spans():
    assert span(3_661 * SECOND) == "1:01:01"
    assert span(-5) == "0:00"
    assert span(754 * SECOND) == "12:34"
    assert span(30 * 3600 * SECOND) == "30:00:00"
