"""The whole story on the page, with the real bot: ask, request, decide, be told, accept, and an answer that changes.

Every screen is kept in var/screenshots, in light and dark, to be looked at.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from bot.rehearsal import Rehearsal
from bot.rehearsal.clock import Clock
from bot.rehearsal.people import PEOPLE
from tests.browser.axe import violations
from tests.browser.conftest import Visit, ask, become
from tests.journeys.conftest import Council

pytestmark = pytest.mark.browser

SCREENSHOTS = Path("var/screenshots")
MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
CONDITION = "Names and addresses are removed before anything goes in."
ODD = "Who may blorf the vrimps?"
PURPOSE = "Draft first versions of letters about housing options, which a colleague checks and rewrites."


@pytest.fixture
async def council(tmp_path: Path) -> AsyncIterator[Council]:
    """A council on a Monday morning, on published limits, whose people have just got the app."""
    clock = Clock()
    clock.advance(MONDAY - clock.now())
    async with Rehearsal(limits=True, clock=clock) as teams, Council(teams, tmp_path) as council:
        for person in PEOPLE:
            if person.installed:
                await teams.install(person)
        yield council


async def shoot(page: Page, name: str) -> None:
    """Keep what is on the screen, in light and in dark, and hold it to axe-core's rules."""
    for theme in ("light", "dark"):
        await page.get_by_label("Theme").select_option(theme)
        await page.screenshot(path=SCREENSHOTS / f"{name}-{theme}.png")
        assert await violations(page) == []


async def fill(card: Locator, texts: dict[str, str], choices: dict[str, str]) -> None:
    """Fill in a card's fields by the beginnings of their labels."""
    for label, text in texts.items():
        await card.get_by_label(re.compile(f"^{label}")).fill(text)
    for label, choice in choices.items():
        await card.get_by_label(re.compile(f"^{label}")).select_option(choice)


async def test_the_whole_story(council: Council, visit: Visit) -> None:
    """Priya asks, requests and accepts; Martin approves with a condition; Sam may only look."""
    page = await visit(council.teams.page_url)
    staff, approvers = page.locator("#staff .log:visible"), page.locator("#approvers .log:visible")
    await shoot(page, "1-welcome")

    await ask(page, "staff", "can i putt tennants names into copilot?")
    await expect(staff.get_by_text("May I put personal or confidential information into AI?")).to_be_visible()
    await staff.get_by_role("link", name="Reference 1: Paragraph 4.3").click()
    await shoot(page, "2-answer")

    await ask(page, "staff", "can i use chatgtp")
    await expect(staff.get_by_role("heading", name="ChatGPT")).to_be_visible()
    await shoot(page, "3-tool")
    await staff.get_by_role("button", name="Request an exception for ChatGPT").click()

    await fill_in_the_form(page, staff)
    await expect(staff.get_by_text("Your exception request AI-2026-0001")).to_be_visible()
    await expect(approvers.get_by_text("AI-2026-0001").first).to_be_visible()
    await shoot(page, "7-receipt")

    await approve(page, approvers)
    await page.locator("#staff").get_by_role("button", name="New message").click()
    await expect(staff.get_by_label("I accept condition 1")).to_be_in_viewport()
    await shoot(page, "9-approved")

    await staff.get_by_label("I accept condition 1").check()
    await staff.get_by_label("I know that my use is monitored").check()
    await staff.get_by_role("button", name="Accept", exact=True).click()
    await expect(staff.get_by_text("You may use the tool from").last).to_be_visible()
    await expect(page.locator("#approvers").get_by_role("tab", name="Chat with AI Policy")).to_contain_text("new")
    await shoot(page, "10-accepted")

    await ask(page, "staff", "must i chek what copilot wrote?")
    await staff.get_by_role("link", name="Reference 1: Paragraph 6.2").click()
    await shoot(page, "11-both-sides")


