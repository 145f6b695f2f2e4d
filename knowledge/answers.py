"""An answer, as plain data."""

from dataclasses import dataclass

from knowledge.entries import Clause, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An entry offered to be picked: a suggestion or a follow-up; `question` is what its button says."""

    entry: str
    question: str
    confidence: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the bot says to a message; `text` is Markdown with the paragraph numbers in it."""

    outcome: Outcome
    text: str
    question: str = ""
    """The headline of the matched entry, shown above the answer; empty where nothing was matched."""
    entry: str = ""
    citations: tuple[Clause, ...] = ()
    confidence: float = 0.0
    suggestions: tuple[Choice, ...] = ()
    follow_ups: tuple[Choice, ...] = ()
    tool: str = ""
    """The id of the tool the message is about, as in tools.yaml; empty for none or an unknown one."""
    tool_name: str = ""
    """The tool's name as people read it; an unknown product keeps the name that was typed."""
    version: str
    """The knowledge version that gave the answer."""

    @property
    def clauses(self) -> tuple[str, ...]:
        """The ids of the cited paragraphs."""
        return tuple(clause.id for clause in self.citations)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why an entry was considered: the way of asking that came nearest, and the words that spoke for it."""

    entry: str
    confidence: float
    phrasing: str
    words: tuple[str, ...]
