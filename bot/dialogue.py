"""The conversation with everybody: a turn comes in, the right use case runs, a reply goes out."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import TypeVar, assert_never

import structlog

from bot.context import Context
from bot.enquiries import Enquiries
from bot.errors import StoreError
from bot.live_knowledge import Edition
from bot.meetings import Meetings
from bot.ports import Message, Store, Transaction
from bot.replies import answers
from bot.replies.results import response
from bot.requests.change import Event, Reason, Refusal
from bot.requests.request import Person
from bot.results import Refused, Result, Shown, View
from bot.service import forms, own
from bot.turns import Reply, Turn, TurnKind
from bot.verbs import VERBS, act
from knowledge.answers import Answer
from knowledge.entries import Outcome

T = TypeVar("T")
UseCase = Callable[[Transaction, Context], Result]

NOT_SAVED = Message(text="I could not save that, so nothing was changed. Please try again in a moment.")
_REFERENCE = re.compile(r"\bAI-\d{4}-\d{4,}\b", re.IGNORECASE)
_REMEMBERED = 20_000
"""How many messages are remembered so that one that Teams repeats is not answered twice."""

_CHOICES = 1_000
"""How many choices among answers are remembered with what they were answered, likewise."""


class Dialogue:
    """Handles every turn; `context` and `edition` are asked anew for each, since time and knowledge move on."""

    def __init__(
        self,
        *,
        store: Store,
        edition: Callable[[], Edition],
        context: Callable[[], Context],
        enquiries: Enquiries,
        meetings: Meetings,
        nudge: Callable[[], None],
        chat_url: str,
    ) -> None:
        self._store = store
        self._edition = edition
        self._context = context
        self._enquiries = enquiries
        self._meetings = meetings
        self._nudge = nudge
        self._chat_url = chat_url
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._chosen: OrderedDict[str, asyncio.Future[Reply]] = OrderedDict()
        self._log = structlog.get_logger()

    async def handle(self, turn: Turn) -> Reply:
        """Answer one turn; every kind of turn has an answer, if only an empty one."""
        match turn.kind:
            case TurnKind.MESSAGE:
                return await self._message(turn)
            case TurnKind.ACTION:
                return await self._action(turn)
            case TurnKind.FEEDBACK:
                return await self._feedback(turn)
            case TurnKind.INSTALLED:
                return await self._installed(turn)
            case TurnKind.UNINSTALLED:
                return await self._uninstalled(turn)
            case TurnKind.IGNORED:
                return Reply()
            case _:
                assert_never(turn.kind)

    async def stranger(self, object_id: str, reason: Reason) -> None:
        """Audit an activity that was turned away at the door although its token was good."""
        context = self._context()
        facts = {"reason": reason.value, "knowledge": context.policy_version}
        event = Event(name="activity.refused", actor=object_id, at=context.now, facts=facts)
        await self._store.transact(lambda tx: tx.record(event))

    async def _message(self, turn: Turn) -> Reply:
        if self._is_repeat(turn):
            return Reply()
        self._meetings.heard(turn.conversation)
        if reference := _REFERENCE.search(turn.text):
            return await self._own(turn, reference.group().upper())
        answer = self._edition().assistant.answer(turn.text)
        match answer.outcome:
            case Outcome.REQUEST_FORM:
                return await self._form(turn, answer)
            case Outcome.STATUS:
                return await self._own(turn, "")
            case Outcome.REGISTER:
                return await self._register(turn, answer)
            case _:
                return self._enquiries.answered(turn, answer)

    async def _form(self, turn: Turn, answer: Answer) -> Reply:
        """Say what the policy says, and begin a form for it."""
        begun = await self._privately(
            turn, lambda tx, context: forms.begin(tx, context, _person(turn), answer.tool_name)
        )
        return Reply(messages=(answers.answer(answer), *begun.messages))

    async def _own(self, turn: Turn, reference: str) -> Reply:
        """Show one of the person's requests, or the list of them."""
        if reference:
            return await self._privately(turn, lambda tx, context: own.show(tx, _person(turn), reference, View.REQUEST))
        return await self._privately(turn, lambda tx, context: own.listed(tx, _person(turn)))

    async def _privately(self, turn: Turn, use_case: UseCase) -> Reply:
        """Run a use case in the personal chat; anywhere else, say where that is."""
        if turn.conversation.scope != "personal":
            return Reply(messages=(answers.come_to_chat(self._chat_url),))
        return await self._act(turn, use_case if turn.object_id else _nobody)

    async def _register(self, turn: Turn, answer: Answer) -> Reply:
        """Answer about a named tool with what is approved for it now."""
        try:
            found = await self._store.transact(
                lambda tx: tx.requests_for_tool(answer.tool or answer.tool_name.casefold())
            )
        except StoreError:
            self._log.exception("register.unread")
            found = ()
        in_chat, context = turn.conversation.scope == "personal", self._context()
        message = answers.register(
            answer,
            [request for request in found if request.is_in_force(context.today)],
            turn.object_id,
            may_request=in_chat and not context.tool(answer.tool).is_permitted,
            chat_url="" if in_chat else self._chat_url,
        )
        return self._enquiries.registered(turn, answer, message)

    async def _action(self, turn: Turn) -> Reply:
        if turn.verb == "answer.pick":
            return await self._followed(turn, self._enquiries.picked)
        if turn.verb == "answer.none":
            return await self._followed(turn, self._enquiries.none_of_these)
        if turn.verb == "question.leave":
            await self._enquiries.keep()
        return await self._act(turn, lambda tx, context: act(tx, context, turn))

    async def _followed(self, turn: Turn, follow: Callable[[Turn], Awaitable[Reply]]) -> Reply:
        """Follow a choice among answers once; a repeat gets the same response and no second message."""
        if earlier := self._chosen.get(_key(turn)):
            return replace(await earlier, messages=(), on_sent=None)
        # Kept before it is done: Teams repeats what takes long while it is still under way.
        chosen = self._chosen[_key(turn)] = asyncio.ensure_future(follow(turn))
        if len(self._chosen) > _CHOICES:
            self._chosen.popitem(last=False)
        return await chosen

    async def _act(self, turn: Turn, use_case: UseCase) -> Reply:
        """Run a use case in one transaction with its audit and its answer; a repeat gets the same answer."""
        context = self._context()
        try:
            reply = await self._store.transact(lambda tx: _once(tx, context, turn, use_case))
        except StoreError:
            self._log.exception("turn.unsaved", verb=turn.verb)
            return _shaped(turn, NOT_SAVED)
        self._nudge()
        return reply

    async def _feedback(self, turn: Turn) -> Reply:
        reaction = str(turn.data.get("reaction", ""))
        if reaction in ("like", "dislike") and turn.object_id:
            now = self._context().now
            await self._write(lambda tx: tx.keep_feedback(turn.card_id, turn.object_id, reaction, now))
        return self._enquiries.disliked(turn) if reaction == "dislike" else Reply()

    async def _installed(self, turn: Turn) -> Reply:
        is_new = await self._meetings.installed(turn.conversation)
        return Reply(messages=(answers.welcome(),)) if is_new else Reply()

    async def _uninstalled(self, turn: Turn) -> Reply:
        await self._meetings.removed(turn.conversation)
        return Reply()

    async def _write(self, work: Callable[[Transaction], T]) -> T | None:
        """Write something a turn does not depend on; a failing store is logged and the turn goes on."""
        try:
            return await self._store.transact(work)
        except StoreError:
            self._log.exception("turn.unsaved")
            return None

    def _is_repeat(self, turn: Turn) -> bool:
        key = _key(turn)
        if key in self._seen:
            return True
        self._seen[key] = None
        if len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        return False


