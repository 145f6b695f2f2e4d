"""What people do in Teams reaches the bot as the real one sends it, and shows as the real one shows it."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from bot.rehearsal import Rehearsal
from bot.rehearsal.answers import read_card_action, read_feedback
from bot.rehearsal.people import ALEX, CHANNEL_ID, JEAN, MARTIN, PRIYA, RUTH, SAM, TEAM_ID, TENANT_ID, TOM, crowd
from tests.stand_in import EMPTY, Json, StandIn, answering, card, carded, replaced_by, stand_in, text_block


@pytest.fixture
async def bot(teams: Rehearsal) -> AsyncIterator[StandIn]:
    """A stand-in bot that the rehearsal talks to."""
    async with stand_in(teams) as standing:
        yield standing


BACK = {"type": "messageBack", "text": "status", "displayText": "My status", "value": {"n": 1}}
FORM = card(
    {"type": "Input.Text", "id": "tool", "isRequired": True, "errorMessage": "Name the tool"},
    {"type": "Input.Toggle", "id": "agree", "title": "I agree"},
    {"type": "Input.ChoiceSet", "id": "plan", "choices": [{"title": "Free", "value": "free"}]},
    actions=[
        {"type": "Action.Execute", "title": "Send", "verb": "request.submit", "data": {"form": "f1"}},
        {"type": "Action.Submit", "title": "Say hello", "data": {"msteams": {"type": "imBack", "value": "hello"}}},
        {"type": "Action.Submit", "title": "Old client", "data": {"verb": "request.submit", "msteams": {}}},
        {
            "type": "Action.Submit",
            "title": "Back",
            "data": {
                "msteams": {"type": "messageBack", "text": "status", "displayText": "My status", "value": {"n": 1}}
            },
        },
        {
            "type": "Action.ShowCard",
            "title": "More",
            "card": card(
                {"type": "Input.Text", "id": "reason"},
                actions=[{"type": "Action.Execute", "title": "No", "verb": "no"}],
            ),
        },
    ],
)


async def test_a_message_carries_what_teams_puts_on_it(teams: Rehearsal, bot: StandIn) -> None:
    """Priya's question comes with her Entra id, her chat, the tenant and the bot as recipient, under a real token."""
    result = await teams.say(PRIYA, "May I use ChatGPT?")
    heard = bot.heard[0]
    assert result.ok
    assert heard["text"] == "May I use ChatGPT?"
    assert heard["from"] == {"id": PRIYA.teams_id, "name": "Priya Shah", "aadObjectId": PRIYA.object_id}
    assert heard["conversation"] == {"id": PRIYA.chat_id, "conversationType": "personal", "tenantId": TENANT_ID}
    assert heard["channelData"]["tenant"]["id"] == TENANT_ID
    assert heard["recipient"]["id"] == f"28:{teams.app_id}"
    assert heard["attachments"][0]["contentType"] == "text/html"
    assert [(seen.text, seen.mine) for seen in teams.chat(PRIYA)] == [("May I use ChatGPT?", True)]
    assert teams.chat(TOM) == []


async def test_a_channel_post_reaches_the_bot_only_when_it_is_mentioned(teams: Rehearsal, bot: StandIn) -> None:
    """Sam's mention opens a thread; his remark without one stays between people."""
    await teams.say(SAM, "lunch?", "channel", mention=False)
    assert bot.heard == []
    result = await teams.say(SAM, "what is allowed?", "channel")
    heard = bot.heard[0]
    assert heard["conversation"]["id"] == f"{CHANNEL_ID};messageid={result.activity}"
    assert heard["conversation"]["conversationType"] == "channel"
    assert heard["channelData"]["team"]["id"] == TEAM_ID
    assert heard["text"] == "<at>AI Policy</at> what is allowed?"
    assert heard["entities"][0]["mentioned"]["id"] == f"28:{teams.app_id}"
    await teams.say(RUTH, "and for me?", teams.channel(RUTH)[-1])
    assert bot.heard[1]["conversation"]["id"] == heard["conversation"]["id"]
    assert teams.channel(MARTIN)[-1].thread == result.activity
    assert teams.channel(PRIYA) == []


