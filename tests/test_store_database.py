"""What the database promises as a file: one bot, whole transactions, clear errors, always up to date."""

import asyncio
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from bot.errors import StoreError
from bot.store import audit
from bot.store.database import Database
from bot.store.schema import metadata
from tests.samples import NOW, a_request, saving

PROJECT = Path(__file__).parent.parent


def address(folder: Path) -> str:
    return f"sqlite:///{folder}/bot.db"


def child(program: str, *arguments: str) -> subprocess.Popen[str]:
    """Another process that runs a few lines against the same file and talks on its standard output."""
    lines = [sys.executable, "-c", program, *arguments]
    return subprocess.Popen(lines, cwd=PROJECT, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)


async def test_a_new_database_is_made_with_its_folder(tmp_path: Path) -> None:
    """The first start needs nothing but a name; the second finds what the first wrote."""
    folder = tmp_path / "var" / "data"
    with Database.open(address(folder)) as store:
        await store.transact(saving(a_request()))
    with Database.open(address(folder)) as store:
        assert await store.transact(lambda tx: tx.request("AI-2026-0001")) == a_request()


async def test_a_closed_database_says_so(tmp_path: Path) -> None:
    """A turn that comes in while the bot stops is told that nothing was saved."""
    store = Database.open(address(tmp_path))
    store.close()
    with pytest.raises(StoreError, match=r"bot\.db is closed"):
        await store.transact(saving(a_request()))


async def test_the_migrations_make_exactly_the_tables_of_the_schema(tmp_path: Path) -> None:
    """Whoever changes schema.py without a migration is told here."""
    with Database.open(address(tmp_path)) as store:
        assert await store.run(lambda c: compare_metadata(MigrationContext.configure(c), metadata)) == []


async def test_a_database_of_a_newer_bot_is_refused(tmp_path: Path) -> None:
    """An old bot does not guess at tables it has never seen."""
    with Database.open(address(tmp_path)) as store:
        await store.run(lambda c: c.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer than this version of the bot"):
        Database.open(address(tmp_path))


def test_a_migration_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    """A half-made database would be neither old nor new."""
    with sqlite3.connect(tmp_path / "bot.db") as connection:
        connection.execute("CREATE TABLE feedback (something TEXT)")
    connection.close()
    with pytest.raises(StoreError):
        Database.open(address(tmp_path))
    connection = sqlite3.connect(tmp_path / "bot.db")
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("feedback",)]
    connection.close()


async def test_a_second_bot_on_the_same_file_is_refused(tmp_path: Path) -> None:
    """Two bots would send everything twice; operators' commands may look in, and a later bot may take over."""
    with Database.open(address(tmp_path)):
        with pytest.raises(StoreError, match=r"another bot is running on .*bot\.db"):
            Database.open(address(tmp_path))
        with Database.open(address(tmp_path), exclusive=False) as command:
            assert await command.transact(lambda tx: tx.waiting()) == (0, None)
    Database.open(address(tmp_path)).close()


BOT = """
import sys
from bot.store.database import Database

store = Database.open(sys.argv[1])
print("open", flush=True)
input()
"""


def test_a_bot_in_another_process_is_noticed_and_its_death_too(tmp_path: Path) -> None:
    """The lock belongs to the process: kill -9 frees it."""
    with child(BOT, address(tmp_path)) as other:
        assert other.stdout and other.stdout.readline() == "open\n"
        with pytest.raises(StoreError, match="another bot is running"):
            Database.open(address(tmp_path))
        other.send_signal(signal.SIGKILL)
    Database.open(address(tmp_path)).close()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("sqlite:///{folder}", "check that it is a file in a folder"),
        ("sqlite:///{folder}/text.txt", "it is not a database"),
        ("sqlite:///{folder}/text.txt/bot.db", "cannot be made"),
        ("sqlite://", "expected sqlite:///FOLDER/FILE.db"),
        ("sqlite:///:memory:", "expected sqlite:///FOLDER/FILE.db"),
        ("mysql://bot:secret@host/name", r"mysql://bot:\*\*\*@host/name: expected sqlite"),
        ("bot.db", "expected sqlite:///FOLDER/FILE.db"),
    ],
)
def test_a_place_that_cannot_hold_a_database_is_named(tmp_path: Path, url: str, told: str) -> None:
    """The operator is told which place, what is wrong and what to do, and never a password."""
    folder = tmp_path / "there"
    folder.mkdir()
    (folder / "text.txt").write_text("A shopping list, not a database. " * 40)
    with pytest.raises(StoreError, match=told) as caught:
        Database.open(url.format(folder=folder))
    assert "secret" not in str(caught.value)


