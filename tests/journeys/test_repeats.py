"""Teams repeats what it is not sure arrived: nothing is done, said or counted twice, nobody gets an empty answer."""

from bot.rehearsal.people import PRIYA
from tests.journeys.conftest import Council
from tests.journeys.test_bad_input import message


async def test_a_typed_command_repeated_after_a_restart_is_answered_alike(council: Council) -> None:
    """The bot that was restarted knows what the one before it said."""
    activity = message(council, text="my requests")
    for _ in range(2):
        before = len(council.teams.chat(PRIYA))
        assert (await council.teams.send(activity)).ok
        await council.teams.world.until(lambda before=before: len(council.teams.chat(PRIYA)) > before)
        assert "You have not asked for an exception yet" in council.teams.chat(PRIYA)[-1].words
        await council.stop()
        await council.start()
