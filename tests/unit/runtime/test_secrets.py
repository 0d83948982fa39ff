"""Keys that go into a query or a header: where they go, and that they show themselves nowhere."""

import httpx
import pytest

from cockpit.domain.errors import SettingsError
from cockpit.runtime.secrets import Secret, find_secrets
from cockpit.settings.sportsbook import SportsbookSettings
from cockpit.settings.tree import read

KEY = "marker+0123456789/abcdef"
SITE = "https://odds.test/v4"


def secret(**more: str) -> Secret:
    return Secret(KEY, SITE, title="Odds API", **(more or {"query": "apiKey"}))


def sent(url: str, one: Secret) -> str:
    """The target that would go over the wire."""
    extensions = one.extensions(url)
    assert extensions is not None
    return str(extensions["target"], "ascii")


def test_it_goes_into_the_target_and_the_request_does_not_know_of_it() -> None:
    one = secret()
    assert (
        sent("https://odds.test/v4/sports/x/odds?regions=us", one)
        == "/v4/sports/x/odds?regions=us&apiKey=marker%2B0123456789%2Fabcdef"
    )
    assert sent("https://odds.test", one) == "/?apiKey=marker%2B0123456789%2Fabcdef"
    assert one.headers() == {}
    request = httpx.Request("GET", f"{SITE}/sports", extensions=one.extensions(f"{SITE}/sports"))
    assert "marker" not in f"{request!r} {request.url} {request.headers}"


def test_or_into_a_header() -> None:
    one = secret(header="x-api-key")
    assert one.extensions(f"{SITE}/fixtures") is None
    assert one.headers() == {"x-api-key": KEY}


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.test/v4",
        "http://odds.test/v4",
        "https://odds.test:8443/v4",
        "https://odds.test.evil.test/v4",
    ],
)
def test_it_goes_to_its_own_address_only(url: str) -> None:
    for one in (secret(), secret(header="x-api-key")):
        with pytest.raises(SettingsError, match="its own address") as caught:
            one.extensions(url)
        assert "marker" not in str(caught.value)


def test_it_never_shows_itself() -> None:
    one = secret()
    assert repr(one) == str(one) == "Secret(...)"
    assert one.hidden(f"a {KEY} b marker%2B0123456789%2Fabcdef") == "a (hidden) b (hidden)"
    assert one.blank(f'{{"told":"{KEY}"}}'.encode()) == b'{"told":"(hidden)"}'


@pytest.mark.parametrize(
    "value", ["tiny-7", "x" * 201, "has a blank in it", "tab\tinside-it", "k\u00e9y-of-letters"]
)
def test_what_is_no_key_is_refused_without_being_shown(value: str) -> None:
    with pytest.raises(SettingsError, match="Odds API key") as caught:
        Secret(value, SITE, title="Odds API")
    assert value not in str(caught.value)


def test_the_environment_comes_before_the_file(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "key"
    path.write_text("from-the-file-1\n")
    path.chmod(0o600)
    settings = SportsbookSettings(key_file=str(path))
    found = find_secrets(settings, {})["theoddsapi"]
    assert sent("https://api.the-odds-api.com/v4/sports", found) == "/v4/sports?apiKey=from-the-file-1"
    found = find_secrets(settings, {"COCKPIT_ODDS_API_KEY": " of-the-environment "})["theoddsapi"]
    assert sent("https://api.the-odds-api.com/v4/sports", found) == "/v4/sports?apiKey=of-the-environment"


def test_each_service_has_its_own_and_what_is_off_has_none() -> None:
    environment = {"COCKPIT_ODDS_API_KEY": "the-first-key", "COCKPIT_OPTICODDS_KEY": "the-second-key"}
    assert set(find_secrets(SportsbookSettings(), environment)) == {"theoddsapi"}
    both = read({"sportsbook": {"opticodds": {"on": True}}}, "test").sportsbook
    found = find_secrets(both, environment)
    assert found["opticodds"].headers() == {"x-api-key": "the-second-key"}
    assert find_secrets(SportsbookSettings(on=False), environment) == {}
    assert find_secrets(SportsbookSettings(), {}) == {}


def test_a_file_others_may_read_is_refused(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "key"
    path.write_text("from-the-file-1")
    path.chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        find_secrets(SportsbookSettings(key_file=str(path)), {})
    path.chmod(0o600)
    path.write_bytes(b"\xff\xfe-not-ascii")
    with pytest.raises(SettingsError, match="no key holds"):
        find_secrets(SportsbookSettings(key_file=str(path)), {})


def test_a_recordings_header_points_to_no_key_and_names_nobody() -> None:
    chosen = read(
        {
            "weather": {"contact": "marker@example.org"},
            "sportsbook": {"key_file": "/marker/one", "opticodds": {"key_file": "/marker/two"}},
        },
        "test",
    )
    assert "marker" in str(chosen.plain())
    assert "marker" not in str(chosen.public())
    assert read(chosen.public(), "header").sportsbook.every_min == 90
