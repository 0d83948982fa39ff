"""Frame faults, by number and channel."""

from cockpit.rehearsal.stands.faults import PROFILES, Faults
from cockpit.rehearsal.stands.mangle import BLOAT, GARBAGE, NOISE, Mangler


def sent(faults, count=6, lane=1):
    mangler = Mangler()
    return [each for n in range(1, count + 1) for each in mangler.spoil(faults, b"f%d" % n, lane)]


def test_every_nth_of_a_channel():
    assert sent(Faults(lose=3)) == [b"f1", b"f2", b"f4", b"f5"]
    assert sent(Faults(repeat=3), 3) == [b"f1", b"f2", b"f3", b"f3"]
    assert sent(Faults(swap=3), 4) == [b"f1", b"f2", b"f4", b"f3"]
    assert sent(Faults(cut=2), 2) == [b"f1", b"f"]
    assert sent(Faults(garbage=2), 3) == [b"f1", b"f2", GARBAGE, b"f3"]


def test_channels_are_counted_apart():
    mangler, faults = Mangler(), Faults(lose=2)
    assert mangler.spoil(faults, b"a", 1) == [b"a"]
    assert mangler.spoil(faults, b"b", 2) == [b"b"]
    assert mangler.spoil(faults, b"c", 1) == []
    assert mangler.spoil(faults, b"d", 2) == []


def test_a_frame_held_back_comes_with_the_next_even_when_that_is_also_due():
    assert sent(Faults(swap=1), 4) == [b"f2", b"f1", b"f4", b"f3"]


def test_what_is_sent_beside_the_frames():
    assert len(BLOAT) > 1 << 20
    assert not GARBAGE.startswith(b"{")
    try:
        NOISE.decode()
    except UnicodeDecodeError:
        return
    raise AssertionError("it can be read")


def test_the_profiles_are_named_after_what_they_do():
    assert all(faults.name == name for name, faults in PROFILES.items())
    touching = {name for name, faults in PROFILES.items() if faults.touches_frames}
    assert touching == {"gaps", "duplicate", "reorder", "garbage", "truncated", "huge", "non-utf8"}
    assert {name for name, faults in PROFILES.items() if faults.fails} == {
        name for name in PROFILES if name.startswith("rest-")
    }
