"""Every card of the project, filled with the sample data that lies beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.errors import AssistantError
from cards.template import Cards

CARDS = Path(__file__).parents[2] / "cards"


def gallery(folder: Path = CARDS) -> list[dict[str, Any]]:
    """One entry a card: its name and the card, or why it cannot be drawn. Read anew each time, for whoever edits."""
    try:
        cards = Cards.load(folder)
    except AssistantError as error:
        return [{"name": folder.name, "card": None, "error": str(error)}]
    return [_entry(cards, name) for name in cards.names]


def _entry(cards: Cards, name: str) -> dict[str, Any]:
    try:
        return {"name": name, "card": cards.render(name, cards.sample(name)), "error": ""}
    except AssistantError as error:
        return {"name": name, "card": None, "error": str(error)}
