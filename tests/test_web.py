"""The HTTP side beside Teams: alive, ready, counted."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import cast

import pytest
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request, RequestPayloadError

from bot import web
from bot.teams.edge import Answer, Edge
from bot.telemetry import Metrics

Client = TestClient[Request, Application]


class FakeEdge:
    """An edge whose answers a test decides."""

    def __init__(self) -> None:
        self.answer = Answer(status=200)
        self.fault = ""
        self.closed = False
        self.error: Exception | None = None

    async def receive(self, _authorization: object, body: Callable[[], Awaitable[bytes]]) -> Answer:
        await body()
        if self.error:
            raise self.error
        return self.answer

    def bar(self) -> str:
        return self.fault


@pytest.fixture
def edge() -> FakeEdge:
    return FakeEdge()


async def serve(edge: FakeEdge, checks: Mapping[str, web.Check], metrics: Metrics) -> Client:
    @asynccontextmanager
    async def opened() -> AsyncIterator[Edge]:
        yield cast(Edge, edge)
        edge.closed = True

    client = TestClient(TestServer(web.application(edge=opened(), checks=checks, registry=metrics.registry)))
    await client.start_server()
    return client


async def says(words: str) -> str:
    return words


async def breaks() -> str:
    raise OSError("disk full of secrets")


async def hangs() -> str:
    await asyncio.Event().wait()
    return ""


async def test_a_living_process_says_so(edge: FakeEdge) -> None:
    """Whatever else is wrong."""
    edge.fault = "no keys"
    client = await serve(edge, {"store": breaks}, Metrics())
    async with client.get("/healthz") as response:
        assert (response.status, await response.json()) == (200, {"alive": True})
    await client.close()
    assert edge.closed


async def test_ready_when_every_part_is(edge: FakeEdge) -> None:
    """Green."""
    client = await serve(edge, {"store": lambda: says("")}, Metrics())
    async with client.get("/readyz") as response:
        assert (response.status, await response.json()) == (200, {"ready": True, "reasons": {}})
    await client.close()


async def test_not_ready_names_every_reason(edge: FakeEdge, monkeypatch: pytest.MonkeyPatch) -> None:
    """Red: a part's own words, a check that breaks, one that hangs, and the keys."""
    monkeypatch.setattr(web, "PROMPT", 0.01)
    edge.fault = "the signing keys could not be fetched yet"
    checks = {"knowledge": lambda: says("faq.yaml is not readable"), "store": breaks, "outbox": hangs}
    client = await serve(edge, checks, Metrics())
    async with client.get("/readyz") as response:
        assert response.status == 503
        assert (await response.json())["reasons"] == {
            "knowledge": "faq.yaml is not readable",
            "store": "could not be checked: OSError",
            "outbox": "could not be checked: TimeoutError",
            "keys": "the signing keys could not be fetched yet",
        }
    await client.close()


async def test_what_is_counted_can_be_scraped(edge: FakeEdge) -> None:
    """In Prometheus' format."""
    metrics = Metrics()
    metrics.turns.labels("message", "answered").inc()
    client = await serve(edge, {}, metrics)
    async with client.get("/metrics") as response:
        assert response.content_type == "text/plain"
        assert 'turns_total{kind="message",outcome="answered"} 1.0' in await response.text()
    await client.close()


@pytest.mark.parametrize("status", [400, 401, 403])
async def test_a_refusal_is_explained(edge: FakeEdge, status: int) -> None:
    """One plain sentence, which says nothing about what is right."""
    edge.answer = Answer(status=status)
    client = await serve(edge, {}, Metrics())
    async with client.post("/api/messages", json={}) as response:
        assert response.status == status
        assert len((await response.json())["error"]) > 10
    await client.close()


async def test_a_body_that_never_comes_is_given_up(edge: FakeEdge, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow sender does not hold the bot's ear for ever."""
    monkeypatch.setattr(web, "SLOWEST", 0.01)
    client = await serve(edge, {}, Metrics())
    reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
    writer.write(
        b"POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"
    )
    assert b" 400 " in await asyncio.wait_for(reader.readline(), 5)
    writer.close()
    await client.close()


PRESSED = gzip.compress(b"{}", mtime=0)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", b"{}"),
        ("gzip", PRESSED),
        ("gzip", PRESSED[:-9]),
        ("GZIP", PRESSED),
        ("deflate", b"{}"),
        ("br", b"{}"),
        ("zstd", b"{}"),
        ("nonsense", b"{}"),
        ("identity, gzip", PRESSED),
    ],
)
async def test_a_packed_body_is_refused_unopened(edge: FakeEdge, encoding: str, body: bytes) -> None:
    """Teams packs nothing; what pretends to be packed may be a bomb, or garbage, at which aiohttp itself says 400."""
    client = await serve(edge, {}, Metrics())
    status = await posted(client, f"Content-Encoding: {encoding}\r\nContent-Length: {len(body)}", body)
    assert status == 415 or (status == 400 and body != PRESSED)
    await client.close()


async def test_a_body_that_says_it_is_not_packed_is_taken(edge: FakeEdge) -> None:
    """Identity is the name of no encoding."""
    client = await serve(edge, {}, Metrics())
    assert await posted(client, "Content-Encoding: identity\r\nContent-Length: 2", b"{}") == 200
    await client.close()


async def test_a_body_that_breaks_the_rules_of_http_is_the_senders_fault(edge: FakeEdge) -> None:
    """What aiohttp finds out only while the bot reads."""
    edge.error = RequestPayloadError("Not enough data to satisfy content length header.")
    client = await serve(edge, {}, Metrics())
    assert await posted(client, "Content-Length: 2", b"{}") == 400
    await client.close()


async def posted(client: Client, heads: str, body: bytes) -> int:
    """Post bytes as they are, which no client of ours would; the status."""
    reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
    start = f"POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{heads}\r\n\r\n"
    writer.write(start.encode() + body)
    line = await asyncio.wait_for(reader.readline(), 5)
    writer.close()
    return int(line.split()[1])


@pytest.mark.parametrize(("method", "path"), [("GET", "/api/messages"), ("GET", "/"), ("POST", "/healthz")])
async def test_nothing_else_is_served(edge: FakeEdge, method: str, path: str) -> None:
    """404 or 405."""
    client = await serve(edge, {}, Metrics())
    async with client.request(method, path) as response:
        assert response.status in (404, 405)
    await client.close()
