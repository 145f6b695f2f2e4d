"""A guarded reader of YAML: it looks at every event before anything is built, and reads every value as text.

PyYAML's own loaders crash the process on deep nesting, expand aliases without limit, silently keep the last of two
equal keys and turn `no`, `012` and `22:22` into something else.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import yaml

from knowledge.findings import Finding, KnowledgeError, shortened

MAX_BYTES = 1_000_000
MAX_DEPTH = 8
MAX_VALUES = 200_000

_SYNTAX = "Look at this line and the one before: indentation, quotes, a colon or a dash."
_Loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


class Place(NamedTuple):
    """Where a value stands in its file; both count from 1."""

    line: int
    column: int


_WHOLE = Place(0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A value and where it stands."""

    at: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Node):
    """A scalar, always as text."""

    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Node):
    """A list of values."""

    items: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Node):
    """Named fields; `keys` remembers where each name stands."""

    fields: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Text] = field(default_factory=dict)


def content(path: Path) -> bytes:
    """Return the file's bytes, at most 1 MB; raises KnowledgeError."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _refusal(path.name, _WHOLE, f"the file cannot be read ({error.strerror})", "Put it back.") from error
    if len(data) > MAX_BYTES:
        raise _refusal(path.name, _WHOLE, "the file is larger than 1 MB", "Split it or shorten it.")
    return data


def record(name: str, data: bytes) -> Record:
    """Return the top-level fields of a YAML file's bytes; raises KnowledgeError naming `name`, line and column."""
    root = parse(name, data)
    if not isinstance(root, Record):
        raise _refusal(name, root.at, "the file holds no fields", "Start it with `name:` as the README shows.")
    return root


def parse(name: str, data: bytes) -> Node:
    """Return the value in a YAML file's bytes; raises KnowledgeError naming `name`, line and column."""
    text = _decoded(name, data)
    try:
        return _Builder(name).build(yaml.parse(text, Loader=_Loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        at = Place(mark.line + 1, mark.column + 1) if mark else _WHOLE
        raise _refusal(name, at, f"this is not valid YAML ({error.problem})", _SYNTAX) from error
    except yaml.YAMLError as error:
        position = getattr(error, "position", None)
        at = _place_in(text, position) if isinstance(position, int) else _WHOLE
        raise _refusal(
            name, at, "there is a character that YAML does not allow", "Delete it and type it again."
        ) from error


def _decoded(name: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        good = data[: error.start].decode("utf-8-sig", "ignore")
        raise _refusal(name, _place_in(good, len(good)), "this is not UTF-8 text", "Save the file as UTF-8.") from error


def _place_of(event: yaml.Event) -> Place:
    mark = event.start_mark
    return Place(mark.line + 1, mark.column + 1) if mark else Place(0, 0)


def _place_in(text: str, position: int) -> Place:
    before = text[:position]
    return Place(before.count("\n") + 1, position - before.rfind("\n"))


def _refusal(name: str, at: Place, fault: str, mend: str, value: str = "") -> KnowledgeError:
    return KnowledgeError([Finding(file=name, line=at.line, column=at.column, value=value, fault=fault, mend=mend)])


class _Builder:
    """Builds nodes from events with a stack of its own, so that no nesting can exhaust Python's."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._open: list[Record | Listing] = []
        self._pending: list[Text | None] = []
        self._root: Node | None = None
        self._values = 0

    def build(self, events: Iterator[yaml.Event]) -> Node:
        for event in events:
            self._guard(event)
            if isinstance(event, yaml.ScalarEvent):
                self._place(Text(value=event.value, at=_place_of(event)), event)
            elif isinstance(event, yaml.MappingStartEvent):
                self._enter(Record(at=_place_of(event)), event)
            elif isinstance(event, yaml.SequenceStartEvent):
                self._enter(Listing(at=_place_of(event)), event)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._open.pop()
                self._pending.pop()
        if self._root is None:
            raise _refusal(self._name, _WHOLE, "the file is empty", "Start it as the README shows.")
        return self._root

    def _guard(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self._refuse(event, "anchors and aliases (& and *) are not allowed", "Write it out or quote it.")
        if getattr(event, "tag", None):
            raise self._refuse(event, "tags (!) are not allowed", "Delete the tag, or put the text in quotes.")
        if isinstance(event, yaml.DocumentStartEvent) and self._root is not None:
            raise self._refuse(event, "there is a second document (---)", "Keep one document in a file.")
        if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
            self._values += 1
            if self._values > MAX_VALUES:
                raise self._refuse(event, f"there are more than {MAX_VALUES:,} values", "Shorten the file.")

    def _enter(self, node: Record | Listing, event: yaml.Event) -> None:
        if len(self._open) == MAX_DEPTH:
            raise self._refuse(event, f"values are nested more than {MAX_DEPTH} deep", "Write it flatter.")
        self._place(node, event)
        self._open.append(node)
        self._pending.append(None)

    def _place(self, node: Node, event: yaml.Event) -> None:
        if not self._open:
            self._root = node
            return
        parent, key = self._open[-1], self._pending[-1]
        if isinstance(parent, Listing):
            parent.items.append(node)
        elif key is None:
            self._pending[-1] = self._new_key(parent, node, event)
        else:
            parent.fields[key.value] = node
            self._pending[-1] = None

    def _new_key(self, record: Record, node: Node, event: yaml.Event) -> Text:
        if not isinstance(node, Text):
            raise self._refuse(event, "a field's name must be plain text", "Write `name: value`.")
        if node.value == "<<":
            raise self._refuse(event, "merge keys (<<) are not allowed", "Write the fields out.")
        if node.value in record.keys:
            first = record.keys[node.value].at.line
            raise self._refuse(event, "this field stands twice", f"Keep one; the first is in line {first}.", node.value)
        record.keys[node.value] = node
        return node

    def _refuse(self, event: yaml.Event, fault: str, mend: str, value: str = "") -> KnowledgeError:
        return _refusal(self._name, _place_of(event), fault, mend, shortened(value))
