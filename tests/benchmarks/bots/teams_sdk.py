"""An echo on the Teams SDK (microsoft-teams-apps), served by uvicorn as the SDK does."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import uvicorn
from microsoft_teams.api import MessageActivity
from microsoft_teams.api.auth.cloud_environment import PUBLIC
from microsoft_teams.apps import ActivityContext, App, FastAPIAdapter, token_manager

from bot.rehearsal.stage import HOST
from tests.benchmarks.place import Place, introduce_login


class OpaqueToken:
    """An access token nobody looks into, as OAuth has it; the SDK reads it as a JWT, which the rehearsal's are not."""

    def __init__(self, value: str) -> None:
        self._value = value

    def __str__(self) -> str:
        return self._value

    def is_expired(self, buffer_ms: int = 0) -> bool:
        """MSAL keeps the token, and knows."""
        return False


@asynccontextmanager
async def serve(place: Place) -> AsyncIterator[None]:
    """The app with a cloud of its own: every address but that of the Connector is a setting."""
    introduce_login()
    token_manager.JsonWebToken = OpaqueToken
    cloud = replace(PUBLIC, login_endpoint=place.login_url, openid_metadata_url=place.metadata_url)
    adapter = FastAPIAdapter()
    app = App(
        client_id=place.app_id,
        client_secret=place.secret,
        tenant_id=place.tenant_id,
        cloud=cloud,
        http_server_adapter=adapter,
    )

    @app.on_message
    async def echo(context: ActivityContext[MessageActivity]) -> None:
        await context.send(f"You said: {context.activity.text}")

    await app.initialize()
    server = uvicorn.Server(uvicorn.Config(adapter.app, log_level="warning"))
    # Callers may come before uvicorn is ready: a socket that listens keeps them.
    ear = socket.create_server((HOST, int(place.settings["PORT"])))
    serving = asyncio.create_task(server.serve(sockets=[ear]))
    yield
    server.should_exit = True
    await serving
