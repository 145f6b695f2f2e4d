"""What the guard at the door lets through of a card: our own keys, so much of each, and none of it unmasked."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bot.live_knowledge import Edition
from bot.ports import Conversation
from bot.privacy import MOST, SENT, PrivacyGuard
from bot.requests.fields import FIELDS, Kind
from bot.turns import Reply, Turn, TurnKind
from knowledge.loader import load
from tests.knowledge_files import SMALL

CARDS = Path(__file__).parent.parent / "cards"
EDITION = Edition.of(load(SMALL))
PHONE = "07700 900123"


async def let_through(data: Mapping[str, object]) -> Mapping[str, object]:
    """What is behind the guard of a card's data."""
    turns: list[Turn] = []

    async def handle(turn: Turn) -> Reply:
        turns.append(turn)
        return Reply()

    chat = Conversation(id="a:anna", scope="personal", service_url="https://smba.example", object_id="anna")
    pressed = Turn(kind=TurnKind.ACTION, activity_id="1", conversation=chat, verb="form.next", data=data)
    await PrivacyGuard(handle=handle, edition=lambda: EDITION).handle(pressed)
    return turns[0].data


def sent_by(card: object) -> Iterator[str]:
    """The names under which a card sends something: its inputs' and those in its buttons' data."""
    if isinstance(card, list):
        for part in card:
            yield from sent_by(part)
    elif isinstance(card, dict):
        kind = str(card.get("type"))
        if kind.startswith("Input."):
            yield str(card["id"])
        if kind.startswith("Action.") and isinstance(card.get("data"), dict):
            yield from card["data"]
        for part in card.values():
            yield from sent_by(part)


def test_everything_that_our_cards_send_is_known() -> None:
    """A new input that nobody adds to the list would be dropped; `verb` and `msteams` are taken out before."""
    texts = [path.read_text(encoding="utf-8") for path in CARDS.glob("*.template.json")]
    named = {name for text in texts for name in sent_by(json.loads(text))} - {"verb", "msteams", "${id}"}
    assert len(named) > 20
    assert named <= SENT
    assert {"condition_1", "condition_5"} <= SENT


def test_the_longest_form_has_room() -> None:
    """Nothing that a card of ours lets anybody type is cut."""
    assert sum(field.most for field in FIELDS if field.kind in (Kind.TEXT, Kind.URL)) < MOST


async def test_what_our_cards_send_comes_through_in_its_order() -> None:
    """Texts and numbers, as they were sent."""
    data = {"form": "f" * 32, "tool": "ChatGPT", "revision": 2, "condition_1": "true", "monitored": "true"}
    assert list((await let_through(data)).items()) == list(data.items())


@pytest.mark.parametrize("odd", [{"k1": "x"}, {"form": ["x"]}, {"tool": {"a": "b"}}, {"until": None}, {"verb": "x"}])
async def test_what_our_cards_never_send_is_dropped(odd: Mapping[str, object]) -> None:
    """Other names, and values that no input has: nothing behind the guard needs to look at them."""
    assert await let_through({"reference": "AI-2026-0001", **odd}) == {"reference": "AI-2026-0001"}


async def test_only_so_much_of_a_card_is_looked_at() -> None:
    """A card of a quarter of a megabyte would stop the bot for everybody else while it is searched."""
    seen = await let_through(dict.fromkeys(sorted(SENT), f"{PHONE} " * 800))
    assert sum(len(str(value)) for value in seen.values()) <= MOST * 2
    assert PHONE not in " ".join(map(str, seen.values()))


async def test_nothing_is_searched_that_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor more of the rest than is read."""
    searched: list[str] = []

    def masked(_: object, text: str) -> str:
        searched.append(text)
        return text

    monkeypatch.setattr(type(EDITION.guard), "masked", masked)
    await let_through({f"k{n}": "1 " * 3_000 for n in range(40)} | dict.fromkeys(SENT, "1 " * 3000))
    assert sum(map(len, searched)) <= MOST
