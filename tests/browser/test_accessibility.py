"""The page is usable by everybody: axe-core's rules, the keyboard, small windows, forced colours."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from bot.rehearsal.gallery import gallery
from bot.rehearsal.people import CHANNEL_ID, PRIYA
from bot.rehearsal.world import CARD
from tests.browser.axe import violations
from tests.browser.conftest import ScriptedBot, Visit, become
from tests.browser.test_page import ANSWER

pytestmark = pytest.mark.browser

LOOKS = [
    pytest.param({"color_scheme": "light"}, id="light"),
    pytest.param({"color_scheme": "dark"}, id="dark"),
    pytest.param({"forced_colors": "active"}, id="forced colours"),
    pytest.param({"viewport": {"width": 320, "height": 640}}, id="320 pixels wide"),
    pytest.param({"viewport": {"width": 680, "height": 430}}, id="zoomed to 200 %"),
]


def furnish(bot: ScriptedBot) -> None:
    """Fill both panes with every card there is, answers, replies and thumbs."""
    cards = [sample["card"] for sample in gallery()]
    for card in cards:
        bot.posts(PRIYA, card=card)
    for card in cards:
        last = bot.posts(CHANNEL_ID, card=card)
    bot.posts(CHANNEL_ID, text="Noted.", thread=last.id)
    bot.posts(PRIYA, **ANSWER)


async def fits(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways."""
    return bool(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize("look", LOOKS)
async def test_the_chats_break_no_rule(bot: ScriptedBot, visit: Visit, look: dict[str, Any]) -> None:
    """axe-core finds nothing on the chats, with the guide and a reference open, in any look."""
    furnish(bot)
    page = await visit(bot.teams.page_url, **look)
    await page.get_by_text("How to play the story").click()
    await page.get_by_role("link", name="Reference 1: 4.2 Permitted tools").press("Enter")
    assert await violations(page) == []
    assert await fits(page)


async def test_two_people_in_one_channel_break_no_rule(bot: ScriptedBot, visit: Visit) -> None:
    """axe-core tells the panes apart when both show the same channel, and reads what outlasted a card."""
    told = {"type": "Container", "style": "warning", "items": [{"type": "TextBlock", "text": "Nothing was changed."}]}
    finished = {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "TextBlock", "text": "Approved"}]}
    button = {"type": "Action.Execute", "title": "Approve", "verb": "approve"}
    bot.answers["approve"] = {"statusCode": 200, "type": CARD, "value": {**finished, "body": [told]}}
    page = await visit(bot.teams.page_url)
    await become(page, "staff", "Ruth")
    await page.locator("#staff").get_by_role("tab", name="AI exception requests").click()
    post = bot.posts(CHANNEL_ID, card={**finished, "actions": [button]})
    await page.locator("#staff").get_by_role("button", name="Approve").click()
    await expect(page.locator("#staff .card").get_by_text("Nothing was changed.")).to_be_visible()
    bot.teams.world.update(post, {**post.activity, "attachments": [{"contentType": CARD, "content": finished}]})
    for theme in ("light", "dark"):
        await page.get_by_label("Theme").select_option(theme)
        await expect(page.locator("#staff .kept")).to_have_text("Nothing was changed.")
        assert await violations(page) == []


@pytest.mark.parametrize("look", LOOKS)
async def test_the_sample_cards_break_no_rule(bot: ScriptedBot, visit: Visit, look: dict[str, Any]) -> None:
    """axe-core finds nothing on the gallery of every card, in any look."""
    page = await visit(f"{bot.teams.page_url}/page/gallery.html", **look)
    await expect(page.locator(".sample").first).to_be_visible()
    assert await violations(page) == []
    assert await fits(page)


@pytest.mark.parametrize("look", LOOKS[:2])
async def test_what_a_card_hides_breaks_no_rule(bot: ScriptedBot, visit: Visit, look: dict[str, Any]) -> None:
    """axe-core finds nothing in the parts that a button of a card brings out."""
    page = await visit(f"{bot.teams.page_url}/page/gallery.html", **look)
    await expect(page.locator(".sample").first).to_be_visible()
    for opener in await page.locator(".sample .expandable, .sample [aria-controls]").all():
        await opener.click()
        await expect(opener).to_have_attribute("aria-expanded", "true")
        assert await violations(page) == []


@pytest.mark.parametrize("name", ["Faults", "Helpful"])
async def test_the_dialogs_break_no_rule(bot: ScriptedBot, visit: Visit, name: str) -> None:
    """axe-core finds nothing in the dialogs; Escape closes them and gives the focus back."""
    page = await visit(bot.teams.page_url)
    bot.posts(PRIYA, **ANSWER)
    opener = page.get_by_role("button", name=name, exact=True)
    await opener.press("Enter")
    await expect(page.locator("dialog[open]")).to_be_visible()
    assert await violations(page) == []
    await page.keyboard.press("Escape")
    await expect(opener).to_be_focused()


async def test_a_press_that_changes_a_card_keeps_the_focus_there(bot: ScriptedBot, visit: Visit) -> None:
    """After a button replaced the card, the keyboard goes on from that message, not from the top of the page."""
    card = gallery()[0]["card"]
    button = {"type": "Action.Execute", "title": "Go on", "verb": "go.on"}
    answer = {**card, "actions": []}
    bot.answers["go.on"] = {"statusCode": 200, "type": "application/vnd.microsoft.card.adaptive", "value": answer}
    page = await visit(bot.teams.page_url)
    bot.posts(PRIYA, card={"type": "AdaptiveCard", "version": "1.5", "body": [], "actions": [button]})
    await page.get_by_role("button", name="Go on").press("Enter")
    await expect(page.get_by_role("button", name="Go on")).to_have_count(0)
    await expect(page.locator("#staff article")).to_be_focused()


async def test_every_control_is_reached_and_seen_with_the_tab_key(bot: ScriptedBot, visit: Visit) -> None:
    """Tab walks through the whole page, each stop has a name, and each shows where it is."""
    bot.posts(PRIYA, **ANSWER)
    page = await visit(bot.teams.page_url)
    await expect(page.locator("#staff .chips button")).to_be_visible()
    seen = []
    for _ in range(40):
        await page.keyboard.press("Tab")
        stop = await page.evaluate(STOP)
        if stop["name"] in ("", "BODY") or stop in seen:
            break
        assert stop["outline"], f"no visible focus on {stop['name']}"
        seen.append(stop)
    names = [stop["name"] for stop in seen]
    for wanted in ("Skip to the chats", "Faults", "Theme", "Helpful", "Who decides?", "Message to Chat with AI Policy"):
        assert wanted in names, names


STOP = """() => {
  const node = document.activeElement;
  const name = node.getAttribute("aria-label") || (node.labels?.[0]?.firstChild || node).textContent.trim();
  const outline = getComputedStyle(node).outlineStyle !== "none";
  const place = [...document.querySelectorAll("*")].indexOf(node);
  return { name: node === document.body ? "BODY" : name, outline, place };
}"""
