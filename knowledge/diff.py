"""Which questions change their answer between two editions of the knowledge."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge.answers import Answer
from knowledge.entries import Knowledge
from knowledge.golden import golden_questions, winner
from knowledge.source import Listing, Record, Text, content, parse

_YAML = (".yaml", ".yml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A question whose answer is no longer the same."""

    question: str
    old: Answer
    new: Answer

    @property
    def aspects(self) -> dict[str, tuple[str, str]]:
        """What differs beside the text, old and new: the entry, the outcome, the verdict, the paragraphs."""
        pairs = {
            "entry": (winner(self.old), winner(self.new)),
            "outcome": (self.old.outcome.value, self.new.outcome.value),
            "verdict": (verdict(self.old), verdict(self.new)),
            "paragraphs": (", ".join(self.old.clauses) or "none", ", ".join(self.new.clauses) or "none"),
        }
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """The ids of the entries that came, went, or say something else."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    reworded: tuple[str, ...]


def verdict(answer: Answer) -> str:
    """Return the verdict that stands in front of an answer, or "neither"."""
    return next((word for word in ("Yes", "No") if answer.text.startswith(f"{word}. ")), "neither")


def entries(old: Knowledge, new: Knowledge) -> Entries:
    """Compare the entries themselves."""
    both = [id for id in new.entries if id in old.entries]
    return Entries(
        added=tuple(id for id in new.entries if id not in old.entries),
        removed=tuple(id for id in old.entries if id not in new.entries),
        reworded=tuple(id for id in both if old.entries[id].answer != new.entries[id].answer),
    )


def questions(old: Knowledge, new: Knowledge, more: Iterable[str] = ()) -> list[str]:
    """Return some questions, then the golden questions and the ways of asking of both editions, each once."""
    golden = [question.text for edition in (old, new) for question in golden_questions(edition)]
    ways = [way for edition in (old, new) for entry in edition.entries.values() for way in entry.ways]
    return list(dict.fromkeys([*more, *golden, *ways]))


def questions_in(path: Path) -> list[str]:
    """Return the questions of a file: one a line, or a YAML list whose items have `text`; raises KnowledgeError."""
    data = content(path)
    if path.suffix not in _YAML:
        return [line.strip() for line in data.decode("utf-8-sig", "replace").splitlines() if line.strip()]
    root = parse(path.name, data)
    items = root.items if isinstance(root, Listing) else []
    texts = [item.fields.get("text") for item in items if isinstance(item, Record)]
    return [text.value for text in texts if isinstance(text, Text)]


def changes(asked: Iterable[str], old: Callable[[str], Answer], new: Callable[[str], Answer]) -> Iterator[Change]:
    """Ask both editions; return each question whose answer, verdict, paragraphs or choices are not the same."""
    for question in asked:
        change = Change(question=question, old=old(question), new=new(question))
        if change.aspects or change.old.text != change.new.text:
            yield change


def grouped(found: Iterable[Change]) -> list[list[Change]]:
    """Put together the changes that are nothing but the new words of one entry."""
    groups: dict[tuple[str, str], list[Change]] = {}
    for change in found:
        reworded = change.new.entry if not change.aspects else ""
        groups.setdefault((reworded, "" if reworded else change.question), []).append(change)
    return list(groups.values())
