"""Settings: defaults, TOML both ways, and messages that name the file and the key."""

import tomllib

import pytest

from cockpit.domain.errors import SettingsError
from cockpit.domain.units import MILLISECOND, MONEY
from cockpit.engine.config import DESK
from cockpit.settings.files import load
from cockpit.settings.tree import Settings, read


def test_defaults_without_a_file():
    assert load() == Settings()


def test_toml_round_trip(tmp_path):
    path = tmp_path / "config.toml"
    path.write_text(Settings().toml())
    assert load(path) == Settings()
    assert tomllib.loads(Settings().toml())["caps"]["order"] == "100"


def test_the_engine_gets_exact_integers():
    chosen = read({"caps": {"order": "12.5"}, "simulator": {"entry_latency_ms": 40}}, "test")
    config = chosen.with_lanes(("probe",)).engine()
    assert config.entry_latency_ns == 40 * MILLISECOND
    assert [lane.name for lane in config.lanes] == [DESK, "probe"]
    assert config.lanes[0].caps.order == 25 * MONEY // 2
    assert config.lanes[1].caps.order is None
    assert config.rounding.trade == MONEY // 10_000


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("beat = 3", "beat"),
        ("[caps]\norder = 'much'", r"caps\.order"),
        ("[caps]\norder = -1", r"caps\.order"),
        ("[simulator]\nlatency = 1", r"simulator\.latency"),
        ("[lab]\nlanes = ['v99']", "v99"),
        ("profile = 'My Profile'", "profile"),
        ("beat_ms = 'soon'", "beat_ms"),
        ("[lab]\nlanes = ['V14', 'V15', 'V14']", r"lab\.lanes: .*V14 is named twice"),
        ("[desk]\nstrategies = ['V15', 'V15']", r"desk\.strategies: .*V15 is named twice"),
        ("[desk]\nstrategies = ['probe']", r"desk\.strategies: .*probe proves fills only: for lanes"),
        ("[desk]\nstrategies = ['V15', 'probe[qty=5]']", r"desk\.strategies: .*probe"),
        ("[caps\n", "line 1"),
        (f"beat_ms = {'9' * 5_000}", "integer string conversion"),
        (f"beat_ms = 0x{'f' * 5_000}", "beat_ms"),
        (f"beat_ms = {'[' * 5_000}{']' * 5_000}", "too deep"),
        (f"beat_ms = {'{a=' * 5_000}1{'}' * 5_000}", "too deep"),
    ],
)
def test_a_bad_file_is_named_with_its_key(tmp_path, text, what):
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(SettingsError, match=what) as raised:
        load(path)
    assert str(path) in str(raised.value)


def test_a_missing_file_that_was_asked_for(tmp_path):
    with pytest.raises(SettingsError, match="no such file"):
        load(tmp_path / "nowhere.toml")
    (tmp_path / "config.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match=r"config\.toml"):
        load(tmp_path / "config.toml")


def test_a_lane_may_have_other_parameters():
    name = "V15[threshold=0.08]"
    assert name in [lane.strategy for lane in Settings().with_lanes(("V15", name)).engine().lanes]
    with pytest.raises(SettingsError, match="no parameter"):
        Settings().with_lanes(("V15[nothing=1]",))