async def test_a_guest_comes_without_an_object_id(teams: Rehearsal, bot: StandIn) -> None:
    """Alex is known to Teams but not to the council's directory."""
    await teams.say(ALEX, "hello", "channel")
    assert bot.heard[0]["from"] == {"id": ALEX.teams_id, "name": "Alex Grant"}


async def test_pressing_sends_verb_data_and_every_input(teams: Rehearsal, bot: StandIn) -> None:
    """The invoke holds what was typed, an untouched toggle as "false" and no choice that was not made."""
    bot.answer = answering(replaced_by(card(text_block("Received"))))
    await bot.show(PRIYA.chat_id, FORM)
    result = await teams.press(PRIYA, teams.card(PRIYA), "Send", tool="ChatGPT")
    invoke = bot.heard[0]
    assert (invoke["type"], invoke["name"]) == ("invoke", "adaptiveCard/action")
    assert invoke["value"] == {
        "action": {
            "type": "Action.Execute",
            "title": "Send",
            "verb": "request.submit",
            "data": {"form": "f1", "tool": "ChatGPT", "agree": "false"},
        },
        "trigger": "manual",
    }
    assert invoke["replyToId"] == teams.chat(PRIYA)[0].id
    assert (result.shown, teams.chat(PRIYA)[0].words, teams.chat(PRIYA)[0].view) == ("card", "Received", "own")


async def test_a_press_tells_the_warning_on_its_card(teams: Rehearsal, bot: StandIn) -> None:
    """Words at the top of the card that answers come along with it: its owner may lose sight of the card."""
    warning = {"type": "Container", "style": "warning", "items": [text_block("Nothing was changed.")]}
    await bot.show(PRIYA.chat_id, FORM)
    for answer, words in ((card(warning, text_block("More")), "Nothing was changed."), (card(text_block("More")), "")):
        bot.answer = answering(replaced_by(answer))
        result = await teams.act(PRIYA, teams.chat(PRIYA)[0], {"type": "Action.Execute", "verb": "go"}, {})
        assert (result.shown, result.text) == ("card", words)


async def test_what_the_client_refuses_never_reaches_the_bot(teams: Rehearsal, bot: StandIn) -> None:
    """A required field left empty shows its message; a button that is not there cannot be pressed."""
    await bot.show(PRIYA.chat_id, FORM)
    result = await teams.press(PRIYA, teams.card(PRIYA), "Send")
    assert (result.shown, result.text) == ("invalid", "Name the tool")
    with pytest.raises(LookupError, match="Priya sees no button 'Approve'"):
        await teams.press(PRIYA, teams.card(PRIYA), "Approve")
    with pytest.raises(LookupError, match="no input \\['colour'\\]"):
        await teams.press(PRIYA, teams.card(PRIYA), "Send", tool="x", colour="red")
    assert bot.heard == []


async def test_a_show_card_sends_its_own_inputs_and_those_around_it(teams: Rehearsal, bot: StandIn) -> None:
    """The button inside brings the reason as well as the form's fields."""
    bot.answer = answering({"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": "Done"})
    await bot.show(PRIYA.chat_id, FORM)
    result = await teams.press(PRIYA, teams.card(PRIYA), "no", reason="too dear", tool="x")
    assert bot.heard[0]["value"]["action"]["data"] == {"tool": "x", "agree": "false", "reason": "too dear"}
    assert (result.shown, result.text) == ("message", "Done")


async def test_submit_actions_arrive_as_messages(teams: Rehearsal, bot: StandIn) -> None:
    """imBack says a text, messageBack says one and sends another, a plain submit sends only values."""
    await bot.show(PRIYA.chat_id, FORM)
    seen = teams.card(PRIYA)
    await teams.press(PRIYA, seen, "Say hello", tool="x")
    await teams.press(PRIYA, seen, "Back", tool="x")
    await teams.press(PRIYA, seen, "Old client", tool="x")
    hello, back, old = bot.heard
    assert hello["text"] == "hello"
    assert (back["text"], back["value"]) == ("status", {"n": 1})
    assert old["value"] == {"verb": "request.submit", "tool": "x", "agree": "false"}
    assert "text" not in old
    assert [seen.text for seen in teams.chat(PRIYA)][1:] == ["hello", "My status"]


