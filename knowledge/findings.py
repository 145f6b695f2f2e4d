"""What is wrong in an owner's file, where it stands and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """A fault keeps the files from being used; advice makes them better."""

    FAULT = "fault"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault or piece of advice; line and column count from 1, and are 0 where the whole file is meant."""

    file: str
    line: int = 0
    column: int = 0
    value: str = ""
    fault: str
    mend: str
    severity: Severity = Severity.FAULT

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        value = f" {shortened(self.value)!r}" if self.value else ""
        kind = "advice: " if self.severity is Severity.ADVICE else ""
        return f"{place}: {kind}{self.fault}{value}. {self.mend}"


class KnowledgeError(Exception):
    """The knowledge files cannot be used; `findings` lists every fault that was found."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))


def shortened(value: str, limit: int = 80) -> str:
    """Return `value` on one line, cut to `limit` characters."""
    line = " ".join(value.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
