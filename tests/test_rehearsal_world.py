"""The world keeps time and order, and a card is read as a person reads it."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.rehearsal.cardview import buttons, filled, texts, unfit
from bot.rehearsal.clock import Clock
from bot.rehearsal.people import CHANNEL_ID, PEOPLE, PRIYA, RUTH, TEAM_ID, Directory, crowd
from bot.rehearsal.world import Json, World, split_id

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_the_clock_moves_and_comes_back() -> None:
    """Forward, backward, reset; whoever listens is told each time."""
    clock = Clock(lambda: NOON)
    heard: list[datetime] = []
    clock.on_move(lambda: heard.append(clock.now()))
    clock.advance(timedelta(days=3))
    clock.advance(timedelta(days=-1))
    assert clock.reset() == NOON
    assert heard == [NOON + timedelta(days=3), NOON + timedelta(days=2), NOON]


def test_message_ids_never_repeat() -> None:
    """Not within a millisecond, and not when the clock goes back."""
    clock = Clock(lambda: NOON)
    world = World(clock, Directory())
    ids = [world.add(PRIYA.chat_id, None, {"text": "x"}).id for _ in range(3)]
    clock.advance(timedelta(days=-1))
    ids.append(world.add(PRIYA.chat_id, None, {"text": "x"}).id)
    assert ids == sorted(set(ids))
    assert ids[0] == str(int(NOON.timestamp() * 1000))


async def test_waiting_ends_with_the_change_or_with_an_error() -> None:
    """A test waits for what people see, never for a time."""
    world = World(Clock(), Directory())
    await world.until(lambda: True)
    with pytest.raises(TimeoutError):
        await world.until(lambda: False, seconds=0.01)


def test_ids_are_shaped_like_the_real_ones() -> None:
    """Chats begin with a:, people with 29:, threads carry their first message; nobody is mistaken for another."""
    people = Directory([*PEOPLE, *crowd(100)])
    for person in people.everybody:
        assert person.chat_id.startswith("a:") and person.teams_id.startswith("29:")
        assert people.owner_of(person.chat_id) == person
        for name in (person.object_id, person.teams_id, person.first):
            assert people.find(name) == person
    assert len({person.first for person in people.everybody}) == len(PEOPLE) + 100
    assert split_id(f"{CHANNEL_ID};messageid=17") == (CHANNEL_ID, "17")
    assert split_id(PRIYA.chat_id) == (PRIYA.chat_id, None)
    assert people.owner_of(CHANNEL_ID) is people.owner_of(TEAM_ID) is None
    with pytest.raises(LookupError, match="no person 'Nobody'"):
        people.find("Nobody")
    assert RUTH.email == "ruth.lindqvist@council.example"


CARD = {
    "type": "AdaptiveCard",
    "body": [
        {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "ChatGPT"}]},
        {"type": "FactSet", "facts": [{"title": "Until", "value": "31 May"}]},
        {
            "type": "Container",
            "items": [
                {"type": "Input.ChoiceSet", "id": "plan", "label": "Plan", "isRequired": True, "choices": []},
                {"type": "Input.Date", "id": "until", "value": "2027-05-31"},
                {"type": "ActionSet", "actions": [{"type": "Action.Execute", "title": "Plain", "verb": "a.plain"}]},
            ],
        },
    ],
    "actions": [
        {"type": "Action.Submit", "title": "Old", "data": {"verb": "a.old"}, "associatedInputs": "none"},
        {
            "type": "Action.Execute",
            "title": "New",
            "verb": "a.new",
            "fallback": {"type": "Action.Submit", "title": "F"},
        },
    ],
    "refresh": {"action": {"type": "Action.Execute", "title": "hidden", "verb": "a.refresh"}, "userIds": []},
}


def test_a_card_shows_its_words_and_buttons() -> None:
    """What is hidden in data, fallback and refresh is neither read nor pressed."""
    assert texts(CARD) == ["ChatGPT", "Until", "31 May", "Plan", "2027-05-31", "Plain", "Old", "New"]
    assert [(button.title, button.verb) for button in buttons(CARD)] == [
        ("Plain", "a.plain"),
        ("Old", "a.old"),
        ("New", "a.new"),
    ]


def test_inputs_are_sent_as_text_and_required_ones_insisted_on() -> None:
    """No choice is no value; a date keeps its own; a button may ask for none of it."""
    plain, old, _ = buttons(CARD)
    assert filled(plain, {}) == {"until": "2027-05-31"}
    assert unfit(plain, filled(plain, {})) == "plan is not filled in as it should be"
    assert unfit(plain, filled(plain, {"plan": "free"})) == ""
    assert filled(old, {}) == {}


def test_a_required_toggle_must_be_on() -> None:
    """Off, by whatever name, is not an agreement."""
    toggle = {"type": "Input.Toggle", "id": "agree", "valueOn": "yes", "valueOff": "no", "isRequired": True}
    [send] = buttons({"body": [toggle], "actions": [{"type": "Action.Execute", "title": "Send"}]})
    assert unfit(send, {"agree": "no"}) and unfit(send, filled(send, {}))
    assert not unfit(send, {"agree": "yes"})


@pytest.mark.parametrize(
    ("limits", "fits", "fails"),
    [
        ({"type": "Input.Number", "min": 1, "max": 9}, ["", "1", "9"], ["0", "10"]),
        ({"type": "Input.Date", "min": "2026-12-01", "max": "2027-11-30"}, ["", "2027-11-30"], ["2026-11-30"]),
        ({"type": "Input.Text", "regex": "^https://"}, ["", "https://a.example"], ["http://a.example"]),
    ],
)
def test_limits_and_patterns_are_checked_before_anything_is_sent(
    limits: Json, fits: list[str], fails: list[str]
) -> None:
    """An empty field that need not be filled is always fit."""
    [send] = buttons({"body": [{"id": "x", **limits}], "actions": [{"type": "Action.Execute", "title": "Send"}]})
    assert [unfit(send, {"x": value}) for value in fits] == [""] * len(fits)
    assert all(unfit(send, {"x": value}) for value in fails)
