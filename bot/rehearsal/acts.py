"""What the page can ask a person to do, from the JSON it sends."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.rehearsal.answers import Result
from bot.rehearsal.client import Client
from bot.rehearsal.people import CHANNEL_ID, Person
from bot.rehearsal.world import Post, World

Json = dict[str, Any]
Act = Callable[[Json], Awaitable[Result]]


def conversations_of(person: Person) -> list[str]:
    """Where the person reads along: their own chat, and the channel if they are in it."""
    return [person.chat_id, *([CHANNEL_ID] if person.in_channel else [])]


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    """Every POST of the page's API by its name; what they take stands in `page`."""

    world: World
    client: Client

    def all(self) -> list[Act]:
        """Every act; its name is its path."""
        said: list[Act] = [self.say, self.edit, self.delete, self.react, self.thumb]
        return [*said, self.press, self.refresh, self.install, self.uninstall, self.block]

    async def say(self, asked: Json) -> Result:
        """Write in the personal chat or the channel."""
        person, where = self.world.people.find(asked["person"]), str(asked.get("where", "personal"))
        if where not in ("personal", "channel"):
            raise ValueError(f"where is {where!r}; it must be personal or channel")
        if where == "channel" and not person.in_channel:
            raise PermissionError(f"{person.first} is not in the channel")
        place: str | Post = self.world.find(CHANNEL_ID, asked["thread"]) if asked.get("thread") else where
        fields = {name: asked[name] for name in ("value", "attachments") if asked.get(name)}
        mention = bool(asked.get("mention", True))
        return await self.client.say(person, str(asked.get("text", "")), place, mention=mention, **fields)

    async def press(self, asked: Json) -> Result:
        """Press an action of a card."""
        return await self.client.act(*self._whose(asked), asked["action"], asked.get("inputs") or {})

    async def refresh(self, asked: Json) -> Result:
        """Let a card refresh itself for one who looks at it."""
        return await self.client.refresh(*self._whose(asked))

    async def thumb(self, asked: Json) -> Result:
        """Put a thumb under an answer."""
        if asked["reaction"] not in ("like", "dislike"):
            raise ValueError(f"reaction is {asked['reaction']!r}; it must be like or dislike")
        return await self.client.thumb(*self._whose(asked), asked["reaction"], str(asked.get("text", "")))

    async def react(self, asked: Json) -> Result:
        """Put a reaction under a post or take it away."""
        return await self.client.react(*self._whose(asked), str(asked["type"]), bool(asked["on"]))

    async def edit(self, asked: Json) -> Result:
        """Change one's own message."""
        return await self.client.edit(*self._whose(asked), str(asked["text"]))

    async def delete(self, asked: Json) -> Result:
        """Take one's own message back."""
        return await self.client.delete(*self._whose(asked))

    async def install(self, asked: Json) -> Result:
        """Add the app."""
        return await self.client.install(self.world.people.find(asked["person"]))

    async def uninstall(self, asked: Json) -> Result:
        """Remove the app."""
        return await self.client.uninstall(self.world.people.find(asked["person"]))

    async def block(self, asked: Json) -> Result:
        """Block the bot, or let it in again."""
        self.world.set_blocked(self.world.people.find(asked["person"]), bool(asked["on"]))
        return Result(status=200)

    def _whose(self, asked: Json) -> tuple[Person, Post]:
        person = self.world.people.find(asked["person"])
        if asked["conversation"] not in conversations_of(person):
            raise PermissionError(f"{person.first} does not see that conversation")
        return person, self.world.find(asked["conversation"], asked["activity"])