def refreshing(*people: str) -> Json:
    """A card that those people's Teams refreshes."""
    action = {"type": "Action.Execute", "verb": "request.review", "data": {"reference": "AI-1"}}
    return card(text_block("For everybody"), refresh={"action": action, "userIds": list(people)})


async def test_a_card_refreshes_for_those_it_names_until_it_is_updated(teams: Rehearsal, bot: StandIn) -> None:
    """Martin gets his own view, Sam does not; after an edit by the bot Martin's view is due again."""
    bot.answer = answering(replaced_by(card(text_block("For Martin"))))
    content = carded(refreshing(MARTIN.teams_id))
    await bot.call("POST", f"/{CHANNEL_ID}/activities", content)
    post = teams.channel(MARTIN)[0]
    assert (post.refresh_due, teams.channel(SAM)[0].refresh_due) == (True, False)
    await teams.refresh(MARTIN, post)
    await teams.refresh(SAM, post)
    assert [heard["value"]["trigger"] for heard in bot.heard] == ["automatic"]
    assert (teams.channel(MARTIN)[0].words, teams.channel(SAM)[0].words) == ("For Martin", "For everybody")
    assert not teams.channel(MARTIN)[0].refresh_due
    await bot.call("PUT", f"/{CHANNEL_ID}/activities/{post.id}", content)
    again = teams.channel(MARTIN)[0]
    assert (again.words, again.refresh_due, again.edited) == ("For everybody", True, True)


async def test_a_refresh_that_fails_leaves_the_card_alone(teams: Rehearsal, bot: StandIn) -> None:
    """No error is shown and Teams does not ask again before the next update."""
    bot.answer = answering(EMPTY)
    await bot.call("POST", f"/{CHANNEL_ID}/activities", carded(refreshing(MARTIN.teams_id)))
    result = await teams.refresh(MARTIN, teams.channel(MARTIN)[0])
    seen = teams.channel(MARTIN)[0]
    assert (result.shown, seen.words, seen.refresh_due) == ("none", "For everybody", False)


async def test_thumbs_edits_reactions_and_deletes_reach_the_bot(teams: Rehearsal, bot: StandIn) -> None:
    """Each arrives under its own name and stays visible in the chat."""
    await bot.say(PRIYA.chat_id, "Only Copilot (4.2).", channelData={"feedbackLoop": {"type": "default"}})
    answer = teams.chat(PRIYA)[0]
    assert answer.feedback == {"mine": None, "text": ""}
    await teams.thumb(PRIYA, answer, "dislike", 'too "short"')
    await teams.react(PRIYA, answer, "heart")
    said = await teams.say(PRIYA, "helo")
    mine = teams.chat(PRIYA)[-1]
    await teams.edit(PRIYA, mine, "hello")
    await teams.delete(PRIYA, mine)
    feedback, heart, _, edit, delete = bot.heard
    assert feedback["name"] == "message/submitAction"
    assert feedback["value"]["actionValue"] == {
        "reaction": "dislike",
        "feedback": '{"feedbackText": "too \\"short\\""}',
    }
    assert heart["reactionsAdded"] == [{"type": "heart"}]
    assert (edit["type"], edit["id"], edit["text"]) == ("messageUpdate", said.activity, "hello")
    assert (delete["type"], delete["channelData"]["eventType"]) == ("messageDelete", "softDeleteMessage")
    shown = teams.chat(PRIYA)
    assert shown[0].feedback == {"mine": "dislike", "text": 'too "short"'}
    assert shown[0].reactions == [{"type": "heart", "by": ["Priya"]}]
    assert (shown[1].deleted, shown[1].text) == (True, "")
    with pytest.raises(PermissionError):
        await teams.edit(PRIYA, shown[0], "Everything is allowed")


