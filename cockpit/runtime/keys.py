"""The Kalshi key: found by path or environment, held in memory, never shown.

Signed is ``timestamp_ms + METHOD + path`` (path from the root, without the query) by RSA-PSS with SHA-256, MGF1-SHA-256
and a salt of 32 bytes, or by Ed25519. Source: the exchange's API key documentation.
"""

import base64
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from cockpit.domain.errors import SettingsError
from cockpit.domain.units import MILLISECOND
from cockpit.settings.venues import KalshiSettings

ID_VARIABLE = "COCKPIT_KALSHI_KEY_ID"
FILE_VARIABLE = "COCKPIT_KALSHI_KEY_FILE"


class KalshiKey:
    """A key id and its private key. Its representation tells neither."""

    def __init__(self, key_id: str, pem: bytes) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        try:
            key = load_pem_private_key(pem, None)
        except (ValueError, TypeError):
            raise SettingsError(
                "the Kalshi key file holds no readable private key (PEM, without a password)"
            ) from None
        if not isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
            raise SettingsError("the Kalshi key is neither RSA nor Ed25519")
        self._id = key_id
        self._key = key

    def __repr__(self) -> str:
        return "KalshiKey(...)"

    def headers(self, method: str, url: str, now: int) -> dict[str, str]:
        """The three headers of a signed request or handshake at ``now`` (ns UTC)."""
        stamp = str(now // MILLISECOND)
        signature = self._sign(f"{stamp}{method}{urlsplit(url).path}".encode())
        return {
            "KALSHI-ACCESS-KEY": self._id,
            "KALSHI-ACCESS-TIMESTAMP": stamp,
            "KALSHI-ACCESS-SIGNATURE": base64.b64encode(signature).decode(),
        }

    def _sign(self, text: bytes) -> bytes:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
        from cryptography.hazmat.primitives.hashes import SHA256

        if isinstance(self._key, Ed25519PrivateKey):
            return self._key.sign(text)
        return self._key.sign(text, PSS(MGF1(SHA256()), salt_length=32), SHA256())


def find_key(settings: KalshiSettings, environment: Mapping[str, str] = os.environ) -> KalshiKey | None:
    """The user's key; None where neither id nor file is given.

    Raises:
        SettingsError: when only one of the two is given, the file cannot be read, or others may read it.
    """
    key_id = environment.get(ID_VARIABLE, "") or settings.key_id
    name = environment.get(FILE_VARIABLE, "") or settings.key_file
    if not key_id and not name:
        return None
    if not key_id:
        raise SettingsError(f"a Kalshi key file but no key id: set kalshi.key_id or {ID_VARIABLE}")
    if not name:
        raise SettingsError(f"a Kalshi key id but no key file: set kalshi.key_file or {FILE_VARIABLE}")
    if not (key_id.isascii() and key_id.isprintable()):
        raise SettingsError("the Kalshi key id holds a character that no id holds")
    return KalshiKey(key_id, read_private(Path(name).expanduser()))


def read_private(path: Path) -> bytes:
    """The bytes of a file that only its owner may read.

    Raises:
        SettingsError: when it cannot be read, or its mode is more open than 0600; the message says how to close it.
    """
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if mode & 0o077:
                raise SettingsError(
                    f"{path}: mode {mode:04o} lets others read the key; run: chmod 600 {path}"
                )
            return file.read(65_536)
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from None
