from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.units import SECOND
from cockpit.runtime.clock import TRUSTED_NS, Clock, distance, steady_wall

WALL = 1_796_000_000 * SECOND


@given(st.integers(0, SECOND - 1), st.integers(0, 2 * SECOND), st.integers(0, 2 * SECOND))
def test_a_right_clock_is_never_found_wrong(part, out, back):
    asked = WALL + part
    told = (asked + out) // SECOND * SECOND
    assert distance(told, asked, asked + out + back) == 0


@given(st.integers(5, 1000), st.booleans(), st.integers(0, SECOND))
def test_a_wrong_clock_is_found_to_the_second(seconds, ahead, way):
    wrong = seconds * SECOND * (1 if ahead else -1)
    told = (WALL + way // 2) // SECOND * SECOND
    found = distance(told, WALL + wrong, WALL + wrong + way)
    assert abs(found + wrong) <= SECOND // 2 + way


def test_the_middle_server_counts():
    clock = Clock(lambda: WALL)
    assert not clock.compare([0, 0, 100 * SECOND])
    assert clock.now() == WALL
    assert clock.compare([10 * SECOND, 10 * SECOND, 0])
    assert clock.now() == WALL + 10 * SECOND
    assert clock.bare() == WALL


def test_small_differences_change_nothing():
    clock = Clock(lambda: WALL)
    assert not clock.compare([TRUSTED_NS])
    assert clock.measured == TRUSTED_NS
    assert clock.offset == 0
    assert not clock.compare([])


def test_a_clock_set_right_is_let_alone_again():
    clock = Clock(lambda: WALL)
    clock.compare([-60 * SECOND])
    assert clock.offset == -60 * SECOND
    assert not clock.compare([-61 * SECOND])
    assert clock.compare([0])
    assert clock.offset == 0


def test_nobody_is_believed_when_servers_disagree():
    clock = Clock(lambda: WALL)
    assert not clock.compare([0, -3600 * SECOND])
    assert clock.disputed
    assert clock.offset == 0
    assert clock.compare([-3600 * SECOND, -3600 * SECOND, 0])
    assert not clock.disputed


def test_the_machines_own_clock_may_be_set_without_our_time_jumping(monkeypatch):
    wall = steady_wall()
    before = wall()
    monkeypatch.setattr("time.time_ns", lambda: 5)
    assert 0 <= wall() - before < 5 * SECOND
