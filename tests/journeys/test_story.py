"""The main story: ask, request, decide, be told, and an answer that changes while the bot runs."""

import asyncio

from bot.rehearsal.people import HELEN, MARTIN, NADIA, PRIYA, RUTH, SAM, TOM
from tests.journeys.conftest import Council


async def test_the_whole_story(council: Council) -> None:
    """Priya asks, requests, is told and accepts; Martin approves with a condition; the bot restarts in between."""
    teams = council.teams

    answer = await council.ask(PRIYA, "waht ai tools can i use fro work??")
    assert "Microsoft Copilot" in answer.text
    assert "4.2" in answer.text
    assert "Paragraph 4.2" in [citation["name"] for citation in answer.citations]

    chatgpt = await council.ask(PRIYA, "can i use chatgtp")
    assert "5.2" in chatgpt.words
    await teams.press(PRIYA, chatgpt, "request.start")
    form = await council.card(PRIYA, "Step 1 of 3")
    assert "ChatGPT" in str(form.card)

    reference = await council.file(PRIYA, plan="free")
    assert reference == "AI-2026-0001"
    assert "Waiting for a decision" in teams.card(PRIYA, reference).words
    await council.card(SAM, reference, "channel")

    await council.stop()
    await council.start()

    decided = await council.approve(reference, MARTIN, "No personal data goes in.")
    assert "Approved by Martin Adeyemi" in decided.words

    acceptance = await council.card(PRIYA, "I know that my use is monitored")
    assert "No personal data goes in." in acceptance.words
    await teams.press(PRIYA, acceptance, "acceptance.accept", monitored="true", condition_1="true")
    await council.card(PRIYA, "You may use the tool from")
    told = await council.card(MARTIN, "An approval was accepted")
    assert reference in told.words
    await teams.world.until(lambda: "Approved until" in teams.card(SAM, reference, "channel").words)


async def test_the_register_answers_for_the_tool(council: Council) -> None:
    """Once ChatGPT is approved, its requester reads that it is theirs, others that it covers that use only."""
    reference = await council.file(PRIYA)
    await council.approve(reference)
    acceptance = await council.card(PRIYA, "I know that my use is monitored")
    await council.teams.press(PRIYA, acceptance, "acceptance.accept", monitored="true")
    answer = await council.ask(TOM, "is chatgpt allowed?")
    assert reference in answer.words
    assert "that use only" in answer.words
    assert "You have an approval" not in answer.words
    mine = await council.ask(PRIYA, "is chatgpt allowed?")
    assert f"You have an approval until 24 March 2027** ({reference})" in mine.words


async def test_a_rejection_is_told_with_its_reason_and_can_be_asked_anew(council: Council) -> None:
    """Ruth rejects with words; Priya reads them and starts a new form from the old answers."""
    reference = await council.file(PRIYA)
    card = await council.review(RUTH, reference)
    why = "Copilot in Word does exactly this."
    await council.teams.press(RUTH, card, "decision.reject", reason="copilot", why=why)
    told = await council.card(PRIYA, "Your request was rejected")
    assert why in told.words
    await council.teams.press(PRIYA, told, "request.copy")
    again = await council.card(PRIYA, "Step 1 of 3")
    assert "Draft first versions of public consultation summaries" in str(again.card)


async def test_the_requester_withdraws(council: Council) -> None:
    """A withdrawn request shows as withdrawn in the channel, and the late approver is told."""
    reference = await council.file(PRIYA)
    card = await council.review(MARTIN, reference)
    await council.teams.press(PRIYA, council.teams.card(PRIYA, reference), "request.withdraw")
    await council.teams.world.until(lambda: "Withdrawn" in council.teams.card(SAM, reference, "channel").words)
    stale = {"type": "Action.Execute", "verb": "decision.approve", "data": {"reference": reference, "revision": 1}}
    result = await council.teams.act(MARTIN, card, stale, {"until": "2027-01-31"})
    assert "withdrawn" in str(result.card)


async def test_an_approved_use_ends_when_it_is_no_longer_needed(council: Council) -> None:
    """Priya ends it on her card; the channel shows it, Martin is told, and the register no longer names it."""
    reference = await council.file(PRIYA)
    await council.approve(reference)
    acceptance = await council.card(PRIYA, "I know that my use is monitored")
    await council.teams.press(PRIYA, acceptance, "acceptance.accept", monitored="true")
    receipt = await council.card(PRIYA, "You may use the tool from")
    result = await council.teams.press(PRIYA, receipt, "request.end")
    assert "Ended" in str(result.card)
    await council.card(MARTIN, "An approved use has ended")
    await council.teams.world.until(lambda: "Ended" in council.teams.card(SAM, reference, "channel").words)
    assert "You have an approval" not in (await council.ask(PRIYA, "can i use chatgpt?")).words


async def test_my_requests_are_listed_and_opened(council: Council) -> None:
    """'status of my request' shows the list, a reference shows the request."""
    reference = await council.file(PRIYA)
    listed = await council.ask(PRIYA, "what is the status of my request?")
    assert reference in listed.words
    result = await council.teams.press(PRIYA, listed, "request.show")
    assert "Waiting for a decision" in str(result.card)
    shown = await council.ask(PRIYA, f"status of {reference.lower()}")
    assert "Waiting for a decision" in shown.words
    stranger = await council.ask(TOM, reference)
    assert "somebody else's request" in stranger.words


async def test_an_owner_changes_an_answer_while_the_bot_runs(council: Council) -> None:
    """A saved edit answers within seconds; a broken one changes nothing and is told; mending it brings the next."""
    faq = council.knowledge / "faq.yaml"
    good = faq.read_text(encoding="utf-8")
    before = await council.ask(PRIYA, "Which AI tools may I use for work?")
    assert "AI-related tasks" in before.text
    faq.write_text(good.replace("AI-related tasks", "AI-related work"), encoding="utf-8")
    await _until_answer(council, "AI-related work")
    await council.teams.install(HELEN)
    faq.write_text("entries: [", encoding="utf-8")
    told = await council.card(HELEN, "Your last edit is not in use")
    assert "faq.yaml:" in told.words
    assert "AI-related work" in (await council.ask(PRIYA, "Which AI tools may I use for work?")).text
    faq.write_text(good, encoding="utf-8")
    await _until_answer(council, "AI-related tasks")


async def _until_answer(council: Council, words: str) -> None:
    async with asyncio.timeout(30):  # long enough for a busy machine
        while words not in (await council.ask(PRIYA, "Which AI tools may I use for work?")).text:
            pass


async def test_first_contact(council: Council) -> None:
    """One welcome with three things to try, however often Teams says that the app was installed."""
    teams = council.teams
    await teams.install(NADIA)
    welcome = await council.card(NADIA, "I know the council's AI policy")
    assert len([button for button in welcome.buttons if button]) == 3
    await teams.uninstall(NADIA)
    await teams.install(NADIA)
    await council.ask(NADIA, "hello")
    assert [seen.words for seen in teams.chat(NADIA)].count(welcome.words) == 1


async def test_a_channel_gets_answers_and_requests_move_to_the_chat(council: Council) -> None:
    """Mentioned in a channel the bot answers there; whoever wants to request is led to the personal chat."""
    teams = council.teams
    await teams.say(SAM, "which ai tools are allowed", "channel")
    await teams.world.until(
        lambda: any("Microsoft Copilot" in seen.words for seen in teams.channel(SAM) if seen.by_bot)
    )
    await teams.say(SAM, "request an exception", "channel")
    await teams.world.until(lambda: any("our own chat" in seen.words for seen in teams.channel(SAM) if seen.by_bot))
