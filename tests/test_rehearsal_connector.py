"""The Connector takes, refuses and loses what a bot sends, as the real one does."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.rehearsal import Rehearsal
from bot.rehearsal.people import ALEX, CHANNEL_ID, MARTIN, PRIYA, RUTH, SAM, TEAM_ID, TENANT_ID, TOM, Person
from tests.stand_in import Json, StandIn, card, carded, stand_in, text_block


@pytest.fixture
async def bot(teams: Rehearsal) -> AsyncIterator[StandIn]:
    """A stand-in bot with a token of the rehearsal's login."""
    async with stand_in(teams) as standing:
        yield standing


def thread(activity: Json) -> Json:
    """The body that starts a thread in the approvers' channel."""
    where = {"channel": {"id": CHANNEL_ID}, "tenant": {"id": TENANT_ID}}
    return {"isGroup": True, "tenantId": TENANT_ID, "channelData": where, "activity": activity}


def chat_with(person_id: str) -> Json:
    """The body that opens a personal chat."""
    return {"isGroup": False, "tenantId": TENANT_ID, "members": [{"id": person_id}]}


async def test_without_a_token_of_the_login_nothing_is_done(teams: Rehearsal, bot: StandIn) -> None:
    """A made-up token, an expired one and a revoked one get 401."""
    bot.token = "made-up"
    assert (await bot.call("POST", f"/{PRIYA.chat_id}/activities", {"text": "hi"}))[0] == 401
    teams.login.expires_in = -1
    await bot.log_in()
    assert (await bot.call("POST", f"/{PRIYA.chat_id}/activities", {"text": "hi"}))[0] == 401
    teams.login.expires_in = 3600
    await bot.log_in()
    await bot.say(PRIYA.chat_id, "hi")
    teams.login.revoke()
    assert (await bot.call("POST", f"/{PRIYA.chat_id}/activities", {"text": "hi"}))[0] == 401
    assert [seen.text for seen in teams.chat(PRIYA)] == ["hi"]


async def test_a_chat_is_opened_written_in_edited_and_cleared(teams: Rehearsal, bot: StandIn) -> None:
    """Create, send, update and delete, all on the ids that came back."""
    assert await bot.call("POST", "", chat_with(PRIYA.teams_id)) == (201, {"id": PRIYA.chat_id})
    first = await bot.say(PRIYA.chat_id, "Hello")
    assert await bot.call("PUT", f"/{PRIYA.chat_id}/activities/{first}", {"text": "Hello!"}) == (200, {"id": first})
    assert [(seen.text, seen.edited) for seen in teams.chat(PRIYA)] == [("Hello!", True)]
    assert (await bot.call("DELETE", f"/{PRIYA.chat_id}/activities/{first}"))[0] == 200
    assert teams.chat(PRIYA)[0].deleted
    status, gone = await bot.call("PUT", f"/{PRIYA.chat_id}/activities/{first}", {"text": "again"})
    assert (status, gone["error"]["code"]) == (404, "ActivityNotFoundInConversation")


async def test_a_channel_post_has_a_thread_of_its_own(teams: Rehearsal, bot: StandIn) -> None:
    """The answer names thread and activity; a reply lands under it, for everybody in the channel."""
    status, made = await bot.call("POST", "", thread(carded(card(text_block("AI-1")))))
    assert status == 201
    assert made["id"] == f"{CHANNEL_ID};messageid={made['activityId']}"
    await bot.say(made["id"], "Decided")
    await bot.call("POST", f"/{made['id']}/activities/{made['activityId']}", {"type": "message", "text": "By Ruth"})
    assert [(seen.words, seen.thread) for seen in teams.channel(SAM)] == [
        ("AI-1", None),
        ("Decided", made["activityId"]),
        ("By Ruth", made["activityId"]),
    ]


