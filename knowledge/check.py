"""The whole check of a folder: what the loader refuses, what the rules refuse, and advice."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from knowledge.assistant import Assistant
from knowledge.entries import Knowledge
from knowledge.findings import Finding, KnowledgeError, Severity
from knowledge.golden import broken
from knowledge.lint import faults, lint
from knowledge.loader import FILES, load
from knowledge.places import Places


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was found in a folder; `knowledge` is None where it could not be read at all."""

    findings: Sequence[Finding]
    knowledge: Knowledge | None = None

    @property
    def faults(self) -> list[Finding]:
        """The findings that keep the files from being used."""
        return [found for found in self.findings if found.severity is Severity.FAULT]

    @property
    def advice(self) -> list[Finding]:
        """The findings that would make the files better."""
        return [found for found in self.findings if found.severity is Severity.ADVICE]

    def as_json(self) -> dict[str, object]:
        """Return the report for other programs."""
        return {
            "version": self.knowledge.version if self.knowledge else None,
            "faults": len(self.faults),
            "advice": len(self.advice),
            "findings": [asdict(found) for found in self.findings],
        }


def check(folder: Path, today: date) -> Report:
    """Read a folder and return everything that is wrong with it or could be better."""
    try:
        knowledge = load(folder)
    except KnowledgeError as error:
        return Report(findings=error.findings)
    found = lint(knowledge, Assistant(knowledge), Places(folder), today)
    return Report(findings=_in_order(found), knowledge=knowledge)


def refuse_faults(folder: Path, knowledge: Knowledge) -> None:
    """Raise KnowledgeError where the rules refuse what a running bot is about to answer from."""
    _refuse(faults(knowledge, Places(folder)))


def refuse_broken(folder: Path, knowledge: Knowledge, assistant: Assistant) -> None:
    """Raise KnowledgeError where golden questions are not answered as they should be."""
    _refuse(broken(knowledge, assistant, Places(folder)))


def _refuse(findings: Iterable[Finding]) -> None:
    found = _in_order(list(findings))
    if found:
        raise KnowledgeError(found)


def _in_order(found: Sequence[Finding]) -> list[Finding]:
    return sorted(found, key=lambda each: (FILES.index(each.file), each.line, each.column, each.fault))
