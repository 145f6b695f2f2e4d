"""The activities Teams sends to a bot, field by field as on the wire."""

from __future__ import annotations

import html
import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.rehearsal.people import BOT_NAME, CHANNEL_ID, CHANNEL_NAME, TEAM_ID, TEAM_NAME, TENANT_ID, Person
from bot.rehearsal.world import Post

Json = dict[str, Any]
LONDON = ZoneInfo("Europe/London")
CLIENT = {"type": "clientInfo", "locale": "en-GB", "country": "GB", "platform": "Web", "timezone": "Europe/London"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a person acts: their own chat with the bot, or a thread of the channel."""

    conversation: str
    thread: str | None = None

    @property
    def id(self) -> str:
        """The conversation id on the wire."""
        return f"{self.conversation};messageid={self.thread}" if self.thread else self.conversation

    @property
    def in_channel(self) -> bool:
        """Whether others read along."""
        return self.conversation == CHANNEL_ID


def place_of(post: Post) -> Place:
    """Where answers to a post belong: in a channel, under it or under the post it answers."""
    in_channel = post.conversation == CHANNEL_ID
    return Place(conversation=post.conversation, thread=(post.thread or post.id) if in_channel else None)


@dataclass(slots=True, kw_only=True)
class Wire:
    """Writes activities for one bot; `service_url` is where the bot answers, known once it listens."""

    app_id: str
    service_url: str = ""

    @property
    def bot(self) -> Json:
        """The bot as Teams names it."""
        return {"id": f"28:{self.app_id}", "name": BOT_NAME}

    def activity(self, kind: str, person: Person, place: Place, now: datetime, **more: object) -> Json:
        """What every activity carries; `more` replaces and adds fields. A guest comes without Entra object id."""
        sender: Json = {"id": person.teams_id, "name": person.name}
        if person.part != "guest":
            sender["aadObjectId"] = person.object_id
        return {
            "type": kind,
            "id": f"f:{uuid.uuid4()}",
            "timestamp": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "localTimestamp": now.astimezone(LONDON).isoformat(timespec="milliseconds"),
            "localTimezone": "Europe/London",
            "locale": "en-GB",
            "channelId": "msteams",
            "serviceUrl": self.service_url,
            "from": sender,
            "recipient": self.bot,
            "conversation": _conversation(place),
            "channelData": _channel_data(place),
            "entities": [
                {
                    "type": "clientInfo",
                    "locale": "en-GB",
                    "country": "GB",
                    "platform": "Web",
                    "timezone": "Europe/London",
                }
            ],
            **more,
        }

    def message(self, person: Person, place: Place, now: datetime, text: str, mention: bool, **more: object) -> Json:
        """Somebody writes; in a channel Teams puts the mention in front and says where it stands."""
        words = f"<at>{BOT_NAME}</at> {text}" if mention else text
        body = html.escape(text, quote=False)
        rich = f'<span itemscope itemtype="http://schema.skype.com/Mention" itemid="0">{BOT_NAME}</span>&nbsp;{body}'
        activity = self.activity("message", person, place, now, text=words, textFormat="plain")
        activity["attachments"] = [{"contentType": "text/html", "content": f"<p>{rich if mention else body}</p>"}]
        if mention:
            activity["entities"].insert(0, {"type": "mention", "mentioned": self.bot, "text": f"<at>{BOT_NAME}</at>"})
        return {**activity, **more}

    def card_action(self, person: Person, post: Post, now: datetime, action: Json, trigger: str) -> Json:
        """An `Action.Execute` was pressed ("manual") or a card refreshes itself ("automatic")."""
        return self._invoke("adaptiveCard/action", person, post, now, {"action": action, "trigger": trigger})

    def feedback(self, person: Person, post: Post, now: datetime, reaction: str, text: str) -> Json:
        """A thumb under an answer, with what the person wrote beside it as JSON within JSON."""
        words = json.dumps({"feedbackText": text})
        value = {"actionName": "feedback", "actionValue": {"reaction": reaction, "feedback": words}}
        return self._invoke("message/submitAction", person, post, now, value)

    def _invoke(self, name: str, person: Person, post: Post, now: datetime, value: Json) -> Json:
        activity = self.activity("invoke", person, place_of(post), now, name=name, value=value, replyToId=post.id)
        activity["channelData"] |= {"source": {"name": "message"}, "legacy": {"replyToId": post.id}}
        return activity

    def reaction(self, person: Person, post: Post, now: datetime, kind: str, on: bool) -> Json:
        """A like, a heart and the like under a message of the bot."""
        field = "reactionsAdded" if on else "reactionsRemoved"
        more: Json = {field: [{"type": kind}], "replyToId": post.id}
        return self.activity("messageReaction", person, place_of(post), now, **more)

    def edited(self, person: Person, post: Post, now: datetime, text: str) -> Json:
        """A person changed their own message."""
        activity = self.message(person, place_of(post), now, text, mention=False, id=post.id)
        activity["channelData"]["eventType"] = "editMessage"
        return {**activity, "type": "messageUpdate"}

    def deleted(self, person: Person, post: Post, now: datetime) -> Json:
        """A person took their own message back."""
        activity = self.activity("messageDelete", person, place_of(post), now, id=post.id)
        activity["channelData"]["eventType"] = "softDeleteMessage"
        return activity

    def installation(self, person: Person, now: datetime, on: bool) -> list[Json]:
        """The two activities that come when a person adds (or one when they remove) the app."""
        place = Place(conversation=person.chat_id)
        more: Json = {"action": "add" if on else "remove"}
        changed = self.activity("installationUpdate", person, place, now, **more)
        if not on:
            return [changed]
        return [changed, self.activity("conversationUpdate", person, place, now, membersAdded=[self.bot])]

    def team_joined(self, person: Person, now: datetime, on: bool) -> list[Json]:
        """An owner adds the app to the approvers' team, or removes it."""
        place = Place(conversation=TEAM_ID)
        kind, field = ("teamMemberAdded", "membersAdded") if on else ("teamMemberRemoved", "membersRemoved")
        more: Json = {field: [self.bot]}
        update = self.activity("conversationUpdate", person, place, now, **more)
        update["channelData"]["eventType"] = kind
        change: Json = {"action": "add" if on else "remove"}
        return [self.activity("installationUpdate", person, place, now, **change), update]


def _conversation(place: Place) -> Json:
    if place.conversation in (CHANNEL_ID, TEAM_ID):
        return {"id": place.id, "conversationType": "channel", "tenantId": TENANT_ID, "isGroup": True}
    return {"id": place.id, "conversationType": "personal", "tenantId": TENANT_ID}


def _channel_data(place: Place) -> Json:
    tenant = {"tenant": {"id": TENANT_ID}}
    if place.conversation not in (CHANNEL_ID, TEAM_ID):
        return tenant
    team = {"id": TEAM_ID, "name": TEAM_NAME}
    channel = {"id": place.conversation, "name": CHANNEL_NAME if place.in_channel else TEAM_NAME}
    return {**tenant, "team": team, "channel": channel, "teamsTeamId": TEAM_ID, "teamsChannelId": place.conversation}
