"""The published limits on what a bot may send, counted as Teams counts them."""

from __future__ import annotations

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable, Sequence

THREAD = ((7, 1.0), (8, 2.0), (60, 30.0), (1800, 3600.0))
"""Requests and seconds, per bot and conversation (Microsoft Teams, "Optimize your bot with rate limiting")."""
APP = ((50, 1.0),)
"""Requests and seconds, per app and tenant."""


class Windows:
    """Sliding windows over accepted requests; `on` False lets everything pass but goes on counting."""

    def __init__(self, on: bool = False, seconds: Callable[[], float] = time.monotonic) -> None:
        self.on = on
        self.refused = 0
        self._seconds = seconds
        self._threads: defaultdict[str, deque[float]] = defaultdict(deque)
        self._app: deque[float] = deque()

    def take(self, thread: str | None) -> int | None:
        """Count a request (`thread` None: only the app's limit knows it), or say in how many seconds to come again."""
        now = self._seconds()
        wait = _wait(self._app, APP, now)
        if thread is not None:
            wait = max(wait, _wait(self._threads[thread], THREAD, now))
        if self.on and wait > 0:
            self.refused += 1
            return math.ceil(wait)
        self._app.append(now)
        if thread is not None:
            self._threads[thread].append(now)
        return None


def _wait(times: deque[float], windows: Sequence[tuple[int, float]], now: float) -> float:
    """Seconds until one more fits into every window; old times are forgotten."""
    while times and times[0] <= now - windows[-1][1]:
        times.popleft()
    full = [times[-most] + span - now for most, span in windows if len(times) >= most]
    return max(0.0, *full) if full else 0.0
