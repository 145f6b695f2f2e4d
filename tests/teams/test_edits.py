"""Edits of one card keep their order, however slow the first is."""

import asyncio

import pytest

from bot.ports import Message, Posted
from bot.teams.edits import Edits
from bot.turns import Reply
from tests.teams.conftest import Bot
from tests.teams.loopback import Fault


class Slow:
    """Edits that end when a test says so; `begun` are in order, with whether each was overtaken."""

    def __init__(self) -> None:
        self.edits = Edits()
        self.begun: list[tuple[str, bool]] = []
        self.free = asyncio.Event()

    async def edit(self, name: str, card: str = "1") -> None:
        async with self.edits.turn("a:anna", card) as overtaken:
            self.begun.append((name, overtaken))
            await self.free.wait()
            if name == "broken":
                raise OSError(name)


@pytest.fixture
def slow() -> Slow:
    return Slow()


async def settled() -> None:
    """Let everything run that can run."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_edits_of_a_card_wait_for_one_another(slow: Slow) -> None:
    """The newest goes last; one in between learns that it is not wanted any more."""
    tasks = [asyncio.create_task(slow.edit(name)) for name in ("first", "second", "third")]
    await settled()
    assert slow.begun == [("first", False)]
    slow.free.set()
    await asyncio.gather(*tasks)
    assert slow.begun == [("first", False), ("second", True), ("third", False)]


async def test_other_cards_do_not_wait(slow: Slow) -> None:
    """A card that hangs holds up itself alone."""
    tasks = [asyncio.create_task(slow.edit(card, card)) for card in ("1", "2")]
    await settled()
    assert slow.begun == [("1", False), ("2", False)]
    slow.free.set()
    await asyncio.gather(*tasks)


async def test_nothing_is_kept_of_edits_that_have_ended(slow: Slow) -> None:
    """Whether they ended well, broke or were given up."""
    tasks = [asyncio.create_task(slow.edit(name)) for name in ("broken", "given up", "last")]
    await settled()
    assert len(slow.edits) == 1
    tasks[1].cancel()
    slow.free.set()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert [name for name, _ in slow.begun] == ["broken", "last"]
    assert len(slow.edits) == 0


async def press(bot: Bot) -> None:
    """Anna goes on in a form; the edit that makes its next step stay goes on beside the turn."""
    value = {"action": {"verb": "form.next", "data": {}}}
    await bot.post(
        bot.teams.activity(type="invoke", name="adaptiveCard/action", id="f:1", replyToId="card-1", value=value)
    )


def edits(bot: Bot) -> list[str]:
    """The cards that Teams was given to put in the place of another, in the order it got them."""
    return [call.body["attachments"][0]["content"]["name"] for call in bot.teams.calls if call.method == "PUT"]


async def test_a_slow_edit_of_a_form_does_not_hide_the_receipt(bot: Bot) -> None:
    """The form's edit is on its way when the outbox puts the receipt there; the receipt stays."""
    bot.reply = Reply(response=Message(card="form-about"), lasting=True)
    gate = bot.teams.hold_next()
    await press(bot)
    await gate.reached.wait()
    posted = Posted(conversation_id="a:anna", activity_id="card-1", service_url=bot.teams.url)
    receipt = asyncio.create_task(bot.edge.messenger.update(posted, Message(card="receipt")))
    await asyncio.wait({receipt}, timeout=0.3)  # as long as it would take, did it not wait for the form's
    gate.open.set()
    await receipt
    await bot.teams.sent(2)
    assert edits(bot) == ["form-about", "receipt"]


async def test_a_step_that_was_left_meanwhile_is_not_put_back(bot: Bot) -> None:
    """Three steps while the first edit hangs: the second is not worth sending any more."""
    gate = bot.teams.hold_next()
    for name in ("form-about", "form-safeguards", "form-confirm"):
        bot.reply = Reply(response=Message(card=name), lasting=True)
        await press(bot)
        await gate.reached.wait()
    gate.open.set()
    await bot.client.close()
    assert edits(bot) == ["form-about", "form-confirm"]


async def test_the_receipt_is_put_there_even_if_a_form_is_asked_for_after_it(bot: Bot) -> None:
    """What the outbox owes is never skipped."""
    bot.reply = Reply(response=Message(card="form-about"), lasting=True)
    gate = bot.teams.hold_next()
    posted = Posted(conversation_id="a:anna", activity_id="card-1", service_url=bot.teams.url)
    messenger = bot.edge.messenger
    owed = [asyncio.create_task(messenger.update(posted, Message(card=name))) for name in ("request", "receipt")]
    await gate.reached.wait()
    await press(bot)
    gate.open.set()
    await asyncio.gather(*owed)
    await bot.client.close()
    assert edits(bot) == ["request", "receipt", "form-about"]


async def test_a_failed_edit_frees_the_card(bot: Bot) -> None:
    """The next one goes through."""
    bot.teams.faults = [Fault(500)]
    bot.reply = Reply(response=Message(card="form-about"), lasting=True)
    await press(bot)
    await press(bot)
    await bot.client.close()
    assert edits(bot) == ["form-about", "form-about"]