async def fill_in_the_form(page: Page, staff: Locator) -> None:
    """The three steps; the second is asked because personal information goes in."""
    await expect(staff.get_by_text("Step 1 of 3")).to_be_visible()
    await shoot(page, "4-form")
    await staff.get_by_role("button", name="Next").click()
    await expect(staff.get_by_label("I am a")).to_have_attribute("aria-invalid", "true")
    texts = {
        "Its web address": "https://chatgpt.com",
        "What you want to use it for": PURPOSE,
        "What comes out": "Draft letters",
        "Who checks what comes out": "The duty officer",
        "How many people": "3",
        "Which team": "Housing options",
        "From": "2026-12-07",
        "Until": "2027-03-31",
    }
    choices = {
        "I am a": "employee",
        "Which plan": "business",
        "Why Microsoft Copilot": "feature",
        "Who sees what comes out": "team",
        "Will it help to decide": "drafts",
    }
    await fill(staff, texts, choices)
    await staff.get_by_label("Personal data").check()
    await staff.get_by_role("button", name="Next").click()
    await expect(staff.get_by_text("Step 2 of 3")).to_be_visible()
    await shoot(page, "5-safeguards")
    texts = {
        "Its reference": "DPIA-17",
        "How long the supplier": "30 days",
        "Contract and cost": "About £20 a person each month",
        "Effect on people": "Plain English helps readers",
        "Who owns the risk": "Head of Housing",
        "Safeguards you propose": CONDITION,
    }
    choices = {
        "Data protection": "done",
        "Does the supplier train": "opted_out",
        "Where the supplier stores": "uk",
        "How people sign in": "account",
    }
    await fill(staff, texts, choices)
    await staff.get_by_role("button", name="Next").click()
    await expect(staff.get_by_text("Step 3 of 3")).to_be_visible()
    await shoot(page, "6-check")
    for promise in ("I will follow", "I will not use", "I know that approved use"):
        await staff.get_by_label(promise).check()
    await staff.get_by_role("button", name="Send the request").click()


async def approve(page: Page, approvers: Locator) -> None:
    """Sam may only look; Martin reviews and approves with a condition."""
    await become(page, "approvers", "Sam")
    await approvers.get_by_role("button", name="Review").click()
    await expect(approvers.locator(".outcome")).to_contain_text("may decide")
    await shoot(page, "7-bystander")
    await become(page, "approvers", "Martin")
    await approvers.get_by_role("button", name="Approve", exact=True).click()
    await approvers.get_by_label("Conditions").fill(CONDITION)
    await shoot(page, "8-decision")
    await approvers.get_by_role("button", name="Approve this request").click()
    await expect(approvers.get_by_text("Approved by Martin Adeyemi").first).to_be_visible()


async def test_an_owner_changes_an_answer(council: Council, visit: Visit) -> None:
    """A saved edit of the YAML file answers on the page, without a restart."""
    question = "Which AI tools may I use for work?"
    page = await visit(council.teams.page_url)
    await ask(page, "staff", question)
    await expect(page.locator("#staff").get_by_text("AI-related tasks").first).to_be_visible()
    faq = council.knowledge / "faq.yaml"
    good = faq.read_text(encoding="utf-8")
    faq.write_text(good.replace("AI-related tasks", "AI-related work"), encoding="utf-8")
    changed = page.locator("#staff").get_by_text("AI-related work").first
    async with asyncio.timeout(10):
        while not await changed.is_visible():
            await ask(page, "staff", question)
            await expect(page.locator("#staff .typing")).to_be_empty()
    await shoot(page, "12-changed-answer")


async def test_an_unanswered_question_finds_its_answer(council: Council, visit: Visit) -> None:
    """Priya leaves a question that no answer fits; Helen, who owns the policy, answers in her chat; Priya is told."""
    page = await visit(council.teams.page_url)
    staff, owner = page.locator("#staff .log:visible"), page.locator("#approvers .log:visible")
    await ask(page, "staff", ODD)
    await staff.get_by_role("button", name="Ask the policy owners").click()
    await expect(staff.get_by_text("Your question is with the policy owners")).to_be_visible()
    await become(page, "approvers", "Helen")
    await expect(owner.get_by_text(ODD)).to_be_visible()
    await owner.get_by_label("Your answer").fill("Nobody may, until the policy says so.")
    await shoot(page, "13-question")
    await owner.get_by_role("button", name="Send this answer").click()
    await expect(staff.get_by_text("The policy owners have answered")).to_be_visible()
    await shoot(page, "14-answered")
