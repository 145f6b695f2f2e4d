"""Everything in which SQLite and PostgreSQL differ, in one place."""

import sqlite3
from pathlib import Path
from typing import cast

from sqlalchemy import URL, Connection, Engine, StaticPool, Table, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from bot.errors import ConflictError, StoreError

_ONE_AT_A_TIME = 20_260_042
"""Any number of our own: the key of PostgreSQL's advisory lock on the audit chain and on migrations."""

_CONFLICTS = frozenset({"SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_UNIQUE", "23505", "40001", "40P01"})
"""Somebody else was first: a duplicate key (SQLite, PostgreSQL), a serialization failure, a deadlock."""

_MENDS = {
    "SQLITE_CANTOPEN": "check that it is a file in a folder the bot may write to",
    "SQLITE_READONLY": "make the file and its folder writable for the account the bot runs under",
    "SQLITE_PERM": "make the file and its folder writable for the account the bot runs under",
    "SQLITE_BUSY": "another program holds it; close that program or try again",
    "SQLITE_FULL": "free some disk space",
    "SQLITE_IOERR": "check the disk",
    "SQLITE_NOTADB": "it is not a database; name another file or restore a backup",
    "SQLITE_CORRUPT": "restore it from a backup",
    "08": "check DATABASE_URL and that the server runs",
    "53": "the server lacks disk space, memory or connections",
}


def make_engine(url: URL, patience: float) -> Engine:
    """An engine for one writing bot; `patience` is how many seconds it waits for somebody else's lock."""
    if url.get_backend_name() == "postgresql":
        return create_engine(url, hide_parameters=True, pool_pre_ping=True)
    engine = create_engine(
        url,
        hide_parameters=True,
        poolclass=StaticPool,
        connect_args={"check_same_thread": False, "isolation_level": None, "timeout": patience},
    )
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def file_of(url: URL) -> Path | None:
    """The file of a SQLite database; None for a server; StoreError for a URL that is neither."""
    if url.drivername in ("postgresql", "postgresql+psycopg"):
        return None
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        return Path(url.database)
    raise StoreError(
        f"DATABASE_URL is {url.render_as_string()}: expected sqlite:///FOLDER/FILE.db or postgresql+psycopg://USER@HOST/NAME"
    )


def shown(url: URL) -> str:
    """A database URL for people: SQLite as its file, passwords as stars."""
    return url.database or "" if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)


def insert(connection: Connection, table: Table) -> sqlite.Insert:
    """An INSERT that can say what to do on a conflict."""
    if connection.dialect.name == "postgresql":
        return cast(sqlite.Insert, postgresql.insert(table))  # both have the same on_conflict_do_... methods
    return sqlite.insert(table)


def upsert(connection: Connection, table: Table, rows: list[dict[str, object]]) -> None:
    """Insert rows, or replace those of the same primary key."""
    statement = insert(connection, table)
    keys = [column.name for column in table.primary_key]
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed), rows)


def one_at_a_time(connection: Connection) -> None:
    """Wait until no other transaction appends to the audit or migrates; SQLite admits one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})


def translated(error: SQLAlchemyError | UnicodeError, url: URL) -> StoreError:
    """Our error for one of the database's: what failed, where, and what to do; never what somebody typed."""
    code = _code(error)
    if code in _CONFLICTS:
        return ConflictError(f"the database {shown(url)} was changed by somebody else at the same time ({code})")
    mend = next((mend for start, mend in _MENDS.items() if code.startswith(start)), "nothing was saved; see the log")
    return StoreError(f"the database {shown(url)} failed ({code}): {mend}")


def _code(error: Exception) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else None
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorname", type(cause).__name__)
    return str(getattr(cause, "sqlstate", None) or type(cause or error).__name__)


def _set_pragmas(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=DELETE", "synchronous=EXTRA", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
