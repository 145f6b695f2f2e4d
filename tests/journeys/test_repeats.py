"""Teams repeats what it is not sure arrived: nothing is done, said or counted twice, nobody gets an empty answer."""

import asyncio
from functools import partial

from bot.rehearsal.answers import read_card_action
from bot.rehearsal.people import PRIYA
from knowledge.loader import load
from tests.journeys.conftest import Council
from tests.journeys.test_bad_input import message


def has_more(council: Council, before: int) -> bool:
    """Whether Priya's chat holds more than so many messages."""
    return len(council.teams.chat(PRIYA)) > before


async def test_a_typed_command_repeated_after_a_restart_is_answered_alike(council: Council) -> None:
    """The bot that was restarted knows what the one before it said."""
    activity = message(council, text="my requests")
    for _ in range(2):
        before = len(council.teams.chat(PRIYA))
        assert (await council.teams.send(activity)).ok
        await council.teams.world.until(partial(has_more, council, before))
        assert "You have not asked for an exception yet" in council.teams.chat(PRIYA)[-1].words
        await council.stop()
        await council.start()


async def test_a_choice_among_answers_that_is_repeated_is_answered_once(council: Council) -> None:
    """One after the other and both at once: the same response, one answer below it."""
    entry = next(iter(load(council.knowledge).entries))
    action = {"type": "Action.Execute", "verb": "answer.pick", "data": {"entry": entry}}
    activity = message(council, type="invoke", text=None, name="adaptiveCard/action", value={"action": action})
    before = len(council.teams.chat(PRIYA))
    results = [*await asyncio.gather(*(council.teams.send(activity, read_card_action) for _ in range(2)))]
    results.append(await council.teams.send(activity, read_card_action))
    assert [(result.shown, result.text) for result in results] == [("message", "Here is the answer, below.")] * 3
    await council.ask(PRIYA, "hello")
    assert len(council.teams.chat(PRIYA)) - before == 3
