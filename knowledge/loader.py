"""The owners' four files -> Knowledge; every fault is reported with its file, line, column and what to do."""

import re
from collections.abc import Callable, Container, Mapping, Sequence
from datetime import date
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from knowledge.entries import MESSAGES, Clause, Contact, Entry, Knowledge, Outcome, Permission, Policy, Tool
from knowledge.fields import Fields
from knowledge.findings import Finding, KnowledgeError
from knowledge.source import Place, Record, content, record

FILES = ("policy.yaml", "tools.yaml", "faq.yaml", "talk.yaml")
NEEDED_ENTRIES = ("help", "request")
MAX_FOLLOW_UPS = 3
MAX_FINDINGS = 200
_CLAUSE_ID = re.compile(r"front|\d+\.\d+")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_PLACEHOLDER = re.compile(r"\{(.*?)\}")
_VERDICT = re.compile(r"\W*(yes\b|no\s*[^\w\s(])", re.IGNORECASE)


class _Says(StrEnum):
    """What the report says about a question: a gap is an entry of its own."""

    NOTHING = "nothing"
    SOMETHING = "something"


class _Talk(StrEnum):
    """What an entry of talk.yaml may be; an incident comes out as help, but before everything else."""

    SMALLTALK = "smalltalk"
    HELP = "help"
    HUMAN = "human"
    STATUS = "status"
    REQUEST_FORM = "request_form"
    INCIDENT = "incident"
    NONE = "none"


def load(folder: Path) -> Knowledge:
    """Read and check the knowledge files of a folder; raises KnowledgeError with every finding."""
    findings: list[Finding] = []
    digest = sha256()
    records = [_opened(folder / name, digest.update, findings) for name in FILES]
    if findings:
        raise KnowledgeError(findings)
    files = [Fields(name, record, findings) for name, record in zip(FILES, records, strict=True)]
    knowledge = read(*files, version=digest.hexdigest()[:12])
    for file in files:
        file.close()
    if findings:
        in_order = sorted(set(findings), key=lambda found: (FILES.index(found.file), found.line, found.column))
        raise KnowledgeError(in_order[:MAX_FINDINGS])
    return knowledge


def load_policy(path: Path) -> Policy:
    """Read policy.yaml alone, given itself or its folder; raises KnowledgeError with every finding."""
    file = path / FILES[0] if path.is_dir() else path
    findings: list[Finding] = []
    fields = Fields(file.name, record(file.name, content(file)), findings)
    policy = _policy(fields)
    fields.close()
    if findings:
        raise KnowledgeError(findings)
    return policy


def _opened(path: Path, note: Callable[[bytes], None], findings: list[Finding]) -> Record:
    try:
        data = content(path)
        note(path.name.encode() + b"\0" + data)
        return record(path.name, data)
    except KnowledgeError as error:
        findings += error.findings
        return Record(at=Place(1, 1))


def read(policy_file: Fields, tools_file: Fields, faq: Fields, talk: Fields, *, version: str) -> Knowledge:
    """Read the fields of the four files; every fault is noted with them."""
    policy = _policy(policy_file)
    tool_records, answers, chat = tools_file.records("tools"), faq.records("entries"), talk.records("entries")
    tool_ids = _ids(tool_records, _ID)
    ids = _ids([*answers, *chat], _ID)
    entries = [_answer(fields, policy.clauses, ids) for fields in answers]
    entries += [_chat(fields, policy.clauses, ids) for fields in chat]
    for needed in NEEDED_ENTRIES:
        if needed not in ids:
            talk.fault(Place(1, 1), "the entry is missing", "Add it to talk.yaml.", needed)
    return Knowledge(
        entries=MappingProxyType({entry.id: entry for entry in entries}),
        policy=policy,
        tools=MappingProxyType(dict(zip(tool_ids, map(_tool, tool_records), strict=True))),
        messages=_messages(talk.record("messages")),
        version=version,
    )


def _ids(records: Sequence[Fields], pattern: re.Pattern[str]) -> list[str]:
    """Return the records' ids and report those that are malformed or stand twice."""
    seen: dict[str, str] = {}
    for fields in records:
        value, at = fields.text("id", limit=80), fields.place("id")
        if value in seen:
            fields.fault(at, "this id stands twice", f"Change one; the first is in {seen[value]}.", value)
        elif value and not pattern.fullmatch(value):
            fields.fault(at, "this is not a proper id", "Write it like `only-copilot`, a paragraph like `4.2`.", value)
        seen.setdefault(value, f"{fields.file} line {at.line}")
    return [fields.text("id", required=False) for fields in records]


