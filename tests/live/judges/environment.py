"""An environment of its own for an outside judge: another Python, with the venue's own client in it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

READY = "ready.json"


def interpreter(version: str) -> Path | None:
    """A Python of a version (such as "3.13"): on the PATH, this one, or one that pyenv keeps."""
    named = shutil.which(f"python{version}")
    candidates = [Path(sys.executable), *([Path(named)] if named else [])]
    pyenv = shutil.which("pyenv")
    if pyenv is not None:
        root = subprocess.run([pyenv, "root"], capture_output=True, text=True, check=False).stdout.strip()
        candidates += sorted(Path(root).glob(f"versions/{version}*/bin/python"), reverse=True)
    return next((path for path in candidates if _is(path, version)), None)


def _is(path: Path, version: str) -> bool:
    code = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"
    try:
        told = subprocess.run([path, "-c", code], capture_output=True, text=True, check=False, timeout=20)
    except OSError:
        return False
    return told.stdout.strip() == version


def environment(folder: Path, version: str, package: str) -> Path:
    """The Python of an environment with a package in it, made in a folder unless it is there already.

    Skips the test when there is no such Python, or the package cannot be installed.
    """
    python = folder / "venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    mark = folder / READY
    if mark.exists() and json.loads(mark.read_text()) == [version, package] and _is(python, version):
        return python
    base = interpreter(version)
    if base is None:
        pytest.skip(f"no Python {version} here: the judge {package} needs one")
    shutil.rmtree(folder / "venv", ignore_errors=True)
    uv = shutil.which("uv")
    made = [uv, "venv", "--python", base] if uv else [base, "-m", "venv"]
    subprocess.run([*made, folder / "venv"], check=True, capture_output=True)
    install = [uv, "pip", "install", "--python", python] if uv else [python, "-m", "pip", "install", "-q"]
    told = subprocess.run([*install, package], capture_output=True, text=True, check=False, timeout=180)
    if told.returncode:
        last = (told.stderr.strip().splitlines() or ["no reason given"])[-1]
        pytest.skip(f"{package} cannot be installed ({last}): no package index to be reached?")
    mark.write_text(json.dumps([version, package]))
    return python
