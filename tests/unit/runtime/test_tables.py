"""The journal's file: whose it is, which versions are read, and what is refused and left alone."""

import os
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from cockpit.domain.effects import Alert, OrderCancelled, OrderFilled, OrderPlaced
from cockpit.domain.errors import InputError
from cockpit.domain.units import BID, QTY
from cockpit.engine.state import Lane, State
from cockpit.runtime import tables
from cockpit.runtime.journal import Journal

M = "KXTEST-26DEC01-T1"


def keep(journal: Journal, first: int, last: int) -> bytes:
    """Commits ``first`` to ``last``, of an order and a fill each; the newest account."""
    opening = b""
    for k in range(first, last + 1):
        journal.listen(
            [
                OrderPlaced(k, "desk", f"desk-{k}", M, BID, 4_000, QTY, "tail", k),
                OrderFilled(k, "desk", f"desk-{k}", M, BID, 4_000, QTY, "tail", "queue", True, False, k),
                Alert(k, "fill", "x" * 500),
            ]
        )
        opening = msgspec.json.encode(State(now=k))
        journal.commit(opening, k, k)
    return opening


def everything(journal: Journal) -> tuple[object, ...]:
    return journal.orders(), journal.fills(), journal.alerts(), journal.account()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    with Journal(path) as made:
        yield made


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_file_is_the_owners_alone(path: Path) -> None:
    before = os.umask(0)
    try:
        with Journal(path) as journal:
            keep(journal, 0, 0)
            assert {file.name: mode(file) for file in path.parent.iterdir()} == {
                "journal.db": 0o600,
                "journal.db-wal": 0o600,
                "journal.db-shm": 0o600,
            }
        path.chmod(0o644)
        with Journal(path):
            assert mode(path) == 0o600
    finally:
        os.umask(before)


def test_how_the_file_is_kept(journal: Journal) -> None:
    asked = {
        name: journal._db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")
    }
    assert asked == {"journal_mode": "wal", "synchronous": 1}
    assert journal._db.execute("PRAGMA foreign_keys").fetchone()[0] == 1
    assert journal._db.execute("PRAGMA user_version").fetchone()[0] == len(tables.MIGRATIONS)


def test_a_reader_beside_the_writer(path: Path, journal: Journal) -> None:
    with Journal(path, read_only=True) as reader:
        assert reader.account() is None
        first = keep(journal, 0, 0)
        assert reader.account() == first
        assert everything(reader) == everything(journal)
        reader.begin(b"null")
        keep(reader, 1, 1)
        assert reader.account() == journal.account() == first
        assert len(journal.orders()) == 1
        keep(journal, 1, 3)
        assert everything(reader) == everything(journal)


def test_a_reader_of_a_closed_journal_changes_nothing(path: Path) -> None:
    with Journal(path) as journal:
        account = keep(journal, 0, 1)
    text = path.read_bytes()
    with Journal(path, read_only=True) as reader:
        assert reader.account() == account
    assert path.read_bytes() == text


def test_any_name_will_do(tmp_path: Path) -> None:
    path = tmp_path / "a b?mode=ro#%41é.db"
    with Journal(path) as journal:
        keep(journal, 0, 0)
    assert path.exists()
    with Journal(path, read_only=True) as reader:
        assert len(reader.fills()) == 1


def test_a_newer_version_is_refused(path: Path) -> None:
    with Journal(path) as journal:
        journal._db.execute("PRAGMA user_version = 99")
    for read_only in (False, True):
        with pytest.raises(InputError, match=r"journal\.db: version 99 is newer"):
            Journal(path, read_only=read_only)


OF_VERSION_2 = (
    "INSERT INTO orders (id, lane, market, side, price, qty, rule, sent_ns, due_ns, live_ns, state)"
    " VALUES ('desk-0', 'desk', 'KXTEST-26DEC01-T1', 1, 4000, 10000, 'tail', 0, 0, 0, 'working')",
    "INSERT INTO tickets (id, lane, market, side, price, qty, raised_ns, expires_ns)"
    " VALUES ('T-1', 'desk', 'KXTEST-26DEC01-T1', 1, 3900, 10000, 1, 99)",
    "INSERT INTO tickets (id, lane, market, side, price, qty, raised_ns, expires_ns)"
    " VALUES ('T-1', 'desk', 'KXTEST-26DEC01-T1', 1, 4000, 10000, 2, 99)",
)
"""Rows as they were written before an order told its proposal."""


def test_a_journal_of_version_2_opens_and_goes_on(path: Path) -> None:
    db = sqlite3.connect(path)
    db.executescript(
        f"{tables.MIGRATIONS[0]}; {tables.MIGRATIONS[1]}; PRAGMA user_version = 2;"
        f" PRAGMA application_id = {tables.APPLICATION}"
    )
    for statement in OF_VERSION_2:
        db.execute(statement)
    opening = msgspec.json.encode(State(lanes={"desk": Lane("desk", working={"desk-0": M})}))
    db.execute("INSERT INTO account (id, opening, seq, ts) VALUES (1, ?, 5, 7)", (opening,))
    db.commit()
    db.close()
    with pytest.raises(InputError, match="version 2 is older"):
        Journal(path, read_only=True)
    with Journal(path) as journal:
        assert (journal.account(), journal.committed()) == (opening, (5, 7))
        assert [(order.id, order.ticket) for order in journal.orders()] == [("desk-0", "")]
        assert [(t.state, t.ended_ns) for t in journal.tickets()] == [("revised", 2), ("proposed", 0)]
        journal.listen(
            [
                OrderPlaced(8, "desk", "desk-1", M, BID, 4_000, QTY, "tail", 8, "T-1"),
                OrderCancelled(9, "desk", "desk-0", M, "expired", QTY),
            ]
        )
        working = State(now=9, lanes={"desk": Lane("desk", working={"desk-1": M})})
        journal.commit(msgspec.json.encode(working), 6, 9)
        assert [(order.id, order.ticket, order.reason) for order in journal.orders()] == [
            ("desk-0", "", "expired"),
            ("desk-1", "T-1", ""),
        ]
    with Journal(path, read_only=True) as reader:
        assert len(reader.orders()) == 2


