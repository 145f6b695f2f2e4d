"""Personal data that people type anywhere: answered, masked, and found in no file, no log line and no card."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bot.rehearsal.answers import Result
from bot.rehearsal.people import CHANNEL_ID, HELEN, MARTIN, PRIYA, RUTH, SAM
from bot.rehearsal.seen import Seen
from bot.requests.fields import FIELD, FIELDS
from bot.telemetry import configure_logging
from tests.examples import ABOUT, DECLARED, SAFEGUARDS
from tests.journeys.conftest import Council

CANARIES = (
    "AB 12 34 56 C",
    "943 476 5919",
    "4111 1111 1111 1111",
    "07700 900123",
    "jo.canary@example.org",
    "14 Canary Avenue, Wigston, LE18 1AB",
)
EVERYTHING = ", ".join(CANARIES)
REMINDER = "Please leave out names, numbers and addresses"
MASKED = "I have masked what looked like personal details in: "


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """Everything that is logged, down to the finest."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    file = tmp_path / "log.jsonl"
    with file.open("w", encoding="utf-8") as stream:
        configure_logging("DEBUG", stream)
        structlog.configure(cache_logger_on_first_use=False)  # loggers outlive this test and its file
        yield file
        root.handlers[:] = before
        root.setLevel(level)
        structlog.reset_defaults()


@pytest.fixture
async def watched(log: Path, council: Council) -> Council:
    """A council whose bot began to log before it did anything else."""
    return council


def found(text: str) -> list[str]:
    """The canaries in a text, as typed or as bare letters and digits."""
    bare = "".join(filter(str.isalnum, text)).casefold()
    return [each for each in CANARIES if each in text or "".join(filter(str.isalnum, each)).casefold() in bare]


async def nothing_is_left(council: Council, log: Path, *results: Result) -> None:
    """Stop the bot: no canary stands in the database's bytes, in the log, or in anything it has said or shown."""
    await council.stop()
    assert found(written(log.parent)) == []
    for place in (CHANNEL_ID, *(person.chat_id for person in (PRIYA, MARTIN, RUTH, HELEN))):
        for post in council.teams.world.said_in(place):
            if post.author is None:
                assert found(json.dumps([post.activity, post.views])) == []
    assert found(json.dumps([[result.text, result.card, result.body] for result in results])) == []


def written(folder: Path) -> str:
    """Every byte of the database and of the log, neither of which may be empty."""
    contents = [(folder / name).read_bytes().decode("utf-8", "replace") for name in ("assistant.db", "log.jsonl")]
    assert "request" in contents[0]
    assert "turn.answered" in contents[1]
    return "\n".join(contents)


@pytest.mark.parametrize("canary", CANARIES)
async def test_a_question_is_answered_and_the_person_reminded(watched: Council, log: Path, canary: str) -> None:
    """The same answer as without the personal data, and the reminder below it in the same message."""
    plain = await watched.ask(PRIYA, "Which AI tools may I use for work?")
    answer = await watched.ask(PRIYA, f"Which AI tools may I use for work? {canary}")
    assert answer.text.startswith(plain.text)
    assert REMINDER in answer.text
    assert REMINDER not in plain.text
    await nothing_is_left(watched, log)


async def test_a_question_left_with_the_owners_is_masked(watched: Council, log: Path) -> None:
    """It is stored, and goes to the owners, without what nobody needs."""
    await watched.teams.install(HELEN)
    answer = await watched.ask(PRIYA, f"Who may blorf the vrimps of {EVERYTHING}?")
    assert REMINDER in answer.words
    left = await watched.teams.press(PRIYA, answer, "question.leave")
    card = await watched.card(HELEN, "blorf the vrimps of [NI number], [NHS number], [card number], [phone number]")
    told = await watched.teams.press(HELEN, card, "question.answer", answer=f"Nobody may. {EVERYTHING}")
    assert f"{MASKED}Answer." in str(told.card)
    await watched.card(PRIYA, "Nobody may. [NI number]")
    await nothing_is_left(watched, log, left, told)


async def test_a_question_in_a_long_paste_is_masked(watched: Council, log: Path) -> None:
    """What is read of it is masked, and nothing else of it is kept."""
    paste = f"Who may blorf the vrimps? {EVERYTHING}\n" + f"Nothing of note here, {CANARIES[3]}.\n" * 600
    assert len(paste) > 20_000
    assert REMINDER in (await watched.ask(PRIYA, paste)).words
    await nothing_is_left(watched, log)


