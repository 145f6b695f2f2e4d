"""The real bot beside a Teams on loopback, which can be stopped and started again on the same database."""

import asyncio
import json
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Self

import aiohttp
import pytest

import app
from bot.rehearsal import Rehearsal
from bot.rehearsal.people import MARTIN, PRIYA, RUTH, TOM, Person
from bot.rehearsal.seen import Seen
from bot.settings import Settings
from tests.examples import ABOUT, DECLARED, NOW, SAFEGUARDS

KNOWLEDGE = Path("knowledge")


class Council:
    """A council at work: its Teams, its bot, its knowledge files."""

    def __init__(self, teams: Rehearsal, folder: Path) -> None:
        self.teams = teams
        teams.clock.advance(NOW - teams.clock.now())
        self.knowledge = folder / "knowledge"
        self.database_url = f"sqlite:///{folder / 'assistant.db'}"
        shutil.copytree(KNOWLEDGE, self.knowledge, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
        self._bot = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Start the bot, from its settings on."""
        around = app.Surroundings(
            now=self.teams.clock.now, service_url=self.teams.wire.service_url, login_ca=str(self.teams.ca_file)
        )
        await self._bot.enter_async_context(app.serving(Settings.read(self.environ()), around))

    def environ(self) -> dict[str, str]:
        """The bot's settings."""
        return self.teams.environment(DATABASE_URL=self.database_url, KNOWLEDGE_DIR=str(self.knowledge))

    async def stop(self) -> None:
        """Stop the bot; what it owes stays owed."""
        await self._bot.aclose()

    async def ask(self, person: Person, text: str) -> Seen:
        """Ask in the personal chat and read the answer."""
        before = len(self.teams.chat(person))
        assert (await self.teams.say(person, text)).ok
        await self.teams.world.until(lambda: len(self.teams.chat(person)) >= before + 2)
        return self.teams.chat(person)[-1]

    async def card(self, person: Person, text: str, where: str = "personal") -> Seen:
        """Wait until the person sees a card with that text."""
        await self.teams.world.until(lambda: self._finds(person, text, where))
        return self.teams.card(person, text, where)

    def _finds(self, person: Person, text: str, where: str) -> bool:
        try:
            return bool(self.teams.card(person, text, where))
        except LookupError:
            return False

    async def file(self, person: Person = PRIYA, **changed: str) -> str:
        """Fill in the whole form and send it; returns the reference."""
        await self.ask(person, "Request an exception")
        form = await self.card(person, "Step 1")
        answers = ABOUT | changed
        await self.teams.press(person, form, "form.next", **answers)
        if "Step 2 of 3" in self.teams.card(person).words:
            await self.teams.press(person, form, "form.next", **SAFEGUARDS)
        assert (await self.teams.press(person, form, "request.submit", **DECLARED)).shown == "card"
        receipt = self.teams.card(person, "Your exception request")
        return next(word for line in receipt.words.splitlines() for word in line.split() if word.startswith("AI-"))

    async def review(self, person: Person, reference: str) -> Seen:
        """Look at the channel's card as somebody who may decide: Teams refreshes it for them."""
        card = await self.card(person, reference, "channel")
        await self.teams.refresh(person, card)
        return self.teams.card(person, reference, "channel")

    async def approve(self, reference: str, person: Person = MARTIN, conditions: str = "") -> Seen:
        """Approve in the channel."""
        card = await self.review(person, reference)
        result = await self.teams.press(person, card, "decision.approve", conditions=conditions)
        assert result.shown == "card", result
        return self.teams.card(person, reference, "channel")

    def audit(self) -> list[tuple[str, str, dict[str, str]]]:
        """Every audit event: its name, who did it, its facts; read beside the running bot, and the chain is whole."""
        with sqlite3.connect(self.database_url.removeprefix("sqlite:///")) as reader:
            rows = reader.execute(
                "select name, actor, facts from audit join audit_personal using (seq) order by seq"
            ).fetchall()
        return [(name, actor, json.loads(facts)) for name, actor, facts in rows]

    async def ready(self) -> tuple[int, dict[str, str]]:
        """The status of /readyz and what each red part says."""
        url = f"http://127.0.0.1:{self.teams.bot_port}/readyz"
        async with aiohttp.ClientSession() as session, session.get(url) as response:
            return response.status, (await response.json())["reasons"]

    async def settled(self, state: str, among: str = "") -> None:
        """Wait until a delivery is in this state, with its key holding `among`."""
        async with asyncio.timeout(20):
            while not await asyncio.to_thread(self._finds_delivery, state, among):
                pass

    def _finds_delivery(self, state: str, among: str) -> bool:
        with sqlite3.connect(self.database_url.removeprefix("sqlite:///")) as reader:
            rows = reader.execute("select key from delivery where status = ?", (state,)).fetchall()
        return any(among in key for (key,) in rows)

    def refusals(self, person: Person) -> list[str]:
        """Why this person was refused, in order."""
        return [
            facts["reason"]
            for name, actor, facts in self.audit()
            if name == "action.refused" and actor == person.object_id
        ]


@pytest.fixture
async def council(teams: Rehearsal, tmp_path: Path) -> AsyncIterator[Council]:
    """A council whose bot runs and whose people have installed it."""
    async with Council(teams, tmp_path) as council:
        for person in (PRIYA, TOM, MARTIN, RUTH):
            await teams.install(person)
        yield council
