"""Who may ask, and how often: signatures over ts + METHOD + path, and the token buckets.

A signature is RSA-PSS (SHA-256, salt as long as the digest) or Ed25519, by the kind of key. Signed paths need all three
headers; public ones need none, but what is there must be right. Source: the venue's key and rate-limit pages.
"""

import base64
import binascii
from collections.abc import Callable
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_public_key,
)

from cockpit.domain.units import MILLISECOND, SECOND
from cockpit.rehearsal.stands.asked import Answer, Asked
from cockpit.rehearsal.stands.kalshi import errors

PREFIX = "/trade-api/v2"
SOCKET = "/trade-api/ws/v2"
TOLERANCE_NS = 10 * SECOND
"""Clients within 5 s have been let in and those 30 s late refused; the limit is not published."""
_NAMES = ("kalshi-access-key", "kalshi-access-timestamp", "kalshi-access-signature")
_SIGNED = ("portfolio", "account", "api_keys", "communications")
_PSS = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=padding.PSS.DIGEST_LENGTH)

DEFAULT_COST = 10
COSTS = (
    ("DELETE", "/trade-api/v2/portfolio/events/orders/{order_id}", 2),
    ("DELETE", "/trade-api/v2/portfolio/events/orders/batched", 2),
    ("GET", "/trade-api/v2/portfolio/orders/{order_id}", 2),
)
"""Requests that cost other than 10 tokens; a batch costs that per order."""


class Limits(msgspec.Struct, frozen=True):
    """A usage tier: tokens a second and the bucket's size, for reads and for writes."""

    tier: str = "basic"
    read: tuple[int, int] = (200, 200)
    write: tuple[int, int] = (100, 100)


class Bucket:
    """A token bucket that refills with the clock it is shown."""

    def __init__(self, refill: int, capacity: int) -> None:
        self._refill = refill
        self._capacity = capacity
        self._level = capacity * SECOND
        self._at = 0

    def take(self, cost: int, now: int) -> bool:
        """Take tokens, if there are enough."""
        passed = max(0, now - self._at) if self._at else 0
        self._level = min(self._capacity * SECOND, self._level + passed * self._refill)
        self._at = max(self._at, now)
        if self._level < cost * SECOND:
            return False
        self._level -= cost * SECOND
        return True


class Gate:
    """Checks requests.

    Args:
        keys: public keys in PEM by key id.
        limits: the tier of all keys.

    Raises:
        ValueError: for a key of another kind.
    """

    def __init__(self, keys: dict[str, bytes], limits: Limits) -> None:
        self.limits = limits
        self._keys = {name: _public(pem) for name, pem in keys.items()}
        self._read = Bucket(*limits.read)
        self._write = Bucket(*limits.write)

    def refusal(self, asked: Asked, now: int) -> Answer | None:
        """Why a request is not let in; None when it is."""
        given = [asked.headers.get(name, "") for name in _NAMES]
        if not any(given) and not needs_key(asked.path):
            return None
        if not all(given):
            return errors.HEADER_MISSING
        key, stamp, signature = given
        if not stamp.isdecimal() or abs(int(stamp) * MILLISECOND - now) > TOLERANCE_NS:
            return errors.HEADER_EXPIRED
        if key not in self._keys:
            return errors.unauthorised("NOT_FOUND")
        text = f"{stamp}{asked.method}{asked.path}".encode()
        if not _fits(self._keys[key], signature, text):
            return errors.unauthorised("INCORRECT_API_KEY_SIGNATURE")
        return None

    def afford(self, asked: Asked, now: int) -> bool:
        """Whether the buckets hold what a request costs; if so it is taken."""
        bucket = self._read if asked.method in ("GET", "HEAD") else self._write
        return bucket.take(cost_of(asked), now)


def needs_key(path: str) -> bool:
    """Whether a path is only for signed requests."""
    return path == SOCKET or path.removeprefix(PREFIX).strip("/").split("/")[0] in _SIGNED


def cost_of(asked: Asked) -> int:
    """What a request costs, in tokens."""
    parts = asked.path.removeprefix(PREFIX).strip("/").split("/")
    if asked.method in ("POST", "DELETE") and parts[-1] == "batched":
        return max(1, _orders(asked.body)) * (DEFAULT_COST if asked.method == "POST" else 2)
    if asked.method == "DELETE" and parts[:3] == ["portfolio", "events", "orders"] and len(parts) == 4:
        return 2
    single = asked.method == "GET" and parts[:2] == ["portfolio", "orders"] and len(parts) == 3
    return 2 if single and parts[2] != "queue_positions" else DEFAULT_COST


def throw_away_key(folder: Path, *, ed25519_key: bool = False) -> tuple[bytes, Path]:
    """Make a key pair for one rehearsal: the public key in PEM, and the file (mode 0600) that holds the private one."""
    folder.mkdir(parents=True, exist_ok=True)
    make: Callable[[], rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey] = (
        ed25519.Ed25519PrivateKey.generate if ed25519_key else _rsa
    )
    private = make()
    path = folder / ("rehearsal-ed25519.pem" if ed25519_key else "rehearsal-rsa.pem")
    path.unlink(missing_ok=True)
    path.touch(0o600)
    path.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo), path


def _rsa() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def _public(pem: bytes) -> rsa.RSAPublicKey | ed25519.Ed25519PublicKey:
    key = load_pem_public_key(pem)
    if not isinstance(key, rsa.RSAPublicKey | ed25519.Ed25519PublicKey):
        raise ValueError("neither an RSA nor an Ed25519 key")  # noqa: TRY004  the text is of another kind, not the argument
    return key


def _fits(key: rsa.RSAPublicKey | ed25519.Ed25519PublicKey, signature: str, text: bytes) -> bool:
    try:
        raw = base64.b64decode(signature, validate=True)
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(raw, text, _PSS, hashes.SHA256())
        else:
            key.verify(raw, text)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


class _Batch(msgspec.Struct):
    orders: list[msgspec.Raw] = []


def _orders(body: bytes) -> int:
    try:
        return len(msgspec.json.decode(body, type=_Batch).orders)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return 1
