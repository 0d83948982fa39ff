"""Keys of a TOML text, changed in place."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.settings.tree import Settings
from cockpit.settings.written import changed

NAMES = st.lists(st.from_regex(r"[A-Za-z0-9_./:-]{1,12}", fullmatch=True), max_size=6)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "[caps]\norder = 7\n"),
        ("# only a word\n", "# only a word\n\n[caps]\norder = 7\n"),
        ("[caps]\norder=5#x\n", "[caps]\norder=7#x\n"),
        ("caps.order = 5 # dotted\nbeat_ms = 250\n", "caps.order = 7 # dotted\nbeat_ms = 250\n"),
        ("caps = {market = 3, order = 5} # in a line\n", "caps = {market = 3, order = 7} # in a line\n"),
        ('[caps]\norder = "5" # a string\n', "[caps]\norder = 7 # a string\n"),
        ("[caps]\r\norder = 5\r\n", "[caps]\r\norder = 7\r\n"),
        ("[caps]\r\nmarket = 5\r\n", "[caps]\r\nmarket = 5\r\norder = 7\r\n"),
        ("[caps]\norder = 5", "[caps]\norder = 7"),
    ],
)
def test_where_keys_stand(before: str, after: str) -> None:
    assert changed(before, {"caps.order": 7}) == after


NEXT = '# about kalshi\n[kalshi]\nkey_id = "x"\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[caps]\norder = 5\n" + NEXT, "[caps]\norder = 5\nmarket = 77\ntotal = 900\n" + NEXT),
        ("[caps]\norder = 5\n\n" + NEXT, "[caps]\norder = 5\nmarket = 77\ntotal = 900\n\n" + NEXT),
        ("[caps]\n" + NEXT, "[caps]\nmarket = 77\ntotal = 900\n" + NEXT),
        ("[caps] # mine\n\n" + NEXT, "[caps] # mine\nmarket = 77\ntotal = 900\n\n" + NEXT),
        (
            "[caps]\n# first\norder = 5 # five\n# event = 9\n\n" + NEXT,
            "[caps]\n# first\norder = 5 # five\nmarket = 77\ntotal = 900\n# event = 9\n\n" + NEXT,
        ),
        ("[caps]\norder = 5\n# the end", "[caps]\norder = 5\nmarket = 77\ntotal = 900\n# the end"),
        ("[caps]\ntotal = 5\n" + NEXT, "[caps]\ntotal = 900\nmarket = 77\n" + NEXT),
        (
            "[caps]\r\norder = 5\r\n" + NEXT.replace("\n", "\r\n"),
            ("[caps]\norder = 5\nmarket = 77\ntotal = 900\n" + NEXT).replace("\n", "\r\n"),
        ),
        ("caps.order = 5\n" + NEXT, "caps.order = 5\ncaps.market = 77\ncaps.total = 900\n" + NEXT),
        ("[caps]", "[caps]\nmarket = 77\ntotal = 900\n"),
    ],
)
def test_a_new_key_stands_after_the_last_of_its_section(before: str, after: str) -> None:
    assert changed(before, {"caps.market": 77, "caps.total": 900}) == after


LIST = '[spot]\nassets = [\n  "BTC",   # first\n  # no DOGE\n  "ETH", "SOL",\n]  # all\n'


@pytest.mark.parametrize(
    ("names", "kept"),
    [
        (["BTC"], ["# first", "# no DOGE", "# all"]),
        (["ETH", "SOL", "XRP"], ["# no DOGE", "# all"]),
        (["BTC", "ETH", "SOL", "XRP"], ["# first", "# no DOGE", "# all"]),
        (["SOL", "BTC"], ["# all"]),
        ([], ["# all"]),
    ],
)
def test_what_is_said_beside_names_stays_where_it_can(names: list[str], kept: list[str]) -> None:
    text = changed(LIST, {"spot.assets": names})
    assert tomllib.loads(text) == {"spot": {"assets": names}}
    assert [each for each in ("# first", "# no DOGE", "# all") if each in text] == kept


@pytest.mark.parametrize("text", ["[caps", "caps = 3\n", "[[caps]]\norder = 5\n"])
def test_a_text_that_cannot_be_changed_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        changed(text, {"caps.order": 7})


@given(
    st.one_of(st.integers(1, 10**9), st.decimals("0.01", "99999", places=2).map(float)),
    NAMES,
    NAMES,
)
def test_what_is_written_is_read_and_nothing_else_changes(
    number: float, before: list[str], after: list[str]
) -> None:
    first = changed(
        Settings().toml() + "# the end\n", {"kalshi.series": before, "desk.threshold_cents": number}
    )
    text = changed(first, {"kalshi.series": after, "caps.total": number})
    was, now = tomllib.loads(first), tomllib.loads(text)
    assert now["kalshi"]["series"] == after
    assert now["caps"]["total"] == now["desk"]["threshold_cents"] == number
    was["kalshi"]["series"], was["caps"]["total"] = after, number
    assert now == was
    assert text.endswith("# the end\n")
