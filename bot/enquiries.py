"""What becomes of a question: answered, counted, rated, and offered to the policy owners where no answer fitted."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.context import Context
from bot.live_knowledge import Edition
from bot.ports import Message
from bot.questions.asked import LONGEST, Asked, Ending
from bot.replies import answers
from bot.tally import Tally
from bot.turns import Reply, Turn
from knowledge.answers import Answer, Choice
from knowledge.entries import Outcome
from knowledge.words import FUNCTION_WORDS

_REMEMBERED = 5_000
"""How many answers are remembered with their question, so that a thumb can be understood."""
_OFFERED = 3
"""Other answers that are offered after a thumb down."""
_SAY_NOTHING = FUNCTION_WORDS | {"copilot"}
"""Words that an answer and a question may share without being about the same."""
_GONE = Message(text="That answer is no longer there. Please ask me again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """An answer that was given, and the question it was given to."""

    text: str
    answer: Answer


class Enquiries:
    """Words answers and follows what people do with them; what they typed comes here with personal data masked."""

    def __init__(
        self,
        *,
        edition: Callable[[], Edition],
        context: Callable[[], Context],
        tally: Tally,
    ) -> None:
        self._edition = edition
        self._context = context
        self._tally = tally
        self._said: OrderedDict[tuple[str, str], _Said] = OrderedDict()

    def answered(self, turn: Turn, given: Answer) -> Reply:
        """The answer to a question, with what it offers where it may not fit."""
        ending = self._ending(given)
        asked = self._count(ending, given, "" if ending is Ending.ANSWERED else turn.text)
        if given.outcome is Outcome.SUGGESTIONS:
            return Reply(messages=(answers.choices(given, asked.id),))
        if ending is Ending.UNANSWERED and self._may_leave(turn):
            return self.said(turn, given, answers.unanswered(given, asked.id))
        return self.said(turn, given, answers.answer(given))

    def registered(self, turn: Turn, given: Answer, message: Message) -> Reply:
        """The answer about a named tool, worded with what is approved for it."""
        self._count(Ending.ANSWERED, given, "")
        return self.said(turn, given, message)

    def said(self, turn: Turn, given: Answer, message: Message, text: str = "") -> Reply:
        """A reply that is remembered with its question, so that a thumb on it can be understood."""

        def remember(activity_id: str) -> None:
            self._said[turn.conversation.id, activity_id] = _Said(text=text or turn.text, answer=given)
            if len(self._said) > _REMEMBERED:
                self._said.popitem(last=False)

        return Reply(messages=(message,), on_sent=remember if message.feedback else None)

    async def picked(self, turn: Turn) -> Reply:
        """The answer somebody chose among several."""
        entry = turn.data.get("entry")
        edition = self._edition()
        if not isinstance(entry, str) or entry not in edition.knowledge.entries:
            return Reply(response=_GONE)
        given = edition.assistant.entry(entry)
        asked = await self._asked(turn)
        if asked:
            self._tally.count(replace(asked, ending=Ending.PICKED, entry=entry, day=self._context().today))
        reply = self.said(turn, given, answers.answer(given), asked.text if asked else given.question)
        return replace(reply, response=Message(text="Here is the answer, below."))

    async def none_of_these(self, turn: Turn) -> Reply:
        """No choice was right: say that there is no answer, and offer to ask the owners."""
        asked = await self._asked(turn)
        none = self._edition().knowledge.messages["none"]
        if asked is None:
            return Reply(response=Message(text=none))
        refused = replace(asked, ending=Ending.REFUSED, day=self._context().today)
        self._tally.count(refused)
        if not self._may_leave(turn):
            return Reply(response=Message(text=none))
        given = Answer(outcome=Outcome.NONE, text=none, version=self._edition().knowledge.version)
        return Reply(response=answers.unanswered(given, refused.id))

    def disliked(self, turn: Turn) -> Reply:
        """A thumb down: keep the question, and offer the next best answers and the owners."""
        said = self._said.pop((turn.conversation.id, turn.card_id), None)
        if said is None:
            return Reply()
        asked = self._count(Ending.DISLIKED, said.answer, said.text)
        if not self._may_leave(turn):
            return Reply()
        return Reply(messages=(answers.not_needed(said.answer, self._others(said), asked.id),))

    def _others(self, said: _Said) -> tuple[Choice, ...]:
        """The entries that came next to the one that was shown and share its subject, or else what goes with it."""
        edition = self._edition()
        entries = edition.knowledge.entries
        near = [
            Choice(entry=reason.entry, question=entries[reason.entry].question, confidence=reason.confidence)
            for reason in edition.assistant.reasons(said.text, _OFFERED + 1)
            if reason.entry != said.answer.entry
            and entries[reason.entry].reviewed
            and not _SAY_NOTHING.issuperset(reason.words)
        ]
        return tuple(near[:_OFFERED]) or said.answer.follow_ups

    async def keep(self) -> None:
        """Write down what was counted so far, because a card names it."""
        await self._tally.flush()

    async def _asked(self, turn: Turn) -> Asked | None:
        reference = turn.data.get("reference")
        return await self._tally.find(reference) if isinstance(reference, str) else None

    def _count(self, ending: Ending, given: Answer, text: str) -> Asked:
        asked = Asked(
            day=self._context().today,
            ending=ending,
            knowledge=given.version,
            entry=given.entry or given.tool,
            text=" ".join(text.split())[:LONGEST],
        )
        self._tally.count(asked)
        return asked

    def _ending(self, given: Answer) -> Ending:
        """How a question ended; the bot's small talk has no review date and leaves nothing to be answered."""
        if given.outcome is Outcome.SUGGESTIONS:
            return Ending.OFFERED
        entry = self._edition().knowledge.entries.get(given.entry)
        is_talk = entry is not None and entry.reviewed is None
        return Ending.UNANSWERED if given.outcome is Outcome.NONE and not is_talk else Ending.ANSWERED

    def _may_leave(self, turn: Turn) -> bool:
        """Whether the person can be answered by the owners: there are some, and the two can be brought together."""
        is_reachable = turn.conversation.scope == "personal" and bool(turn.object_id)
        return is_reachable and bool(self._context().owners)
