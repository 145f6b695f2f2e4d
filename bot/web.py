"""The HTTP side: activities from Teams, whether the bot lives, whether it is ready, and what it counts."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from bot.teams.edge import Edge

LARGEST = 256 * 1024
"""Bytes of the largest body taken; Teams' own limit for a message is about 100 KB."""
SLOWEST = 10.0
"""Seconds a body may take to arrive."""

PROMPT = 2.0
"""Seconds a check may take."""

Check = Callable[[], Awaitable[str]]
"""Says why a part of the bot is not ready, or an empty string."""

EDGE = web.AppKey("edge", Edge)
CHECKS = web.AppKey("checks", Mapping[str, Check])
REGISTRY = web.AppKey("registry", CollectorRegistry)


def application(
    *, edge: AbstractAsyncContextManager[Edge], checks: Mapping[str, Check], registry: CollectorRegistry
) -> web.Application:
    """The application; the edge is opened when it starts and closed when it stops."""

    async def opened(app: web.Application) -> AsyncIterator[None]:
        async with edge as app[EDGE]:
            yield

    app = web.Application(client_max_size=LARGEST)
    app[CHECKS] = checks
    app[REGISTRY] = registry
    app.cleanup_ctx.append(opened)
    app.router.add_post("/api/messages", messages)
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", metrics)
    return app


async def messages(request: web.Request) -> web.Response:
    """One activity: its size is looked at first, then how it is written, then its token, then its body."""
    if (request.content_length or 0) > LARGEST:
        return _sorry(413, f"the activity is larger than {LARGEST} bytes")
    if request.content_type != "application/json":
        return _sorry(415, "an activity is sent as application/json")
    if any(encoding.strip().lower() != "identity" for encoding in request.headers.getall("Content-Encoding", [])):
        return _sorry(415, "an activity is sent as it is, without a Content-Encoding")
    try:
        answer = await request.app[EDGE].receive(request.headers.getall("Authorization", []), _body(request))
    except web.HTTPRequestEntityTooLarge:
        return _sorry(413, f"the activity is larger than {LARGEST} bytes")
    except web.RequestPayloadError:
        return _sorry(400, "the activity did not arrive as HTTP has it")
    except TimeoutError:
        return _sorry(400, f"the activity did not arrive within {SLOWEST:.0f} seconds")
    if answer.status != 200:
        return _sorry(answer.status, _WHY[answer.status])
    return web.Response() if answer.body is None else web.json_response(answer.body)


async def healthz(_request: web.Request) -> web.Response:
    """Alive: the process answers."""
    return web.json_response({"alive": True})


async def readyz(request: web.Request) -> web.Response:
    """Ready: 200, or 503 with the reason of each part that is not."""
    checks = request.app[CHECKS]
    found = await asyncio.gather(*(_reason(check) for check in checks.values()))
    reasons = dict(zip(checks, found, strict=True))
    reasons["keys"] = request.app[EDGE].bar()
    red = {name: reason for name, reason in reasons.items() if reason}
    return web.json_response({"ready": not red, "reasons": red}, status=503 if red else 200)


async def metrics(request: web.Request) -> web.Response:
    """What is counted, in Prometheus' text format."""
    return web.Response(body=generate_latest(request.app[REGISTRY]), headers={"Content-Type": CONTENT_TYPE_LATEST})


async def _reason(check: Check) -> str:
    """A check's own words; one that breaks or hangs is a reason, too."""
    try:
        async with asyncio.timeout(PROMPT):
            return await check()
    except Exception as error:
        return f"could not be checked: {type(error).__name__}"


def _body(request: web.Request) -> Callable[[], Awaitable[bytes]]:
    async def read() -> bytes:
        async with asyncio.timeout(SLOWEST):
            return await request.read()

    return read


_WHY = {
    400: "this is not an activity the bot can read",
    401: "the bot takes only activities signed by the Bot Framework",
    403: "this activity is not for this bot, or not from its organisation",
}


def _sorry(status: int, why: str) -> web.Response:
    return web.json_response({"error": why}, status=status)
