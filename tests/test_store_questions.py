"""Questions and counts on a real file: what was written is what is read, and a race has one winner."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.errors import ConflictError
from bot.ports import Delivery, Transaction, owed
from bot.questions import life
from bot.questions.asked import Asked, Ending
from bot.questions.question import Question, QuestionState
from bot.requests.change import Notice, NoticeKind
from bot.store.database import Database
from tests.examples import HELEN, NOW, TODAY
from tests.test_questions import ASKED, answered, left, settled, waiting


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Database]:
    """A real database file."""
    with Database.open(f"sqlite:///{tmp_path}/bot.db") as database:
        yield database


def owe(deliveries: tuple[Delivery, ...], tx: Transaction) -> None:
    """Owe messages in a transaction."""
    tx.owe(deliveries)


async def read(store: Database, reference: str = "Q-0001") -> Question | None:
    """The stored question."""
    return await store.transact(lambda tx: tx.question(reference))


async def test_a_question_comes_back_equal(store: Database) -> None:
    """Waiting, and answered."""
    await store.transact(lambda tx: tx.save_question(left(), NOW))
    assert await read(store) == waiting()
    change = answered()
    assert isinstance(change, life.QuestionChange)
    await store.transact(lambda tx: tx.save_question(change, NOW))
    assert await read(store) == settled()


@pytest.mark.parametrize("reference", ["", "Q-", "Q-0002", "AI-2026-0001", "Q-1; drop", "Q-" + "9" * 40, "Q-٣", "0001"])
async def test_an_unknown_reference_finds_nothing(store: Database, reference: str) -> None:
    """Whatever a card may have sent."""
    await store.transact(lambda tx: tx.save_question(left(), NOW))
    assert await read(store, reference) is None


async def test_references_count_up(store: Database) -> None:
    """Q-0001, Q-0002."""
    assert await store.transact(lambda tx: tx.next_question()) == "Q-0001"
    await store.transact(lambda tx: tx.save_question(left(), NOW))
    assert await store.transact(lambda tx: tx.next_question()) == "Q-0002"


async def test_two_answers_to_one_revision_conflict(store: Database) -> None:
    """The second is refused by the database itself, and leaves no audit and no delivery."""
    await store.transact(lambda tx: tx.save_question(left(), NOW))
    change = answered()
    assert isinstance(change, life.QuestionChange)
    await store.transact(lambda tx: tx.save_question(change, NOW))
    count = await store.transact(lambda tx: tx.waiting())
    with pytest.raises(ConflictError, match="Q-0001 is not at revision 1"):
        await store.transact(lambda tx: tx.save_question(change, NOW))
    assert await store.transact(lambda tx: tx.waiting()) == count


async def test_questions_are_found_by_their_state(store: Database) -> None:
    """The oldest first."""
    await store.transact(lambda tx: tx.save_question(left(), NOW))
    second = replace(left(), question=replace(waiting(), reference="Q-0002"))
    await store.transact(lambda tx: tx.save_question(second, NOW))
    found = await store.transact(lambda tx: tx.questions(QuestionState.WAITING, QuestionState.CLOSED))
    assert [question.reference for question in found] == ["Q-0001", "Q-0002"]
    assert await store.transact(lambda tx: tx.questions(QuestionState.ANSWERED)) == ()


async def test_a_reminder_is_owed_once_on_each_occasion(store: Database) -> None:
    """However often the clock looks."""
    for _ in range(3):
        for day in ("3", "5"):
            notice = Notice(kind=NoticeKind.QUESTION_REMINDER, to=HELEN.object_id, occasion=day)
            await store.transact(partial(owe, owed(waiting(), (notice,), NOW)))
    assert (await store.transact(lambda tx: tx.waiting()))[0] == 2


async def test_counts_add_up(store: Database) -> None:
    """The same question of the same day is one line; yesterday's is another."""
    yesterday = replace(ASKED, day=TODAY - timedelta(days=1))
    answered_ = Asked(day=TODAY, ending=Ending.ANSWERED, knowledge="v1", entry="essays")
    await store.transact(lambda tx: tx.count_asked({ASKED: 2, yesterday: 1}))
    await store.transact(lambda tx: tx.count_asked({ASKED: 3, answered_: 7}))
    await store.transact(lambda tx: tx.count_asked({}))
    assert await store.transact(lambda tx: tx.asked_since(TODAY)) == {ASKED: 5, answered_: 7}
    assert (await store.transact(lambda tx: tx.asked_since(TODAY - timedelta(days=1))))[yesterday] == 1
    assert await store.transact(lambda tx: tx.asked(ASKED.id)) == ASKED
    assert await store.transact(lambda tx: tx.asked("unknown")) is None
