"""What a new version of the policy touches: paragraphs, answers, approvals in force, and whom to tell; all pure."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.requests.request import ExceptionRequest
from bot.requests.risk import flags
from knowledge.entries import Clause, Contact, Entry, Policy

APPROVAL_RESTS_ON = frozenset({"4.2", "5.2"})
"""Only Copilot is permitted, and anything else by approval: every approval in force rests on these."""
_NUMBER = re.compile(r"\b\d+\.\d+\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedClause:
    """A paragraph as it was and as it is; None where it did not exist or is gone."""

    id: str
    old: Clause | None
    new: Clause | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchedEntry:
    """An answer that cites changed paragraphs."""

    entry: Entry
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchedApproval:
    """An approval in force that rests on changed paragraphs."""

    request: ExceptionRequest
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """Everything that rests on a changed paragraph."""

    clauses: tuple[ChangedClause, ...]
    entries: tuple[TouchedEntry, ...]
    approvals: tuple[TouchedApproval, ...]
    owners: tuple[Contact, ...]
    """The owners of the touched entries, with the contact details that the new policy gives; just the post if none."""


def impact(old: Policy, new: Policy, entries: Iterable[Entry], approvals: Iterable[ExceptionRequest]) -> Impact:
    """Compare two versions of the policy and return what must be read again, and who must be told."""
    clauses = changed_clauses(old, new)
    changed = {clause.id for clause in clauses}
    touched = [TouchedEntry(entry=entry, clauses=_among(entry.cites, changed)) for entry in entries]
    resting = [TouchedApproval(request=each, clauses=_among(rests_on(each), changed)) for each in approvals]
    found = tuple(each for each in touched if each.clauses)
    return Impact(
        clauses=clauses,
        entries=found,
        approvals=tuple(each for each in resting if each.clauses),
        owners=_owners((each.entry.owner for each in found), new),
    )


def changed_clauses(old: Policy, new: Policy) -> tuple[ChangedClause, ...]:
    """Return the paragraphs that came, went, or read differently, in the order of the new policy."""
    ids = dict.fromkeys([*new.clauses, *old.clauses])
    pairs = [ChangedClause(id=id, old=old.clauses.get(id), new=new.clauses.get(id)) for id in ids]
    return tuple(pair for pair in pairs if pair.old != pair.new)


def rests_on(request: ExceptionRequest) -> set[str]:
    """Return the paragraphs an approval rests on: the rule itself, its risks, and those its decision names."""
    decision = request.decision
    said = [decision.reason, decision.comment, *(each.text for each in decision.conditions)] if decision else []
    return {
        *APPROVAL_RESTS_ON,
        *(rule.clause for rule in flags(request.form)),
        *_NUMBER.findall(" ".join(said)),
    }


def _among(clauses: Iterable[str], changed: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted(clause for clause in clauses if clause in changed))


def _owners(posts: Iterable[str], policy: Policy) -> tuple[Contact, ...]:
    known = {contact.role: contact for contact in policy.contacts}
    return tuple(known.get(post, Contact(role=post)) for post in dict.fromkeys(filter(None, posts)))


def lines(impact: Impact) -> list[str]:
    """Return the impact as Markdown that can be read as it stands."""
    return [
        f"# Paragraphs that the new policy changes: {len(impact.clauses)}",
        "",
        *(line for clause in impact.clauses for line in _clause_lines(clause)),
        "",
        f"## Answers to hold against it: {len(impact.entries)}",
        "",
        *(f"- {each.entry.id} ({', '.join(each.clauses)}): {each.entry.question}" for each in impact.entries),
        "",
        f"## Approvals in force that rest on it: {len(impact.approvals)}",
        "",
        *(_approval_line(each) for each in impact.approvals),
        "",
        "## Whom to tell",
        "",
        *(f"- {_contact(owner)}: the answers above" for owner in impact.owners),
        *_told(impact.approvals),
    ]


def _clause_lines(clause: ChangedClause) -> list[str]:
    kind = "new" if clause.old is None else "gone" if clause.new is None else "changed"
    texts = [("was", clause.old), ("is", clause.new)]
    return [f"- {clause.id} is {kind}", *(f"  - {when}: {each.heading}: {each.text}" for when, each in texts if each)]


def _approval_line(each: TouchedApproval) -> str:
    request = each.request
    until = f" until {request.decision.until}" if request.decision and request.decision.until else ""
    return f"- {request.reference} ({', '.join(each.clauses)}): {request.form.tool} for {request.requester.name}{until}"


def _contact(contact: Contact) -> str:
    return ", ".join(filter(None, (contact.role, contact.name, contact.email)))


def _told(approvals: Iterable[TouchedApproval]) -> list[str]:
    references: dict[str, list[str]] = {}
    for each in approvals:
        references.setdefault(each.request.requester.name, []).append(each.request.reference)
        if each.request.decision:
            references.setdefault(each.request.decision.post, []).append(each.request.reference)
    return [f"- {who}: {', '.join(dict.fromkeys(about))}" for who, about in references.items()]
