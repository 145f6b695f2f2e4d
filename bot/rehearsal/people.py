"""Who plays in the rehearsal: invented people of an invented council, and where they meet."""

from __future__ import annotations

import uuid
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Literal

Part = Literal["staff", "approver", "owner", "operator", "bystander", "guest"]

TENANT_ID = "6c1f9a52-0d0e-4c55-9a86-3f1f3b7f2f10"
TEAM_ID = "19:8e1d5c0a4b7f4d3f9a2c6e0b1d9f7a31@thread.tacv2"
TEAM_NAME = "IT and Information Governance"
CHANNEL_ID = "19:3b9a7d2e6f5c41d8b0a4e7c1f2d6a985@thread.tacv2"
CHANNEL_NAME = "AI exception requests"
BOT_NAME = "AI Policy"


@cache
def _opaque(*parts: str, length: int = 48) -> str:
    return urlsafe_b64encode(sha256("/".join(parts).encode()).digest() * 2).decode().rstrip("=")[:length]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One player; `installed` says whether they have the app when the rehearsal starts."""

    name: str
    job: str
    part: Part
    installed: bool = True
    in_channel: bool = False

    @property
    def first(self) -> str:
        """The name they are called by; nobody shares one."""
        return self.name.removeprefix("Councillor ").split()[0]

    @property
    def object_id(self) -> str:
        """The Entra object id, a uuid."""
        return str(uuid.uuid5(uuid.UUID(TENANT_ID), self.name))

    @property
    def teams_id(self) -> str:
        """The id Teams gives the person towards this bot, `29:...`."""
        return f"29:1{_opaque('user', self.name, length=64)}"

    @property
    def email(self) -> str:
        """The address and the sign-in name, in a domain reserved for examples."""
        return f"{self.name.removeprefix('Councillor ').replace(' ', '.').lower()}@council.example"

    @property
    def chat_id(self) -> str:
        """The conversation id of the person's chat with the bot, `a:...`."""
        return f"a:1{_opaque('chat', self.name, length=80)}"


PRIYA = Person(name="Priya Shah", job="Housing Options Officer", part="staff")
TOM = Person(name="Tom Bailey", job="Planning Officer", part="staff")
JEAN = Person(name="Councillor Jean Moss", job="Elected member", part="staff")
MARTIN = Person(name="Martin Adeyemi", job="IT Operations & Security Manager", part="approver", in_channel=True)
RUTH = Person(name="Ruth Lindqvist", job="Head of IT", part="approver", in_channel=True)
HELEN = Person(name="Helen Marsh", job="Policy Officer", part="owner")
NADIA = Person(name="Nadia Farrow", job="IT Systems Administrator", part="operator")
SAM = Person(name="Sam Doyle", job="Service Desk Analyst", part="bystander", installed=False, in_channel=True)
ALEX = Person(name="Alex Grant", job="Visiting consultant (guest)", part="guest", installed=False, in_channel=True)

PEOPLE = (PRIYA, TOM, JEAN, MARTIN, RUTH, HELEN, NADIA, SAM, ALEX)


class Directory:
    """Everybody who plays in one rehearsal."""

    def __init__(self, everybody: Sequence[Person] = PEOPLE) -> None:
        self.everybody = tuple(everybody)
        self._owners = {person.chat_id: person for person in everybody}
        self._names = {
            name: person
            for person in everybody
            for name in (person.object_id, person.teams_id, person.name, person.first)
        }

    def find(self, who: str) -> Person:
        """The person with this object id, `29:` id, name or first name; raises `LookupError` when there is none."""
        if person := self._names.get(who):
            return person
        some = ", ".join(person.first for person in self.everybody[: len(PEOPLE)])
        raise LookupError(f"no person {who!r} in the rehearsal; there are {some}")

    def owner_of(self, conversation: str) -> Person | None:
        """Whose chat with the bot this is, None for channel and team; raises `LookupError` when there is none such."""
        if conversation in (CHANNEL_ID, TEAM_ID):
            return None
        if person := self._owners.get(conversation):
            return person
        raise LookupError(f"no conversation {conversation!r}")


def crowd(size: int) -> tuple[Person, ...]:
    """More members of staff, who have the app, for load tests."""
    return tuple(Person(name=f"Staff{number} Member", job="Officer", part="staff") for number in range(size))
