"""An echo on the Microsoft 365 Agents SDK (microsoft-agents-hosting-aiohttp)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from microsoft_agents.authentication.msal import MsalConnectionManager
from microsoft_agents.hosting.aiohttp import CloudAdapter, jwt_authorization_middleware
from microsoft_agents.hosting.core import AgentAuthConfiguration, TurnContext
from microsoft_agents.hosting.core.authorization import _entra_issuers

from tests.benchmarks.place import Place, introduce_login, listen


class Echo:
    """Says what it heard; the leanest agent there can be, without state and typing indicator."""

    async def on_turn(self, context: TurnContext) -> None:
        """Answer a message."""
        await context.send_activity(f"You said: {context.activity.text}")


@asynccontextmanager
async def serve(place: Place) -> AsyncIterator[None]:
    """The adapter behind the SDK's own token middleware."""
    introduce_login()
    # No setting leads to other keys: the SDK has the key set's address of each issuer in a table.
    _entra_issuers.BOTFRAMEWORK_JWKS_URIS["https://api.botframework.com"] = place.keys_url
    configuration = AgentAuthConfiguration(
        client_id=place.app_id,
        client_secret=place.secret,
        tenant_id=place.tenant_id,
        authority=place.authority,
        connection_name="SERVICE_CONNECTION",
    )
    adapter = CloudAdapter(connection_manager=MsalConnectionManager({"SERVICE_CONNECTION": configuration}))
    echo = Echo()

    async def messages(request: web.Request) -> web.StreamResponse:
        response: web.StreamResponse = await adapter.process(request, echo)
        return response

    app = web.Application(middlewares=[jwt_authorization_middleware])
    app["agent_configuration"] = configuration
    app.router.add_post("/api/messages", messages)
    runner = web.AppRunner(app, access_log=None)
    await listen(runner, place)
    yield
    await runner.cleanup()
