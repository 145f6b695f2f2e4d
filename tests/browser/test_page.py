"""The rehearsal page: what people see, press and type, with a bot whose lines stand here."""

from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.async_api import expect

from bot.rehearsal.people import CHANNEL_ID, MARTIN, PRIYA, RUTH, SAM
from tests.browser.conftest import ScriptedBot, Visit, ask, become

pytestmark = pytest.mark.browser

Json = dict[str, Any]
ANSWER: Json = {
    "text": "**No.** Personal data stays out [1].\n\n<b>Not</b> [a trap](javascript:alert(1)) nor ![one](https://x.test/y.png)",
    "entities": [
        {
            "type": "https://schema.org/Message",
            "citation": [
                {"position": 1, "appearance": {"name": "4.2 Permitted tools", "abstract": "Only Microsoft Copilot."}}
            ],
        }
    ],
    "channelData": {"feedbackLoop": {"type": "default"}},
    "suggestedActions": {"actions": [{"type": "imBack", "title": "Who decides?", "value": "Who decides?"}]},
}


def form(greeting: str = "What is it for?") -> Json:
    """A card with two inputs, one of them needed."""
    return {
        "type": "AdaptiveCard",
        "version": "1.5",
        "body": [
            {"type": "TextBlock", "text": greeting, "style": "heading"},
            {
                "type": "Input.Text",
                "id": "purpose",
                "label": "Purpose",
                "isRequired": True,
                "errorMessage": "Say what it is for.",
            },
            {
                "type": "Input.ChoiceSet",
                "id": "plan",
                "label": "Plan",
                "style": "expanded",
                "value": "free",
                "choices": [{"title": "Free", "value": "free"}, {"title": "Business", "value": "business"}],
            },
        ],
        "actions": [{"type": "Action.Execute", "title": "Send it", "verb": "form.send", "data": {"form": "f1"}}],
    }


