"""The JSON Schema of each knowledge file, drawn from the loader: it reads a sketch that notes what is asked for."""

import json
from collections.abc import Container, Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from knowledge.fields import MAX_LINE, MAX_LINES, MAX_TEXT, Fields
from knowledge.loader import FILES, read
from knowledge.source import Place, Record

Schema = dict[str, object]
_Choice = TypeVar("_Choice", bound=StrEnum)
DIALECT = "http://json-schema.org/draft-07/schema#"
_SCALAR = ["string", "number", "boolean"]
"""The reader takes every scalar as text; editors still see numbers."""

HINTS: Mapping[str, str] = MappingProxyType(
    {
        "aliases": "Other names people use for the tool. Each name may stand under one tool only.",
        "answer": "What people read. Never begin with Yes or No. Paragraph numbers stand in brackets.",
        "asks": "Test questions that must find this answer. They do not change how questions are matched.",
        "asks_no": "Test questions that this answer must answer with No.",
        "asks_yes": "Test questions that this answer must answer with Yes.",
        "cites": "The paragraphs the answer rests on, as in policy.yaml; front is the unnumbered front page.",
        "clauses": "The numbered paragraphs of the report, in our own words.",
        "contacts": "The posts people may turn to.",
        "email": "Only what the report prints.",
        "entries": "One answer each. Begin with `- id:`.",
        "everyday": "Those of its names that are also common words or people's names.",
        "follow_ups": "Up to three ids of other entries, offered as buttons below the answer.",
        "for": "What the post is asked about: policy, gaps, exceptions, incidents.",
        "heading": "The heading the paragraph stands under.",
        "id": "A short name in small letters with hyphens (a paragraph: its number). It never changes.",
        "messages": "Sentences the assistant uses by itself. Keep what stands in curly brackets.",
        "name": "As people know it.",
        "never": "Test questions that must not find this answer.",
        "next_review_due": "When the policy is to be reviewed (5.1), like 2027-03-24.",
        "no": 'Ways of asking to which the answer is "No."',
        "note": "One sentence shown with what is said about the tool.",
        "outcome": "What kind of entry this is.",
        "owner": "The post that answers for this entry.",
        "permitted": "yes for Microsoft Copilot (4.2), exception where approval is needed (5.2), else unclear.",
        "phone": "Only what the report prints.",
        "phrasings": "Ways of asking that are neither yes nor no, as people type on a phone.",
        "published": "The day of the report, like 2026-03-24.",
        "question": "The headline shown above the answer. It also counts as a way of asking.",
        "reviewed": "The day somebody last held the answer against the report, like 2026-03-24.",
        "role": "The name of the post.",
        "says": "`nothing` where the report does not answer the question; then cites may be left out.",
        "status": "What is known of the policy's approval.",
        "supplier": "Who makes the tool.",
        "text": "The paragraph in our own words, at most 160 characters.",
        "title": "The name of the policy.",
        "tools": "AI tools people ask about. Begin each with `- id:`.",
        "yes": 'Ways of asking to which the answer is "Yes."',
    }
)
"""What an editor shows beside each field; the names in `messages` speak for themselves."""


class Sketch(Fields):
    """Answers like the fields of an empty record, and notes each field that the loader asks for."""

    def __init__(self, file: str) -> None:
        super().__init__(file, Record(at=Place(0, 0)), [])
        self._properties: dict[str, Schema] = {}
        self._required: set[str] = set()
        self._inner: dict[str, tuple[Sketch, bool]] = {}

    def text(self, name: str, *, required: bool = True, limit: int = MAX_TEXT) -> str:
        """Note a text; the smallest of several limits counts."""
        known = self._properties.get(name, {}).get("maxLength", limit)
        assert isinstance(known, int)
        self._note(name, {"type": _SCALAR, "maxLength": min(known, limit)}, required)
        return ""

    def lines(self, name: str, *, required: bool = False) -> tuple[str, ...]:
        """Note a list of texts; one text alone counts as a list of one."""
        line: Schema = {"type": _SCALAR, "maxLength": MAX_LINE}
        self._note(name, {"type": ["array", *_SCALAR], "items": line, "maxItems": MAX_LINES}, required)
        return ()

    def references(self, name: str, known: Container[str], noun: str, where: str) -> tuple[str, ...]:
        """Note a list of ids."""
        return self.lines(name)

    def records(self, name: str) -> list[Fields]:
        """Note a list of records, and go through one of them."""
        return [self._within(name, many=True)]

    def record(self, name: str) -> Fields:
        """Note a record inside this one."""
        return self._within(name, many=False)

    def choice(self, name: str, kinds: type[_Choice], default: _Choice) -> _Choice:
        """Note the words that a field may be."""
        self._note(name, {"enum": [kind.value for kind in kinds]}, required=False)
        return default

    def day(self, name: str, *, required: bool = True) -> date | None:
        """Note a date."""
        self._note(name, {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}, required)
        return None

    def schema(self) -> Schema:
        """Return what was noted, as a JSON Schema that refuses unknown fields."""
        properties = dict(self._properties)
        for name, (inner, many) in self._inner.items():
            within = inner.schema()
            properties[name] = {"type": "array", "items": within} if many else within
        hinted = {name: ({"description": HINTS[name]} if name in HINTS else {}) | of for name, of in properties.items()}
        schema: Schema = {
            "type": "object",
            "properties": hinted,
            "required": [name for name in properties if name in self._required],
            "additionalProperties": False,
        }
        # The one rule between fields: an answer cites a paragraph, or says that the report says nothing.
        return schema | ({"anyOf": [{"required": ["cites"]}, {"required": ["says"]}]} if "says" in properties else {})

    def _note(self, name: str, schema: Schema, required: bool) -> None:
        self._properties[name] = schema
        if required:
            self._required.add(name)

    def _within(self, name: str, many: bool) -> "Sketch":
        self._required.add(name)
        return self._inner.setdefault(name, (Sketch(self.file), many))[0]


def schemas() -> dict[str, Schema]:
    """Return the schema of each knowledge file, by the name under which it is written."""
    sketches = [Sketch(name) for name in FILES]
    read(*sketches, version="")
    return {
        schema_name(sketch.file): {"$schema": DIALECT, "title": sketch.file, **sketch.schema()} for sketch in sketches
    }


def written(schema: Schema) -> str:
    """Return a schema as the text of its file."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def schema_name(file: str) -> str:
    """Return the name of a knowledge file's schema: faq.yaml has faq.schema.json."""
    return file.replace(".yaml", ".schema.json")
