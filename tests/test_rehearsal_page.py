"""The page's API answers its own page and nobody else, with what each person sees."""

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from yarl import URL

from bot.rehearsal import Rehearsal
from bot.rehearsal.people import CHANNEL_ID, MARTIN, PRIYA, SAM, TOM
from tests.stand_in import Json, StandIn, answering, card, carded, replaced_by, stand_in, text_block


@pytest.fixture
async def bot(teams: Rehearsal) -> AsyncIterator[StandIn]:
    """A stand-in bot that the rehearsal talks to."""
    async with stand_in(teams) as standing:
        yield standing


async def get(bot: StandIn, path: str, **headers: str) -> tuple[int, Any]:
    """What the page reads."""
    async with bot.session.get(f"{bot.teams.page_url}{path}", headers=headers) as response:
        return response.status, await response.json(content_type=None)


async def post(bot: StandIn, name: str, **body: object) -> tuple[int, Any]:
    """What the page asks for."""
    async with bot.session.post(f"{bot.teams.page_url}/api/{name}", json=body) as response:
        return response.status, await response.json()


async def shown(bot: StandIn, person: str, kind: str = "personal") -> list[Json]:
    """The activities of one conversation."""
    _, view = await get(bot, f"/api/view?person={person}")
    return next((each["activities"] for each in view["conversations"] if each["kind"] == kind), [])


async def test_the_page_learns_who_plays(bot: StandIn) -> None:
    """Staff, two approvers, a policy owner, an operator, a bystander and a guest."""
    _, answer = await get(bot, "/api/people")
    parts = [person["part"] for person in answer["people"]]
    assert (parts.count("staff"), parts.count("approver"), parts.count("bystander")) == (3, 2, 1)
    assert answer["channel"]["id"] == CHANNEL_ID
    assert {"object_id", "teams_id", "job", "installed", "blocked", "in_channel"} <= set(answer["people"][0])


async def test_a_conversation_is_played_through_the_api(bot: StandIn) -> None:
    """Priya asks, the bot answers with a citation, thumbs and follow-ups; her thumb is kept."""
    status, said = await post(bot, "say", person=PRIYA.object_id, text="May I?")
    assert (status, said["ok"], said["kind"]) == (200, True, "none")
    citation = {"@type": "Claim", "position": 1, "appearance": {"name": "4.2", "abstract": "Only Copilot."}}
    await bot.say(
        PRIYA.chat_id,
        "Only Copilot [1]",
        entities=[{"type": "https://schema.org/Message", "@type": "Message", "citation": [citation]}],
        channelData={"feedbackLoopEnabled": True},
        suggestedActions={"actions": [{"type": "imBack", "title": "More", "value": "more"}]},
    )
    mine, answer = await shown(bot, PRIYA.object_id)
    assert (mine["id"], mine["mine"], mine["from"]["object_id"]) == (said["activity"], True, PRIYA.object_id)
    assert answer["from"] == {"kind": "bot", "name": "AI Policy", "object_id": None}
    assert answer["citations"] == [
        {"position": 1, "name": "4.2", "abstract": "Only Copilot.", "url": None, "text": None}
    ]
    assert answer["suggested_actions"] == [{"type": "imBack", "title": "More", "value": "more"}]
    assert (answer["feedback"], answer["ai_label"]) == ({"mine": None, "text": ""}, False)
    ids = {"person": PRIYA.object_id, "conversation": PRIYA.chat_id, "activity": answer["id"]}
    assert (await post(bot, "thumb", **ids, reaction="like"))[1]["ok"]
    assert (await shown(bot, PRIYA.object_id))[1]["feedback"]["mine"] == "like"
    assert await shown(bot, TOM.object_id) == []


async def test_two_people_see_two_cards(bot: StandIn) -> None:
    """Martin refreshes and presses, Sam goes on seeing the base card."""
    action = {"type": "Action.Execute", "verb": "request.review", "title": "Review"}
    base = card(text_block("base"), actions=[action], refresh={"action": action, "userIds": [MARTIN.teams_id]})
    await bot.call("POST", f"/{CHANNEL_ID}/activities", carded(base, summary="AI-1 waits"))
    bot.answer = answering(replaced_by(card(text_block("decide"))))
    before = (await shown(bot, MARTIN.object_id, "channel"))[0]
    assert (before["refresh_due"], before["refresh_action"], before["summary"]) == (True, action, "AI-1 waits")
    ids = {"person": MARTIN.object_id, "conversation": CHANNEL_ID, "activity": before["id"]}
    assert (await post(bot, "refresh", **ids))[1]["kind"] == "card"
    assert (await post(bot, "press", **ids, action=action, inputs={"note": "x"}))[1]["kind"] == "card"
    assert bot.heard[1]["value"]["action"]["data"] == {"note": "x"}
    martins, sams = [(await shown(bot, p.object_id, "channel"))[0] for p in (MARTIN, SAM)]
    assert (martins["view"], martins["cards"][0]["body"][0]["text"], martins["refresh_due"]) == ("own", "decide", False)
    assert (sams["view"], sams["cards"][0]["body"][0]["text"]) == ("base", "base")


