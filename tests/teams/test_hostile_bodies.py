"""With a valid token, too, no body makes the bot answer 5xx (trap 9)."""

import json
from typing import Any

import pytest

from tests.teams.conftest import Bot

UNREADABLE: dict[str, bytes] = {
    "nothing": b"",
    "a word": b"hello",
    "half an object": b'{"type": "message"',
    "a list": b"[]",
    "a text": b'"message"',
    "null": b"null",
    "a number": b"1e999",
    "not a number": b'{"type": NaN}',
    "UTF-16": '{"type": "message"}'.encode("utf-16"),
    "UTF-8 with a mark": b'\xef\xbb\xbf{"type": "message"}',
    "broken UTF-8": b'{"type": "\xff"}',
    "100,000 brackets": b"[" * 100_000,
    "100,000 braces": b'{"a":' * 40_000,
    "a number of 5,000 digits": b'{"type": ' + b"9" * 5000 + b"}",
}

MISSHAPEN: dict[str, dict[str, Any]] = {
    "no type": {"type": None},
    "type a number": {"type": 1},
    "no id": {"id": None},
    "id an object": {"id": {}},
    "no channel": {"channelId": None},
    "no service URL": {"serviceUrl": None},
    "no conversation": {"conversation": None},
    "conversation a text": {"conversation": "a:1"},
    "conversation without id": {"conversation": {}},
    "conversation id a number": {"conversation": {"id": 5}},
    "conversation type a list": {"conversation": {"id": "a:1", "conversationType": []}},
    "text a list": {"text": ["a"]},
    "sender a text": {"from": "anna"},
    "sender's id a number": {"from": {"id": 1}},
    "object id a list": {"from": {"aadObjectId": []}},
    "recipient a list": {"recipient": []},
    "entities an object": {"entities": {}},
    "members a text": {"membersAdded": "x"},
    "name a number": {"name": 3},
    "action a list": {"action": []},
    "reply to a number": {"replyToId": 4},
    "data a list": {"channelData": []},
    "NUL in the text": {"text": "a\0b"},
    "half a character": {"text": "a\ud800"},
    "half a character in a name": {"value": {"\udfff": 1}},
}

ODD_BUT_FINE: dict[str, dict[str, Any]] = {
    "28 KB of text": {"text": "a" * 28_000},
    "100 KB of text": {"text": "a" * 100_000},
    "an emoji in escapes": {"text": "\U0001f600"},
    "no sender": {"from": None},
    "no recipient": {"recipient": None},
    "entities of odd things": {
        "entities": [None, 1, "x", [], {"type": "mention"}, {"type": "mention", "mentioned": 1}]
    },
    "value a number": {"value": 7},
    "a backslash and a u": {"text": "\\u0000"},
    "unknown fields": {"surprise": {"a": [1, 2, {"b": None}]}},
    "an empty type of conversation": {},
}


@pytest.mark.parametrize("shape", UNREADABLE)
async def test_an_unreadable_body_is_a_400(bot: Bot, shape: str) -> None:
    """Bytes that are no activity are refused in plain words, and nothing runs."""
    status, body = await bot.post(UNREADABLE[shape])
    assert (status, bot.turns) == (400, [])
    assert body["error"] == "this is not an activity the bot can read"


@pytest.mark.parametrize("shape", MISSHAPEN)
async def test_a_misshapen_activity_is_a_400(bot: Bot, shape: str) -> None:
    """JSON in which something the bot reads has the wrong type, or could not be stored."""
    assert (await bot.post(json.dumps(bot.teams.activity(**MISSHAPEN[shape])).encode()))[0] == 400
    assert bot.turns == []


@pytest.mark.parametrize("shape", ODD_BUT_FINE)
async def test_an_odd_activity_is_taken(bot: Bot, shape: str) -> None:
    """What Teams might send one day is not refused for being unknown."""
    assert (await bot.post(bot.teams.activity(**ODD_BUT_FINE[shape]))) == (200, None)
    assert len(bot.turns) == 1


async def test_nesting_without_end_in_a_cards_data_is_a_400(bot: Bot) -> None:
    """JSON that parses may still break whoever walks it."""
    nested: Any = 1
    for _ in range(200):
        nested = [nested]
    assert (await bot.post(bot.teams.activity(value={"verb": "x", "deep": nested})))[0] == 400


async def test_too_large_a_body_is_a_413_before_its_token_is_looked_at(bot: Bot) -> None:
    """Size comes before everything."""
    assert (await bot.post(b" " * 300_000, {"Authorization": "Bearer x"}))[0] == 413


async def test_too_large_a_body_without_length_is_a_413(bot: Bot) -> None:
    """A body in chunks is counted while it comes."""

    async def chunks() -> Any:
        for _ in range(300):
            yield b" " * 1024

    headers = {"Authorization": f"Bearer {bot.teams.token()}", "Content-Type": "application/json"}
    async with bot.client.post("/api/messages", headers=headers, data=chunks()) as response:
        assert response.status == 413


@pytest.mark.parametrize("content_type", ["text/plain", "text/html", "application/x-www-form-urlencoded", "", "x"])
async def test_another_content_type_is_a_415(bot: Bot, content_type: str) -> None:
    """Only JSON, so that no web page can post here without being asked about it first."""
    headers = {"Authorization": f"Bearer {bot.teams.token()}", "Content-Type": content_type}
    assert (await bot.post(json.dumps(bot.teams.activity()).encode(), headers))[0] == 415
    assert bot.turns == []
