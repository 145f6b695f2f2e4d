"""Whatever arrives, the bot answers kindly or not at all, never with a 5xx, and nothing changes."""

import json
from typing import Any

import pytest

from bot.rehearsal.people import ALEX, PRIYA, SAM, TOM
from tests.journeys.conftest import Council

Json = dict[str, Any]


def message(council: Council, **changed: object) -> Json:
    """A message of Priya's with some fields changed; None leaves a field out."""
    place = council.teams.place(PRIYA, "personal")
    activity = council.teams.wire.message(PRIYA, place, council.teams.clock.now(), "hello", False)
    return {key: value for key, value in {**activity, "id": "m-1", **changed}.items() if value is not None}


@pytest.mark.parametrize(
    "changed",
    [
        {"text": ""},
        {"text": "   \n\t "},
        {"text": None},
        {"text": "<at>AI Policy</at>"},
        {"text": "\u202e\u200b what \U0001f916 is this"},
        {"text": "can i use chatgpt? " * 1500},
        {"text": "[" * 3000 + "${x}{{DATE()}}" + "]" * 3000},
        {"text": None, "attachments": [{"contentType": "image/png", "contentUrl": "https://example.org/x.png"}]},
        {"type": "messageReaction", "text": None, "reactionsAdded": [{"type": "like"}], "replyToId": "1"},
        {"type": "messageUpdate", "channelData": {"eventType": "editMessage"}},
        {"type": "messageDelete", "channelData": {"eventType": "softDeleteMessage"}},
        {"type": "typing", "text": None},
        {"type": "event", "name": "application/vnd.microsoft.meetingStart", "text": None},
        {"type": "endOfConversation", "text": None},
        {"type": "somethingNew", "text": None},
        {"value": {"verb": "request.delete", "reference": 7}},
        {"value": {"verb": ["a"], "nested": {"deep": [1, 2, {"x": None}]}}},
        {"value": {}},
        {"entities": [{"type": "mention"}, {"type": "clientInfo", "locale": "xx"}], "locale": "xx-XX"},
    ],
    ids=str,
)
async def test_odd_messages_are_taken(council: Council, changed: Json) -> None:
    """Empty, enormous, strange and new kinds of activity: 200, and the store holds no request."""
    tenant = message(council)["channelData"]
    if "channelData" in changed:
        changed = changed | {"channelData": tenant | changed["channelData"]}
    result = await council.teams.send(message(council, **changed))
    assert result.status == 200
    assert (await council.ask(PRIYA, "my requests")).words.count("AI-20") == 0


@pytest.mark.parametrize("text", ["", "<at>AI Policy</at>"])
async def test_a_message_without_words_gets_help(council: Council, text: str) -> None:
    """Only a mention, or nothing: the bot says what it can do."""
    await council.teams.send(message(council, text=text))
    await council.teams.world.until(lambda: council.teams.chat(PRIYA)[-1].by_bot)
    assert "AI policy" in council.teams.chat(PRIYA)[-1].words


@pytest.mark.parametrize(
    "invoke",
    [
        {"name": "composeExtension/query", "value": {}},
        {"name": "task/fetch", "value": {"data": {}}},
        {"name": "signin/verifyState", "value": {"state": "1"}},
        {"name": "adaptiveCard/action", "value": None},
        {"name": "adaptiveCard/action", "value": {"action": "x"}},
        {"name": "adaptiveCard/action", "value": {"action": {"verb": 1, "data": []}}},
        {
            "name": "adaptiveCard/action",
            "value": {"action": {"type": "Action.Execute", "verb": "form.next", "data": {}}},
        },
        {"name": "message/submitAction", "value": {"actionName": "feedback", "actionValue": {"reaction": "angry"}}},
        {"name": None},
    ],
    ids=str,
)
async def test_unknown_and_malformed_invokes_get_a_well_formed_body(council: Council, invoke: Json) -> None:
    """Every invoke is answered with 200 and a JSON object."""
    result = await council.teams.send(message(council, type="invoke", text=None, **invoke))
    assert result.status == 200
    assert isinstance(json.loads(result.body), dict)


async def test_a_question_from_a_guest_is_answered(council: Council) -> None:
    """Somebody without an object id may ask; a request needs somebody who can be held to it."""
    await council.teams.install(ALEX)
    assert "Microsoft Copilot" in (await council.ask(ALEX, "which ai tools are allowed?")).words
    assert "Entra object id" in (await council.ask(ALEX, "request an exception")).words


async def test_another_tenant_is_turned_away_and_audited(council: Council) -> None:
    """A valid token with another council's tenant: 403, no answer, one line in the audit."""
    activity = message(council)
    activity["conversation"]["tenantId"] = activity["channelData"]["tenant"]["id"] = (
        "11111111-1111-4111-8111-111111111111"
    )
    result = await council.teams.send(activity)
    assert result.status == 403
    assert [(name, facts["reason"]) for name, _, facts in council.audit()] == [("activity.refused", "other_tenant")]


async def test_an_old_form_cannot_be_sent_again(council: Council) -> None:
    """The same form pressed again after the receipt answers with the same receipt; a thrown-away one says so."""
    reference = await council.file(PRIYA)
    await council.ask(PRIYA, "request an exception")
    form = await council.card(PRIYA, "Step 1")
    await council.teams.press(PRIYA, form, "form.discard")
    gone = {"type": "Action.Execute", "verb": "request.submit", "data": form_data(form.card)}
    assert "thrown away" in (await council.teams.act(PRIYA, form, gone, {})).text
    listed = await council.ask(PRIYA, "my requests")
    assert listed.words.count("AI-20") == listed.words.count(reference)


def form_data(card: Json | None) -> Json:
    """The data a form's buttons carry."""
    assert card
    data: Json = next(action["data"] for action in card["actions"] if action.get("verb") == "form.next")
    return data


async def test_somebody_else_s_request_stays_theirs(council: Council) -> None:
    """Tom presses Priya's buttons from his own chat: told, audited, unchanged."""
    reference = await council.file(PRIYA)
    await council.ask(TOM, "my requests")
    card = council.teams.card(TOM)
    for verb in ("request.show", "request.withdraw", "request.copy", "acceptance.accept"):
        action = {"type": "Action.Execute", "verb": verb, "data": {"reference": reference}}
        assert "somebody else's request" in (await council.teams.act(TOM, card, action, {})).text
    assert council.refusals(TOM) == ["not_requester"] * 4
    assert "Waiting for a decision" in (await council.card(SAM, reference, "channel")).words


async def test_an_unknown_verb_is_audited_without_its_words(council: Council) -> None:
    """A card of somebody's own making may say anything, at any length; the audit keeps none of it."""
    verb = "call me on 020 7946 0000 " * 8000
    pressed = {"name": "adaptiveCard/action", "value": {"action": {"type": "Action.Execute", "verb": verb, "data": {}}}}
    assert (await council.teams.send(message(council, type="invoke", text=None, **pressed))).status == 200
    ((_, _, facts),) = council.audit()
    assert (facts["verb"], facts["reason"]) == ("unknown", "unknown_verb")