def said(text: str) -> Json:
    """The bot's answer to an action as a message under the card."""
    return {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": text}


def shown(card: Json) -> Json:
    """The bot's answer to an action as a new card."""
    return {"statusCode": 200, "type": "application/vnd.microsoft.card.adaptive", "value": card}


async def test_an_answer_comes_with_its_reference(bot: ScriptedBot, visit: Visit) -> None:
    """I ask by keyboard alone, read the answer, and open the paragraph it rests on."""
    bot.replies["can i"] = ANSWER
    page = await visit(bot.teams.page_url)
    await ask(page, "staff", "can i")
    await expect(page.locator("#staff .bot .text")).to_contain_text("No. Personal data stays out")
    await page.get_by_role("link", name="Reference 1: 4.2 Permitted tools").press("Enter")
    await expect(page.get_by_text("Only Microsoft Copilot.")).to_be_visible()
    await expect(page.locator("#staff details summary")).to_be_focused()


async def test_the_guide_types_for_a_newcomer(bot: ScriptedBot, visit: Visit) -> None:
    """A phrase of the story goes into the box, ready to send."""
    page = await visit(bot.teams.page_url)
    await page.get_by_text("How to play the story").click()
    await page.get_by_role("button", name="can I use ChatGPT?").click()
    await expect(page.locator("#staff textarea")).to_have_value("can I use ChatGPT?")
    await page.keyboard.press("Enter")
    await expect(page.locator("#staff .mine .text")).to_have_text("can I use ChatGPT?")


async def test_the_guide_leaves_a_small_screen_to_the_chat(bot: ScriptedBot, visit: Visit) -> None:
    """Where there is little room the guide waits to be opened, and stays as I left it."""
    page = await visit(bot.teams.page_url)
    for width, opened in ((1360, True), (380, False)):
        await page.set_viewport_size({"width": width, "height": 700})
        await page.evaluate("localStorage.setItem('guide', '')")  # neither opened nor closed yet
        await page.reload()
        await expect(page.get_by_text("The people here are invented")).to_be_visible(visible=opened)
    await page.get_by_text("How to play the story").click()
    await page.reload()
    await expect(page.get_by_text("The people here are invented")).to_be_visible()


async def test_markdown_carries_no_code_and_no_pictures(bot: ScriptedBot, visit: Visit) -> None:
    """HTML, script links and pictures in a text stay words."""
    page = await visit(bot.teams.page_url)
    bot.posts(PRIYA, **ANSWER)
    text = page.locator("#staff .bot .text")
    await expect(text).to_contain_text("<b>Not</b> [a trap](javascript:alert(1))")
    assert await text.locator("img, b, a[href^=javascript]").count() == 0
    bot.posts(PRIYA, text="[the policy](https://council.example/policy)")
    link = page.get_by_role("link", name="the policy")
    await expect(link).to_have_attribute("target", "_blank")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")


async def test_a_suggestion_is_sent_with_one_press(bot: ScriptedBot, visit: Visit) -> None:
    """The chip under the newest answer asks for me."""
    bot.replies["Who decides?"] = {"text": "Two named posts."}
    page = await visit(bot.teams.page_url)
    bot.posts(PRIYA, **ANSWER)
    await page.locator("#staff .chips").get_by_role("button", name="Who decides?").click()
    await expect(page.get_by_text("Two named posts.")).to_be_visible()
    await expect(page.locator("#staff .chips button")).to_have_count(0)


async def test_a_thumb_is_pressed_with_a_word(bot: ScriptedBot, visit: Visit) -> None:
    """Thumbs down asks what should be better; the bot gets both, and the focus comes back."""
    page = await visit(bot.teams.page_url)
    bot.posts(PRIYA, **ANSWER)
    await page.get_by_role("button", name="Not helpful").click()
    await page.get_by_label("What should be better?").fill("Too short")
    await page.locator("#feedback").get_by_role("button", name="Send").click()
    thumb = page.get_by_role("button", name="Not helpful", pressed=True)
    await expect(thumb).to_be_focused()
    assert bot.heard[-1]["value"]["actionValue"] == {"reaction": "dislike", "feedback": '{"feedbackText": "Too short"}'}


async def test_a_form_checks_what_is_needed_before_it_sends(bot: ScriptedBot, visit: Visit) -> None:
    """An empty field is named and marked; what is filled in arrives with the card's own data."""
    bot.answers["form.send"] = shown({**form("Thank you."), "actions": []})
    page = await visit(bot.teams.page_url)
    bot.posts(PRIYA, card=form())
    await page.get_by_role("button", name="Send it").click()
    await expect(page.get_by_text("Say what it is for.")).to_be_visible()
    await expect(page.get_by_label("Purpose")).to_have_attribute("aria-invalid", "true")
    assert bot.heard == []
    await page.get_by_label("Purpose").fill("Drafts")
    await page.get_by_role("radio", name="Business").check()
    await page.get_by_role("button", name="Send it").click()
    await expect(page.get_by_role("heading", name="Thank you.")).to_be_visible()
    action = bot.heard[-1]["value"]["action"]
    assert action["verb"] == "form.send"
    assert action["data"] == {"form": "f1", "purpose": "Drafts", "plan": "business"}


async def test_a_half_filled_form_survives_whatever_else_happens(bot: ScriptedBot, visit: Visit) -> None:
    """New messages, a look at another person and another theme leave what I typed alone."""
    page = await visit(bot.teams.page_url)
    bot.posts(PRIYA, card=form())
    await page.get_by_label("Purpose").fill("Half a sen")
    bot.posts(PRIYA, text="Something else.")
    await expect(page.get_by_text("Something else.")).to_be_visible()
    await page.get_by_label("Theme").select_option("dark")
    await become(page, "staff", "Tom")
    await expect(page.get_by_label("Purpose")).to_be_hidden()
    await become(page, "staff", "Priya")
    await expect(page.get_by_label("Purpose")).to_have_value("Half a sen")


async def test_the_same_card_on_both_sides_keeps_its_choices_apart(bot: ScriptedBot, visit: Visit) -> None:
    """What I choose on the left does not change the right."""
    page = await visit(bot.teams.page_url)
    bot.posts(CHANNEL_ID, card=form())
    await become(page, "staff", "Ruth")
    await page.locator("#staff").get_by_role("tab", name="AI exception requests").click()
    for pane, choice in (("staff", "Business"), ("approvers", "Free")):
        await page.locator(f"#{pane}").get_by_role("radio", name=choice).check()
    await expect(page.locator("#staff").get_by_role("radio", name="Business")).to_be_checked()
    ids = await page.locator("[id]").evaluate_all("nodes => nodes.map(node => node.id)")
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (said("Only the two named posts may decide."), "Only the two named posts may decide."),
        (
            {"statusCode": 400, "type": "application/vnd.microsoft.error", "value": {"code": "x", "message": "No."}},
            "No.",
        ),
        ({}, "Unable to reach app. Please try again."),
    ],
)
async def test_what_the_bot_answers_stands_under_the_card(
    bot: ScriptedBot, visit: Visit, answer: Json, words: str
) -> None:
    """A message, an error or silence is shown where I pressed, and the card stays as it was."""
    bot.answers["form.send"] = answer
    page = await visit(bot.teams.page_url)
    bot.posts(PRIYA, card=form())
    await page.get_by_label("Purpose").fill("Drafts")
    await page.get_by_role("button", name="Send it").click()
    await expect(page.locator("#staff .outcome")).to_have_text(words)
    await expect(page.get_by_label("Purpose")).to_have_value("Drafts")


