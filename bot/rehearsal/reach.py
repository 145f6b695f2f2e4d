"""Whom the bot may write to: those who have the app and have not blocked it, and the team that has it."""

from __future__ import annotations

from bot.rehearsal.people import TEAM_ID, Person
from bot.rehearsal.refusals import blocked, no_conversation, not_in_roster, not_installed
from bot.rehearsal.world import World


def owner_of(world: World, conversation: str) -> Person | None:
    """Whose chat this is, None for channel and team; raises 404 when there is none such."""
    try:
        return world.people.owner_of(conversation)
    except LookupError:
        raise no_conversation() from None


def check_reach(world: World, conversation: str) -> None:
    """Raise as the Connector does when the bot may not write there."""
    person = owner_of(world, conversation)
    if person is None:
        if TEAM_ID not in world.installed:
            raise not_in_roster()
    elif person.object_id in world.blocked:
        raise blocked()
    elif person.object_id in world.removed:
        raise not_in_roster()
    elif person.object_id not in world.installed and not _reached_by_team(world, person):
        raise not_installed()


def _reached_by_team(world: World, person: Person) -> bool:
    """Members of a team that has the app may be written to without having it themselves."""
    return person.in_channel and TEAM_ID in world.installed