def _policy(file: Fields) -> Policy:
    records = file.records("clauses")
    clauses = dict(zip(_ids(records, _CLAUSE_ID), map(_clause, records), strict=True))
    return Policy(
        title=file.text("title"),
        status=file.text("status"),
        published=file.day("published") or date.min,
        next_review_due=file.day("next_review_due") or date.max,
        clauses=MappingProxyType(clauses),
        contacts=tuple(map(_contact, file.records("contacts"))),
    )


def _clause(fields: Fields) -> Clause:
    clause = Clause(
        id=fields.text("id", required=False),
        heading=fields.text("heading", limit=60),
        text=fields.text("text", limit=160),
    )
    fields.close()
    return clause


def _contact(fields: Fields) -> Contact:
    contact = Contact(
        role=fields.text("role"),
        name=fields.text("name", required=False),
        phone=fields.text("phone", required=False),
        email=fields.text("email", required=False),
        matters=fields.lines("for"),
    )
    fields.close()
    return contact


def _tool(fields: Fields) -> Tool:
    tool = Tool(
        id=fields.text("id", required=False),
        name=fields.text("name", limit=80),
        supplier=fields.text("supplier", required=False, limit=80),
        aliases=fields.lines("aliases"),
        everyday=fields.lines("everyday"),
        permitted=fields.choice("permitted", Permission, Permission.EXCEPTION),
        note=fields.text("note", required=False),
    )
    fields.close()
    return tool


def _answer(fields: Fields, clauses: Container[str], ids: Container[str]) -> Entry:
    """Return an entry of faq.yaml: it cites a paragraph, or it says that the report says nothing."""
    gap = fields.choice("says", _Says, _Says.SOMETHING) is _Says.NOTHING
    outcome = Outcome.NONE if gap else Outcome.ANSWER
    fields.lines("phrasings", required=True)
    fields.day("reviewed")
    fields.text("owner")
    entry = _entry(fields, outcome, clauses, ids)
    if not gap and not entry.cites:
        fields.fault(
            fields.place("id"), "this answer cites no paragraph", "Add `cites:`, or `says: nothing`.", entry.id
        )
    return entry


def _chat(fields: Fields, clauses: Container[str], ids: Container[str]) -> Entry:
    """Return an entry of talk.yaml: small talk, help and the like."""
    kind = fields.choice("outcome", _Talk, _Talk.HELP)
    incident = kind is _Talk.INCIDENT
    return _entry(fields, Outcome.HELP if incident else Outcome(kind.value), clauses, ids, urgent=incident)


def _entry(
    fields: Fields, outcome: Outcome, clauses: Container[str], ids: Container[str], urgent: bool = False
) -> Entry:
    cites = fields.references("cites", clauses, "paragraph", "policy.yaml")
    follow_ups = fields.references("follow_ups", ids, "entry", "faq.yaml or talk.yaml")
    if len(follow_ups) > MAX_FOLLOW_UPS:
        fields.fault(fields.place("follow_ups"), "there are too many follow-ups", f"Keep {MAX_FOLLOW_UPS}.")
    entry = Entry(
        id=fields.text("id", required=False),
        question=fields.text("question", limit=300),
        answer=fields.text("answer"),
        outcome=outcome,
        urgent=urgent,
        phrasings=fields.lines("phrasings"),
        yes=fields.lines("yes"),
        no=fields.lines("no"),
        asks=fields.lines("asks"),
        asks_yes=fields.lines("asks_yes"),
        asks_no=fields.lines("asks_no"),
        never=fields.lines("never"),
        cites=cites,
        follow_ups=follow_ups,
        owner=fields.text("owner", required=False, limit=200),
        reviewed=fields.day("reviewed", required=False),
    )
    _check_verdict(fields, "answer", entry.answer)
    fields.close()
    return entry


def _messages(fields: Fields) -> Mapping[str, str]:
    messages = {name: fields.text(name) for name in MESSAGES}
    for name, text in messages.items():
        for word in _PLACEHOLDER.findall(text):
            if word not in MESSAGES[name]:
                known = ", ".join(f"{{{each}}}" for each in MESSAGES[name]) or "none"
                fields.fault(fields.place(name), "unknown placeholder", f"Allowed here: {known}.", f"{{{word}}}")
        _check_verdict(fields, name, text)
    fields.close()
    return MappingProxyType(messages)


def _check_verdict(fields: Fields, name: str, text: str) -> None:
    """The bot puts the verdict in front itself, so a text that begins with one would give two."""
    if _VERDICT.match(text):
        fields.fault(fields.place(name), f"{name} begins with Yes or No", "Begin with the statement itself.", text)
