"""What one person sees of a conversation: plain data for the page, and for tests that read like a chat."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from bot.rehearsal.cardview import buttons, texts
from bot.rehearsal.people import BOT_NAME, CHANNEL_ID, Person
from bot.rehearsal.world import CARD, Post, World

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One activity as one person sees it; the fields are those of the page's ACTIVITY."""

    id: str
    conversation: str
    thread: str | None
    sender: Json
    mine: bool
    time: str
    edited: bool
    deleted: bool
    text: str
    text_format: str
    summary: str | None
    cards: list[Json]
    view: str
    refresh_due: bool
    refresh_action: Json | None
    attachments: list[Json]
    citations: list[Json]
    ai_label: bool
    suggested_actions: list[Json]
    feedback: Json | None
    reactions: list[Json]

    @property
    def by_bot(self) -> bool:
        """Whether the bot said it."""
        return bool(self.sender["kind"] == "bot")

    @property
    def card(self) -> Json | None:
        """The card, where there is one."""
        return self.cards[0] if self.cards else None

    @property
    def words(self) -> str:
        """Everything there is to read, text and card, a line each."""
        return "\n".join(filter(None, [self.text, *(word for card in self.cards for word in texts(card))]))

    @property
    def buttons(self) -> list[str]:
        """The titles of everything that can be pressed."""
        return [button.title for card in self.cards for button in buttons(card)]

    def as_json(self) -> Json:
        """The page's ACTIVITY."""
        fields = asdict(self)
        return {"from": fields.pop("sender"), **fields}


def card_of(post: Post, person: Person) -> Json | None:
    """The card this person sees on a post: their own view, or everybody's."""
    return post.views.get(person.object_id) or (post.cards[0] if post.cards else None)


def seen(post: Post, person: Person, newest: bool) -> Seen:
    """A post through one person's eyes; suggested actions show on the newest post only."""
    activity = {} if post.deleted else post.activity
    own = post.views.get(person.object_id)
    cards = [] if post.deleted else [own, *post.cards[1:]] if own else post.cards
    refresh = refresh_action(post, person)
    return Seen(
        id=post.id,
        conversation=post.conversation,
        thread=post.thread,
        sender=_sender(post.author),
        mine=post.author == person,
        time=post.time.isoformat(),
        edited=post.edited,
        deleted=post.deleted,
        text=_text(post, activity),
        text_format=activity.get("textFormat") or "markdown",
        summary=activity.get("summary"),
        cards=cards,
        view="own" if own else "base",
        refresh_due=refresh is not None and person.object_id not in post.refreshed and not post.deleted,
        refresh_action=refresh,
        attachments=_attachments(activity),
        citations=_citations(activity),
        ai_label="AIGeneratedContent" in (_message_entity(activity).get("additionalType") or []),
        suggested_actions=_suggested(activity) if newest and post.conversation != CHANNEL_ID else [],
        feedback=_feedback(post, activity, person),
        reactions=_reactions(post),
    )


def view(world: World, person: Person, conversation: str) -> list[Seen]:
    """A whole conversation through one person's eyes, oldest first."""
    posts = world.said_in(conversation)
    return [seen(post, person, newest=post is posts[-1]) for post in posts]


def _sender(author: Person | None) -> Json:
    if author is None:
        return {"kind": "bot", "name": BOT_NAME, "object_id": None}
    return {"kind": "person", "name": author.name, "object_id": author.object_id}


def _text(post: Post, activity: Json) -> str:
    text = str(activity.get("text") or "")
    return text.replace("<at>", "@").replace("</at>", "") if post.author else text


def refresh_action(post: Post, person: Person) -> Json | None:
    """What Teams runs by itself when the person looks at the card: for those named, or for all in a small chat."""
    refresh = (post.cards[0] if post.cards else {}).get("refresh") or {}
    action: Json | None = refresh.get("action")
    named = refresh.get("userIds", [person.teams_id] if post.conversation != CHANNEL_ID else [])
    return action if person.teams_id in named else None


def _attachments(activity: Json) -> list[Json]:
    return [
        {"content_type": a.get("contentType", ""), "name": a.get("name", ""), "url": a.get("contentUrl")}
        for a in activity.get("attachments") or []
        if a.get("contentType") not in (CARD, "text/html")
    ]


def _message_entity(activity: Json) -> Json:
    for entity in activity.get("entities") or []:
        if entity.get("type") == "https://schema.org/Message":
            return dict(entity)
    return {}


def _citations(activity: Json) -> list[Json]:
    claims = _message_entity(activity).get("citation") or []
    return [
        {
            "position": claim.get("position"),
            "name": claim.get("appearance", {}).get("name", ""),
            "abstract": claim.get("appearance", {}).get("abstract", ""),
            "url": claim.get("appearance", {}).get("url"),
            "text": claim.get("appearance", {}).get("text"),
        }
        for claim in claims[:20]
    ]


def _suggested(activity: Json) -> list[Json]:
    actions = (activity.get("suggestedActions") or {}).get("actions") or []
    return [{key: action.get(key) for key in ("type", "title", "value")} for action in actions[:6]]


def _feedback(post: Post, activity: Json, person: Person) -> Json | None:
    channel_data = activity.get("channelData") or {}
    if not (channel_data.get("feedbackLoop") or channel_data.get("feedbackLoopEnabled")) or post.author:
        return None
    mine, text = post.thumbs.get(person.object_id, (None, ""))
    return {"mine": mine, "text": text}


def _reactions(post: Post) -> list[Json]:
    kinds = dict.fromkeys(kind for kind, _ in post.reactions)
    return [{"type": kind, "by": [who for other, who in post.reactions if other == kind]} for kind in kinds]
