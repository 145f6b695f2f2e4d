"""The cards that show a question left with the policy owners: an owner's, its asker's, and what both are told."""

from collections.abc import Mapping

from bot.context import Context
from bot.ports import Message
from bot.questions import life
from bot.questions.question import Question, QuestionState
from bot.replies import wording
from bot.replies.answers import as_card
from bot.replies.request_cards import Data

_STATUS: dict[QuestionState, str] = {
    QuestionState.WAITING: "Waiting for an answer",
    QuestionState.ANSWERED: "Answered",
    QuestionState.CLOSED: "Closed without an answer",
    QuestionState.PUBLISHED: "Answered by the knowledge files",
}
_FIRST = " Whoever answers first answers for all owners."
_TONE = {QuestionState.WAITING: "accent", QuestionState.CLOSED: "default"}
_ASKED: dict[QuestionState, tuple[str, str]] = {
    QuestionState.WAITING: (
        "Your question is with the policy owners",
        "They see your question, not your name. I bring you their answer here.",
    ),
    QuestionState.ANSWERED: ("Your question was answered", "The answer stands below, in a message of its own."),
    QuestionState.CLOSED: ("Your question was closed", "The reason stands below, in a message of its own."),
    QuestionState.PUBLISHED: ("Your question was answered", "Ask me again at any time: I know the answer now."),
}
"""What its asker reads about a question, by its state."""


def question_card(
    question: Question,
    notice: str = "",
    errors: Mapping[str, str] | None = None,
    values: Mapping[str, str] | None = None,
) -> Message:
    """An owner's view, with what they typed and what is wrong with it."""
    typed, wrong = values or {}, errors or {}
    names = ("answer", "reason", "why")
    is_open = question.state is QuestionState.WAITING
    data: Data = {
        "notice": notice,
        "reference": question.reference,
        "revision": question.revision,
        "question": question.text,
        "status": _STATUS[question.state],
        "tone": _TONE.get(question.state, "good"),
        "detail": f"Asked on {wording.moment(question.asked)}.{_FIRST if is_open else ''}",
        "said": question.said,
        "reply": _reply(question),
        "is_open": is_open,
        "values": {name: typed.get(name, "") for name in names},
        "errors": {name: wrong.get(name, "") for name in names},
        "choices": {"reason": [{"value": code, "title": words} for code, words in life.CLOSINGS.items()]},
        "limits": {"answer": life.LONGEST_ANSWER, "why": life.LONGEST_WHY},
    }
    return Message(card="question", data=data, summary=f"{question.reference}: {_STATUS[question.state].lower()}")


def asked_card(question: Question) -> Message:
    """Its asker's view: where the question stands."""
    heading, detail = _ASKED[question.state]
    return _notice(heading, question, [detail], {"by": "You asked", "text": question.text})


def reply(question: Question) -> Message:
    """What an owner said, told to whoever asked."""
    closed = question.state is QuestionState.CLOSED
    heading = "The policy owners cannot answer your question" if closed else "The policy owners have answered"
    return _notice(heading, question, ["You asked:", question.text], _reply(question))


def published(question: Question, context: Context) -> Message | None:
    """The published answer to a question that waited; nothing if its entry is gone again."""
    try:
        given = context.entry(question.published)
    except KeyError:
        return None
    return as_card(given, heading="There is an answer to your question now", question=question.text)


def reminder(question: Question) -> Message | None:
    """A nudge to an owner, as long as nobody has answered."""
    if question.state is not QuestionState.WAITING:
        return None
    since = f"Somebody has waited for an answer since {wording.moment(question.asked)}."
    quote: Data = {"by": "They asked", "text": question.text}
    return _notice("A question still waits", question, [since], quote, is_for_owner=True)


def overdue(question: Question) -> Message | None:
    """Word to an operator that no owner answers."""
    if question.state is not QuestionState.WAITING:
        return None
    paragraphs = [
        f"It was left on {wording.moment(question.asked)}, the owners were reminded, and nobody has answered.",
        "Please ask them, or name other owners in POLICY_OWNERS.",
    ]
    return _notice("A question to the policy owners waits too long", question, paragraphs, {"by": "", "text": ""})


def _reply(question: Question) -> Data:
    """Who said what; for a closed question, the reason with their words."""
    if question.reply is None:
        return {"by": "", "text": ""}
    said = question.reply
    did = "closed it" if said.reason else "answered"
    reason = f"{life.CLOSINGS.get(said.reason, said.reason)}. " if said.reason else ""
    return {"by": f"{said.by.name} {did} on {wording.moment(said.at)}", "text": f"{reason}{said.text}".strip()}


def _notice(
    heading: str, question: Question, paragraphs: list[str], quote: Data, *, is_for_owner: bool = False
) -> Message:
    button = {"title": "Show the question", "data": {"verb": "question.show", "reference": question.reference}}
    data: Data = {
        "tone": "default",
        "heading": heading,
        "reference": question.reference,
        "paragraphs": paragraphs,
        "quote": quote,
        "buttons": [button] if is_for_owner else [],
    }
    return Message(card="notice", data=data, summary=f"{question.reference}: {heading}")