async def test_installing_and_removing_tell_the_bot(teams: Rehearsal, bot: StandIn) -> None:
    """Sam adds the app, writes to it and takes it away; the team does the same."""
    await teams.install(SAM)
    await teams.uninstall(SAM)
    await teams.team(RUTH)
    kinds = [(heard["type"], heard.get("action")) for heard in bot.heard]
    assert kinds == [
        ("installationUpdate", "add"),
        ("conversationUpdate", None),
        ("installationUpdate", "remove"),
        ("installationUpdate", "add"),
        ("conversationUpdate", None),
    ]
    assert bot.heard[1]["membersAdded"] == [teams.wire.bot]
    assert bot.heard[4]["channelData"]["eventType"] == "teamMemberAdded"


@pytest.mark.parametrize(
    "body",
    [
        EMPTY,
        {},
        [],
        {"statusCode": 200, "type": "application/vnd.microsoft.card.adaptive", "value": "text"},
        {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": {}},
        {"statusCode": 500, "type": "application/vnd.microsoft.error", "value": None},
        {"statusCode": "200", "type": "application/vnd.microsoft.card.adaptive", "value": {"type": "AdaptiveCard"}},
    ],
)
async def test_a_malformed_answer_shows_that_the_app_was_not_reached(
    teams: Rehearsal, bot: StandIn, body: object
) -> None:
    """Whatever is not a card, a message or an error of the right shape is none."""
    bot.answer = answering(body)
    await bot.show(JEAN.chat_id, FORM)
    result = await teams.press(JEAN, teams.card(JEAN), "Send", tool="x")
    assert (result.ok, result.shown) == (False, "unreachable")
    assert teams.chat(JEAN)[0].view == "base"


def test_an_invoke_wants_status_200() -> None:
    """A well-formed body under a 500 counts for nothing, for a card as for a thumb."""
    body = json.dumps(replaced_by(card()))
    assert read_card_action(200, body).shown == "card"
    assert read_card_action(500, body).shown == read_card_action(200, "<html>").shown == "unreachable"
    assert read_feedback(200, "{}").ok
    assert read_feedback(501, "{}").shown == read_feedback(200, "").shown == "unreachable"


async def test_an_error_shows_the_bots_words(teams: Rehearsal, bot: StandIn) -> None:
    """A refusal in the right shape is shown, and the card stays."""
    value = {"code": "403", "message": "Only the two posts may decide."}
    bot.answer = answering({"statusCode": 403, "type": "application/vnd.microsoft.error", "value": value})
    await bot.show(JEAN.chat_id, FORM)
    result = await teams.press(JEAN, teams.card(JEAN), "Send", tool="x")
    assert (result.shown, result.text) == ("error", "Only the two posts may decide.")


async def test_a_bot_that_is_not_there_is_unreachable(teams: Rehearsal) -> None:
    """Nothing listens: the press says so, the message stays unanswered."""
    assert (await teams.say(PRIYA, "hello")).status == 0


async def test_a_forged_activity_can_be_sent(teams: Rehearsal, bot: StandIn) -> None:
    """Tests change any field, or sign with any token; the stand-in refuses what is not genuine."""
    activity = teams.wire.message(PRIYA, teams.place(PRIYA), teams.clock.now(), "hi", mention=False)
    assert (await teams.send({**activity, "id": "same"})).status == 200
    wrong = teams.keys.token(teams.wire.service_url, aud="somebody else")
    assert (await teams.courier.post(activity, wrong))[0] == 401
    assert (await teams.courier.post(activity, None))[0] == 401
    assert (await teams.courier.post(activity, teams.keys.token("https://elsewhere.example/")))[0] == 403


async def test_a_crowd_can_play() -> None:
    """Two hundred people write at once, each in their own chat."""
    people = crowd(200)
    async with Rehearsal(people=people) as teams, stand_in(teams) as bot:
        results = await asyncio.gather(*(teams.say(person, "hello") for person in people))
        assert all(result.ok for result in results)
        assert len({heard["from"]["aadObjectId"] for heard in bot.heard}) == 200
        assert all(len(teams.chat(person)) == 1 for person in people)
