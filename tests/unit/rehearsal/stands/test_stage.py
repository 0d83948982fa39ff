"""The stage: when frames are due, and what it takes for now."""

import itertools

import pytest
from echoing import T0, Hand

from cockpit.domain.units import MILLISECOND, SECOND
from cockpit.rehearsal.courier import Arrival
from cockpit.rehearsal.stands.stage import BURST, LONGEST_S, Stage


class Listener:
    def __init__(self):
        self.heard = []
        self.congested = False

    def take(self, arrival):
        self.heard.append((arrival.t - T0) / SECOND)


def staged(times, clock, **more):
    frames = (Arrival(T0 + int(t * SECOND), "kalshi.ws", b"{}", None) for t in times)
    stage = Stage(frames, clock, **more)
    listener = Listener()
    stage.audience.append(listener)
    return stage, listener


def test_frames_are_played_when_they_are_due():
    clock = Hand()
    stage, listener = staged([0, 0.1, 0.5, 9], clock)
    assert stage.play() == pytest.approx(0.1)
    assert listener.heard == [0]
    clock.pass_(0.1)
    assert stage.play() == LONGEST_S
    clock.pass_(0.25)
    assert stage.play() == pytest.approx(0.15)
    clock.pass_(20)
    assert stage.play() is None
    assert listener.heard == [0, 0.1, 0.5, 9]


def test_its_time_runs_as_fast_as_it_is_told():
    clock = Hand()
    stage, listener = staged([0, 1, 4], clock, speed=2.0)
    clock.pass_(0.5)
    stage.play()
    assert listener.heard == [0, 1]
    assert stage.now() == T0 + SECOND
    assert stage.play() == LONGEST_S


def test_late_frames_come_at_once_in_bursts():
    clock = Hand()
    stage, listener = staged(itertools.repeat(0, BURST + 5), clock)
    clock.pass_(60)
    assert stage.play() == 0.0
    assert len(listener.heard) == BURST
    assert stage.play() is None
    assert len(listener.heard) == BURST + 5


def test_a_rate_takes_no_notice_of_time_but_of_clients():
    clock = Hand()
    stage, listener = staged([0, 100, 200, 300], clock, rate=10.0)
    assert stage.play() == pytest.approx(0.1)
    assert listener.heard == [0]
    clock.pass_(0.2)
    listener.congested = True
    assert 0 < stage.play() <= 0.01
    assert listener.heard == [0]
    listener.congested = False
    assert stage.play() == pytest.approx(0.1)
    assert listener.heard == [0, 100, 200]
    assert stage.now() == T0 + 200 * SECOND


async def test_it_runs_to_the_end():
    clock = Hand()

    class Passing(Hand):
        def __call__(self):
            self.at += 5 * MILLISECOND
            return self.at

    clock = Passing()
    stage, listener = staged([0, 0.01, 0.02], clock)
    await stage.run()
    assert stage.played == len(listener.heard) == 3