async def form(council: Council) -> Seen:
    """The first step of a new form."""
    await council.ask(PRIYA, "Request an exception")
    return await council.card(PRIYA, "Step 1")


async def sent(council: Council, card: Seen, verb: str, inputs: dict[str, str]) -> Result:
    """A step as a client would send it that checks nothing."""
    data = next(action["data"] for action in (council.teams.card(PRIYA).card or {})["actions"] if "data" in action)
    action = {"type": "Action.Execute", "verb": verb, "data": {"form": data["form"]}}
    return await council.teams.act(PRIYA, card, action, inputs)


@pytest.mark.parametrize("field", [field.id for field in FIELDS])
async def test_every_field_of_the_form_is_masked(watched: Council, log: Path, field: str) -> None:
    """Whatever its kind: the card that comes back shows the masks, says where they are, and the draft holds them."""
    card = await form(watched)
    result = await sent(watched, card, "form.next", {**ABOUT, field: EVERYTHING})
    assert MASKED in str(result.card)
    await nothing_is_left(watched, log, result)


async def test_a_masked_form_can_be_sent_and_the_request_read(watched: Council, log: Path) -> None:
    """The steps go on, the receipt and the channel's card show masks, and nobody is reminded of the same twice."""
    card = await form(watched)
    texts = {"purpose": f"Write to {EVERYTHING}", "output": f"A letter to {CANARIES[5]}", "information": "personal"}
    results = [await watched.teams.press(PRIYA, card, "form.next", **ABOUT | texts)]
    assert f"{MASKED}{FIELD['purpose'].label}; {FIELD['output'].label}." in str(results[0].card)
    more = {"safeguards": f"I ring {CANARIES[3]} first", "retention": CANARIES[4]}
    results.append(await watched.teams.press(PRIYA, card, "form.next", **SAFEGUARDS | more))
    assert f"{MASKED}{FIELD['retention'].label}; {FIELD['safeguards'].label}." in str(results[1].card)
    results.append(await watched.teams.press(PRIYA, card, "request.submit", **DECLARED))
    assert MASKED not in str(results[2].card)
    seen = await watched.card(SAM, "Write to [NI number], [NHS number], [card number]", "channel")
    assert "I ring [phone number] first" in seen.words
    await nothing_is_left(watched, log, *results)


async def test_an_approval_s_words_are_masked(watched: Council, log: Path) -> None:
    """The approver reads it on the card that comes back; the requester gets the conditions with masks."""
    reference = await watched.file(PRIYA)
    card = await watched.review(MARTIN, reference)
    said = {"conditions": f"Ask {CANARIES[4]} first", "comment": f"As agreed with {EVERYTHING}"}
    result = await watched.teams.press(MARTIN, card, "decision.approve", **said)
    assert f"{MASKED}Conditions; Comment." in str(result.card)
    await watched.card(PRIYA, "Ask [e-mail address] first")
    await nothing_is_left(watched, log, result)


async def test_a_rejection_s_words_are_masked(watched: Council, log: Path) -> None:
    """The reason reaches the requester with masks."""
    reference = await watched.file(PRIYA)
    card = await watched.review(RUTH, reference)
    result = await watched.teams.press(RUTH, card, "decision.reject", reason="copilot", why=f"See {EVERYTHING}, please")
    assert f"{MASKED}Why." in str(result.card)
    await watched.card(PRIYA, "See [NI number]")
    await nothing_is_left(watched, log, result)


async def test_a_text_that_is_only_long_is_not_called_personal(watched: Council) -> None:
    """It is too long, and nothing else is said about it."""
    result = await sent(watched, await form(watched), "form.next", ABOUT | {"purpose": "Draft letters. " * 900})
    assert "at most 600 characters" in str(result.card)
    assert MASKED not in str(result.card)


async def test_the_council_s_own_contacts_are_not_masked(watched: Council) -> None:
    """What policy.yaml prints may be typed."""
    answer = await watched.ask(PRIYA, "Is (0116) 257 2700 still the number of Trish Hatton?")
    assert REMINDER not in answer.words
