"""What the bot remembers of its talk in Teams: answers given, forms begun, chats, cards and thumbs."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, update

from bot.ports import Conversation, Draft, Posted
from bot.store.dialect import insert, upsert
from bot.store.schema import card, conversation, draft, feedback, inbox
from bot.store.unit import Unit


class Correspondence(Unit):
    """The part of a transaction that keeps the bot's side of its conversations."""

    def answered(self, key: str) -> Mapping[str, object] | None:
        """The answer already given to this key, so that a repeat gets the same."""
        answer = self.connection.scalar(select(inbox.c.answer).where(inbox.c.key == key))
        return None if answer is None else json.loads(answer)

    def remember(self, key: str, answer: Mapping[str, object], now: datetime) -> None:
        """Keep an answer under its inbox key; ConflictError if the key was answered meanwhile."""
        self.connection.execute(inbox.insert().values(key=key, answer=json.dumps(dict(answer)), at=now))

    def draft(self, form_id: str) -> Draft | None:
        """A begun form."""
        row = self.connection.execute(select(draft).where(draft.c.form_id == form_id)).first()
        if row is None:
            return None
        values = json.loads(row.typed)
        return Draft(form_id=form_id, object_id=row.object_id, step=row.step, values=values, changed=row.changed)

    def keep_draft(self, draft_: Draft) -> None:
        """Insert or replace a begun form."""
        row = {
            "form_id": draft_.form_id,
            "object_id": draft_.object_id,
            "step": draft_.step,
            "typed": json.dumps(dict(draft_.values)),
            "changed": draft_.changed,
        }
        upsert(self.connection, draft, [row])

    def drop_draft(self, form_id: str) -> None:
        """Forget a begun form."""
        self.connection.execute(delete(draft).where(draft.c.form_id == form_id))

    def conversation_with(self, object_id: str) -> Conversation | None:
        """The personal chat with somebody."""
        return self.conversations_with([object_id]).get(object_id)

    def conversations_with(self, object_ids: Iterable[str]) -> Mapping[str, Conversation]:
        """The personal chats with those of these people with whom there is one."""
        known = conversation.c.object_id.in_(list(object_ids)) & conversation.c.id.is_not(None)
        return {
            row.object_id: Conversation(
                id=row.id, scope="personal", service_url=row.service_url, object_id=row.object_id
            )
            for row in self.connection.execute(select(conversation).where(known))
        }

    def keep_conversation(self, chat: Conversation, now: datetime) -> bool:
        """Keep a personal chat; True the first time ever, so that the welcome is said once."""
        place = {"id": chat.id, "service_url": chat.service_url, "changed": now}
        new = insert(self.connection, conversation).values(object_id=chat.object_id, **place)
        if self.connection.scalar(new.on_conflict_do_nothing().returning(conversation.c.object_id)):
            return True
        self.connection.execute(update(conversation).where(conversation.c.object_id == chat.object_id).values(place))
        return False

    def drop_conversation(self, object_id: str) -> None:
        """Forget where somebody can be reached (the app was removed); the welcome stays said."""
        gone = update(conversation).where(conversation.c.object_id == object_id)
        self.connection.execute(gone.values(id=None, service_url=None))

    def card(self, reference: str, kind: str, to: str) -> Posted | None:
        """Where the card of this request, kind and recipient lives."""
        row = self.connection.execute(select(card).where(_card(reference, kind, to))).first()
        if row is None:
            return None
        return Posted(conversation_id=row.conversation_id, activity_id=row.activity_id, service_url=row.service_url)

    def keep_card(self, reference: str, kind: str, to: str, posted: Posted) -> None:
        """Insert or replace where a card lives."""
        place = {
            "conversation_id": posted.conversation_id,
            "activity_id": posted.activity_id,
            "service_url": posted.service_url,
        }
        upsert(self.connection, card, [{"reference": reference, "kind": kind, "recipient": to, **place}])

    def drop_card(self, reference: str, kind: str, to: str) -> None:
        """Forget a card that Teams no longer has."""
        self.connection.execute(delete(card).where(_card(reference, kind, to)))

    def keep_feedback(self, activity_id: str, object_id: str, reaction: str, now: datetime) -> None:
        """Keep a thumb; the latest of one person on one message counts."""
        row = {"activity_id": activity_id, "object_id": object_id, "reaction": reaction, "at": now}
        upsert(self.connection, feedback, [row])

    def thumbs_since(self, start: datetime) -> Mapping[str, int]:
        """How many thumbs of each kind (like, dislike) were given from then on."""
        counts = select(feedback.c.reaction, func.count()).where(feedback.c.at >= start).group_by(feedback.c.reaction)
        return {reaction: int(count) for reaction, count in self.connection.execute(counts)}


def _card(reference: str, kind: str, to: str) -> ColumnElement[bool]:
    return (card.c.reference == reference) & (card.c.kind == kind) & (card.c.recipient == to)
