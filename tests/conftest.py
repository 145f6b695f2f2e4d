"""Fixtures that many tests share: a Teams on loopback."""

from collections.abc import AsyncIterator

import pytest

from bot.rehearsal import Rehearsal


@pytest.fixture
async def teams() -> AsyncIterator[Rehearsal]:
    """A whole Teams on free ports, without any bot; set `bot_url` once one listens."""
    async with Rehearsal() as rehearsal:
        yield rehearsal
