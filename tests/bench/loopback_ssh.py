"""An ssh server of the test's own on loopback: its keys, its settings and its users in one folder, nothing of the system's."""

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOST = "127.0.0.1"
SEPARATE = Path("/run/sshd")
"""What a server that runs as root must find."""
CONFIG = """\
ListenAddress {host}
Port {port}
HostKey {folder}/host
AuthorizedKeysFile {folder}/user.pub
AuthenticationMethods publickey
PermitRootLogin prohibit-password
PermitUserRC no
PidFile none
PrintLastLog no
PrintMotd no
StrictModes no
UsePAM no
"""


def missing() -> str:
    """Why there can be no server here; empty when there can."""
    for name in ("sshd", "ssh", "ssh-keygen"):
        if _binary(name) is None:
            return f"no {name} here"
    if os.geteuid() == 0 and not SEPARATE.is_dir():
        return f"as root sshd needs {SEPARATE}, which is not there"
    return ""


def _binary(name: str) -> str | None:
    return shutil.which(
        name, path=os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))
    )


@contextmanager
def server(folder: Path) -> Iterator[list[str]]:
    """A running server; the command that logs in there with a terminal, what is to be run comes last."""
    for name in ("host", "user"):
        keygen = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(folder / name)]
        subprocess.run(keygen, check=True, stdin=subprocess.DEVNULL)
    with socket.socket() as found:
        found.bind((HOST, 0))
        port = found.getsockname()[1]
    (folder / "config").write_text(CONFIG.format(host=HOST, port=port, folder=folder))
    (folder / "known").write_text(f"[{HOST}]:{port} {(folder / 'host.pub').read_text()}")
    command = [str(_binary("sshd")), "-D", "-f", str(folder / "config"), "-E", str(folder / "log")]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL) as process:
        try:
            _wait(port, process)
            user = pwd.getpwuid(os.getuid()).pw_name
            options = {
                "BatchMode": "yes", "GlobalKnownHostsFile": "/dev/null", "IdentitiesOnly": "yes", "IdentityAgent": "none",
                "IdentityFile": folder / "user", "LogLevel": "ERROR", "StrictHostKeyChecking": "yes",
                "UserKnownHostsFile": folder / "known",
            }  # fmt: skip
            told = [part for name, value in options.items() for part in ("-o", f"{name}={value}")]
            yield ["ssh", "-F", "none", *told, "-tt", "-p", str(port), f"{user}@{HOST}"]
        finally:
            _alone(process.pid)
            process.terminate()
            process.wait(5)


def _alone(pid: int) -> None:
    """Wait for the server's sessions to end, two seconds at most: it takes leave of its own children."""
    end = time.monotonic() + 2
    children = Path(f"/proc/{pid}/task/{pid}/children")
    while children.exists() and children.read_text() and time.monotonic() < end:
        time.sleep(0.02)


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + 5
    while True:
        assert process.poll() is None, "sshd ended at once"
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except ConnectionRefusedError:
            assert time.monotonic() < end
            time.sleep(0.02)
        else:
            return
