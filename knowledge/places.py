"""Where each value of the knowledge files stands, so that a finding can point at a single line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from knowledge.findings import Finding, Severity
from knowledge.loader import FILES
from knowledge.source import Listing, Place, Record, Text, content, record

Way = tuple[str, ...]
_LISTS = ("entries", "tools", "clauses")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place in one of the files."""

    file: str
    at: Place

    def __str__(self) -> str:
        return f"{self.file} line {self.at.line}"


class Places:
    """Finds where a value stands by its way there: ("entries", id, field, text), or any beginning of that.

    The files of a sound folder are not read again: only a finding needs a place.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def _spots(self) -> Mapping[Way, Spot]:
        spots: dict[Way, Spot] = {}
        for name in FILES:
            for way, at in _ways(record(name, content(self._folder / name))):
                spots.setdefault(way, Spot(file=name, at=at))
        return spots

    def of(self, *way: str) -> Spot:
        """Return where a value stands; failing that, its field, its record or its list."""
        found = (self._spots.get(way[:length]) for length in range(len(way), 0, -1))
        return next(filter(None, found), Spot(file=FILES[0], at=Place(0, 0)))

    def fault(self, way: Way, fault: str, mend: str) -> Finding:
        """Return a fault at the value that `way` leads to."""
        return self._finding(way, fault, mend, Severity.FAULT)

    def advice(self, way: Way, advice: str, mend: str) -> Finding:
        """Return a piece of advice at the value that `way` leads to."""
        return self._finding(way, advice, mend, Severity.ADVICE)

    def _finding(self, way: Way, fault: str, mend: str, severity: Severity) -> Finding:
        spot = self.of(*way)
        return Finding(
            file=spot.file,
            line=spot.at.line,
            column=spot.at.column,
            value=way[-1],
            fault=fault,
            mend=mend,
            severity=severity,
        )


def _ways(root: Record) -> Iterator[tuple[Way, Place]]:
    for name, node in root.fields.items():
        yield (name,), node.at
        for item in node.items if isinstance(node, Listing) and name in _LISTS else ():
            if isinstance(item, Record):
                yield from _ways_into(name, item)


def _ways_into(name: str, item: Record) -> Iterator[tuple[Way, Place]]:
    named = item.fields.get("id")
    id = named.value.strip() if isinstance(named, Text) else ""
    yield (name, id), item.at
    for field, node in item.fields.items():
        yield (name, id, field), node.at
        for line in node.items if isinstance(node, Listing) else (node,):
            if isinstance(line, Text):
                yield (name, id, field, line.value.strip()), line.at
