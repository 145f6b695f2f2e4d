"""How well the assistant answers a file of questions whose right answers are known.

The file is a list; each item has `id`, `text`, `kind`, `expect` (an outcome), `clauses` (an answer that cites any of
them is right) and `facts` (expressions that must all be found in the lower-cased text). It may have `also_ok`,
`also_clauses`, `forbid` (expressions that must not be found) and `parts` (lists of paragraphs, each to be cited from).
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from knowledge.answers import Answer
from knowledge.entries import Outcome
from knowledge.fields import Fields
from knowledge.findings import Finding, KnowledgeError
from knowledge.source import Listing, Node, Record, Text, content, parse
from knowledge.typos import with_typos

_POLICY_OUTCOMES = frozenset({Outcome.ANSWER, Outcome.REGISTER, Outcome.REQUEST_FORM})
_COUNTS_AS = {Outcome.SUGGESTIONS: "none", Outcome.STATUS: "help"}
"""Choices assert nothing, and where one's requests stand is a kind of help: question files know neither word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question and what is right to answer."""

    id: str
    text: str
    kind: str
    expect: frozenset[str]
    clauses: frozenset[str]
    facts: tuple[str, ...]
    forbid: tuple[str, ...]
    parts: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How one answer did; `forbidden` names the expression that should not have been found."""

    question: Question
    answer: Answer
    outcome: bool
    citation: bool
    facts: bool
    forbidden: str

    @property
    def right(self) -> bool:
        """Whether nothing at all is wrong with the answer."""
        return not self.flaws

    @property
    def flaws(self) -> list[str]:
        """What is wrong with the answer, in words."""
        expected, cited = "/".join(sorted(self.question.expect)), ", ".join(self.answer.clauses)
        flaws = [
            "" if self.outcome else f"outcome {self.answer.outcome} instead of {expected}",
            "" if self.citation else f"cites {cited or 'nothing'}",
            "" if self.facts else "facts missing",
            f"says what it must not: {self.forbidden}" if self.forbidden else "",
        ]
        return [flaw for flaw in flaws if flaw]


def questions(path: Path) -> list[Question]:
    """Read a questions file; raises KnowledgeError when it cannot be read."""
    root = parse(path.name, content(path))
    findings: list[Finding] = []
    items = root.items if isinstance(root, Listing) else []
    found = [_question(path.name, item, findings) for item in items if isinstance(item, Record)]
    if not found:
        findings.append(Finding(file=path.name, fault="there are no questions", mend="Begin each with `- id:`."))
    if findings:
        raise KnowledgeError(findings)
    return found


def _question(file: str, item: Record, findings: list[Finding]) -> Question:
    fields = Fields(file, item, findings)
    return Question(
        id=fields.text("id"),
        text=fields.text("text", limit=50_000),
        kind=fields.text("kind"),
        expect=frozenset({fields.text("expect"), *fields.lines("also_ok")}),
        clauses=frozenset({*fields.lines("clauses"), *fields.lines("also_clauses")}),
        facts=fields.lines("facts"),
        forbid=fields.lines("forbid"),
        parts=tuple(_group(group) for group in _items(item.fields.get("parts"))),
    )


def _items(node: Node | None) -> list[Node]:
    return node.items if isinstance(node, Listing) else []


def _group(node: Node) -> frozenset[str]:
    return frozenset(item.value for item in _items(node) if isinstance(item, Text))


def mistyped(question: Question) -> Question:
    """Return the question with one or two slips of the thumb in it."""
    return replace(question, text=with_typos(question.text))


def mark(question: Question, answer: Answer) -> Mark:
    """Hold an answer against what was expected; where none was expected, citation and facts are not asked for."""
    text = answer.text.lower()
    needed = answer.outcome in _POLICY_OUTCOMES or "none" not in question.expect
    groups = question.parts or ((question.clauses,) if question.clauses else ())
    return Mark(
        question=question,
        answer=answer,
        outcome=counted(answer.outcome) in question.expect,
        citation=not needed or all(group.intersection(answer.clauses) for group in groups),
        facts=not needed or all(re.search(fact, text) for fact in question.facts),
        forbidden=next((each for each in question.forbid if re.search(each, text)), ""),
    )


def counted(outcome: Outcome) -> str:
    """Return the word by which question files know an outcome."""
    return _COUNTS_AS.get(outcome, outcome.value)


def marks(asked: Iterable[Question], answer: Callable[[str], Answer]) -> list[Mark]:
    """Ask every question and hold the answers against what is right."""
    return [mark(question, answer(question.text)) for question in asked]


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many of a kind's questions were right, in per cent, and how many answers said what they must not."""

    kind: str
    questions: int
    outcome: float
    citation: float
    facts: float
    forbidden: int


def shares(results: Sequence[Mark]) -> list[Share]:
    """Return the shares by kind, in the order of the file, and last those of all."""
    kinds = dict.fromkeys(each.question.kind for each in results)
    by_kind = [_share(kind, [each for each in results if each.question.kind == kind]) for kind in kinds]
    return [*by_kind, _share("all", results)]


def _share(kind: str, results: Sequence[Mark]) -> Share:
    return Share(
        kind=kind,
        questions=len(results),
        outcome=_percent(each.outcome for each in results),
        citation=_percent(each.citation for each in results),
        facts=_percent(each.facts for each in results),
        forbidden=sum(bool(each.forbidden) for each in results),
    )


def misses(results: Iterable[Mark]) -> list[Mark]:
    """Return the answers that were not right, the most confident first: they do the most harm."""
    return sorted((each for each in results if not each.right), key=lambda each: -each.answer.confidence)


def _percent(flags: Iterable[bool]) -> float:
    counted = list(flags)
    return 100 * sum(counted) / len(counted) if counted else 100.0
