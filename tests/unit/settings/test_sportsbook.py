"""What a run asks of odds services, and what the settings refuse."""

import pytest

from cockpit.domain.errors import SettingsError
from cockpit.feeds.base import Poll
from cockpit.runtime.feeds import recorded, wanted
from cockpit.settings.tree import Settings, read

KEYS = ("theoddsapi", "opticodds")


def urls(told: dict[str, object], *keys: str) -> list[str]:
    feed = wanted(read({"sportsbook": told}, "test"), keyed=False, secrets=keys)["sportsbook"]
    return [each.url for each in feed.requests() if isinstance(each, Poll)]


def test_nothing_is_asked_without_a_key() -> None:
    assert urls({}) == urls({"opticodds": {"on": True}}) == []
    assert "sportsbook" not in wanted(read({"sportsbook": {"on": False}}, "test"), keyed=False, secrets=KEYS)
    assert wanted(Settings(), keyed=False)["sportsbook"].requests() == []


def test_each_service_is_asked_with_its_own() -> None:
    assert urls({}, "theoddsapi") == ["https://api.the-odds-api.com/v4/sports"]
    assert urls({}, "opticodds") == [], "it is off"
    asked = urls({"opticodds": {"on": True, "leagues": ["nfl"]}, "sports": []}, *KEYS)
    assert asked == ["https://api.opticodds.com/api/v3/fixtures/active?league=nfl"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"sports": ["soccer_epl"]},
        {"regions": []},
        {"markets": ["player_points"]},
        {"every_min": 0},
        {"keep": -1},
        {"site": "https://odds.test?apiKey=secret"},
        {"key": "secret"},
        {"opticodds": {"fields": {"colour": "x"}}},
        {"opticodds": {"fields": {"home": "a..b"}}},
        {"opticodds": {"words": {"moneyline": "winner"}}},
        {"opticodds": {"books": ["A", "B", "C", "D", "E", "F"]}},
    ],
)
def test_what_is_wrong_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(SettingsError, match=r"sportsbook\."):
        read({"sportsbook": wrong}, "test")


def test_a_key_in_the_settings_is_refused_without_being_shown() -> None:
    with pytest.raises(SettingsError) as caught:
        read({"sportsbook": {"key": "marker-0123456789"}}, "test")
    assert "marker" not in str(caught.value)


def test_some_fields_may_be_named_and_the_rest_stand_where_they_are_documented() -> None:
    chosen = read({"sportsbook": {"opticodds": {"on": True, "fields": {"price": "decimal"}}}}, "test")
    feed = wanted(chosen, keyed=False)["sportsbook"]
    assert b'"price":"decimal"' in feed.memory()
    assert b'"home":"home_team_display"' in feed.memory()


def test_a_recording_is_read_without_a_key() -> None:
    receivers = recorded(())
    assert receivers.get("sportsbook.theoddsapi") is not None
    assert receivers.feeds["sportsbook"].requests() == []
