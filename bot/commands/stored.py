"""What the bot has stored, for commands that run beside it."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from bot.ports import Transaction
from bot.settings import database_url, environment
from bot.store.database import Database

T = TypeVar("T")


def stored(work: Callable[[Transaction], T]) -> T:
    """What `work` makes of the database that DATABASE_URL names; StoreError if it cannot be reached."""
    with Database.open(database_url(environment(Path(".env"), os.environ)), exclusive=False) as database:
        return asyncio.run(database.transact(work))
