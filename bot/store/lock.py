"""A lock that one bot holds beside its database file for as long as it lives."""

import sqlite3
from pathlib import Path

from bot.errors import StoreError


class Lock:
    """An exclusive lock on FILE.lock, an empty SQLite file: the same on every system, and gone with its process."""

    def __init__(self, database: Path) -> None:
        """Take the lock; StoreError if another bot holds it or the file cannot be made."""
        path = database.with_name(f"{database.name}.lock")
        try:
            self._connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
            self._connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise StoreError(_explained(error, database, path)) from error

    def release(self) -> None:
        """Let another bot have the database."""
        self._connection.close()


def _explained(error: sqlite3.OperationalError, database: Path, path: Path) -> str:
    if error.sqlite_errorname == "SQLITE_BUSY":
        return f"another bot is running on {database}: stop it first, or give this one its own DATABASE_URL"
    return f"the lock file {path} cannot be opened ({error}): check that the bot may write to its folder"
