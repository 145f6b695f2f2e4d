"""What Teams remembers: who has the app, what was said where, and each person's own view of a card."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.rehearsal.clock import Clock
from bot.rehearsal.people import TEAM_ID, Directory, Person

Json = dict[str, Any]
CARD = "application/vnd.microsoft.card.adaptive"


@dataclass(slots=True, kw_only=True)
class Post:
    """One activity as Teams keeps it; `author` None is the bot, `thread` the channel post it answers."""

    id: str
    conversation: str
    thread: str | None
    author: Person | None
    time: datetime
    activity: Json
    edited: bool = False
    deleted: bool = False
    views: dict[str, Json] = field(default_factory=dict)
    """Cards that only one person sees, by object id, until the activity is updated."""
    refreshed: set[str] = field(default_factory=set)
    """Object ids of those whose Teams has refreshed the card since its last update."""
    thumbs: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Reaction and text by object id."""
    reactions: list[tuple[str, str]] = field(default_factory=list)
    """Kind and first name."""

    @property
    def cards(self) -> list[Json]:
        """The Adaptive Cards everybody sees."""
        return [a["content"] for a in self.activity.get("attachments") or [] if a.get("contentType") == CARD]


class World:
    """Every conversation of the rehearsal; `version` grows with each change."""

    def __init__(self, clock: Clock, people: Directory) -> None:
        self.clock = clock
        self.people = people
        self.version = 0
        self.installed = {TEAM_ID, *(person.object_id for person in people.everybody if person.installed)}
        self.removed: set[str] = set()
        self.blocked: set[str] = set()
        self.typing: set[str] = set()
        self._last_id = 0
        self._posts: dict[tuple[str, str], Post] = {}
        self._said: defaultdict[str, list[Post]] = defaultdict(list)
        self._changed = asyncio.Event()
        clock.on_move(self.touch)

    def touch(self) -> None:
        """Say that something changed."""
        self.version += 1
        self._changed.set()
        self._changed = asyncio.Event()

    async def change(self, since: int) -> None:
        """Wait until `version` is no longer `since`."""
        while self.version == since:
            await self._changed.wait()

    async def until(self, true: Callable[[], object], seconds: float = 10) -> None:
        """Wait until `true()` holds; raises `TimeoutError` after `seconds` of real time."""
        async with asyncio.timeout(seconds):
            while not true():
                await self.change(self.version)

    def new_id(self) -> str:
        """A message id as Teams gives them: milliseconds since 1970, never the same twice."""
        self._last_id = max(int(self.clock.now().timestamp() * 1000), self._last_id + 1)
        return str(self._last_id)

    def add(self, conversation: str, author: Person | None, activity: Json, thread: str | None = None) -> Post:
        """Keep a new activity; `conversation` is a chat's or a channel's id without `;messageid=`."""
        post = Post(
            id=self.new_id(),
            conversation=conversation,
            thread=thread,
            author=author,
            time=self.clock.now(),
            activity=activity,
        )
        self._posts[conversation, post.id] = post
        self._said[conversation].append(post)
        self.typing.discard(conversation)
        self.touch()
        return post

    def update(self, post: Post, activity: Json) -> None:
        """Replace what everybody sees; everyone's own view of the card ends."""
        post.activity, post.edited = activity, True
        post.views.clear()
        post.refreshed.clear()
        self.touch()

    def delete(self, post: Post) -> None:
        """Take the content away, keep the place."""
        post.deleted = True
        self.touch()

    def show(self, post: Post, person: Person, card: Json) -> None:
        """Give one person their own view of a card."""
        post.views[person.object_id] = card
        self.touch()

    def find(self, conversation: str, activity_id: str) -> Post:
        """The activity of that id; raises `LookupError`."""
        if post := self._posts.get((conversation, activity_id)):
            return post
        raise LookupError(f"no activity {activity_id!r} in conversation {conversation!r}")

    def said_in(self, conversation: str) -> list[Post]:
        """Everything in one chat or channel, oldest first."""
        return list(self._said.get(conversation, ()))

    def set_installed(self, person: Person, on: bool) -> None:
        """Record that a person added or removed the app."""
        now, before = (self.installed, self.removed) if on else (self.removed, self.installed)
        now.add(person.object_id)
        before.discard(person.object_id)
        self.touch()

    def set_blocked(self, person: Person, on: bool) -> None:
        """Record that a person blocked the bot or let it in again."""
        (self.blocked.add if on else self.blocked.discard)(person.object_id)
        self.touch()


def split_id(conversation_id: str) -> tuple[str, str | None]:
    """The conversation and the thread of `19:...@thread.tacv2;messageid=17`."""
    conversation, _, thread = conversation_id.partition(";messageid=")
    return conversation, thread or None
