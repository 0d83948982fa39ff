"""Which feeds a live run asks, and which read a recording."""

import msgspec
import pytest

from cockpit.domain.errors import SettingsError
from cockpit.feeds.base import Frame, Poll
from cockpit.runtime.feeds import recorded, wanted
from cockpit.settings.tree import Settings, read


def test_scores_are_asked_for_where_the_settings_say() -> None:
    feed = wanted(read({"espn": {"site": "https://scores.test", "leagues": ["nfl"]}}, "test"), keyed=False)[
        "espn"
    ]
    urls = [each.url for each in feed.requests() if isinstance(each, Poll)]
    assert urls == ["https://scores.test/apis/site/v2/sports/football/nfl/scoreboard"]
    assert "espn" in wanted(Settings(), keyed=False)
    assert "espn" not in wanted(read({"espn": {"on": False}}, "test"), keyed=False)


@pytest.mark.parametrize("espn", [{"leagues": ["nhl"]}, {"site": "http://scores.test"}, {"sites": []}])
def test_other_leagues_and_open_addresses_are_refused(espn: dict[str, object]) -> None:
    with pytest.raises(SettingsError, match=r"espn\."):
        read({"espn": espn}, "test")


def test_recorded_scores_are_read_with_the_teams_of_both_leagues() -> None:
    receivers = recorded(())
    receive = receivers.get("espn.site")
    assert receive is not None
    sides = [
        {"homeAway": each, "team": {"abbreviation": code}, "score": "0"}
        for each, code in (("home", "WSH"), ("away", "GS"))
    ]
    one = {"competitors": sides, "status": {"type": {"state": "pre"}}}
    body = {"events": [{"id": "1", "date": "2027-01-16T00:00Z", "competitions": [one]}]}
    url = "https://scores.test/apis/site/v2/sports/basketball/nba/scoreboard"
    (told,) = receive(Frame(0, 1, "espn.site", msgspec.Raw(msgspec.json.encode(body)), u=url, st=200))
    assert (told.game.away, told.game.home) == ("GSW", "WAS")  # type: ignore[union-attr]
    assert receivers.memory()


def test_calendars_are_asked_for_where_the_settings_say() -> None:
    polls = [
        each for each in wanted(Settings(), keyed=False)["schedule"].requests() if isinstance(each, Poll)
    ]
    assert [each.url for each in polls] == [each.url for each in Settings().schedule.calendars.values()]
    own = {"calendars": {"mine": {"url": "file:///tmp/my%20own.ics", "form": "ics"}}}
    feed = wanted(read({"schedule": own}, "test"), keyed=False)["schedule"]
    assert [each.url for each in feed.requests()] == ["file:///tmp/my%20own.ics"]
    assert "schedule" not in wanted(read({"schedule": {"on": False}}, "test"), keyed=False)


@pytest.mark.parametrize(
    "calendar",
    [
        {"url": "file://host/tmp/a", "form": "ics"}, {"url": "file:tmp/a", "form": "ics"}, {"url": "ftp://a.test/a", "form": "ics"},
        {"url": "http://a.test/a", "form": "ics"}, {"url": "https://me:secret@a.test/a", "form": "ics"},
        {"url": "https://a.test/a", "form": "html"}, {"url": "https://a.test/a", "form": "ics", "speaker": "Trump"},
        {"url": "https://a.test/a"}, {"url": "https://a.test/a", "form": "ics", "more": 1},
    ],
)  # fmt: skip
def test_other_calendars_are_refused_by_name(calendar: dict[str, object]) -> None:
    with pytest.raises(SettingsError, match=r"schedule\.calendars\.mine"):
        read({"schedule": {"calendars": {"mine": calendar}}}, "test")


def test_one_address_is_one_calendar() -> None:
    one = {"url": "https://a.test/a?form=ics", "form": "ics"}
    assert len(read({"schedule": {"calendars": {"a": one}}}, "test").schedule.calendars) == 1
    with pytest.raises(SettingsError, match="two calendars have the address"):
        read({"schedule": {"calendars": {"a": one, "b": one}}}, "test")


def test_recorded_calendars_and_rows_are_read() -> None:
    receivers = recorded(())
    live = wanted(
        read({"schedule": {"calendars": {"mine": {"url": "https://a.test/x", "form": "json"}}}}, "test"),
        keyed=False,
    )
    receivers.recall(msgspec.json.encode({"schedule": msgspec.Raw(live["schedule"].memory())}))
    receive = receivers.get("schedule.calendar")
    assert receive is not None
    body = msgspec.Raw(b'[{"title":"A talk","start":"2026-11-28T15:00Z"}]')
    t = 1_795_800_000_000_000_000
    told = receive(Frame(0, t, "schedule.calendar", body, u="https://a.test/x", st=200))
    assert [type(each).__name__ for each in told] == ["OccasionSeen", "OccasionsGone"]
    rows = receivers.get("corpus.rows")
    assert rows is not None
    assert rows(Frame(0, t, "corpus.rows", msgspec.Raw(b'{"phrases":[],"occurrences":[],"shares":[]}')))
    assert "corpus" in live