async def test_text_and_a_card_in_one_are_split_and_no_id_comes_back(teams: Rehearsal, bot: StandIn) -> None:
    """As in Teams: two posts, and nothing to edit them by."""
    activity = carded(card(text_block("card")), text="text")
    assert await bot.call("POST", f"/{PRIYA.chat_id}/activities", activity) == (201, {})
    assert [seen.words for seen in teams.chat(PRIYA)] == ["text", "card"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({**chat_with(PRIYA.teams_id), "tenantId": "another"}, 400, "BadArgument"),
        (chat_with("29:nobody"), 400, "BadArgument"),
        (chat_with("Priya"), 400, "BadArgument"),
        (chat_with(PRIYA.object_id), 400, "BadArgument"),
        ({**chat_with(PRIYA.teams_id), "members": []}, 400, "BadSyntax"),
        (chat_with(SAM.teams_id.replace("29:", "28:")), 400, "BadArgument"),
        ({**thread({"text": "hi"}), "activity": None}, 400, "BadSyntax"),
        ({**thread({"text": "hi"}), "channelData": {"channel": {"id": "19:other@thread.tacv2"}}}, 404, None),
    ],
)
async def test_a_conversation_that_cannot_be_made_says_why(
    bot: StandIn, body: Json, status: int, code: str | None
) -> None:
    """Each mistake gets the status and the code of the real Connector."""
    answered, error = await bot.call("POST", "", body)
    assert (answered, error["error"]["code"]) == (status, code or "ConversationNotFound")


async def test_a_bot_reaches_only_those_who_have_it(teams: Rehearsal, bot: StandIn) -> None:
    """Not installed, removed, blocked, thrown out of the team, unknown: each with its own code."""
    alone = {"type": "message", "text": "hi"}

    async def code(path: str) -> tuple[int, str]:
        status, answer = await bot.call("POST", f"/{path}/activities", alone)
        return status, answer["error"]["code"]

    teams.world.set_installed(TOM, False)
    assert await code(TOM.chat_id) == (403, "BotNotInConversationRoster")
    assert (await bot.call("POST", "", chat_with(TOM.teams_id)))[0] == 403
    teams.world.set_blocked(PRIYA, True)
    assert await code(PRIYA.chat_id) == (403, "ConversationBlockedByUser")
    teams.world.set_blocked(PRIYA, False)
    await bot.say(PRIYA.chat_id, "hi")
    assert await code("a:nobody") == (404, "ConversationNotFound")
    teams.world.installed.discard(TEAM_ID)
    assert await code(CHANNEL_ID) == (403, "BotNotInConversationRoster")
    assert await code(SAM.chat_id) == (403, "ForbiddenOperationException")


async def test_a_member_of_the_team_is_reached_without_having_the_app(teams: Rehearsal, bot: StandIn) -> None:
    """Sam never installed it, but the team he is in has it."""
    assert await bot.call("POST", "", chat_with(SAM.teams_id)) == (201, {"id": SAM.chat_id})
    await bot.say(SAM.chat_id, "hi")
    assert [seen.text for seen in teams.chat(SAM)] == ["hi"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"type": "message", "text": "x" * 60_000}, 413, "MessageSizeTooBig"),
        ({"type": "message"}, 400, "BadSyntax"),
        ({"type": "dance", "text": "x"}, 400, "BadSyntax"),
        (["x"], 400, "BadSyntax"),
        ({"attachments": [{"contentType": "application/vnd.microsoft.card.adaptive"}]}, 400, "BadArgument"),
    ],
)
async def test_what_teams_would_not_take_is_refused(
    teams: Rehearsal, bot: StandIn, body: object, status: int, code: str
) -> None:
    """Too big, empty or malformed: an error, and nothing in the chat."""
    answered, error = await bot.call("POST", f"/{PRIYA.chat_id}/activities", body)
    assert (answered, error["error"]["code"]) == (status, code)
    assert teams.chat(PRIYA) == []


async def test_typing_shows_until_the_answer_comes(teams: Rehearsal, bot: StandIn) -> None:
    """The dots stand in the chat and go with the next message."""
    assert (await bot.call("POST", f"/{PRIYA.chat_id}/activities", {"type": "typing"}))[0] == 202
    assert PRIYA.chat_id in teams.world.typing
    await bot.say(PRIYA.chat_id, "there")
    assert PRIYA.chat_id not in teams.world.typing


async def test_a_bot_cannot_change_what_a_person_wrote(teams: Rehearsal, bot: StandIn) -> None:
    """Only its own posts are its to edit."""
    said = await teams.say(PRIYA, "mine")
    status, _ = await bot.call("PUT", f"/{PRIYA.chat_id}/activities/{said.activity}", {"text": "yours"})
    assert (status, teams.chat(PRIYA)[0].text) == (403, "mine")


