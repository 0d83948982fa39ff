"""Encryption is checked, always: a certificate nobody vouches for is refused, on sockets and on polls."""

import asyncio
import ssl
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from echo import EchoFeed, Rig

from cockpit.domain.units import MILLISECOND
from cockpit.feeds.base import Poll, Socket


def certificate(folder):
    """A certificate for this machine that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, SHA256())
    )
    path = folder / "self.pem"
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + made.public_bytes(Encoding.PEM)
    )
    return path


async def test_a_certificate_nobody_vouches_for_is_refused(tmp_path):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate(tmp_path))
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]

    class Nowhere:
        ws = http = ""

    feed = EchoFeed(Nowhere, socket=False)
    feed.wants = [
        Socket("echo.ws", f"wss://127.0.0.1:{port}/ws"),
        Poll("echo.rest", f"https://127.0.0.1:{port}/a", 50 * MILLISECOND),
    ]
    async with server, Rig(feed) as rig:
        await rig.until(lambda: {source for _, source, _ in rig.links()} == {"echo.ws", "echo.rest"})
        assert set(rig.links()) == {
            ("FeedDown", "echo.ws", "certificate not trusted"),
            ("FeedDown", "echo.rest", "certificate not trusted"),
        }
        assert not rig.data() + rig.data("echo.rest")
