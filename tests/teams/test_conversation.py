"""Turns over real HTTP: what Teams sends, what the use cases get, what goes back."""

import asyncio
from typing import Any

import pytest

from bot.ports import Citation, Message
from bot.teams import assistant
from bot.turns import Reply, TurnKind
from tests.teams.conftest import Bot
from tests.teams.loopback import ANNA, APP, MARTIN, Fault

BOT = f"28:{APP}"


def press(bot: Bot, **action: Any) -> dict[str, Any]:
    """Anna presses an Action.Execute."""
    value = {
        "action": {"type": "Action.Execute", "verb": "request.submit", "data": {"verb": "request.submit", "tool": "x"}}
        | action
    }
    return bot.teams.activity(
        type="invoke", name="adaptiveCard/action", id="f:1", replyToId="card-1", text=None, value=value
    )


async def test_a_question_is_answered_with_its_citation(bot: Bot) -> None:
    """Anna asks in her chat and gets the answer, cited, with thumbs and follow-ups; trap 11: citations survive."""
    bot.reply = Reply(
        messages=(
            Message(
                text="No.",
                citations=(Citation(name="3.2 Decisions", abstract="People decide."),),
                suggestions=("Why?",),
                feedback=True,
                summary="No.",
            ),
        )
    )
    assert await bot.post(bot.teams.activity()) == (200, None)
    (call,) = await bot.teams.sent()
    assert (call.method, call.path) == ("POST", "/v3/conversations/a%3Aanna/activities/1700000000001")
    assert call.token == "bot-token-1"
    assert call.body["text"] == "No. [1]"
    assert call.body["entities"][0]["citation"][0]["appearance"]["name"] == "3.2 Decisions"
    assert "additionalType" not in call.body["entities"][0]
    assert call.body["channelData"] == {"feedbackLoop": {"type": "default"}}
    assert call.body["suggestedActions"]["actions"] == [{"type": "imBack", "title": "Why?", "value": "Why?"}]


async def test_the_use_case_gets_a_plain_turn(bot: Bot) -> None:
    """Who said what, where, and under which id."""
    await bot.post(bot.teams.activity())
    (turn,) = bot.turns
    assert (turn.kind, turn.text, turn.object_id, turn.teams_id) == (
        TurnKind.MESSAGE,
        "what is the AI policy",
        ANNA,
        "29:anna",
    )
    assert turn.conversation.scope == "personal"
    assert turn.conversation.object_id == ANNA
    assert turn.conversation.service_url == bot.teams.url


async def test_a_pressed_card_is_replaced_in_the_answer(bot: Bot) -> None:
    """Traps 1 and 2: an Action.Execute answers with the new card as plain JSON, serialised once, status 200."""
    bot.reply = Reply(response=Message(card="receipt", data={"reference": "AI-2026-0001"}))
    status, body = await bot.post(press(bot))
    assert status == 200
    assert body == {
        "statusCode": 200,
        "type": "application/vnd.microsoft.card.adaptive",
        "value": {"type": "AdaptiveCard", "name": "receipt", "reference": "AI-2026-0001"},
    }
    assert (bot.turns[0].verb, bot.turns[0].data, bot.turns[0].card_id) == ("request.submit", {"tool": "x"}, "card-1")


async def test_a_pressed_card_may_be_answered_in_words(bot: Bot) -> None:
    """Trap 2: an answer of text does not crash."""
    bot.reply = Reply(response=Message(text="Only an approver may decide."))
    status, body = await bot.post(press(bot))
    assert (status, body["type"]) == (200, "application/vnd.microsoft.activity.message")
    assert body["value"] == "Only an approver may decide."


async def test_the_older_shape_of_a_press_gives_the_same_verb_and_data(bot: Bot) -> None:
    """An Action.Submit arrives as a message with a value; the pressed card is edited in place."""
    bot.reply = Reply(response=Message(card="receipt"))
    value = {"verb": "request.submit", "tool": "x", "msteams": {"type": "messageBack"}}
    await bot.post(bot.teams.activity(text=None, value=value, replyToId="card-1"))
    assert (bot.turns[0].kind, bot.turns[0].verb, bot.turns[0].data) == (
        TurnKind.ACTION,
        "request.submit",
        {"tool": "x"},
    )
    (call,) = await bot.teams.sent()
    assert (call.method, call.path) == ("PUT", "/v3/conversations/a%3Aanna/activities/card-1")
    assert call.body["attachments"][0]["content"]["name"] == "receipt"


