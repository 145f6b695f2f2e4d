"""What people do in Teams, and what becomes of it: the client's side of the rehearsal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.rehearsal.answers import Result, read_card_action, read_feedback, read_message
from bot.rehearsal.cardview import buttons, filled, unfit
from bot.rehearsal.courier import Courier
from bot.rehearsal.people import CHANNEL_ID, TEAM_ID, Person
from bot.rehearsal.seen import Seen, card_of, refresh_action
from bot.rehearsal.wire import Place, Wire, place_of
from bot.rehearsal.world import Post, World

Json = dict[str, Any]
Reader = Callable[[int, str], Result]


class Client:
    """Acts for any person; every act returns once the bot has answered."""

    def __init__(self, world: World, wire: Wire, courier: Courier) -> None:
        self.world = world
        self.wire = wire
        self._courier = courier

    async def say(
        self,
        person: Person,
        text: str,
        where: str | Post | Seen = "personal",
        *,
        mention: bool = True,
        **fields: object,
    ) -> Result:
        """Write to the bot; `where` is "personal", "channel", or a post to answer; `fields` go on the wire as given."""
        place = self.place(person, where)
        mention = mention and place.in_channel
        activity = self.wire.message(person, place, self.world.clock.now(), text, mention, **fields)
        if place.in_channel and not mention:
            return Result(status=200, activity=self.world.add(place.conversation, person, activity, place.thread).id)
        return await self._speak(person, place, activity)

    async def _speak(self, person: Person, place: Place, activity: Json, shown: str | None = None) -> Result:
        """Keep a person's message and send it under the id it got; `shown` is what others read instead of its text."""
        kept = activity if shown is None else {**activity, "text": shown}
        post = self.world.add(place.conversation, person, kept, place.thread)
        conversation = {**activity["conversation"], "id": place_of(post).id}
        result = await self.send({**activity, "id": post.id, "conversation": conversation}, read_message)
        return replace(result, activity=post.id)

    def place(self, person: Person, where: str | Post | Seen = "personal") -> Place:
        """Where that is on the wire."""
        if isinstance(where, str):
            return Place(conversation={"personal": person.chat_id, "channel": CHANNEL_ID}[where])
        return place_of(self.find(where))

    def find(self, post: Post | Seen) -> Post:
        """The post behind what somebody sees."""
        return post if isinstance(post, Post) else self.world.find(post.conversation, post.id)

    async def press(self, person: Person, post: Post | Seen, button: str, **inputs: str) -> Result:
        """Press the button of that title or verb on the card as the person sees it, as the client would.

        Raises `LookupError` when they see no such button or field; a field that Teams finds wrong is "invalid" and
        nothing is sent.
        """
        card = card_of(self.find(post), person)
        found = [b for b in buttons(card or {}) if button in (b.title, b.verb)]
        if not found:
            titles = [b.title for b in buttons(card or {})]
            raise LookupError(f"{person.first} sees no button {button!r}, only {titles}")
        values = filled(found[0], inputs)
        if message := unfit(found[0], values):
            return Result(shown="invalid", text=message)
        return await self.act(person, post, found[0].action, values)

    async def act(self, person: Person, post: Post | Seen, action: Json, inputs: Mapping[str, str]) -> Result:
        """Send an action as Teams sends it, whether or not it stands on the card."""
        if action.get("type") == "Action.Submit":
            return await self._submit(person, self.find(post), action, inputs)
        if action.get("type") != "Action.Execute":
            raise ValueError(f"{action.get('type')!r} is not sent to a bot; Action.Execute and Action.Submit are")
        return await self._execute(person, self.find(post), action, inputs, "manual")

    async def refresh(self, person: Person, post: Post | Seen) -> Result:
        """The person's Teams shows the card and runs its refresh action; a refresh that fails leaves the card alone."""
        kept = self.find(post)
        action = refresh_action(kept, person)
        if action is None:
            return Result(status=200)
        kept.refreshed.add(person.object_id)
        result = await self._execute(person, kept, action, {}, "automatic")
        return result if result.card else Result(status=result.status, body=result.body)

    async def _execute(
        self, person: Person, post: Post, action: Json, inputs: Mapping[str, str], trigger: str
    ) -> Result:
        sent: Json = {key: action[key] for key in ("type", "title", "id", "verb") if key in action}
        data = action.get("data")
        sent["data"] = {**(data if isinstance(data, dict) else {}), **inputs} if data or inputs else {}
        activity = self.wire.card_action(person, post, self.world.clock.now(), sent, trigger)
        result = await self.send(activity, read_card_action)
        if result.card is not None:
            self.world.show(post, person, result.card)
        return result

    async def _submit(self, person: Person, post: Post, action: Json, inputs: Mapping[str, str]) -> Result:
        data = action.get("data")
        data = dict(data) if isinstance(data, dict) else {}
        teams = data.pop("msteams", {})
        place, now = place_of(post), self.world.clock.now()
        if teams.get("type") == "imBack":
            return await self._speak(person, place, self.wire.message(person, place, now, str(teams["value"]), False))
        if teams.get("type") == "messageBack":
            more: Json = {"value": teams.get("value"), "replyToId": post.id}
            message = self.wire.message(person, place, now, str(teams.get("text", "")), False, **more)
            return await self._speak(person, place, message, str(teams.get("displayText", "")))
        more = {"value": {**data, **inputs}, "replyToId": post.id}
        return await self.send(self.wire.activity("message", person, place, now, **more), read_message)

    async def thumb(self, person: Person, post: Post | Seen, reaction: str, text: str = "") -> Result:
        """Thumb "like" or "dislike" under an answer, with an optional word."""
        kept = self.find(post)
        activity = self.wire.feedback(person, kept, self.world.clock.now(), reaction, text)
        result = await self.send(activity, read_feedback)
        if result.ok:
            kept.thumbs[person.object_id] = (reaction, text)
            self.world.touch()
        return result

    async def react(self, person: Person, post: Post | Seen, kind: str = "like", on: bool = True) -> Result:
        """Put a reaction under a post, or take it away."""
        kept = self.find(post)
        kept.reactions = [r for r in kept.reactions if r != (kind, person.first)] + [(kind, person.first)] * on
        self.world.touch()
        return await self.send(self.wire.reaction(person, kept, self.world.clock.now(), kind, on), read_message)

    async def edit(self, person: Person, post: Post | Seen, text: str) -> Result:
        """Change one's own message; raises `PermissionError` for somebody else's."""
        kept = self._own(person, post)
        activity = self.wire.edited(person, kept, self.world.clock.now(), text)
        self.world.update(kept, activity)
        return await self.send(activity, read_message)

    async def delete(self, person: Person, post: Post | Seen) -> Result:
        """Take one's own message back; raises `PermissionError` for somebody else's."""
        kept = self._own(person, post)
        self.world.delete(kept)
        return await self.send(self.wire.deleted(person, kept, self.world.clock.now()), read_message)

    def _own(self, person: Person, post: Post | Seen) -> Post:
        kept = self.find(post)
        if kept.author != person:
            raise PermissionError(f"{person.first} did not write {kept.id}")
        return kept

    async def install(self, person: Person) -> Result:
        """Add the app to the person's own Teams."""
        return await self._installed(person, on=True)

    async def uninstall(self, person: Person) -> Result:
        """Remove the app from the person's own Teams."""
        return await self._installed(person, on=False)

    async def _installed(self, person: Person, on: bool) -> Result:
        self.world.set_installed(person, on)
        return await self._each(self.wire.installation(person, self.world.clock.now(), on))

    async def team(self, person: Person, on: bool = True) -> Result:
        """Add the app to the approvers' team, or remove it."""
        (self.world.installed.add if on else self.world.installed.discard)(TEAM_ID)
        return await self._each(self.wire.team_joined(person, self.world.clock.now(), on))

    async def _each(self, activities: list[Json]) -> Result:
        results = [await self.send(activity, read_message) for activity in activities]
        return results[-1]

    async def send(self, activity: Json, read: Reader = read_message) -> Result:
        """Deliver any activity, a forged one too, and read the answer."""
        answer = await self._courier.deliver(activity)
        if answer is None:
            return Result(shown="held", text="A fault holds this message back until the next one.")
        return read(*answer)