def _once(tx: Transaction, context: Context, turn: Turn, use_case: UseCase) -> Reply:
    """The answer kept for this activity or form, or a new one, kept with its audit in the same transaction."""
    keys = () if turn.automatic else (_key(turn), _form_key(turn))
    if kept := next((answer for key in keys if key and (answer := tx.answered(key))), None):
        return _shaped(turn, _recalled(kept))
    result = use_case(tx, context)
    if isinstance(result, Refused):
        tx.record(_refusal(turn, result, context))
    message = response(result, context)
    reply = _shaped(turn, message)
    for key in keys[: 2 if isinstance(result, Shown) else 1]:
        if key:
            tx.remember(key, _kept(reply.response or message), context.now)
    return reply


def _shaped(turn: Turn, message: Message) -> Reply:
    """What was typed is answered by a message; a pressed card is replaced, unless its verb leaves it standing."""
    if turn.kind is TurnKind.MESSAGE:
        return Reply(messages=(message,))
    if message.card and (verb := VERBS.get(turn.verb)) and verb.afresh:
        return Reply(messages=(message,), response=Message(text="Here it is, below."))
    return Reply(response=message, lasting=message.card.startswith("form-"))


def _refusal(turn: Turn, refused: Refused, context: Context) -> Event:
    # A verb of ours, or none for what was typed; what else a card sends is as long and personal as its sender likes.
    verb = turn.verb if turn.verb in VERBS or not turn.verb else "unknown"
    facts = {"verb": verb, "reason": refused.refusal.reason.value, "knowledge": context.policy_version}
    subject = refused.request or refused.question
    reference = subject.reference if subject else ""
    return Event(name="action.refused", actor=turn.object_id, at=context.now, reference=reference, facts=facts)


def _nobody(tx: Transaction, context: Context) -> Result:
    return Refused(refusal=Refusal(reason=Reason.NO_OBJECT_ID))


def _person(turn: Turn) -> Person:
    return Person(object_id=turn.object_id, name=turn.name)


def _key(turn: Turn) -> str:
    return f"{turn.conversation.id}/{turn.activity_id}"


def _form_key(turn: Turn) -> str:
    """A form can be sent once, however often and under whatever activity id it arrives."""
    form = turn.data.get("form") if turn.verb == "request.submit" else None
    return f"form/{turn.object_id}/{form}" if form else ""


def _kept(message: Message) -> Mapping[str, object]:
    return {"text": message.text, "card": message.card, "data": dict(message.data), "summary": message.summary}


def _recalled(kept: Mapping[str, object]) -> Message:
    data = kept["data"]
    return Message(
        text=str(kept["text"]),
        card=str(kept["card"]),
        data=data if isinstance(data, dict) else {},
        summary=str(kept["summary"]),
    )
