"""People block the bot, the app comes late to the team: everybody is told in the end."""

import asyncio

import pytest

from bot.__main__ import main
from bot.rehearsal.people import MARTIN, PRIYA
from tests.journeys.conftest import Council


async def test_somebody_who_blocked_the_bot_is_told_when_they_write_again(council: Council) -> None:
    """The decision was set aside; one message later it arrives, without a restart."""
    await council.ask(PRIYA, "hello")
    reference = await council.file()
    council.teams.world.set_blocked(PRIYA, True)
    await council.approve(reference)
    await council.settled("parked", "acceptance.card")
    council.teams.world.set_blocked(PRIYA, False)
    await council.ask(PRIYA, "hello again")
    await council.card(PRIYA, "I know that my use is monitored")


async def test_a_review_card_waits_for_the_app_to_come_to_the_team(council: Council) -> None:
    """A request filed before the app was added to the approvers' team is posted when it is."""
    await council.teams.team(MARTIN, False)
    reference = await council.file()
    await council.settled("parked")
    await council.teams.team(MARTIN, True)
    await council.card(MARTIN, reference, "channel")


async def test_a_review_card_is_posted_by_a_bot_that_missed_the_installation(council: Council) -> None:
    """The app came to the team while the bot was stopped."""
    await council.teams.team(MARTIN, False)
    reference = await council.file()
    await council.settled("parked")
    await council.stop()
    await council.teams.team(MARTIN, True)
    await council.start()
    await council.card(MARTIN, reference, "channel")


async def test_what_could_not_be_delivered_is_the_operators_to_mend(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Teams refuses the review card: not ready, with its key; the operator sends it again, and all is well."""
    council.teams.faults.add("status", times=10, status=400, on="create")
    reference = await council.file()
    await council.settled("parked")
    key = f"{reference}/1/review.card/channel"
    status, reasons = await council.ready()
    assert status == 503
    assert reasons["parked"].endswith(key)
    council.teams.faults.clear()
    monkeypatch.setenv("DATABASE_URL", council.database_url)
    assert await asyncio.to_thread(main, ["outbox", "--retry", key]) == 0
    await council.card(MARTIN, reference, "channel")
    await council.settled("sent", key)
    assert await council.ready() == (200, {})


async def test_somebody_who_blocked_the_bot_makes_it_no_less_ready(council: Council) -> None:
    """Only they can change that, by writing."""
    council.teams.world.set_blocked(MARTIN, True)
    await council.file()
    await council.settled("parked")
    assert await council.ready() == (200, {})
