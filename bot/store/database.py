"""A database on disk or on a server: opened, brought up to date, worked on by one thread, closed."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from sqlalchemy import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from bot.errors import ConflictError, StoreError
from bot.ports import Transaction
from bot.store.dialect import file_of, make_engine, one_at_a_time, shown, translated
from bot.store.lock import Lock
from bot.store.migrations import upgrade
from bot.store.transaction import SqlTransaction

T = TypeVar("T")

_TRIES = 3


class Database:
    """The Store of bot.ports; made by `open`."""

    def __init__(self, engine: Engine, lock: Lock | None) -> None:
        self._engine = engine
        self._lock = lock
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        self._closed = False

    @classmethod
    def open(cls, url: str, *, exclusive: bool = True, patience: float = 5.0) -> Self:
        """Open a database, made or brought up to date as needed; StoreError says what is wrong and what to do.

        The bot is `exclusive`: a second one on the same SQLite file is refused. Operators' commands are not.
        `patience` is how many seconds to wait for another program's lock.
        """
        address = _address(url)
        path = file_of(address)
        if path:
            _make_folder(path)
        lock = Lock(path) if path and exclusive else None
        engine = make_engine(address, patience)
        try:
            with _reported(address), engine.begin() as connection:
                one_at_a_time(connection)
                upgrade(connection)
                if lock:
                    SqlTransaction(connection).end_leases()
        except StoreError:
            engine.dispose()
            if lock:
                lock.release()
            raise
        return cls(engine, lock)

    def close(self) -> None:
        """Let the work at hand end, then let go of the database."""
        self._closed = True
        self._thread.shutdown()
        self._engine.dispose()
        if self._lock:
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def transact(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` in one transaction on the worker thread; repeats it on a conflict; StoreError if it cannot."""
        return await self.run(lambda connection: work(SqlTransaction(connection)))

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run `work` on a connection, otherwise as `transact`; for what a transaction does not offer (audit.verify)."""
        if self._closed:
            raise StoreError(f"the database {shown(self._engine.url)} is closed: the bot is stopping")
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._repeat, work)

    def _repeat(self, work: Callable[[Connection], T]) -> T:
        for _ in range(_TRIES - 1):
            try:
                return self._once(work)
            except ConflictError:
                continue
        return self._once(work)

    def _once(self, work: Callable[[Connection], T]) -> T:
        with _reported(self._engine.url), self._engine.begin() as connection:
            return work(connection)


def _address(url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError:
        raise StoreError("DATABASE_URL cannot be read as an address: expected sqlite:///FOLDER/FILE.db") from None


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"the folder {path.parent} cannot be made ({error.strerror}): name another one") from error


@contextmanager
def _reported(url: URL) -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, UnicodeEncodeError) as error:
        raise translated(error, url) from error
