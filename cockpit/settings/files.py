"""Where settings and data live, reading the person's own, and writing back what a person changed on the screen."""

import codecs
import os
import tempfile
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from errno import EACCES
from pathlib import Path

import platformdirs

from cockpit.domain.errors import OutputError, Overtaken, SettingsError
from cockpit.settings.tree import Settings, read

NEW = 0o600
"""The mode of a file that was not there."""
MARK = codecs.BOM_UTF8
"""What some editors put before the first byte of a text: no part of it, and left where it is."""


def load(path: Path | None = None) -> Settings:
    """Settings from a TOML file; the defaults where the usual file does not exist.

    Args:
        path: a file that must exist, or None for the user's own.

    Raises:
        SettingsError: when the file cannot be read or a key is wrong; the message names both.
    """
    where = path or usual_path()
    found = _found(where)
    if path is not None and found is None:
        raise SettingsError(f"{where}: no such file")
    return _settings(found, where)


def usual_path() -> Path:
    """Where the user's settings file lives on this system."""
    return Path(platformdirs.user_config_dir("cockpit")) / "config.toml"


def data_dir() -> Path:
    """Where sessions, journals and locks live on this system."""
    return Path(platformdirs.user_data_dir("cockpit"))


class SettingsFile:
    """The file a screen shows and changes.

    Args:
        path: where it is; it need not exist yet. None is no file at all: the defaults.
        refusal: why it is not written to; empty when it may be.
    """

    def __init__(self, path: Path | None, refusal: str = "") -> None:
        self.path = path
        self.refusal = refusal if path is not None else refusal or "there is no settings file here"
        self.settings = Settings()
        """As last read."""
        self._read: bytes | None = None

    def read(self) -> Settings:
        """Read it anew.

        Raises:
            SettingsError: when it cannot be read or a key is wrong; the message names both. What was read before stays.
        """
        if self.path is not None:
            found = _found(self.path)
            self.settings = _settings(found, self.path)
            self._read = found
        return self.settings

    def save(self, changes: Mapping[str, int | float | str | list[str]]) -> None:
        """Write changed keys ("caps.order") into the file as it was read; all else in it stays as it stands.

        Raises:
            OutputError: when it may not or cannot be written; it is then as it was.
            Overtaken: when somebody has changed it since it was read; the same holds.
            SettingsError: when the changes are wrong.
        """
        if self.path is None or self.refusal:
            raise OutputError(self.refusal)
        from cockpit.settings.written import changed

        before = self._read or b""
        try:
            text = changed(before.removeprefix(MARK).decode(), changes)
        except ValueError as error:
            raise OutputError(f"{self.path}: edit it by hand ({error})") from None
        made = (MARK if before.startswith(MARK) else b"") + text.encode()
        settings = _settings(made, self.path)
        try:
            _write(Path(os.path.realpath(self.path)), self._read, made)
        except Overtaken:
            raise Overtaken(f"{self.path}: somebody else has changed it since it was read") from None
        except OSError as error:
            raise OutputError(f"{self.path}: {error.strerror or error}") from None
        self.settings, self._read = settings, made


def _settings(found: bytes | None, where: Path) -> Settings:
    if found is None:
        return Settings()
    try:
        values = tomllib.loads(found.removeprefix(MARK).decode())
    except RecursionError:
        raise SettingsError(f"{where}: brackets within brackets, too deep to read") from None
    except ValueError as error:
        raise SettingsError(f"{where}: {error}") from None
    return read(values, str(where))


def _found(where: Path) -> bytes | None:
    """What stands in a file; None where there is none.

    Raises:
        SettingsError: when it cannot be read.
    """
    try:
        return _bytes(where)
    except OSError as error:
        raise SettingsError(f"{where}: {error.strerror or error}") from None


def _bytes(where: Path) -> bytes | None:
    try:
        return where.read_bytes()
    except FileNotFoundError:
        return None


def _write(path: Path, before: bytes | None, after: bytes) -> None:
    """Put new bytes in the place of those that were read: all of them or none, whatever happens meanwhile.

    Raises:
        Overtaken: when other bytes stand there by now.
        OSError: when the disk says no.
    """
    _same(path, before)
    mode = path.stat().st_mode & 0o7777 if before is not None else NEW
    if not mode & 0o222:
        raise PermissionError(EACCES, "it is read only")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(after)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        _same(path, before)
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
    _settle(path.parent)


def _same(path: Path, before: bytes | None) -> None:
    if _bytes(path) != before:
        raise Overtaken(str(path))


def _settle(folder: Path) -> None:
    """Let the new name reach the disk; some systems cannot be asked."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
