"""The Connector client: what is called, and what a refusal means."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import aiohttp
import pytest
from aiohttp import web

from bot.errors import Failure, SendError
from bot.teams import connector as module
from bot.teams.connector import Connector
from tests.teams.loopback import Fault, Loopback

HELLO = {"type": "message", "text": "hello"}


def coded(code: str) -> object:
    return {"error": {"code": code, "message": "x"}}


@pytest.mark.parametrize(
    ("status", "body", "failure", "code"),
    [
        (400, coded("BadArgument"), Failure.REFUSED, ""),
        (403, coded("ConversationBlockedByUser"), Failure.BLOCKED, "ConversationBlockedByUser"),
        (
            403,
            {"error": {"innerHttpError": {"body": coded("BotDisabledByAdmin")}}},
            Failure.BLOCKED,
            "BotDisabledByAdmin",
        ),
        (403, {"message": "NotEnoughPermissions to send"}, Failure.BLOCKED, "NotEnoughPermissions"),
        (403, "MessageWritesBlocked", Failure.BLOCKED, "MessageWritesBlocked"),
        (403, coded("BotNotInConversationRoster"), Failure.NOT_INSTALLED, "BotNotInConversationRoster"),
        (403, coded("ForbiddenOperationException"), Failure.NOT_INSTALLED, "ForbiddenOperationException"),
        (403, coded("Other"), Failure.REFUSED, ""),
        (404, coded("ConversationNotFound"), Failure.GONE, "ConversationNotFound"),
        (404, coded("ActivityNotFoundInConversation"), Failure.GONE, "ActivityNotFoundInConversation"),
        (404, None, Failure.RETRY, ""),
        (404, "<h1>no such page</h1>", Failure.RETRY, ""),
        (412, None, Failure.RETRY, ""),
        (413, coded("MessageSizeTooBig"), Failure.REFUSED, ""),
        (429, None, Failure.RETRY, ""),
        (500, coded("ConversationBlockedByUser"), Failure.REFUSED, ""),
        (502, None, Failure.RETRY, ""),
        (503, None, Failure.RETRY, ""),
        (504, None, Failure.RETRY, ""),
        (302, None, Failure.REFUSED, ""),
    ],
)
async def test_what_a_refusal_means(
    teams: Loopback, connector: Connector, status: int, body: object, failure: Failure, code: str
) -> None:
    """The table of the facts, row by row; nothing is repeated here, that is the outbox's work (trap 5)."""
    teams.faults = [Fault(status, body)]
    with pytest.raises(SendError) as caught:
        await connector.send(teams.url, "a:1", HELLO)
    assert (caught.value.failure, caught.value.status, caught.value.code) == (failure, status, code)
    assert len(teams.calls) == 1


async def test_a_refused_token_is_replaced_once(teams: Loopback, connector: Connector) -> None:
    """401, a fresh token, and the message is through."""
    teams.faults = [Fault(401)]
    assert await connector.send(teams.url, "a:1", HELLO) == "sent-2"
    assert [call.token for call in teams.calls] == ["token-1", "token-2"]


async def test_a_second_refusal_stops_it(teams: Loopback, connector: Connector) -> None:
    """401 also with a fresh token: somebody has to look."""
    teams.faults = [Fault(401), Fault(401)]
    with pytest.raises(SendError) as caught:
        await connector.send(teams.url, "a:1", HELLO)
    assert caught.value.failure is Failure.UNAUTHORISED
    assert len(teams.calls) == 2


@pytest.mark.parametrize(("header", "seconds"), [("7", 7.0), ("soon", None), ("", None), ("Tue, 01 Jan 2019", None)])
async def test_how_long_to_wait_is_passed_on(
    teams: Loopback, connector: Connector, header: str, seconds: float | None
) -> None:
    """Retry-After in seconds; nonsense is no number."""
    teams.faults = [Fault(429, None, {"Retry-After": header})]
    with pytest.raises(SendError) as caught:
        await connector.send(teams.url, "a:1", HELLO)
    assert caught.value.retry_after == seconds


async def test_how_long_to_wait_may_be_a_date(teams: Loopback, connector: Connector) -> None:
    """Retry-After as a date."""
    header = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    teams.faults = [Fault(503, None, {"Retry-After": header})]
    with pytest.raises(SendError) as caught:
        await connector.send(teams.url, "a:1", HELLO)
    assert 50 < (caught.value.retry_after or 0) <= 60