async def test_people_edit_delete_react_install_and_block(bot: StandIn) -> None:
    """Each act of the page is done and shows in the view."""
    _, said = await post(bot, "say", person=SAM.object_id, where="channel", text="hi")
    ids = {"person": SAM.object_id, "conversation": CHANNEL_ID, "activity": said["activity"]}
    await post(bot, "say", person=MARTIN.object_id, where="channel", text="you too", thread=said["activity"])
    await post(bot, "edit", **ids, text="hello")
    await post(bot, "react", **ids, type="like", on=True)
    first, reply = await shown(bot, SAM.object_id, "channel")
    assert (first["text"], first["edited"], first["reactions"]) == ("hello", True, [{"type": "like", "by": ["Sam"]}])
    assert (reply["thread"], reply["text"]) == (said["activity"], "@AI Policy you too")
    await post(bot, "delete", **ids)
    assert (await shown(bot, SAM.object_id, "channel"))[0]["deleted"]
    await post(bot, "install", person=SAM.object_id)
    await post(bot, "block", person=SAM.object_id, on=True)
    _, view = await get(bot, f"/api/view?person={SAM.object_id}")
    assert (view["person"]["installed"], view["person"]["blocked"]) == (True, True)
    await post(bot, "uninstall", person=SAM.object_id)
    assert not (await get(bot, f"/api/view?person={SAM.object_id}"))[1]["person"]["installed"]


@pytest.mark.parametrize(
    ("name", "body", "status", "words"),
    [
        ("say", {"text": "x"}, 400, "person"),
        ("say", {"person": "nobody", "text": "x"}, 404, "no person 'nobody'"),
        ("say", {"person": PRIYA.object_id, "text": "x", "where": "channel"}, 403, "not in the channel"),
        ("say", {"person": PRIYA.object_id, "text": "x", "where": "moon"}, 400, "moon"),
        ("press", {"person": PRIYA.object_id, "conversation": CHANNEL_ID, "activity": "1"}, 403, "does not see"),
        ("press", {"person": PRIYA.object_id, "conversation": PRIYA.chat_id, "activity": "1"}, 404, "no activity '1'"),
        ("faults", {"add": {"kind": "flood"}}, 400, "no fault 'flood'"),
        ("faults", {"add": {"kind": "lost", "colour": "red"}}, 400, "colour"),
    ],
)
async def test_a_mistake_is_told_in_a_sentence(bot: StandIn, name: str, body: Json, status: int, words: str) -> None:
    """The status says whose mistake, the sentence which."""
    answered, error = await post(bot, name, **body)
    assert (answered, words in error["error"]) == (status, True), error


async def test_only_the_page_itself_is_answered(bot: StandIn) -> None:
    """Another site's page, or another name for this machine, gets 403; the page's own origin is welcome."""
    assert (await get(bot, "/api/people", Origin="https://elsewhere.example"))[0] == 403
    assert (await get(bot, "/api/people", Host="rebound.example"))[0] == 403
    assert (await get(bot, "/api/people", Origin="null"))[0] == 403
    assert (await get(bot, "/api/people", Origin=bot.teams.page_url))[0] == 200


async def test_the_page_and_its_parts_are_served_and_nothing_else(bot: StandIn) -> None:
    """The files of the page and of two packages; no way out of their folders."""
    for path, status in (("/", 200), ("/page/style.css", 200), ("/page/../page.py", 404), ("/vendor/axe-core/x", 404)):
        async with bot.session.get(f"{bot.teams.page_url}{path}") as response:
            assert response.status == status, path
    for path in ("/vendor/adaptivecards/../axe-core/axe.min.js", "/vendor/adaptivecards/%2e%2e/%2e%2e/page.py"):
        async with bot.session.get(URL(f"{bot.teams.page_url}{path}", encoded=True)) as response:
            assert response.status == 404, path


async def test_faults_and_limits_are_switched(bot: StandIn) -> None:
    """Add, list, remove, clear; the limits on and off."""
    _, added = await post(bot, "faults", add={"kind": "status", "status": 429, "retry_after": 2, "times": 1})
    fault = added["faults"][0]
    assert (fault["kind"], fault["status"], fault["times"], added["limits"]) == ("status", 429, 1, False)
    assert {"kind", "name", "what", "takes"} == set(added["kinds"][0])
    assert (await post(bot, "faults", remove=fault["id"]))[1]["faults"] == []
    await post(bot, "faults", add={"kind": "lost"})
    assert (await post(bot, "faults", clear=True, limits=True))[1]["limits"]
    assert bot.teams.windows.on


async def test_the_clock_moves(bot: StandIn) -> None:
    """A day forward, then back to real time; the view shows it and everybody is told."""
    version = bot.teams.world.version
    _, moved = await post(bot, "clock", advance_seconds=86400)
    assert moved["offset_seconds"] == 86400
    assert bot.teams.world.version > version
    assert (await get(bot, f"/api/view?person={PRIYA.object_id}"))[1]["now"][:10] == moved["now"][:10]
    assert (await post(bot, "clock", reset=True))[1]["offset_seconds"] == 0
    assert (await get(bot, "/api/clock"))[1]["offset_seconds"] == 0


async def test_the_page_hears_of_every_change(bot: StandIn) -> None:
    """One event at once, one more when something is said."""
    async with bot.session.get(f"{bot.teams.page_url}/api/events") as stream:
        first = await _event(stream)
        await bot.say(PRIYA.chat_id, "hello")
        assert (await _event(stream))["version"] > first["version"]


async def _event(stream: aiohttp.ClientResponse) -> Json:
    line = await stream.content.readline()
    await stream.content.readline()
    event: Json = json.loads(line.removeprefix(b"data: "))
    return event


async def test_the_gallery_shows_every_card_of_the_project(bot: StandIn) -> None:
    """Each template with its sample data is a card, or says what is wrong with it."""
    _, answer = await get(bot, "/api/gallery")
    assert {"review", "welcome"} <= {entry["name"] for entry in answer["cards"]}
    assert all(entry["card"]["type"] == "AdaptiveCard" for entry in answer["cards"] if not entry["error"])
