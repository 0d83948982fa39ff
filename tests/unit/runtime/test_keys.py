import base64

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from cockpit.domain.errors import SettingsError
from cockpit.domain.units import MILLISECOND
from cockpit.runtime.keys import KalshiKey, find_key, read_private
from cockpit.settings.venues import KalshiSettings

NOW = 1_781_159_489_957 * MILLISECOND
URL = "https://venue.test/trade-api/v2/portfolio/balance?subaccount=1"
SIGNED = b"1781159489957GET/trade-api/v2/portfolio/balance"


def pem(key):
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.fixture(scope="module")
def rsa_key():
    return rsa.generate_private_key(65537, 2048)


def test_rsa_signs_stamp_method_and_path_without_the_query(rsa_key):
    headers = KalshiKey("id", pem(rsa_key)).headers("GET", URL, NOW)
    assert headers["KALSHI-ACCESS-KEY"] == "id"
    assert headers["KALSHI-ACCESS-TIMESTAMP"] == "1781159489957"
    signature = base64.b64decode(headers["KALSHI-ACCESS-SIGNATURE"])
    pss = padding.PSS(padding.MGF1(SHA256()), salt_length=32)
    rsa_key.public_key().verify(signature, SIGNED, pss, SHA256())
    with pytest.raises(InvalidSignature):
        rsa_key.public_key().verify(signature, SIGNED + b"?", pss, SHA256())


def test_ed25519_signs_the_same_bytes():
    key = ed25519.Ed25519PrivateKey.generate()
    headers = KalshiKey("id", pem(key)).headers("GET", URL, NOW)
    key.public_key().verify(base64.b64decode(headers["KALSHI-ACCESS-SIGNATURE"]), SIGNED)


def test_a_key_never_shows_itself(rsa_key):
    key = KalshiKey("marker-id", pem(rsa_key))
    assert repr(key) == str(key) == "KalshiKey(...)"


@pytest.mark.parametrize(
    "content", [b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", b"\xff\xfe"]
)
def test_what_is_no_key_is_refused_without_being_shown(content):
    with pytest.raises(SettingsError, match="no readable private key") as caught:
        KalshiKey("id", content)
    assert "AAAA" not in str(caught.value)


def test_other_kinds_of_key_are_refused():
    with pytest.raises(SettingsError, match="neither RSA nor Ed25519"):
        KalshiKey("id", pem(ec.generate_private_key(ec.SECP256R1())))


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o601])
def test_a_key_others_may_read_is_refused_with_the_fix(tmp_path, rsa_key, mode):
    path = tmp_path / "key.pem"
    path.write_bytes(pem(rsa_key))
    path.chmod(mode)
    with pytest.raises(SettingsError, match=rf"mode {mode:04o}.*chmod 600"):
        read_private(path)


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_private_file_is_read(tmp_path, rsa_key, mode):
    path = tmp_path / "key.pem"
    path.write_bytes(pem(rsa_key))
    path.chmod(mode)
    assert find_key(KalshiSettings(key_id="id", key_file=str(path)), {}) is not None


def test_the_environment_comes_first(tmp_path, rsa_key):
    path = tmp_path / "key.pem"
    path.write_bytes(pem(rsa_key))
    path.chmod(0o600)
    environment = {"COCKPIT_KALSHI_KEY_ID": "mine", "COCKPIT_KALSHI_KEY_FILE": str(path)}
    key = find_key(KalshiSettings(key_id="other", key_file="/nowhere"), environment)
    assert key is not None
    assert key.headers("GET", URL, NOW)["KALSHI-ACCESS-KEY"] == "mine"


def test_no_key_is_no_fault_and_half_a_key_is():
    assert find_key(KalshiSettings(), {}) is None
    with pytest.raises(SettingsError, match="no key id"):
        find_key(KalshiSettings(key_file="x"), {})
    with pytest.raises(SettingsError, match="no key file"):
        find_key(KalshiSettings(key_id="x"), {})
    with pytest.raises(SettingsError, match="No such file"):
        find_key(KalshiSettings(key_id="x", key_file="/nowhere/key.pem"), {})