async def test_what_i_am_told_outlasts_the_next_card(bot: ScriptedBot, visit: Visit) -> None:
    """Another approver was faster: I read that nothing was changed, though the finished card takes its place."""
    told = "Nothing was changed: approved by Ruth."
    banner = {"type": "Container", "style": "warning", "items": [{"type": "TextBlock", "text": told}]}
    long = [{"type": "TextBlock", "text": f"Line {number}"} for number in range(60)]
    bot.answers["form.send"] = shown({**form(), "body": [banner, *long], "actions": []})
    page = await visit(bot.teams.page_url)
    waiting = form()
    post = bot.posts(CHANNEL_ID, card={**waiting, "body": [*long, *waiting["body"]]})
    await page.get_by_label("Purpose").fill("Drafts")
    await page.get_by_role("button", name="Send it").click()
    await expect(page.get_by_label("Purpose")).to_have_count(0)
    await expect(page.get_by_text(told)).to_be_in_viewport()
    await expect(page.get_by_text(told)).to_have_count(1)
    finished = {**form("Approved"), "actions": [], "body": [*form("Approved")["body"], *long]}
    attachment = {**post.activity["attachments"][0], "content": finished}
    bot.teams.world.update(post, {**post.activity, "attachments": [attachment]})
    await expect(page.get_by_role("heading", name="Approved")).to_be_in_viewport()
    await expect(page.get_by_text(told)).to_be_in_viewport()


async def test_an_approver_gets_their_own_view_by_refresh(bot: ScriptedBot, visit: Visit) -> None:
    """Martin's card refreshes by itself; Sam beside him sees the one for everybody."""
    bot.answers["decision.review"] = shown(form("For your decision"))
    refresh = {"action": {"type": "Action.Execute", "verb": "decision.review"}, "userIds": [MARTIN.teams_id]}
    page = await visit(bot.teams.page_url)
    bot.posts(CHANNEL_ID, card={**form("For everybody"), "actions": [], "refresh": refresh})
    await expect(page.locator("#approvers").get_by_role("heading", name="For your decision")).to_be_visible()
    await become(page, "approvers", "Sam")
    await expect(page.locator("#approvers").get_by_role("heading", name="For everybody")).to_be_visible()
    reviews = [heard for heard in bot.heard if heard["type"] == "invoke"]
    assert [heard["from"]["id"] for heard in reviews] == [MARTIN.teams_id]


