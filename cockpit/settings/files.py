"""Where settings and data live, and reading the person's own."""

import tomllib
from pathlib import Path

import platformdirs

from cockpit.domain.errors import SettingsError
from cockpit.settings.tree import Settings, read


def load(path: Path | None = None) -> Settings:
    """Settings from a TOML file; the defaults where the usual file does not exist.

    Args:
        path: a file that must exist, or None for the user's own.

    Raises:
        SettingsError: when the file cannot be read or a key is wrong; the message names both.
    """
    where = path or usual_path()
    try:
        text = where.read_text(encoding="utf-8")
    except FileNotFoundError:
        if path is None:
            return Settings()
        raise SettingsError(f"{where}: no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{where}: {error}") from None
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{where}: {error}") from None
    return read(values, str(where))


def usual_path() -> Path:
    """Where the user's settings file lives on this system."""
    return Path(platformdirs.user_config_dir("cockpit")) / "config.toml"


def data_dir() -> Path:
    """Where sessions, journals and locks live on this system."""
    return Path(platformdirs.user_data_dir("cockpit"))