async def test_the_roster_tells_who_is_in_the_channel(bot: StandIn) -> None:
    """Everybody with Teams id and object id, whole or page by page; one person by either id."""
    status, everybody = await bot.call("GET", f"/{CHANNEL_ID}/members")
    assert status == 200
    assert {each["aadObjectId"] for each in everybody} == {p.object_id for p in (MARTIN, RUTH, SAM, ALEX)}
    status, page = await bot.call("GET", f"/{TEAM_ID}/pagedmembers?pageSize=3")
    assert (len(page["members"]), page["continuationToken"]) == (3, "3")
    _, last = await bot.call("GET", f"/{TEAM_ID}/pagedmembers?pageSize=3&continuationToken=3")
    assert [each["name"] for each in last["members"]] == ["Alex Grant"]
    assert "continuationToken" not in last
    _, ruth = await bot.call("GET", f"/{CHANNEL_ID}/members/{RUTH.object_id}")
    assert (ruth["id"], ruth["surname"], ruth["tenantId"]) == (RUTH.teams_id, "Lindqvist", TENANT_ID)
    assert (await bot.call("GET", f"/{CHANNEL_ID}/members/{PRIYA.teams_id}"))[0] == 404
    assert len((await bot.call("GET", f"/{PRIYA.chat_id}/members"))[1]) == 1


@pytest.mark.parametrize("status", [412, 429, 500, 502, 503, 504])
async def test_a_status_is_answered_as_often_as_asked(teams: Rehearsal, bot: StandIn, status: int) -> None:
    """The first send to Priya fails, the second goes through; Tom never notices."""
    teams.faults.add("status", status=status, times=1, retry_after=7, on=PRIYA.chat_id)
    await bot.say(TOM.chat_id, "hi")
    await _fails(teams, bot, PRIYA, status)
    await bot.say(PRIYA.chat_id, "second")
    assert [seen.text for seen in teams.chat(PRIYA)] == ["second"]


async def _fails(teams: Rehearsal, bot: StandIn, person: Person, status: int) -> None:
    url = f"{teams.wire.service_url}v3/conversations/{person.chat_id}/activities"
    headers = {"Authorization": f"Bearer {bot.token}"}
    async with bot.session.post(url, json={"text": "first"}, headers=headers) as response:
        assert (response.status, response.headers["Retry-After"]) == (status, "7")


async def test_a_lost_answer_is_a_message_that_arrived_all_the_same(teams: Rehearsal, bot: StandIn) -> None:
    """The connection drops, yet Priya has read it: the ambiguity every retry lives with."""
    teams.faults.add("lost", times=1, on="send")
    await bot.log_in()
    with pytest.raises(aiohttp.ClientError):
        await bot.say(PRIYA.chat_id, "once")
    assert [seen.text for seen in teams.chat(PRIYA)] == ["once"]


async def test_a_hanging_send_holds_up_no_other(teams: Rehearsal, bot: StandIn) -> None:
    """Priya's message hangs and is never delivered; Tom's goes through meanwhile."""
    teams.faults.add("hang", on=PRIYA.chat_id)
    await bot.log_in()
    hanging = asyncio.create_task(bot.say(PRIYA.chat_id, "lost"))
    await bot.say(TOM.chat_id, "hi")
    assert not hanging.done()
    hanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hanging
    assert teams.chat(PRIYA) == []


async def test_a_late_answer_is_a_message_that_arrived_at_once(teams: Rehearsal, bot: StandIn) -> None:
    """A delay keeps only the answer back: a time-out does not mean it was not done."""
    teams.faults.add("delay", seconds=60)
    await bot.log_in()
    waiting = asyncio.create_task(bot.say(PRIYA.chat_id, "there"))
    await teams.world.until(lambda: teams.chat(PRIYA))
    assert not waiting.done()
    waiting.cancel()


async def test_the_published_limits_are_enforced_when_switched_on(teams: Rehearsal, bot: StandIn) -> None:
    """Seven posts to one chat in a second, the eighth gets 429; off, all go through but are still counted."""
    teams.windows.on = True
    statuses = []
    for _ in range(8):
        status, _ = await bot.call("POST", f"/{PRIYA.chat_id}/activities", {"text": "x"})
        statuses.append(status)
    assert statuses == [201] * 7 + [429]
    assert teams.windows.refused == 1
    await bot.say(TOM.chat_id, "another conversation has its own windows")
    teams.windows.on = False
    await bot.say(PRIYA.chat_id, "x")