async def test_a_changed_card_says_so(bot: ScriptedBot, visit: Visit) -> None:
    """When the bot edits a card, everybody sees the new one and the word Edited."""
    page = await visit(bot.teams.page_url)
    post = bot.posts(CHANNEL_ID, card=form("Waiting"))
    await expect(page.get_by_role("heading", name="Waiting")).to_be_visible()
    edited = {**post.activity, "attachments": [{**post.activity["attachments"][0], "content": form("Approved")}]}
    bot.teams.world.update(post, edited)
    await expect(page.get_by_role("heading", name="Approved")).to_be_visible()
    await expect(page.locator("#approvers .edited")).to_have_text("Edited")


async def test_people_answer_a_post_in_its_thread(bot: ScriptedBot, visit: Visit) -> None:
    """Reply keeps the conversation under the post, and a mention reaches the bot."""
    page = await visit(bot.teams.page_url)
    post = bot.posts(CHANNEL_ID, card=form())
    await page.get_by_role("button", name="Reply to AI Policy").click()
    await ask(page, "approvers", "I will look at it.")
    await expect(page.locator("#approvers .post")).to_have_count(1)
    await expect(page.locator("#approvers .post")).to_contain_text("I will look at it.")
    assert bot.heard[-1]["conversation"]["id"] == f"{CHANNEL_ID};messageid={post.id}"
    assert bot.heard[-1]["text"] == "<at>AI Policy</at> I will look at it."


async def test_a_tab_counts_what_came_meanwhile(bot: ScriptedBot, visit: Visit) -> None:
    """Martin looks at the channel; his own chat says that something new is there."""
    page = await visit(bot.teams.page_url)
    await expect(page.locator("#approvers [aria-selected=true]")).to_have_text("AI exception requests")
    bot.posts(MARTIN, text="Recorded.")
    chat = page.locator("#approvers").get_by_role("tab", name="Chat with AI Policy 1 new")
    await expect(chat).to_be_visible()
    await page.locator("#approvers [aria-selected=true]").press("ArrowLeft")
    await expect(page.get_by_text("Recorded.")).to_be_visible()
    await expect(page.locator("#approvers [aria-selected=true]")).to_be_focused()
    await expect(page.locator("#approvers .badge")).to_have_count(0)


async def test_the_app_is_added_and_removed(bot: ScriptedBot, visit: Visit) -> None:
    """Sam has no app until he adds it; the bot hears of both."""
    page = await visit(bot.teams.page_url)
    await become(page, "staff", SAM.name)
    await expect(page.get_by_text("Sam does not have the app.")).to_be_visible()
    await page.get_by_role("button", name="Add the app").click()
    await page.get_by_role("button", name="Remove the app").click()
    await expect(page.get_by_role("button", name="Add the app")).to_be_visible()
    assert [heard["action"] for heard in bot.heard if heard["type"] == "installationUpdate"] == ["add", "remove"]


async def test_a_card_that_teams_would_not_draw_is_not_drawn(bot: ScriptedBot, visit: Visit) -> None:
    """A card newer than version 1.5 shows its fallback text, as in a tenant."""
    page = await visit(bot.teams.page_url)
    bot.posts(PRIYA, card={**form(), "version": "1.6", "fallbackText": "Please use a newer Teams."})
    await expect(page.get_by_text("Please use a newer Teams.")).to_be_visible()
    await expect(page.get_by_label("Purpose")).to_have_count(0)


async def test_faults_are_switched_on_and_off(bot: ScriptedBot, visit: Visit) -> None:
    """The dialog says what each fault does, and what is on."""
    page = await visit(bot.teams.page_url)
    await page.get_by_role("button", name="Faults").click()
    await page.get_by_role("combobox", name="Fault").select_option(label="A late answer")
    await expect(page.locator("#faults .what")).to_contain_text("late")
    await page.get_by_label("How many times").fill("2")
    await page.get_by_role("button", name="Switch on").click()
    await expect(page.locator("#faults-on li")).to_contain_text("A late answer, 10 seconds, times: 2")
    assert [(fault.kind, fault.times) for fault in bot.teams.faults.active] == [("delay", 2)]
    await page.get_by_role("button", name="Remove A late answer").click()
    await expect(page.locator("#faults-on li")).to_have_text("Nothing: all goes well.")


