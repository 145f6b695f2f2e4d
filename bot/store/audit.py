"""The audit: an append-only chain of hashes that shows any edit, with what is personal kept beside it.

A row's hash covers its number, time, name, reference, facts, two commitments and the hash before it. Who acted and what
they typed stand in `audit_personal`; the chain holds only sha256(salt + value), so that erasing them breaks nothing.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, MappingResult, RowMapping, String, select, type_coerce

from bot.requests.change import Event
from bot.store.dialect import one_at_a_time
from bot.store.schema import audit, audit_personal, written

_GENESIS = "0" * 64
_CHAINED = ("seq", "at", "name", "reference", "facts", "actor_commitment", "text_commitment", "previous")
_PERSONAL = ("actor", "text")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The end of the chain; kept outside the database it shows a tail that was cut off."""

    count: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What a walk along the chain found: sound rows, where they end, and the first bad row's number and fault."""

    rows: int
    head: Head
    bad: int | None = None
    why: str = ""


def append(connection: Connection, event: Event) -> None:
    """Add one event to the end of the chain."""
    one_at_a_time(connection)
    last = head(connection)
    personal = _salted(event)
    row: dict[str, object] = {
        "seq": last.count + 1,
        "at": written(event.at),
        "name": event.name,
        "reference": event.reference,
        "facts": json.dumps(dict(event.facts), sort_keys=True),
        "actor_commitment": _commitment(personal, "actor"),
        "text_commitment": _commitment(personal, "text"),
        "previous": last.hash,
    }
    connection.execute(audit.insert().values(row | {"at": event.at, "hash": _hash(row)}))
    connection.execute(audit_personal.insert().values(personal | {"seq": row["seq"]}))


def head(connection: Connection) -> Head:
    """The number of events and the hash of the last."""
    last = connection.execute(select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)).first()
    return Head(count=last.seq, hash=last.hash) if last else Head(count=0, hash=_GENESIS)


def verify(connection: Connection, kept: Head | None = None) -> Verification:
    """Walk the whole chain; with a head kept elsewhere, also notice a tail that was cut off or written anew."""
    end = Head(count=0, hash=_GENESIS)
    with _rows(connection) as rows:
        for number, row in enumerate(rows, 1):
            if why := _fault(row, number, end.hash):
                return Verification(rows=end.count, head=end, bad=number, why=why)
            end = Head(count=number, hash=row["hash"])
            if kept and kept.count == number and kept.hash != end.hash:
                return Verification(rows=number, head=end, bad=number, why="its hash is not the one kept outside")
    if kept and kept.count > end.count:
        why = f"missing: the head kept outside counts {kept.count} rows"
        return Verification(rows=end.count, head=end, bad=end.count + 1, why=why)
    return Verification(rows=end.count, head=end)


def _rows(connection: Connection) -> MappingResult:
    """The audit in order, times as the text that was hashed, each with what is left of its personal part."""
    beside = [audit_personal.c[name] for kind in _PERSONAL for name in (kind, f"{kind}_salt")]
    columns = [type_coerce(column, String).label("at") if column.name == "at" else column for column in audit.c]
    joined = audit.outerjoin(audit_personal, audit.c.seq == audit_personal.c.seq)
    statement = select(*columns, *beside).select_from(joined).order_by(audit.c.seq)
    return connection.execute(statement.execution_options(yield_per=1000)).mappings()


def _fault(row: RowMapping, number: int, previous: str) -> str:
    if row["seq"] != number:
        return "missing"
    if row["previous"] != previous:
        return "does not follow the row before it"
    if row["hash"] != _hash(row):
        return "its content is not what was hashed"
    for kind in _PERSONAL:
        if row[kind] is not None and row[f"{kind}_commitment"] != _commitment(row, kind):
            return f"its {kind} is not what was committed to"
    return ""


def _salted(event: Event) -> dict[str, object]:
    salts = {f"{kind}_salt": secrets.token_hex(16) for kind in _PERSONAL}
    return {"actor": event.actor, "text": event.text, **salts}


def _commitment(personal: Mapping[str, object] | RowMapping, kind: str) -> str:
    return hashlib.sha256(f"{personal[f'{kind}_salt']}{personal[kind]}".encode()).hexdigest()


def _hash(row: Mapping[str, object] | RowMapping) -> str:
    return hashlib.sha256(json.dumps([row[name] for name in _CHAINED], default=str).encode()).hexdigest()
