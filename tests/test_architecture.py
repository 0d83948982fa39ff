"""The house rules that no other tool checks."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from cockpit.cli.main import parser
from cockpit.settings.tree import Settings, read

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted((ROOT / "cockpit").rglob("*.py"))


def actions(parser):
    """Every (command, option) of the command line."""
    for action in parser._actions:
        if isinstance(getattr(action, "choices", None), dict):
            for name, sub in action.choices.items():
                yield name, ""
                yield from ((f"{name} {deeper}".strip(), option) for deeper, option in actions(sub))
        else:
            yield from (("", option) for option in action.option_strings if option.startswith("--"))


def test_every_command_and_option_stands_in_the_readme():
    text = (ROOT / "README.md").read_text()
    obvious = {"--help", "--force", "--version", "--headless"}
    for command, option in actions(parser()):
        assert f"cockpit {command}".strip() in text
        assert option in obvious or option in text, (command, option)


def test_every_setting_stands_in_the_readme_with_its_default():
    text = re.search(r"```toml\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert text is not None
    values = tomllib.loads(text.group(1))
    assert read(values, "README") == Settings()

    def keys(tree, path=""):
        for key, value in tree.items():
            yield f"{path}{key}"
            if isinstance(value, dict):
                yield from keys(value, f"{path}{key}.")

    assert set(keys(values)) == set(keys(Settings().plain()))


def test_every_picture_of_the_readme_is_there_and_fetches_nothing():
    named = re.findall(r"!\[[^]]*\]\((.*?)\)", (ROOT / "README.md").read_text())
    assert set(named) == {str(each.relative_to(ROOT)) for each in ROOT.glob("examples/pictures/*")}
    for each in named:
        assert "url(http" not in (ROOT / each).read_text(), each


def test_help_and_version_import_nothing_heavy():
    heavy = {"textual", "rich", "numpy", "scipy", "httpx", "websockets", "pydantic", "zstandard", "pyarrow"}
    code = (
        "import sys; from cockpit.cli.main import main\n"
        "try: main(['replay', '--help'])\n"
        "except SystemExit: pass\n"
        f"print('loaded', sorted({heavy!r} & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.splitlines()[-1] == "loaded []"


def test_the_core_runs_without_the_heavy():
    """A headless replay needs neither the screen nor numpy."""
    code = (
        "import sys, cockpit.engine.engine, cockpit.feeds.kalshi.feed, cockpit.strategies.versions\n"
        "print(sorted({'textual','numpy','scipy','httpx','pydantic'} & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_sizes(path):
    text = path.read_text()
    assert text.count("\n") <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno - node.lineno < 75, node.name
    if path.name == "__init__.py":
        body = ast.parse(text).body
        assert len(body) == 1
        assert ast.get_docstring(ast.parse(text))
