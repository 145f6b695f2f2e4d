"""Answers from the knowledge files as messages: the words are the owners', the approvals in force are added here."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.ports import Citation, Message
from bot.replies import wording
from bot.requests.request import ExceptionRequest
from knowledge.answers import Answer, Choice
from knowledge.entries import Clause, Outcome

_RATED = frozenset({Outcome.ANSWER, Outcome.NONE})


def answer(given: Answer) -> Message:
    """An answer as text with its citations."""
    headline = f"**{given.question}**\n\n" if given.question and given.outcome in _RATED else ""
    return Message(
        text=headline + given.text,
        citations=tuple(Citation(name=_name(clause), abstract=clause.text) for clause in given.citations),
        suggestions=tuple(choice.question for choice in given.follow_ups),
        feedback=given.outcome in _RATED,
    )


def choices(given: Answer, asked_id: str) -> Message:
    """A small card to pick from, where two or three entries are close."""
    return _choices(given.text, given.suggestions, asked_id, "None of these", "answer.none")


def unanswered(given: Answer, asked_id: str) -> Message:
    """Where the files have no answer: what is known about that, and the offer to ask the policy owners."""
    return replace(as_card(given, heading=given.question or "I have no answer yet", asked_id=asked_id), feedback=True)


def not_needed(given: Answer, others: Sequence[Choice], asked_id: str) -> Message:
    """After a thumb down: the next best answers, where there are any, and the offer to ask the policy owners."""
    if others:
        return _choices("Not what you needed?", others, asked_id, "Ask the policy owners", "question.leave")
    missed = replace(given, text="I am sorry that this did not help.", citations=())
    return as_card(missed, heading="Not what you needed?", asked_id=asked_id)


def as_card(given: Answer, *, heading: str, question: str = "", asked_id: str = "") -> Message:
    """An answer on a card, because what somebody typed or a button stands beside it."""
    data: Mapping[str, object] = {
        "notice": "",
        "heading": heading,
        "question": question,
        "text": given.text,
        "cites": [{"number": clause.id, "abstract": clause.text} for clause in given.citations],
        "reference": asked_id,
    }
    return Message(card="answer", data=data, summary=heading)


def register(
    given: Answer, in_force: Sequence[ExceptionRequest], asker: str, *, may_request: bool, chat_url: str
) -> Message:
    """An answer about one named tool, with what is approved for it now.

    `asker` is an object id: one's own approval comes first. `chat_url` leads from a channel to the chat.
    """
    own = [request for request in in_force if request.requester.object_id == asker]
    others = [request for request in in_force if request.requester.object_id != asker]
    said = [*map(_own, own), given.text, *map(_others, others)]
    data: Mapping[str, object] = {
        "notice": "",
        "heading": given.question or given.tool_name,
        "text": "\n\n".join(said),
        "cites": [{"number": clause.id, "abstract": clause.text} for clause in given.citations],
        "may_request": may_request,
        "chat_url": chat_url,
        "tool": {"id": given.tool, "name": given.tool_name},
    }
    return Message(card="tool", data=data, summary=given.text, feedback=True)


def come_to_chat(chat_url: str) -> Message:
    """Where requests are handled, said in a channel or a group chat."""
    return Message(text=f"Requests are personal, so please come to [our own chat]({chat_url}) and ask me there.")


def welcome() -> Message:
    """What somebody reads who has just got the app."""
    return Message(card="welcome", data=_WELCOME, summary="Hello, I know the council's AI policy")


def _choices(heading: str, offered: Sequence[Choice], asked_id: str, otherwise: str, verb: str) -> Message:
    """Entries to pick from, and a button for none of them."""
    data = {
        "notice": "",
        "heading": heading,
        "choices": [{"entry": each.entry, "title": each.question, "reference": asked_id} for each in offered],
        "buttons": [{"title": otherwise, "verb": verb, "reference": asked_id}],
    }
    return Message(card="choices", data=data, summary=heading)


def _name(clause: Clause) -> str:
    """What a paragraph is called; matter without a number stands on the front page."""
    return "Front page" if clause.id == "front" else f"Paragraph {clause.id}"


def _own(request: ExceptionRequest) -> str:
    """The asker's own approval: what was typed is on their card, not here, where markup would act."""
    return (
        f"**You have an approval{_until(request)}** ({request.reference}), for the purpose you gave and under its "
        f"conditions only; type {request.reference} to see it. For anything else:"
    )


def _others(request: ExceptionRequest) -> str:
    """Somebody's approval, without names."""
    return f"Approved{_until(request)} for one use of a colleague's ({request.reference}); it covers that use only."


def _until(request: ExceptionRequest) -> str:
    return f" until {wording.day(request.decision.until)}" if request.decision and request.decision.until else ""


_WELCOME: Mapping[str, object] = {
    "heading": "Hello, I know the council's AI policy",
    "text": "Ask me in your own words. I show the paragraph each answer rests on, and I say so when the policy does "
    "not answer.",
    "tries": [
        {"title": "Which AI tools may I use?", "say": "Which AI tools may I use for work?"},
        {"title": "Can I use ChatGPT?", "say": "Can I use ChatGPT for work?"},
        {"title": "Request an exception", "say": "Request an exception"},
    ],
    "does": [
        "Answers questions about the AI policy in words that people wrote and checked",
        "Takes your request for a tool other than Microsoft Copilot and tells you the decision",
    ],
    "does_not": [
        "Decide anything: the two posts named in the policy do that (5.2)",
        "Use generative AI itself, or need personal data about residents",
    ],
}
