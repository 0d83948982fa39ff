"""Which stations a run asks for, and what the settings refuse."""

import pytest

from cockpit.domain.errors import SettingsError
from cockpit.feeds.base import Poll
from cockpit.runtime.feeds import recorded, wanted
from cockpit.settings.tree import Settings, read


def urls(told: dict[str, object]) -> list[str]:
    feed = wanted(read(told, "test"), keyed=False)["weather"]
    return [each.url for each in feed.requests() if isinstance(each, Poll)]


def stations(told: dict[str, object]) -> list[str]:
    told = {"weather": {"contact": "desk@example.org"} | told.pop("weather", {})} | told  # type: ignore[operator]
    return [url.split("/")[4] for url in urls(told) if "/stations/" in url]


def test_the_seven_oldest_are_asked_for_where_no_series_says_otherwise() -> None:
    assert stations({}) == ["KNYC", "KMDW", "KMIA", "KAUS", "KLAX", "KDEN", "KPHL"]


def test_series_watched_on_kalshi_bring_their_stations() -> None:
    assert stations({"kalshi": {"series": ["KXBTCD", "KXLOWTCHI", "KXHIGHCHI", "KXHIGHTSEA"]}}) == [
        "KMDW",
        "KSEA",
    ]


def test_stations_of_the_settings_come_first() -> None:
    told = {"kalshi": {"series": ["KXHIGHCHI"]}, "weather": {"stations": ["KHOU"]}}
    assert stations(told) == ["KHOU"]


def test_without_a_contact_open_meteo_alone_is_asked() -> None:
    asked = urls({})
    assert len(asked) == 7
    assert all(url.startswith("https://api.open-meteo.com/v1/forecast?") for url in asked)
    assert urls({"weather": {"models": []}}) == []
    assert "weather" not in wanted(read({"weather": {"on": False}}, "test"), keyed=False)


@pytest.mark.parametrize(
    "wrong",
    [
        {"stations": ["KORD"]},
        {"stations": ["Central Park"]},
        {"contact": "me\r\nX-Evil: 1"},
        {"contact": "a) b"},
        {"contact": "\u00e9@example.org"},
        {"models": ["a b"]},
        {"nws": "http://weather.test"},
        {"every": 1},
    ],
)
def test_what_is_wrong_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(SettingsError, match=r"weather\."):
        read({"weather": wrong}, "test")


def test_a_recording_is_read_with_every_station() -> None:
    assert recorded(()).get("weather.nws") is not None
    assert recorded(()).feeds["weather"].requests() == []
    assert Settings().weather.on