async def test_ids_are_encoded_once(teams: Loopback, connector: Connector) -> None:
    """Trap 16: a channel's conversation id holds `:`, `@`, `;` and `=`, and none of them may be touched twice."""
    await connector.update(teams.url + "/", "19:a@thread.tacv2;messageid=1/2?", "1:2", HELLO)
    assert teams.calls[0].path == "/v3/conversations/19%3Aa%40thread.tacv2%3Bmessageid%3D1%2F2%3F/activities/1%3A2"
    assert teams.calls[0].body == {**HELLO, "id": "1:2"}


@pytest.mark.parametrize("url", ["https://evil.example", "http://smba.trafficmanager.net", "file:///etc", ""])
async def test_the_token_goes_to_known_hosts_only(connector: Connector, teams: Loopback, url: str) -> None:
    """A stored service URL is checked again before each call."""
    with pytest.raises(SendError, match="service_url"):
        await connector.send(url, "a:1", HELLO)
    assert teams.calls == []


async def test_redirects_are_not_followed(teams: Loopback, connector: Connector) -> None:
    """The token must not travel on."""
    teams.faults = [Fault(307, None, {"Location": f"{teams.url}/v3/elsewhere"})]
    with pytest.raises(SendError):
        await connector.send(teams.url, "a:1", HELLO)
    assert len(teams.calls) == 1


async def test_a_broken_connection_may_be_tried_again(teams: Loopback, connector: Connector) -> None:
    """Nobody listens there."""
    with pytest.raises(SendError) as caught:
        await connector.send("https://127.0.0.1:1", "a:1", HELLO)
    assert (caught.value.failure, caught.value.status) == (Failure.RETRY, 0)


async def test_hung_sends_do_not_hold_up_others(
    connector: Connector, teams: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Trap 5: 120 sends hang, the next goes through at once; the hung ones end as time-outs."""
    monkeypatch.setattr(module, "TIMEOUT", aiohttp.ClientTimeout(total=0.5))
    hung = asyncio.Event()

    async def hang(_request: web.Request) -> web.Response:
        await hung.wait()
        return web.Response()

    app = web.Application()
    app.router.add_post("/{path:.*}", hang)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    stuck = [asyncio.create_task(connector.send(url, "a:1", HELLO)) for _ in range(120)]
    await asyncio.sleep(0)
    assert await connector.send(teams.url, "a:2", HELLO) == "sent-1"
    assert not any(task.done() for task in stuck)
    ends = await asyncio.gather(*stuck, return_exceptions=True)
    assert {str(end) for end in ends} == {"the Connector answered 0 timeout: retry"}
    hung.set()
    await runner.cleanup()


async def test_members_come_in_pages(teams: Loopback, connector: Connector) -> None:
    """Three pages, one list."""
    teams.page = 2
    teams.members = [{"id": f"29:{n}"} for n in range(5)]
    assert [member["id"] for member in await connector.members(teams.url, "19:x")] == [f"29:{n}" for n in range(5)]
    assert [call.path for call in teams.calls][1] == (
        "/v3/conversations/19%3Ax/pagedmembers?pageSize=500&continuationToken=2"
    )


async def test_pages_that_never_end_are_left(teams: Loopback, connector: Connector) -> None:
    """A token that comes again leads nowhere; what was listed until then is kept."""
    teams.faults = [Fault(200, {"members": [{"id": f"29:{n}"}], "continuationToken": "7"}) for n in range(5)]
    assert [member["id"] for member in await connector.members(teams.url, "19:x")] == ["29:0", "29:1"]


async def test_there_are_only_so_many_pages(
    teams: Loopback, connector: Connector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new token every time must end, too."""
    monkeypatch.setattr(module, "PAGES", 3)
    teams.page = 1
    teams.members = [{"id": f"29:{n}"} for n in range(5)]
    assert len(await connector.members(teams.url, "19:x")) == 3


@pytest.mark.parametrize("odd", [None, "29:x", [], [None, "29:x", 7]])
async def test_what_is_no_member_is_left_out(teams: Loopback, connector: Connector, odd: object) -> None:
    """One odd entry does not hide everybody else."""
    listed = [*odd, {"id": "29:martin"}] if isinstance(odd, list) else odd
    teams.faults = [Fault(200, {"members": listed})]
    found = await connector.members(teams.url, "19:x")
    assert list(found) == ([{"id": "29:martin"}] if isinstance(odd, list) else [])


@pytest.mark.parametrize("body", ["", None, [], {"id": None}])
async def test_an_answer_without_an_id_is_an_empty_id(teams: Loopback, connector: Connector, body: object) -> None:
    """Teams took the message and said nothing useful."""
    teams.faults = [Fault(200, body)]
    assert await connector.send(teams.url, "a:1", HELLO) == ""
