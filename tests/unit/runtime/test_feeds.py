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
