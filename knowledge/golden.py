"""Golden questions: what the owners say each entry must answer, must answer with Yes or No, and must not answer."""

from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.answers import Answer
from knowledge.assistant import Assistant
from knowledge.entries import Entry, Knowledge, Outcome
from knowledge.findings import Finding, shortened
from knowledge.places import Places
from knowledge.score import Question, counted

FIELDS = ("asks", "asks_yes", "asks_no", "never")
_VERDICTS = {"asks_yes": "Yes.", "asks_no": "No."}
_WAYS = ("question", "no", "yes", "phrasings")


@dataclass(frozen=True, slots=True, kw_only=True)
class Golden:
    """A golden question and the field of the entry in which it stands."""

    entry: Entry
    field: str
    text: str

    @property
    def verdict(self) -> str:
        """The word that must stand in front of the answer; empty where any will do."""
        return _VERDICTS.get(self.field, "")

    def is_met(self, answer: Answer) -> bool:
        """Whether an answer is what the owners want."""
        if self.field == "never":
            return answer.entry != self.entry.id
        return answer.entry == self.entry.id and answer.text.startswith(self.verdict)


def golden_questions(knowledge: Knowledge) -> Iterator[Golden]:
    """Return every golden question, in the order of the files."""
    for entry in knowledge.entries.values():
        for field in FIELDS:
            for text in getattr(entry, field):
                yield Golden(entry=entry, field=field, text=text)


def as_questions(knowledge: Knowledge) -> list[Question]:
    """Return the golden questions that want an answer, to be scored as they stand and with typos in them."""
    return [
        Question(
            id=golden.entry.id,
            text=golden.text,
            kind=golden.field,
            expect=frozenset({counted(golden.entry.outcome)}),
            clauses=frozenset(golden.entry.cites),
            facts=(f"^{golden.verdict.lower()}",) if golden.verdict else (),
            forbid=(),
            parts=(),
        )
        for golden in golden_questions(knowledge)
        if golden.field != "never"
    ]


def broken(knowledge: Knowledge, assistant: Assistant, places: Places) -> Iterator[Finding]:
    """Ask every golden question; report each that is not answered as it should be, what wins instead, and why."""
    for golden in golden_questions(knowledge):
        given = assistant.answer(golden.text)
        if not golden.is_met(given):
            yield places.fault(
                ("entries", golden.entry.id, golden.field, golden.text),
                f"this golden question of {golden.entry.id} {_instead(golden, given)}",
                f"{_why(golden, given, knowledge, assistant, places)} {_mend(golden, given)}",
            )


def _instead(golden: Golden, given: Answer) -> str:
    if golden.field == "never":
        return "is answered by it, and never should be"
    if given.entry != golden.entry.id:
        return f"is now answered by {winner(given)}"
    said = given.text.split(maxsplit=1)[0] if given.text.startswith(("Yes.", "No.")) else "neither Yes nor No"
    return f"must be answered {golden.verdict.rstrip('.')}, but is answered {said.rstrip('.')}"


def winner(given: Answer) -> str:
    """Return in plain words what answered."""
    if given.tool_name:
        return f"what tools.yaml says about {given.tool_name}"
    if given.outcome is Outcome.SUGGESTIONS:
        return "a choice of " + ", ".join(choice.entry for choice in given.suggestions)
    return given.entry or "nothing"


def _why(golden: Golden, given: Answer, knowledge: Knowledge, assistant: Assistant, places: Places) -> str:
    if given.tool_name:
        return f"It names {given.tool_name}, and named tools are answered from tools.yaml first."
    reasons = assistant.reasons(golden.text)
    reason = next((each for each in reasons if each.entry == given.entry), None)
    if reason is None:
        return "No entry comes near enough alone."
    field = next(field for field in _WAYS if reason.phrasing in _texts(knowledge.entries[reason.entry], field))
    at = places.of("entries", reason.entry, field, reason.phrasing)
    alike = f", which also has {', '.join(reason.words)}" if reason.words else ""
    return f"Nearest is “{shortened(reason.phrasing)}” under {field} of {reason.entry} ({at}){alike}."


def _texts(entry: Entry, field: str) -> tuple[str, ...]:
    value = getattr(entry, field)
    return (value,) if isinstance(value, str) else value


def _mend(golden: Golden, given: Answer) -> str:
    if golden.verdict and given.entry == golden.entry.id:
        return "Put that way of asking under the right one of yes and no, or add one that is nearer."
    if golden.field == "never":
        return "Change that way of asking, or add this one to the entry it belongs to."
    return "Change that way of asking, or add one like the golden question to its own entry."
