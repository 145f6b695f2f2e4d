"""A bot that is killed between saving and sending forgets nothing."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.rehearsal import Rehearsal
from bot.rehearsal.people import MARTIN, PRIYA, RUTH, SAM
from tests.journeys.conftest import Council


@asynccontextmanager
async def child(council: Council) -> AsyncIterator[Process]:
    """The bot as a process of its own on the council's database."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.journeys.child",
        str(council.teams.ca_file),
        council.teams.wire.service_url,
        str(council.teams.clock.offset.total_seconds()),
        env=council.environ(),
        stdout=PIPE,
        stderr=DEVNULL,
    )
    assert process.stdout
    while b"listening" not in await process.stdout.readline():
        assert process.returncode is None
    reading = asyncio.create_task(process.stdout.read())  # a full pipe would stop the bot
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await reading


async def test_a_kill_between_commit_and_send_loses_nothing(teams: Rehearsal, tmp_path: Path) -> None:
    """No Connector call gets through; the bot is killed after each commit; started again it delivers everything."""
    council = Council(teams, tmp_path)
    async with child(council):
        for person in (PRIYA, MARTIN, RUTH):
            await teams.install(person)

        for operation in ("create", "update"):
            teams.faults.add("hang", on=operation, seconds=30)
        reference = await council.file(PRIYA)
        assert not any(reference in post.words for post in teams.channel(SAM))
    teams.faults.clear()
    async with child(council) as process:
        card = await council.card(SAM, reference, "channel")
        await council.card(MARTIN, f"New request {reference}")

        for operation in ("send", "update"):
            teams.faults.add("hang", on=operation, seconds=30)
        await council.approve(reference)
        process.kill()
        await process.wait()
    teams.faults.clear()
    async with child(council):
        await council.card(PRIYA, "I know that my use is monitored")
        await council.card(RUTH, "A decision was recorded")
        await teams.world.until(lambda: "Approved by Martin" in teams.card(SAM, reference, "channel").words)
    assert [post.id for post in teams.channel(SAM) if reference in post.words] == [card.id]
