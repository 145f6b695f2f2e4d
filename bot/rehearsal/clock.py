"""The domain clock that the page and the tests can move."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    """Real time plus an offset; only what the council counts in days reads it, never token times or time-outs."""

    def __init__(self, real: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._real = real
        self._listeners: list[Callable[[], None]] = []
        self.offset = timedelta()

    def now(self) -> datetime:
        """The domain time, in UTC."""
        return self._real() + self.offset

    def advance(self, by: timedelta) -> datetime:
        """Move the clock, backwards too, tell the listeners and return the new time."""
        self.offset += by
        for listener in self._listeners:
            listener()
        return self.now()

    def reset(self) -> datetime:
        """Go back to real time."""
        return self.advance(-self.offset)

    def on_move(self, listener: Callable[[], None]) -> None:
        """Call `listener` after every move."""
        self._listeners.append(listener)
