"""People block the bot, the app comes late to the team: everybody is told in the end."""

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