async def test_a_locked_database_says_so_and_works_again_afterwards(tmp_path: Path) -> None:
    """Another program's lock is an error with a mend, not a crash, and it passes."""
    with Database.open(address(tmp_path), patience=0) as store:
        other = sqlite3.connect(tmp_path / "bot.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match=r"bot\.db failed \(SQLITE_BUSY\): another program holds it"):
            await store.transact(saving(a_request()))
        other.close()
        await store.transact(saving(a_request()))


async def test_a_full_disk_and_a_read_only_file_lose_nothing(tmp_path: Path) -> None:
    """What could not be saved is reported with a mend; what was saved stays."""
    with Database.open(address(tmp_path)) as store:
        await store.transact(saving(a_request(1)))
        await store.run(pragma("max_page_count=1"))
        with pytest.raises(StoreError, match="free some disk space"):
            await store.transact(lambda tx: tx.remember("key", {"long": "x" * 1_000_000}, NOW))
        assert await store.transact(lambda tx: tx.answered("key")) is None
        await store.run(pragma("query_only=ON"))
        with pytest.raises(StoreError, match="make the file and its folder writable"):
            await store.transact(saving(a_request(2)))
    with Database.open(address(tmp_path)) as store:
        assert await store.transact(lambda tx: tx.requests_of("mary")) == (a_request(1),)


def pragma(setting: str) -> Callable[[Connection], None]:
    return lambda connection: connection.exec_driver_sql(f"PRAGMA {setting}").close()


async def test_what_was_typed_stays_out_of_error_messages(tmp_path: Path) -> None:
    """Errors end up in logs, and personal text does not belong there."""
    with Database.open(address(tmp_path)) as store:
        await store.run(pragma("max_page_count=1"))
        with pytest.raises(StoreError) as caught:
            await store.transact(lambda tx: tx.remember("key", {"typed": "my secret illness " * 1000}, NOW))
        assert "INSERT" in str(caught.value.__cause__)
        assert "illness" not in f"{caught.value} {caught.value.__cause__}"


async def test_the_file_is_kept_as_safe_as_sqlite_can(tmp_path: Path) -> None:
    """No WAL, every commit on the disk, foreign keys watched."""
    with Database.open(address(tmp_path)) as store:
        wanted = {"journal_mode": "delete", "synchronous": 3, "foreign_keys": 1}
        found = await store.run(lambda c: {name: c.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted})
        assert found == wanted


HALF = """
import asyncio, os, signal, sys
from bot.store.database import Database
from tests.samples import a_request, saving
from bot.requests.change import CHANNEL, Notice, NoticeKind

def work(tx):
    saving(a_request(2), Notice(kind=NoticeKind.REVIEW_CARD, to=CHANNEL))(tx)
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(Database.open(sys.argv[1]).transact(work))
"""


async def test_a_bot_killed_in_the_middle_leaves_nothing_half_written(tmp_path: Path) -> None:
    """Neither the request nor its event nor its delivery is there, and what was there before still is."""
    with Database.open(address(tmp_path)) as store:
        await store.transact(saving(a_request(1)))
    with child(HALF, address(tmp_path)) as other:
        assert other.wait() == -signal.SIGKILL
    with Database.open(address(tmp_path)) as store:
        assert await store.transact(lambda tx: tx.request("AI-2026-0002")) is None
        assert await store.transact(lambda tx: tx.request("AI-2026-0001")) == a_request(1)
        assert await store.transact(lambda tx: tx.waiting()) == (0, None)
        assert (await store.run(audit.verify)).rows == 1


RACER = """
import asyncio, sys
from bot.errors import ConflictError
from bot.requests.request import Person, State, Verdict
from bot.store.database import Database
from tests.samples import a_change, decided, NOW

def work(tx):
    stored = tx.request(reference)
    if stored.state is not State.PENDING:
        return "lost"
    tx.save(a_change(decided(stored, Verdict(sys.argv[2]), Person(object_id=sys.argv[2], name=""))), NOW)
    return "won"

with Database.open(sys.argv[1], exclusive=False) as store:
    print("ready", flush=True)
    input()
    for number in range(1, 21):
        reference = f"AI-2026-{number:04d}"
        print(asyncio.run(store.transact(work)))
"""


async def test_two_processes_that_decide_the_same_requests_make_one_decision_each(tmp_path: Path) -> None:
    """Twenty requests, two deciders at once: twenty decisions, twenty losers who know it."""
    with Database.open(address(tmp_path)) as store:
        for number in range(1, 21):
            await store.transact(saving(a_request(number)))
    outcomes = "".join(race(address(tmp_path)))
    with Database.open(address(tmp_path)) as store:
        requests = await store.transact(lambda tx: tx.requests_of("mary"))
        assert [request.revision for request in requests] == [2] * 20
        assert all(r.decision and r.decision.decider.object_id == r.decision.verdict for r in requests)
        assert (await store.run(audit.verify)).rows == 40
    assert (outcomes.count("won"), outcomes.count("lost")) == (20, 20)


def race(url: str) -> list[str]:
    """Start two deciders at the same moment; returns what each printed."""
    with child(RACER, url, "approved") as one, child(RACER, url, "rejected") as other:
        for racer in (one, other):
            assert racer.stdout and racer.stdout.readline() == "ready\n"
        for racer in (one, other):
            assert racer.stdin
            racer.stdin.write("\n")
            racer.stdin.flush()
        return [racer.communicate()[0] for racer in (one, other)]


async def test_one_store_serves_many_tasks_at_once(tmp_path: Path) -> None:
    """Thirty references asked for together are thirty different ones."""
    with Database.open(address(tmp_path)) as store:
        found = await asyncio.gather(*(store.transact(lambda tx: tx.next_reference(2026)) for _ in range(30)))
    assert sorted(found) == [f"AI-2026-{number:04d}" for number in range(1, 31)]
