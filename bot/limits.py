"""The send limits Microsoft publishes for bots, kept exactly: so many messages in so many seconds."""

from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """At most `most` messages within any `seconds` seconds."""

    most: int
    seconds: float


CONVERSATION = (
    Window(most=7, seconds=1),
    Window(most=8, seconds=2),
    Window(most=60, seconds=30),
    Window(most=1800, seconds=3600),
)
"""Per bot and conversation; sending, creating and editing alike."""

TENANT = (Window(most=50, seconds=1),)
"""Per bot and tenant."""


class Limiter:
    """Lets a message go only where no window would be exceeded; without windows it lets everything go."""

    def __init__(self, conversation: tuple[Window, ...] = CONVERSATION, tenant: tuple[Window, ...] = TENANT) -> None:
        self._windows = conversation
        self._tenant = _Past(tenant)
        self._conversations: dict[str, _Past] = {}

    def take(self, conversation: str, now: float) -> float:
        """Take a place at `now` (seconds, never going back) and return 0, or take none and return the wait."""
        self._forget(now)
        here = self._conversations.pop(conversation, None) or _Past(self._windows)
        self._conversations[conversation] = here
        wait = max(self._tenant.wait(now), here.wait(now))
        if wait <= 0:
            self._tenant.add(now)
            here.add(now)
        return max(wait, 0.0)

    def _forget(self, now: float) -> None:
        """Drop conversations that have been silent for longer than any window; the longest silent stand first."""
        while self._conversations and (first := next(iter(self._conversations.items())))[1].is_over(now):
            del self._conversations[first[0]]


class _Past:
    """The times of the latest messages, as many as the largest window counts."""

    def __init__(self, windows: tuple[Window, ...]) -> None:
        self._windows = windows
        self._times: deque[float] = deque(maxlen=max((window.most for window in windows), default=0))

    def add(self, now: float) -> None:
        self._times.append(now)

    def wait(self, now: float) -> float:
        """Seconds until every window has room; 0 or less if all have."""
        full = (window for window in self._windows if len(self._times) >= window.most)
        return max((self._times[-window.most] + window.seconds - now for window in full), default=0.0)

    def is_over(self, now: float) -> bool:
        """Whether no message counts in any window any more."""
        longest = max((window.seconds for window in self._windows), default=0.0)
        return not self._times or self._times[-1] + longest <= now
