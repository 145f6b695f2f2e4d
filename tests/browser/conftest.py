"""A headless Chromium before the rehearsal page, and a bot whose lines the tests write."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.rehearsal import Rehearsal
from bot.rehearsal.people import Person
from bot.rehearsal.world import CARD, Post

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
VISITOR = {"locale": "en-GB", "viewport": {"width": 1360, "height": 860}}
PATIENCE = 20_000
"""Milliseconds until something that should happen counts as not happening."""

Json = dict[str, Any]


class ScriptedBot:
    """Answers as the test says: `replies` by text or verb, `answers` by verb; everything it got is in `heard`."""

    def __init__(self, teams: Rehearsal) -> None:
        self.teams = teams
        self.heard: list[Json] = []
        self.replies: dict[str, Json] = {}
        self.answers: dict[str, Json] = {}

    def posts(self, where: Person | str, *, thread: str | None = None, card: Json | None = None, **fields: Any) -> Post:
        """Say something in a person's chat or in the channel."""
        conversation = where if isinstance(where, str) else where.chat_id
        attachments = [{"contentType": CARD, "content": card}] if card else []
        activity = {"type": "message", "attachments": attachments, **fields}
        return self.teams.world.add(conversation, None, activity, thread)

    async def receive(self, request: web.Request) -> web.Response:
        """One activity from Teams."""
        activity = await request.json()
        self.heard.append(activity)
        asked = _verb(activity) if activity["type"] == "invoke" else activity.get("text", "")
        if reply := self.replies.get(asked):
            conversation, _, thread = activity["conversation"]["id"].partition(";messageid=")
            self.posts(conversation, thread=thread or None, **reply)
        return web.json_response(self.answers.get(asked, {}) if activity["type"] == "invoke" else {})


def _verb(invoke: Json) -> str:
    return str(invoke["value"]["action"]["verb"]) if invoke["name"] == "adaptiveCard/action" else ""


@pytest.fixture
async def bot() -> AsyncIterator[ScriptedBot]:
    """The scripted bot, listening, with a rehearsal around it."""
    async with Rehearsal() as teams:
        scripted = ScriptedBot(teams)
        app = web.Application()
        app.router.add_post("/api/messages", scripted.receive)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", teams.bot_port).start()
        yield scripted
        await runner.cleanup()


@pytest.fixture
def executable() -> str:
    """Debian's Chromium, or the one that CHROMIUM names."""
    path = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
    if not path.exists():
        pytest.fail(f"no browser at {path}: install Debian's package chromium, or set CHROMIUM to one")
    return str(path)


@pytest.fixture
async def chromium(executable: str) -> AsyncIterator[Browser]:
    """The browser, headless, without its own network traffic."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        await browser.close()


Visit = Callable[..., Awaitable[Page]]


@pytest.fixture
async def visit(chromium: Browser) -> AsyncIterator[Visit]:
    """Opens an address as a fresh visitor, with the guide closed; a complaint in the console fails the test."""
    complaints: list[str] = []

    def heed(page: Page) -> None:
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))

    async def open_page(address: str, **context: Any) -> Page:
        visitor = await chromium.new_context(**{**VISITOR, **context})
        await visitor.add_init_script("localStorage.getItem('guide') ?? localStorage.setItem('guide', 'closed')")
        page = await visitor.new_page()
        page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        heed(page)
        await page.goto(address)
        return page

    yield open_page
    assert complaints == []


async def ask(page: Page, pane: str, text: str) -> None:
    """Type into a pane's box and press Enter."""
    await page.locator(f"#{pane} textarea").fill(text)
    await page.locator(f"#{pane} textarea").press("Enter")


async def become(page: Page, pane: str, name: str) -> None:
    """Choose who one is in a pane."""
    options = await page.locator(f"#{pane} .who option").all_text_contents()
    await page.locator(f"#{pane} .who").select_option(label=next(option for option in options if name in option))
