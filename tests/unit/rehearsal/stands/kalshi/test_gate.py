"""Who may ask, and how often."""

import base64
import stat

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from echoing import T0
from stall import KEY, PEM, sign

from cockpit.domain.units import MILLISECOND, SECOND
from cockpit.rehearsal.stands.asked import make_asked
from cockpit.rehearsal.stands.kalshi.gate import PREFIX, SOCKET, Bucket, Gate, Limits, cost_of, throw_away_key

BALANCE = f"{PREFIX}/portfolio/balance"


def refusal(headers, path=BALANCE, now=T0, gate=None):
    answer = (gate or Gate({"key": PEM}, Limits())).refusal(make_asked("GET", path, headers), now)
    return None if answer is None else (answer.status, answer.body.decode())


def test_a_right_signature_is_let_in_and_the_query_is_not_signed():
    assert refusal(sign("GET", BALANCE, T0)) is None
    assert refusal(sign("GET", BALANCE, T0), f"{BALANCE}?subaccount=0") is None


@pytest.fixture(scope="module")
def rsa(tmp_path_factory):
    return throw_away_key(tmp_path_factory.mktemp("keys") / "new")


@pytest.mark.parametrize(("salt", "fits"), [(32, True), (padding.PSS.MAX_LENGTH, False)])
def test_rsa_wants_a_salt_as_long_as_the_digest(rsa, salt, fits):
    public, path = rsa
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    key = load_pem_private_key(path.read_bytes(), None)
    stamp = str(T0 // MILLISECOND)
    text = f"{stamp}GET{BALANCE}".encode()
    raw = key.sign(text, padding.PSS(padding.MGF1(hashes.SHA256()), salt), hashes.SHA256())
    headers = sign("GET", BALANCE, T0) | {"kalshi-access-signature": base64.b64encode(raw).decode()}
    told = refusal(headers, gate=Gate({"key": public}, Limits()))
    assert (told is None) == fits
    assert fits or "INCORRECT_API_KEY_SIGNATURE" in told[1]


EXPIRED = '{"error":{"code":"header_timestamp_expired","message":"header timestamp expired"}}'


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, "signature_is_missing_from_headers"),
        ({"kalshi-access-key": "key"}, "signature_is_missing_from_headers"),
        (sign("GET", BALANCE, T0 - 11 * SECOND), EXPIRED),
        (sign("GET", BALANCE, T0 + 11 * SECOND), EXPIRED),
        (sign("GET", BALANCE, T0 // 1000), EXPIRED),
        (sign("GET", BALANCE, T0, key_id="stranger"), '"details":"NOT_FOUND"'),
        (sign("POST", BALANCE, T0), '"details":"INCORRECT_API_KEY_SIGNATURE"'),
        (sign("GET", "/portfolio/balance", T0), '"details":"INCORRECT_API_KEY_SIGNATURE"'),
        (sign("GET", f"{BALANCE}?a=1", T0), '"details":"INCORRECT_API_KEY_SIGNATURE"'),
        (sign("GET", BALANCE, T0, Ed25519PrivateKey.generate()), '"details":"INCORRECT_API_KEY_SIGNATURE"'),
        (sign("GET", BALANCE, T0) | {"kalshi-access-signature": "not base64!"}, "INCORRECT_API_KEY_SIGNATURE"),
    ],
)  # fmt: skip
def test_who_is_refused(headers, body):
    status, text = refusal(headers)
    assert status == 401
    assert body in text


def test_public_paths_need_no_key_but_a_wrong_one_is_refused():
    path = f"{PREFIX}/markets"
    assert refusal({}, path) is None
    assert refusal(sign("GET", BALANCE, T0), path)[0] == 401


def test_every_socket_is_signed():
    assert refusal({}, SOCKET)[0] == 401
    assert refusal(sign("GET", SOCKET, T0), SOCKET) is None


def test_ten_seconds_are_tolerated():
    for seconds in (-9, 0, 9):
        assert refusal(sign("GET", BALANCE, T0 + seconds * SECOND)) is None


def test_keys_of_another_kind_are_no_keys():
    public = generate_private_key(SECP256R1()).public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    with pytest.raises(ValueError, match="neither"):
        Gate({"key": pem}, Limits())


def test_a_throw_away_key_of_the_other_kind(tmp_path):
    for _ in range(2):
        public, path = throw_away_key(tmp_path, ed25519_key=True)
    key = load_pem_private_key(path.read_bytes(), None)
    assert refusal(sign("GET", BALANCE, T0, key), gate=Gate({"key": public}, Limits())) is None
    assert KEY is not key


def test_buckets_refill_with_time_up_to_their_size():
    bucket = Bucket(200, 200)
    assert [bucket.take(10, T0) for _ in range(21)] == [True] * 20 + [False]
    assert bucket.take(10, T0 + SECOND // 20)
    assert not bucket.take(10, T0 + SECOND // 20)
    assert [bucket.take(10, T0 + 60 * SECOND) for _ in range(21)] == [True] * 20 + [False]


@pytest.mark.parametrize(
    ("method", "path", "body", "cost"),
    [
        ("GET", "markets", b"", 10),
        ("GET", "portfolio/orders/x", b"", 2),
        ("GET", "portfolio/orders/queue_positions", b"", 10),
        ("POST", "portfolio/events/orders", b"{}", 10),
        ("DELETE", "portfolio/events/orders/x", b"", 2),
        ("DELETE", "portfolio/events/orders", b"", 10),
        ("POST", "portfolio/events/orders/batched", b'{"orders":[{},{},{}]}', 30),
        ("DELETE", "portfolio/events/orders/batched", b'{"orders":[{},{},{}]}', 6),
        ("DELETE", "portfolio/events/orders/batched", b"nonsense", 2),
    ],
)
def test_what_requests_cost(method, path, body, cost):
    assert cost_of(make_asked(method, f"{PREFIX}/{path}", {}, body)) == cost


def test_reads_and_writes_have_buckets_of_their_own():
    gate = Gate({}, Limits("small", (10, 10), (10, 10)))
    read, write = make_asked("GET", f"{PREFIX}/markets", {}), make_asked("POST", f"{PREFIX}/x", {})
    assert [gate.afford(asked, T0) for asked in (read, read, write, write)] == [True, False, True, False]
