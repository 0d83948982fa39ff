"""Themes: bundled ones, a person's own, and terminals with few colours or none."""

from importlib import resources
from pathlib import Path

import pytest
from app_sample import VIEW, change

from cockpit.app.paint import _short
from cockpit.app.theme import PLAIN, ROLES, SIXTEEN, choose, load

ROOT = Path(__file__).resolve().parents[2]
THEMES, NOTICES = load()


def test_the_bundled_ones():
    assert set(THEMES) == {"dark", "light", "colour-blind", "sixteen", "mono"}
    assert not NOTICES


@pytest.mark.parametrize("name", sorted(THEMES))
def test_every_role_resolves(name):
    theme = THEMES[name]
    for role in ROLES:
        assert theme.style(role) is theme.style(role)
        assert theme.style(f"selection/{role}")
    assert theme.ansi or theme.style("text").bgcolor == theme.styles["background"].bgcolor


def luminance(color):
    parts = [value / 255 for value in color.get_truecolor()]
    linear = [value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4 for value in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("name", ["dark", "light", "colour-blind"])
@pytest.mark.parametrize("role", sorted(ROLES))
def test_text_can_be_read(name, role):
    """Contrast by WCAG 2.1: 4.5 for text, 3 for what is meant to stand back."""
    style = THEMES[name].style(role)
    dark, bright = sorted((luminance(style.color), luminance(style.bgcolor)))
    assert (bright + 0.05) / (dark + 0.05) >= (3 if role in ("dim", "stale") else 4.5)


@pytest.mark.parametrize("name", sorted(THEMES))
async def test_the_screen_in_every_theme(run, name):
    """The same text in all of them, and the whole of it painted."""
    async with run(theme=name) as desk:
        plain = desk.text()
        await desk.press("o", "escape", "T")
        assert desk.app.skin.name != name
        await desk.press(*["T"] * 4)
        assert desk.app.skin.name == name
    async with run(theme="dark") as desk:
        assert desk.text() == plain


async def test_no_color_means_none(run, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    async with run(change(VIEW, killed=True), theme="light") as desk:
        assert desk.app.skin.name == PLAIN
        strips = desk.app.screen._compositor.render_strips()
    styles = [segment.style for strip in strips for segment in strip if segment.style is not None]
    assert styles
    assert all(part is None or part.is_default for style in styles for part in (style.color, style.bgcolor))
    assert any(style.reverse for style in styles)


def test_what_suits_the_terminal():
    assert choose(THEMES, "", no_color=False, colors="truecolor") == ("dark", "")
    assert choose(THEMES, "", no_color=False, colors="standard") == (SIXTEEN, "")
    assert choose(THEMES, "light", no_color=False, colors="standard") == ("light", "")
    assert choose(THEMES, "light", no_color=True, colors="truecolor") == (PLAIN, "")
    name, notice = choose(THEMES, "pink", no_color=False, colors="truecolor")
    assert name == "dark"
    assert "pink" in notice


def test_a_persons_own_theme_builds_on_another(tmp_path):
    (tmp_path / "mine.toml").write_text('base = "light"\n[roles]\ngood = "bold #004400"\n')
    themes, notices = load(tmp_path)
    assert not notices
    assert themes["mine"].styles["good"].bold
    assert themes["mine"].styles["bad"] == themes["light"].styles["bad"]


@pytest.mark.parametrize(
    ("content", "notice"),
    [
        ("[roles]\ngood = 'no such colour'", "mine.toml: roles.good: not a style"),
        ("[roles]\ngood = 7", "mine.toml: roles.good: not a style"),
        ("[roles]\ngodo = 'red'", "mine.toml: roles.godo: unknown role"),
        ("roles = 3", "mine.toml: roles: not a table"),
        ("base = 'none'", "mine.toml: base: no theme 'none'"),
        ("base = []", "mine.toml: base: no theme"),
        ("colour = 3", "mine.toml: colour: unknown key"),
        ("name = 3", "mine.toml: name: not a name"),
        ("[roles", "mine.toml: "),
    ],
)
def test_a_bad_file_is_a_notice(tmp_path, content, notice):
    (tmp_path / "mine.toml").write_text(content)
    themes, notices = load(tmp_path)
    assert len(notices) == 1
    assert notices[0].startswith(notice)
    assert set(THEMES) <= set(themes)


def test_in_a_wheel_the_themes_lie_in_the_package(tmp_path, monkeypatch):
    (tmp_path / "themes").mkdir()
    whole = (ROOT / "themes" / "dark.toml").read_text()
    (tmp_path / "themes" / "dark.toml").write_text(whole.replace("#5fd75f", "#123456"))
    monkeypatch.setattr(resources, "files", lambda _: tmp_path)
    themes, notices = load()
    assert not notices
    assert themes["dark"].styles["good"].color.name == "#123456"


def test_bytes_that_are_no_text_are_a_notice(tmp_path):
    (tmp_path / "mine.toml").write_bytes(b"\xff\xfe")
    assert "mine.toml" in load(tmp_path)[1][0]


async def test_a_bad_theme_is_told_on_the_screen(run, tmp_path):
    (tmp_path / "mine.toml").write_text("[roles]\ngodo = 'red'")
    async with run(themes=tmp_path, theme="mine") as desk:
        assert "mine.toml: roles.godo: unknown role" in desk.row(16)
        assert desk.app.skin.name == "mine"


@pytest.mark.parametrize("name", ["sixteen", "mono"])
def test_a_row_in_reverse_is_one_bar(name):
    """A green cell in a reversed row would be a green block: the sign says it there."""
    theme = THEMES[name]
    for role in ("good", "bad", "band", "dim", "own"):
        style, row = theme.style(f"selection/{role}"), theme.style("selection")
        assert style.reverse
        assert (style.color, style.bgcolor) == (row.color, row.bgcolor)
    assert theme.style("selection/own").bold


@pytest.mark.parametrize("name", ["dark", "light", "colour-blind"])
def test_colours_that_paint_often_have_a_number(name):
    """The roles of cells in moving tables, and their ground."""
    theme = THEMES[name]
    for role in ("text", "dim", "good", "bad", "bid", "ask", "band", "warn", "accent", "own", "stale"):
        style = theme.style(role)
        assert _short(style.color).number is not None, role
        assert _short(style.bgcolor).number is not None, role
