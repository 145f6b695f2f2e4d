"""Traps of botbuilder-core 4.17.1 that no other test of this room names."""

import ast
import asyncio
import dataclasses
import inspect
from pathlib import Path

import msrest
import pytest

import bot.teams
from bot.ports import Message
from bot.teams import assistant
from bot.teams.edge import open_playground
from bot.teams.tokens import Credentials
from bot.turns import Reply
from tests.teams.conftest import Bot
from tests.teams.loopback import Loopback

ROOM = Path(bot.teams.__file__).parent


async def test_trap_4_no_turn_builds_an_msrest_client(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its retry policy alone took half of a turn's time."""

    def broken(*_: object, **__: object) -> None:
        raise AssertionError("a turn built an msrest client")

    monkeypatch.setattr(msrest.ServiceClient, "__init__", broken)
    bot.reply = Reply(messages=(Message(text="No."),))
    assert await bot.post(bot.teams.activity()) == (200, None)
    assert (await bot.teams.sent())[0].body["text"] == "No."


def test_trap_15_nothing_is_kept_in_the_sdk() -> None:
    """Its state loses concurrent updates, and its own adapters bring traps 1 to 9 back: neither is imported."""
    taken = {
        name.name
        for path in ROOM.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("botbuilder", "botframework"))
        for name in node.names
    }
    assert taken == {
        "Activity",
        "ActivityHandler",
        "Bot",
        "BotAdapter",
        "ChannelAccount",
        "ConversationAccount",
        "ConversationReference",
        "InvokeResponse",
        "ResourceResponse",
        "TurnContext",
    }


def test_trap_8_credentials_without_an_app_id_do_not_exist() -> None:
    """An edge without credentials is another function, `open_playground`, and that one takes none."""
    fields = {field.name: field for field in dataclasses.fields(Credentials)}
    assert fields["app_id"].default is dataclasses.MISSING
    assert "credentials" not in inspect.signature(open_playground).parameters


async def test_a_turn_does_not_wait_for_a_hung_connector(
    bot: Bot, teams: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Trap 5: the press is answered, and the message arrives once the Connector wakes up."""
    monkeypatch.setattr(assistant, "PATIENCE", 0.01)
    teams.connector_free.clear()
    bot.reply = Reply(messages=(Message(text="No."),))
    assert await asyncio.wait_for(bot.post(teams.activity()), 5) == (200, None)
    teams.connector_free.set()
    assert len(await teams.sent()) == 1


async def test_what_is_on_its_way_is_said_before_the_bot_stops(
    bot: Bot, teams: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopping waits for the Connector's answer."""
    monkeypatch.setattr(assistant, "PATIENCE", 0.0)
    teams.connector_free.clear()
    bot.reply = Reply(messages=(Message(text="1"), Message(text="2")))
    await bot.post(teams.activity())
    stopping = asyncio.create_task(bot.client.close())
    teams.connector_free.set()
    await stopping
    assert [call.body["text"] for call in teams.calls] == ["1", "2"]
