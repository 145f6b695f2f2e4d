"""What can go wrong in the rehearsal, switchable while it runs; which call is hit is drawn from a seeded source."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

Kind = Literal[
    "status", "lost", "hang", "delay", "duplicate", "repeat", "reorder", "keys_down", "keys_slow", "login_down",
    "login_slow",
]  # fmt: skip

WHAT: dict[Kind, tuple[str, str, tuple[str, ...]]] = {
    "status": ("An error", "The Connector answers with this status and does nothing.", ("on", "status", "retry_after")),
    "lost": ("A lost answer", "The Connector does it, but its answer never arrives.", ("on",)),
    "hang": ("No answer", "The Connector does not answer for this many seconds, and does nothing.", ("on", "seconds")),
    "delay": ("A late answer", "The Connector does it at once and answers this many seconds late.", ("on", "seconds")),
    "duplicate": ("The same message twice at once", "Teams delivers an activity to the bot twice at once.", ("on",)),
    "repeat": ("The same message again later", "Teams delivers an activity again afterwards, with a new id.", ("on",)),
    "reorder": ("Wrong order", "Teams holds a message back until the next activity has been delivered.", ("on",)),
    "keys_down": ("No signing keys", "The signing keys cannot be fetched.", ()),
    "keys_slow": ("Late signing keys", "The signing keys come this many seconds late.", ("seconds",)),
    "login_down": ("No login", "The login endpoint answers 503.", ()),
    "login_slow": ("A slow login", "The login endpoint answers this many seconds late.", ("seconds",)),
}
"""What people call each kind, what it does, and the settings it reads."""


@dataclass(slots=True, kw_only=True)
class Fault:
    """One switched fault: `times` None is for ever, `chance` 0..1, `on` an operation, a conversation id or nothing."""

    id: int = 0
    kind: Kind
    times: int | None = None
    chance: float = 1.0
    status: int = 503
    retry_after: float | None = None
    seconds: float = 60.0
    on: str = ""

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise ValueError(f"no fault {self.kind!r}; there are {', '.join(get_args(Kind))}")
        if not 0 <= self.chance <= 1:
            raise ValueError(f"chance is {self.chance!r}; it must be from 0 to 1")
        if not 400 <= self.status <= 599:
            raise ValueError(f"status is {self.status!r}; it must be from 400 to 599")


class Faults:
    """The faults in force; `struck` counts how often each kind has hit."""

    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)
        self._next = 1
        self.active: list[Fault] = []
        self.struck: Counter[str] = Counter()

    def add(self, kind: Kind, **settings: Any) -> Fault:
        """Switch a fault on; raises `ValueError` or `TypeError` when it makes no sense."""
        fault = Fault(kind=kind, **settings)
        fault.id, self._next = self._next, self._next + 1
        self.active.append(fault)
        return fault

    def remove(self, fault_id: int) -> None:
        """Switch one fault off."""
        self.active = [fault for fault in self.active if fault.id != fault_id]

    def clear(self) -> None:
        """Switch every fault off."""
        self.active = []

    def strike(self, kind: Kind, *places: str) -> Fault | None:
        """The fault of that kind that hits this call, if any; counts it and uses up one of its times."""
        for fault in self.active:
            if fault.kind != kind or (fault.on and fault.on not in places):
                continue
            if self._random.random() < fault.chance:
                self._use(fault)
                return fault
        return None

    def _use(self, fault: Fault) -> None:
        self.struck[fault.kind] += 1
        if fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                self.remove(fault.id)

    def as_json(self) -> dict[str, Any]:
        """What the page shows: the kinds there are and the faults in force."""
        kinds = [
            {"kind": kind, "name": name, "what": what, "takes": list(takes)}
            for kind, (name, what, takes) in WHAT.items()
        ]
        return {"kinds": kinds, "faults": [asdict(f) for f in self.active], "struck": sum(self.struck.values())}
