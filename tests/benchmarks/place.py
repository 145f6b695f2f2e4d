"""Where a measured bot lives: the Teams on loopback and the bot's name and secret there."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import Self

import msal
from aiohttp import web

from bot.rehearsal import Rehearsal
from bot.rehearsal.stage import HOST


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What every bot is told; it goes to the bot's own process."""

    settings: dict[str, str]
    """The settings of our own bot, by the names of its README."""
    service_url: str
    ca_file: str
    log_file: str

    @classmethod
    def of(cls, teams: Rehearsal, name: str) -> Self:
        """The place of the bot of that name: a port and an empty database of its own."""
        folder = teams.folder
        with socket.create_server((HOST, 0)) as probe:
            port = probe.getsockname()[1]
        return cls(
            settings=teams.environment(DATABASE_URL=f"sqlite:///{folder / name}.db", PORT=str(port)),
            service_url=teams.wire.service_url,
            ca_file=str(teams.ca_file),
            log_file=str(folder / f"{name}.log"),
        )

    @property
    def url(self) -> str:
        """Where the bot is called."""
        return f"http://{HOST}:{self.settings['PORT']}"

    @property
    def app_id(self) -> str:
        """The bot's application id."""
        return self.settings["MICROSOFT_APP_ID"]

    @property
    def secret(self) -> str:
        """The bot's client secret."""
        return self.settings["MICROSOFT_APP_PASSWORD"]

    @property
    def tenant_id(self) -> str:
        """The only tenant."""
        return self.settings["MICROSOFT_APP_TENANT_ID"]

    @property
    def metadata_url(self) -> str:
        """The OpenID metadata of those who sign what Teams sends."""
        return self.settings["OPENID_METADATA_URL"]

    @property
    def keys_url(self) -> str:
        """The key set itself, for SDKs that skip the metadata."""
        return self.metadata_url.replace("openidconfiguration", "keys")

    @property
    def login_url(self) -> str:
        """Where the bot gets its own tokens; MSAL is content with https only."""
        return self.settings["LOGIN_URL"]

    @property
    def authority(self) -> str:
        """The login endpoint of the tenant."""
        return f"{self.login_url}/{self.tenant_id}"


def introduce_login() -> None:
    """Let MSAL take the login endpoint as it takes Microsoft's own; no SDK passes this choice on.

    Otherwise it asks Microsoft, over the internet, about every host it does not know.
    """
    known = msal.ClientApplication.__init__

    def trusting(self: object, *args: object, **settings: object) -> None:
        known(self, *args, **{**settings, "instance_discovery": False})

    msal.ClientApplication.__init__ = trusting


async def listen(runner: web.AppRunner, place: Place) -> None:
    """Serve an aiohttp application where Teams expects the bot."""
    await runner.setup()
    await web.TCPSite(runner, HOST, int(place.settings["PORT"])).start()
