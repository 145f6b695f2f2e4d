"""The operators' command `outbox`, run as it is typed, beside a bot that may run meanwhile."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.errors import Failure
from bot.requests.change import CHANNEL
from bot.store.audit import verify
from bot.store.database import Database
from bot.store.transaction import SqlTransaction
from tests.samples import NOW, a_delivery

HEADER = "key\tto\tkind\terror\tsince\n"
REFUSED = f"{Failure.REFUSED}: the Connector answered 500: refused"


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database that only DATABASE_URL names."""
    path = tmp_path / "bot.db"
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{path}")
    monkeypatch.chdir(tmp_path)
    return path


async def _fill(path: Path) -> None:
    with Database.open(f"sqlite:///{path}") as store:
        owed = (a_delivery("c1", to=CHANNEL, kind="review.card"), a_delivery("m1"), a_delivery("m2"))
        await store.run(lambda connection: SqlTransaction(connection).owe(owed))
        await store.transact(lambda tx: tx.park("c1", REFUSED))
        await store.transact(lambda tx: tx.park("m1", Failure.BLOCKED))


@pytest.fixture
def parked(database: Path) -> Path:
    """A review card that Teams refused, a notice to somebody who blocked the bot, and one that is merely owed."""
    asyncio.run(_fill(database))
    return database


def found(path: Path, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(path) as reader:
        return reader.execute(query).fetchall()


def test_nothing_set_aside_is_a_head_alone(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody wonders whether the command worked."""
    assert main(["outbox"]) == 0
    assert capsys.readouterr().out == HEADER


def test_what_is_set_aside_is_listed_with_its_reason(parked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The oldest first, also while the bot runs."""
    with Database.open(f"sqlite:///{parked}"):
        assert main(["outbox"]) == 0
    assert capsys.readouterr().out == (
        f"{HEADER}c1\tchannel\treview.card\t{REFUSED}\t2026-03-02 09:30\n"
        "m1\tmary\trequest.filed\tblocked\t2026-03-02 09:30\n"
    )


def test_one_can_be_sent_again(parked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Even what Teams refused: somebody has looked at it. The audit says so."""
    assert main(["outbox", "--retry", "c1"]) == 0
    assert "c1" in capsys.readouterr().out
    assert found(parked, "select key, attempts, error from delivery where status = 'owed'") == [
        ("c1", 0, ""),
        ("m2", 0, ""),
    ]
    assert found(parked, "select name, reference, facts, actor, text from audit join audit_personal using (seq)") == [
        ("delivery.retried", "AI-2026-0001", '{"kind": "review.card"}', "operator", "c1")
    ]


def test_one_can_be_dropped_with_a_reason(parked: Path) -> None:
    """It is listed no more and never sent; why stands in the audit, whose chain holds no key."""
    assert main(["outbox", "--drop", "m1", "--reason", "Mary has left"]) == 0
    assert found(parked, "select status from delivery where key = 'm1'") == [("dropped",)]
    assert found(parked, "select name, facts, text from audit join audit_personal using (seq)") == [
        ("delivery.dropped", '{"kind": "request.filed"}', "m1: Mary has left")
    ]
    with Database.open(f"sqlite:///{parked}") as store:
        assert asyncio.run(store.run(verify)).bad is None
        asyncio.run(store.transact(lambda tx: tx.release("mary", NOW)))
    assert found(parked, "select status from delivery where key = 'm1'") == [("dropped",)]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["--retry", "m2"], "'m2' is no message that is set aside"),
        (["--drop", "m2", "--reason", "why not"], "'m2' is no message that is set aside"),
        (["--drop", "m1"], "--reason is missing"),
        (["--drop", "m1", "--reason", "  "], "--reason is missing"),
        (["--reason", "why not"], "--reason belongs to --drop KEY"),
    ],
)
def test_a_wrong_request_is_one_line(
    parked: Path, typed: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is wrong is named, and nothing is changed or recorded."""
    assert main(["outbox", *typed]) == 1
    assert capsys.readouterr().err.startswith(said)
    assert found(parked, "select key from delivery where status = 'parked' order by key") == [("c1",), ("m1",)]
    assert found(parked, "select name from audit") == []