async def test_a_slow_edit_does_not_hold_up_the_older_shape_of_a_press(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Teams repeats a turn that takes long; so it is acknowledged, and the edit goes on beside it."""
    monkeypatch.setattr(assistant, "PATIENCE", 0.01)
    bot.reply = Reply(response=Message(card="receipt"), messages=(Message(text="Next, ..."),))
    gate = bot.teams.hold_next()
    press = bot.post(bot.teams.activity(text=None, value={"verb": "request.submit"}, replyToId="card-1"))
    assert await asyncio.wait_for(press, 5) == (200, None)
    assert bot.teams.calls == []
    gate.open.set()
    assert [call.method for call in await bot.teams.sent(2)] == ["PUT", "POST"]


async def test_a_card_that_cannot_be_drawn_is_told_in_the_chat(bot: Bot) -> None:
    """A fault of ours in one card gets a sentence, not silence."""
    bot.reply = Reply(response=Message(card="receipt", data={"type": object()}))
    press = bot.teams.activity(text=None, value={"verb": "request.submit"}, replyToId="card-1")
    assert await bot.post(press) == (200, None)
    assert "Please try again" in (await bot.teams.sent())[0].body["text"]


async def test_a_card_that_is_gone_is_sent_anew(bot: Bot) -> None:
    """The pressed card was deleted: the receipt comes as a new message."""
    bot.teams.faults = [Fault(404, {"error": {"code": "ActivityNotFoundInConversation"}})]
    bot.reply = Reply(response=Message(card="receipt"))
    await bot.post(bot.teams.activity(text=None, value={"verb": "request.submit"}, replyToId="card-1"))
    assert [call.method for call in await bot.teams.sent(2)] == ["PUT", "POST"]


async def test_words_answer_the_older_shape_as_a_message(bot: Bot) -> None:
    """A refusal in words does not replace the card."""
    bot.reply = Reply(response=Message(text="Only an approver may decide."))
    await bot.post(bot.teams.activity(text=None, value={"verb": "decision.approve"}, replyToId="card-1"))
    (call,) = await bot.teams.sent()
    assert (call.method, call.body["text"]) == ("POST", "Only an approver may decide.")


async def test_a_thumb_is_thanked_with_an_empty_object(bot: Bot) -> None:
    """Trap 14: feedback gets 200 and {}, not 501; its words and the rated message reach the use case."""
    value = {"actionName": "feedback", "actionValue": {"reaction": "like", "feedback": '{"feedbackText":"ta"}'}}
    activity = bot.teams.activity(type="invoke", name="message/submitAction", replyToId="said-1", value=value)
    assert await bot.post(activity) == (200, {})
    (turn,) = bot.turns
    assert (turn.kind, turn.card_id) == (TurnKind.FEEDBACK, "said-1")
    assert turn.data == {"reaction": "like", "feedback": '{"feedbackText":"ta"}'}


async def test_a_refresh_is_marked_as_automatic(bot: Bot) -> None:
    """Nobody pressed: Teams refreshed the card by itself."""
    activity = press(bot)
    activity["value"]["trigger"] = "automatic"
    await bot.post(activity)
    assert bot.turns[0].automatic


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"type": "installationUpdate", "action": "add"}, TurnKind.INSTALLED),
        ({"type": "installationUpdate", "action": "add-upgrade"}, TurnKind.INSTALLED),
        ({"type": "installationUpdate", "action": "remove"}, TurnKind.UNINSTALLED),
        ({"type": "conversationUpdate", "membersAdded": [{"id": "29:x"}, {"id": BOT}]}, TurnKind.INSTALLED),
        ({"type": "conversationUpdate", "membersRemoved": [{"id": BOT}]}, TurnKind.UNINSTALLED),
    ],
)
async def test_coming_and_going(bot: Bot, changes: dict[str, Any], kind: TurnKind) -> None:
    """The app was added or removed; the welcome goes out."""
    bot.reply = Reply(messages=(Message(text="Hello."),))
    assert await bot.post(bot.teams.activity(text=None, **changes)) == (200, None)
    assert [turn.kind for turn in bot.turns] == [kind]
    assert (await bot.teams.sent())[0].path == "/v3/conversations/a%3Aanna/activities"


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "typing"},
        {"type": "messageReaction", "reactionsAdded": [{"type": "like"}]},
        {"type": "messageUpdate"},
        {"type": "messageDelete"},
        {"type": "event", "name": "application/vnd.microsoft.readReceipt"},
        {"type": "endOfConversation"},
        {"type": "conversationUpdate"},
        {"type": "conversationUpdate", "membersAdded": [{"id": "29:x"}]},
        {"type": "conversationUpdate", "channelData": {"tenant": {"id": "TENANT"}, "eventType": "channelRenamed"}},
        {"type": "installationUpdate", "action": "paused"},
        {"type": "somethingNew"},
    ],
)
async def test_what_asks_for_nothing_is_ignored(bot: Bot, changes: dict[str, Any]) -> None:
    """A silent 200, nothing done; trap 13: nobody who joins is looked up inside the turn."""
    activity = bot.teams.activity(**changes)
    activity["channelData"] = bot.teams.activity()["channelData"]
    assert await bot.post(activity) == (200, None)
    assert (bot.turns, bot.teams.calls) == ([], [])


@pytest.mark.parametrize("name", ["task/fetch", "composeExtension/query", "signin/verifyState", None])
async def test_an_unknown_invoke_gets_an_empty_object(bot: Bot, name: str | None) -> None:
    """Teams repeats an invoke whose answer has no body, so there always is one."""
    assert await bot.post(bot.teams.activity(type="invoke", name=name)) == (200, {})
    assert bot.turns == []


@pytest.mark.parametrize("value", [None, [], "x", {}, {"action": None}, {"action": {"verb": 7, "data": []}}])
async def test_a_press_without_sense_still_has_a_body(bot: Bot, value: object) -> None:
    """Whatever a card sent, the use case gets a Turn and Teams an answer."""
    activity = press(bot)
    activity["value"] = value
    status, body = await bot.post(activity)
    assert (status, body["statusCode"]) == (200, 200)
    assert (bot.turns[0].verb, bot.turns[0].data) == ("", {})


async def test_a_failing_use_case_is_told_in_the_answer(bot: Bot) -> None:
    """A press during a fault of ours: 200 with an error body that says nothing was changed, never a 5xx."""
    bot.error = RuntimeError("boom")
    status, body = await bot.post(press(bot))
    assert (status, body["statusCode"], body["type"]) == (200, 500, "application/vnd.microsoft.error")
    assert "nothing was changed" in body["value"]["message"]


async def test_a_failing_use_case_is_told_in_the_chat(bot: Bot) -> None:
    """A question during a fault of ours gets a sentence, not silence."""
    bot.error = RuntimeError("boom")
    assert await bot.post(bot.teams.activity()) == (200, None)
    assert "Please try again" in (await bot.teams.sent())[0].body["text"]


async def test_a_failing_thumb_stays_an_empty_object(bot: Bot) -> None:
    """The thumb is lost, but Teams does not repeat it."""
    bot.error = RuntimeError("boom")
    assert await bot.post(bot.teams.activity(type="invoke", name="message/submitAction")) == (200, {})


@pytest.mark.parametrize(("faults", "calls"), [((503, 429), 3), ((503, 429, 502), 3), ((403,), 1), ((500,), 1)])
async def test_a_refused_reply_is_repeated_where_that_may_help(
    bot: Bot, monkeypatch: pytest.MonkeyPatch, faults: tuple[int, ...], calls: int
) -> None:
    """The Connector is ill: the question is acknowledged all the same, and the answer tried twice more at most."""
    monkeypatch.setattr(assistant, "PAUSES", (0.0, 0.0))
    bot.teams.faults = [Fault(status) for status in faults]
    bot.reply = Reply(messages=(Message(text="No."),))
    assert await bot.post(bot.teams.activity()) == (200, None)
    await bot.client.close()
    assert len(bot.teams.calls) == calls


async def test_a_mention_is_cut_out_once(bot: Bot) -> None:
    """Trap 12: "AI Policy" keeps its question about the AI policy."""
    mention = {"type": "mention", "text": "<at>AI Policy</at>", "mentioned": {"id": BOT, "name": "AI Policy"}}
    conversation = {"id": "19:x@thread.tacv2;messageid=1", "conversationType": "channel", "isGroup": True}
    text = "<at>AI Policy</at>&nbsp;what is the AI Policy, not <at>AI Policy</at>\n"
    tenant = bot.teams.activity()["conversation"]["tenantId"]
    activity = bot.teams.activity(text=text, entities=[mention], conversation={**conversation, "tenantId": tenant})
    bot.reply = Reply(messages=(Message(text="It is ...", suggestions=("Why?",)),))
    await bot.post(activity)
    assert bot.turns[0].text == "what is the AI Policy, not <at>AI Policy</at>"
    assert (bot.turns[0].conversation.scope, bot.turns[0].conversation.object_id) == ("channel", "")
    (call,) = await bot.teams.sent()
    assert call.path.startswith("/v3/conversations/19%3Ax%40thread.tacv2%3Bmessageid%3D1/activities/")
    assert "suggestedActions" not in call.body


async def test_another_persons_mention_stays(bot: Bot) -> None:
    """Only the bot's own mention is cut out."""
    mention = {"type": "mention", "text": "<at>Martin</at>", "mentioned": {"id": "29:martin"}}
    await bot.post(bot.teams.activity(text="ask <at>Martin</at>", entities=[mention, None, {"type": "clientInfo"}]))
    assert bot.turns[0].text == "ask <at>Martin</at>"


@pytest.mark.parametrize("text", ["", None, "  \n", "&nbsp;"])
async def test_empty_text_is_a_message_without_words(bot: Bot, text: str | None) -> None:
    """An attachment, a mention alone, nothing: the use case may answer kindly."""
    await bot.post(bot.teams.activity(text=text, attachments=[{"contentType": "image/png"}]))
    assert (bot.turns[0].kind, bot.turns[0].text) == (TurnKind.MESSAGE, "")


async def test_a_guest_without_object_id_has_an_empty_one(bot: Bot) -> None:
    """The actor is the Entra object id; where Teams gives none, there is no actor."""
    await bot.post(bot.teams.activity(**{"from": {"id": "29:guest", "name": "Gast"}}))
    assert (bot.turns[0].object_id, bot.turns[0].teams_id) == ("", "29:guest")


async def test_the_refreshing_card_names_the_approvers_teams_ids(bot: Bot) -> None:
    """`refresh.userIds` takes 29: ids, which come from the channel's members; who is not there is left out."""
    bot.teams.members = [{"id": "29:martin", "aadObjectId": MARTIN, "name": "Martin"}]
    bot.reply = Reply(response=Message(card="review", refresh_for=(MARTIN, ANNA)))
    _, body = await bot.post(press(bot))
    assert body["value"]["refresh"] == ["29:martin"]


async def test_one_login_serves_many_turns(bot: Bot) -> None:
    """Trap 3: one cached credential for the process, not one a turn."""
    bot.reply = Reply(messages=(Message(text="No."),))
    for _ in range(5):
        await bot.post(bot.teams.activity())
    assert len(await bot.teams.sent(5)) == 5
    assert len(bot.teams.logins) == 1


async def test_talk_in_a_channel_that_is_not_to_the_bot_is_left_alone(bot: Bot) -> None:
    """Where a team lets bots read along, only what mentions the bot is answered."""
    tenant = bot.teams.activity()["conversation"]["tenantId"]
    channel = {"id": "19:x@thread.tacv2;messageid=1", "conversationType": "channel", "tenantId": tenant}
    assert await bot.post(bot.teams.activity(text="anybody for lunch?", conversation=channel)) == (200, None)
    assert bot.turns == []


async def test_a_lasting_answer_also_edits_the_pressed_card(bot: Bot) -> None:
    """Teams shows a card from its beginning when the chat is opened again; an edit makes the new step stay."""
    bot.reply = Reply(response=Message(card="form-about", summary="Step 1"), lasting=True)
    _, body = await bot.post(press(bot))
    (call,) = await bot.teams.sent()
    assert (call.method, call.path) == ("PUT", "/v3/conversations/a%3Aanna/activities/card-1")
    assert call.body["attachments"][0]["content"] == body["value"]


async def test_an_answer_whose_id_is_unknown_is_not_remembered(bot: Bot) -> None:
    """Teams took it and gave no id: a thumb on anything else must not be taken for one on this answer."""
    told: list[str] = []
    bot.reply = Reply(messages=(Message(text="No."),), on_sent=told.append)
    bot.teams.faults = [Fault(201, {})]
    await bot.post(bot.teams.activity(id="1"))
    await bot.post(bot.teams.activity(id="2"))
    assert told == ["sent-2"]