async def test_the_clock_is_moved_forward(bot: ScriptedBot, visit: Visit) -> None:
    """An hour, a day and a month later, for the people as for the bot."""
    teams = bot.teams
    teams.clock.advance(datetime(2027, 1, 31, 9, 30, tzinfo=UTC) - teams.clock.now())
    page = await visit(teams.page_url)
    await expect(page.locator("#now")).to_contain_text("31 Jan 2027")
    for step, date in (
        ("An hour", "31 Jan 2027, 10:30"),
        ("A day", "1 Feb 2027, 10:30"),
        ("A month", "1 Mar 2027, 10:30"),
    ):
        await page.get_by_role("button", name=f"{step} later").click()
        await expect(page.locator("#now")).to_contain_text(date)
    assert teams.clock.now().date().isoformat() == "2027-03-01"


async def test_a_sample_card_says_what_it_would_send(bot: ScriptedBot, visit: Visit) -> None:
    """In the gallery every card is drawn, and its buttons send nothing."""
    page = await visit(f"{bot.teams.page_url}/page/gallery.html")
    cards = await page.locator(".sample .card").count()
    assert cards == await page.locator("#names a").count() > 0
    assert await page.locator(".sample .failed").count() == 0
    await page.locator("#welcome").get_by_role("button").first.click()
    await expect(page.locator("#sent")).to_contain_text("Would send")
    assert bot.heard == []


async def test_the_newest_is_in_view_unless_i_read_something_older(bot: ScriptedBot, visit: Visit) -> None:
    """The chat follows what is new; when I have scrolled up it stays where I read, and says that there is more."""
    page = await visit(bot.teams.page_url)
    for number in range(30):
        bot.posts(RUTH, text=f"Line {number}")
    await become(page, "staff", "Ruth")
    await expect(page.get_by_text("Line 29")).to_be_in_viewport()
    await page.locator("#staff .log:visible").evaluate("log => log.scrollTo({ top: 0, behavior: 'instant' })")
    bot.posts(RUTH, text="Line 30")
    await expect(page.get_by_text("Line 30")).to_have_count(1)
    await expect(page.get_by_text("Line 0", exact=True)).to_be_in_viewport()
    await page.get_by_role("button", name="New message").click()
    await expect(page.get_by_text("Line 30")).to_be_in_viewport()
    await expect(page.get_by_role("button", name="New message")).to_be_hidden()


async def test_what_i_caused_comes_into_view(bot: ScriptedBot, visit: Visit) -> None:
    """Wherever I was reading, I see the answer to what I ask and the form I press for; no pill stands in the way."""
    page = await visit(bot.teams.page_url)
    pill = page.get_by_role("button", name="New message")
    bot.replies["can i"] = ANSWER
    bot.replies["form.send"] = {"card": form("The form")}
    bot.answers["form.send"] = said("Here it is.")
    button = {"type": "Action.Execute", "title": "Ask for an exception", "verb": "form.send"}
    for number in range(30):
        bot.posts(PRIYA, text=f"Line {number}")
    bot.posts(PRIYA, card={"type": "AdaptiveCard", "version": "1.5", "body": [], "actions": [button]})
    for number in range(30, 60):
        bot.posts(PRIYA, text=f"Line {number}")
    await expect(page.get_by_text("Line 59")).to_be_in_viewport()
    await page.locator("#staff .log:visible").evaluate("log => log.scrollTo({ top: 0, behavior: 'instant' })")
    await ask(page, "staff", "can i")
    await expect(page.get_by_text("Personal data stays out")).to_be_in_viewport()
    await expect(pill).to_be_hidden()
    await page.get_by_role("button", name="Ask for an exception").click()
    await expect(page.get_by_role("heading", name="The form")).to_be_in_viewport()
    await expect(pill).to_be_hidden()
