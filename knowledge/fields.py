"""Typed access to the fields of a record; whatever is wrong becomes a finding instead of an exception."""

from collections.abc import Container, Iterable
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from knowledge.findings import Finding
from knowledge.source import Listing, Node, Place, Record, Text

MAX_LINE = 300
MAX_TEXT = 6_000
MAX_LINES = 300
MAX_RECORDS = 5_000
_Choice = TypeVar("_Choice", bound=StrEnum)


class Fields:
    """The fields of one record; read all of them, then call `close`, which reports the ones nobody asked for."""

    def __init__(self, file: str, record: Record, findings: list[Finding]) -> None:
        self.file = file
        self._record = record
        self._findings = findings
        self._asked: list[str] = []

    def text(self, name: str, *, required: bool = True, limit: int = MAX_TEXT) -> str:
        """Return the text of a field, stripped; empty when it is missing or wrong."""
        node = self._get(name)
        if isinstance(node, Text):
            return self._limited(node, limit)
        if node is not None:
            self.fault(node.at, f"the field {name} must be text", "Write it as `name: text`.")
        elif required:
            self.fault(self._record.at, f"the field {name} is missing", f"Add `{name}: ...` here.")
        return ""

    def lines(self, name: str, *, required: bool = False) -> tuple[str, ...]:
        """Return the lines of a list; one text alone counts as a list of one."""
        return tuple(line.value for line in self._lines(name, required))

    def references(self, name: str, known: Container[str], noun: str, where: str) -> tuple[str, ...]:
        """Return a list of ids and report those that are not among the known ones."""
        lines = self._lines(name, required=False)
        for line in lines:
            if line.value not in known:
                self.fault(line.at, f"there is no {noun}", f"Correct it, or add it to {where}.", line.value)
        return tuple(line.value for line in lines)

    def records(self, name: str) -> "list[Fields]":
        """Return the records of a list of records."""
        node = self._get(name)
        if not isinstance(node, Listing):
            at = node.at if node else self._record.at
            self.fault(at, f"the list {name} is missing", f"Add `{name}:` and below it items that begin with -.")
            return []
        if len(node.items) > MAX_RECORDS:
            self.fault(node.at, f"the list {name} has {len(node.items):,} items", f"Keep at most {MAX_RECORDS:,}.")
            return []
        for item in node.items:
            if not isinstance(item, Record):
                self.fault(item.at, f"each item of {name} must have fields", "Write `- id: ...` and the other fields.")
        return [Fields(self.file, item, self._findings) for item in node.items if isinstance(item, Record)]

    def record(self, name: str) -> "Fields":
        """Return a record inside this one; an empty one when it is missing."""
        node = self._get(name)
        if isinstance(node, Record):
            return Fields(self.file, node, self._findings)
        at = node.at if node else self._record.at
        self.fault(at, f"the field {name} must have fields of its own", "Indent them by two spaces.")
        return Fields(self.file, Record(at=at), self._findings)

    def choice(self, name: str, kinds: type[_Choice], default: _Choice) -> _Choice:
        """Return the member of `kinds` that the field names, or the default where the field is missing."""
        value = self.text(name, required=False)
        if not value:
            return default
        try:
            return kinds(value)
        except ValueError:
            self.fault(self.place(name), f"{name} cannot be", f"Choose one of: {', '.join(kinds)}.", value)
            return default

    def day(self, name: str, *, required: bool = True) -> date | None:
        """Return a date written as 2026-03-24."""
        value = self.text(name, required=required)
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            self.fault(self.place(name), f"{name} is not a date", "Write year-month-day, like 2026-03-24.", value)
            return None

    def place(self, name: str) -> Place:
        """Return where the field's value stands, or the record where the field is missing."""
        node = self._record.fields.get(name)
        return node.at if node else self._record.at

    def close(self) -> None:
        """Report every field that was never asked for."""
        for name, key in self._record.keys.items():
            if name not in self._asked:
                self.fault(key.at, "unknown field", _advice(name, self._asked), name)

    def fault(self, at: Place, fault: str, mend: str, value: str = "") -> None:
        """Note what is wrong at a place in this file."""
        self._findings.append(
            Finding(file=self.file, line=at.line, column=at.column, value=value, fault=fault, mend=mend)
        )

    def _get(self, name: str) -> Node | None:
        self._asked.append(name)
        node = self._record.fields.get(name)
        return None if isinstance(node, Text) and not node.value.strip() else node

    def _lines(self, name: str, required: bool) -> list[Text]:
        node = self._get(name)
        if node is None:
            if required:
                self.fault(
                    self._record.at, f"the list {name} is missing", f"Add `{name}:` and lines that begin with -."
                )
            return []
        items: list[Node] = node.items if isinstance(node, Listing) else [node]
        if len(items) > MAX_LINES:
            self.fault(items[MAX_LINES].at, f"the list {name} has {len(items):,} lines", f"Keep {MAX_LINES}.")
            return []
        return [line for line in map(self._line, items) if line.value]

    def _line(self, node: Node) -> Text:
        if isinstance(node, Text) and node.value.strip():
            return Text(at=node.at, value=self._limited(node, MAX_LINE))
        self.fault(node.at, "each line of this list must be text", "Put a text with a colon in it between quotes.")
        return Text(at=node.at, value="")

    def _limited(self, node: Text, limit: int) -> str:
        value = node.value.strip()
        if len(value) > limit:
            self.fault(node.at, f"this text has {len(value)} characters", f"Shorten it to {limit}.", value)
        return value


def _advice(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, list(known), n=1)
    return f"Did you mean {close[0]}?" if close else "Delete it or correct its name."
