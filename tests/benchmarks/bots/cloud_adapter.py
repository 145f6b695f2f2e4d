"""An echo on botbuilder-integration-aiohttp's `CloudAdapter`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace

from aiohttp import web
from botbuilder.core import TurnContext
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication

from tests.benchmarks.place import Place, introduce_login, listen


class Echo:
    """Says what it heard."""

    async def on_turn(self, turn_context: TurnContext) -> None:
        """Answer a message."""
        await turn_context.send_activity(f"You said: {turn_context.activity.text}")


@asynccontextmanager
async def serve(place: Place) -> AsyncIterator[None]:
    """The adapter as its samples set it up; every address is a setting."""
    introduce_login()
    adapter, echo = CloudAdapter(ConfigurationBotFrameworkAuthentication(_configuration(place))), Echo()

    async def messages(request: web.Request) -> web.StreamResponse:
        response: web.StreamResponse = await adapter.process(request, echo)
        return response

    app = web.Application()
    app.router.add_post("/api/messages", messages)
    runner = web.AppRunner(app, access_log=None)
    await listen(runner, place)
    yield
    await runner.cleanup()


def _configuration(place: Place) -> SimpleNamespace:
    return SimpleNamespace(
        APP_ID=place.app_id,
        APP_PASSWORD=place.secret,
        APP_TYPE="SingleTenant",
        APP_TENANTID=place.tenant_id,
        VALIDATE_AUTHORITY=False,
        TO_CHANNEL_FROM_BOT_LOGIN_URL=place.authority,
        TO_CHANNEL_FROM_BOT_OAUTH_SCOPE="https://api.botframework.com",
        TO_BOT_FROM_CHANNEL_TOKEN_ISSUER="https://api.botframework.com",
        TO_BOT_FROM_CHANNEL_OPENID_METADATA_URL=place.metadata_url,
        TO_BOT_FROM_EMULATOR_OPENID_METADATA_URL=place.metadata_url,
        OAUTH_URL="https://api.botframework.com",
    )