def test_a_later_migration_keeps_what_is_there(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Journal(path) as journal:
        keep(journal, 0, 2)
        before = everything(journal)
    now = len(tables.MIGRATIONS)
    later = "CREATE TABLE claims (edge INTEGER NOT NULL); ALTER TABLE fills ADD COLUMN claim INTEGER;"
    monkeypatch.setattr(tables, "MIGRATIONS", (*tables.MIGRATIONS, later))
    with pytest.raises(InputError, match=f"version {now} is older"):
        Journal(path, read_only=True)
    with Journal(path) as journal:
        assert everything(journal) == before
        assert journal._db.execute("SELECT count(*) FROM claims").fetchone() == (0,)
        keep(journal, 3, 4)
        assert len(journal.fills()) == 5
    monkeypatch.undo()
    with pytest.raises(InputError, match=f"version {now + 1} is newer"):
        Journal(path)


def test_a_migration_that_fails_leaves_the_version_before(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Journal(path) as journal:
        keep(journal, 0, 0)
    monkeypatch.setattr(tables, "MIGRATIONS", (*tables.MIGRATIONS, "CREATE TABLE claims (edge); nonsense"))
    with pytest.raises(InputError, match=r"journal\.db: the journal cannot be opened .*nonsense"):
        Journal(path)
    monkeypatch.undo()
    with Journal(path) as journal:
        assert len(journal.fills()) == 1
        assert not journal._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'claims'").fetchall()


def foreign(path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE fills (x)")
    db.commit()
    db.close()


def text(path: Path) -> None:
    path.write_text("profile = 'default'\n" * 100)


def short(path: Path) -> None:
    with Journal(path) as journal:
        keep(journal, 0, 1)
    path.write_bytes(path.read_bytes()[:3_000])


@pytest.mark.parametrize("make", [foreign, text, short], ids=["foreign", "text", "short"])
@pytest.mark.parametrize("read_only", [False, True], ids=["write", "read"])
def test_what_is_no_journal_is_refused_and_left_alone(
    path: Path, make: Callable[[Path], None], read_only: bool
) -> None:
    make(path)
    path.chmod(0o644)
    content = path.read_bytes()
    with pytest.raises(InputError, match=r"journal\.db"):
        Journal(path, read_only=read_only)
    assert path.read_bytes() == content
    assert mode(path) == 0o644


def overwritten(content: bytes) -> bytes:
    return content[:4_096] + b"\xa5" * (len(content) - 4_096)


def halved(content: bytes) -> bytes:
    return content[: len(content) // 2]


@pytest.mark.parametrize("damage", [overwritten, halved])
def test_a_damaged_journal_names_the_file(path: Path, damage: Callable[[bytes], bytes]) -> None:
    """When it is opened, or when the damaged part is read."""
    with Journal(path) as journal:
        keep(journal, 0, 8)
    path.write_bytes(damage(path.read_bytes()))
    with (
        pytest.raises(InputError, match=r"journal\.db: the journal cannot be (opened|read)"),
        Journal(path) as journal,
    ):
        everything(journal)


def test_an_account_of_another_version_names_the_file(path: Path) -> None:
    with Journal(path) as journal:
        journal._db.execute(tables.ACCOUNT, (b'{"now":"noon"}', 1, 1))
    with pytest.raises(InputError, match=r"journal\.db: its account is not one of this version's"):
        Journal(path)
    with Journal(path, read_only=True) as reader:
        assert reader.account() == b'{"now":"noon"}'


@pytest.mark.parametrize("read_only", [False, True], ids=["write", "read"])
def test_a_folder_and_a_missing_folder_are_refused(tmp_path: Path, read_only: bool) -> None:
    for path in (tmp_path, tmp_path / "missing" / "journal.db"):
        with pytest.raises(InputError, match="cannot be opened"):
            Journal(path, read_only=read_only)


def test_nothing_to_read_is_refused_and_not_made(path: Path) -> None:
    with pytest.raises(InputError, match="cannot be opened"):
        Journal(path, read_only=True)
    assert not path.exists()
    path.touch()
    with pytest.raises(InputError, match="version 0 is older"):
        Journal(path, read_only=True)
    with Journal(path) as journal:
        keep(journal, 0, 0)


def test_a_copy_taken_after_a_crash_needs_its_log(path: Path, tmp_path: Path) -> None:
    """The log beside the file is part of the journal until the last one closes it."""
    with Journal(path) as journal:
        account = keep(journal, 0, 1)
        for suffix in ("", "-wal"):
            shutil.copy(f"{path}{suffix}", f"{tmp_path / 'copy.db'}{suffix}")
    with Journal(tmp_path / "copy.db") as copy:
        assert copy.account() == account
        assert len(copy.fills()) == 2
