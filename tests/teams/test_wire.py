"""How messages look on the wire."""

from typing import Any

import aiohttp
import pytest

from bot.ports import Citation, Message
from bot.teams.connector import Connector
from bot.teams.members import Members
from bot.teams.wire import ABSTRACT, CITATIONS, NAME, Wire


@pytest.fixture
def wire(connector: Connector) -> Wire:
    members = Members(connector=connector, service_url="https://127.0.0.1", team_id="19:x")
    return Wire(render=lambda name, data: {"name": name, **data}, members=members)


def cited(*names: str) -> tuple[Citation, ...]:
    return tuple(Citation(name=name, abstract="In our own words.") for name in names)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yes.", "Yes. [1] [2]"),
        ("Yes [1], with care [2].", "Yes [1], with care [2]."),
        ("Yes [2].", "Yes [2]. [1]"),
    ],
)
async def test_every_citation_is_marked_in_the_text(wire: Wire, text: str, expected: str) -> None:
    """Teams shows a citation where its number stands; a writer may place it, else it stands at the end."""
    activity = await wire.activity(Message(text=text, citations=cited("5.2", "6.1")), "personal")
    assert activity["text"] == expected
    assert activity["textFormat"] == "markdown"


async def test_the_message_entity_has_teams_shape(wire: Wire) -> None:
    """One entity; without the label that would say an AI wrote it."""
    activity = await wire.activity(Message(text="Yes.", citations=cited("5.2")), "channel")
    assert activity["entities"] == [
        {
            "type": "https://schema.org/Message",
            "@type": "Message",
            "@context": "https://schema.org",
            "citation": [
                {
                    "@type": "Claim",
                    "position": 1,
                    "appearance": {
                        "@type": "DigitalDocument",
                        "name": "5.2",
                        "abstract": "In our own words.",
                    },
                }
            ],
        }
    ]


async def test_citations_keep_to_teams_limits(wire: Wire) -> None:
    """20 citations, 80 and 160 characters: beyond them Teams answers 400."""
    citations = tuple(Citation(name="n" * 200, abstract="a" * 500) for _ in range(30))
    (entity,) = (await wire.activity(Message(text="Yes.", citations=citations), "personal"))["entities"]
    assert len(entity["citation"]) == CITATIONS
    appearance = entity["citation"][0]["appearance"]
    assert (len(appearance["name"]), len(appearance["abstract"])) == (NAME, ABSTRACT)
    assert appearance["name"].endswith("…")


@pytest.mark.parametrize(
    ("message", "absent"),
    [
        (Message(text="Yes."), {"entities", "channelData", "suggestedActions", "summary", "attachments"}),
        (Message(card="receipt"), {"text", "textFormat", "entities"}),
    ],
)
async def test_nothing_is_sent_that_was_not_said(wire: Wire, message: Message, absent: set[str]) -> None:
    """A card activity carries no text, which Teams would split off; empty parts are left out."""
    assert not absent & set(await wire.activity(message, "personal"))


@pytest.mark.parametrize(("scope", "shown"), [("personal", True), ("group", False), ("channel", False)])
async def test_suggestions_are_for_personal_chats(wire: Wire, scope: Any, shown: bool) -> None:
    """Teams shows them nowhere else."""
    activity = await wire.activity(Message(text="Yes.", suggestions=("Why?",)), scope)
    assert ("suggestedActions" in activity) is shown


async def test_a_card_without_refresh_keeps_its_data(wire: Wire, session: aiohttp.ClientSession) -> None:
    """Nobody is looked up for it."""
    data = {"reference": "AI-2026-0001"}
    assert await wire.card(Message(card="receipt", data=data)) == {"name": "receipt", "reference": "AI-2026-0001"}
    assert data == {"reference": "AI-2026-0001"}
