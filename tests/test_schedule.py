"""Timed work: done when due, once however often the clock looks, and never stopped by one bad job."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.context import Context, NamedTool
from bot.errors import StoreError
from bot.ports import Transaction
from bot.questions.question import QuestionState
from bot.schedule import Job, Schedule
from bot.service import questions
from bot.store.database import Database
from knowledge.answers import Answer
from tests.examples import ANSWERS, HELEN, NEXT_REVIEW, NO_ANSWER, NOW, ROSTER
from tests.test_questions import OWNERS, left

CONTEXT = Context(
    now=NOW,
    roster=ROSTER,
    policy_version="v1",
    next_review=NEXT_REVIEW,
    tool=lambda name: NamedTool(id="", name=name),
    new_id=lambda: "id",
    approver_channel="19:approvers@thread.tacv2",
    owners=OWNERS,
    answer=lambda text: NO_ANSWER,
    entry=lambda entry: ANSWERS[entry],
)


@dataclass
class Office:
    """A store, a clock that stands where it is put, and a schedule between them."""

    store: Database
    jobs: Mapping[str, Job]
    context: Context = CONTEXT
    flushed: list[None] = field(default_factory=list)

    def schedule(self, poll: float = 60) -> Schedule:
        """The schedule under test."""
        return Schedule(store=self.store, context=lambda: self.context, jobs=self.jobs, flush=self._flush, poll=poll)

    async def _flush(self) -> None:
        self.flushed.append(None)

    async def tick_at(self, now: datetime) -> int:
        """Tick three times at one moment; how many deliveries are owed then."""
        self.context = replace(self.context, now=now)
        for _ in range(3):
            await self.schedule().tick()
        return (await self.store.transact(lambda tx: tx.waiting()))[0]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A bot with the jobs about questions."""
    jobs = {"published": questions.settle_published, "reminded": questions.remind}
    with Database.open(f"sqlite:///{tmp_path}/bot.db") as database:
        yield Office(database, jobs)


async def test_reminders_go_out_once_and_in_office_hours(office: Office) -> None:
    """Not on a Saturday, not at night; after three, five and seven working days, however often the clock looks."""
    await office.store.transact(lambda tx: tx.save_question(left(), NOW))
    cards = len(left().notices)
    owners, operators = len(OWNERS), len(ROSTER.operators)
    story = [
        (datetime(2026, 11, 25, 12, tzinfo=UTC), 0),
        (datetime(2026, 11, 26, 19, tzinfo=UTC), 0),
        (datetime(2026, 11, 27, 7, 59, tzinfo=UTC), 0),
        (datetime(2026, 11, 27, 8, 0, tzinfo=UTC), owners),
        (datetime(2026, 11, 28, 12, tzinfo=UTC), owners),
        (datetime(2026, 11, 30, 17, 59, tzinfo=UTC), 2 * owners),
        (datetime(2026, 12, 2, 12, tzinfo=UTC), 2 * owners + operators),
        (datetime(2027, 6, 1, 12, tzinfo=UTC), 2 * owners + operators),
    ]
    for now, reminders in story:
        assert await office.tick_at(now) == cards + reminders, now


async def test_a_bot_that_slept_sends_the_latest_reminder_only(office: Office) -> None:
    """After a fortnight's stop: one reminder and word to the operators, not every one that was missed."""
    await office.store.transact(lambda tx: tx.save_question(left(), NOW))
    owed = await office.tick_at(datetime(2026, 12, 8, 12, tzinfo=UTC))
    assert owed == len(left().notices) + len(OWNERS) + len(ROSTER.operators)


def published(confidence: float = 1.0, text: str = "A person marks the essay (3.2).") -> Context:
    """The circumstances once an entry has been published."""
    given: Answer = replace(ANSWERS["essays"], confidence=confidence, text=text, version="v2")
    return replace(CONTEXT, policy_version="v2", answer=lambda text: given)


async def state(office: Office) -> QuestionState:
    """Where the example question stands after a tick."""
    await office.schedule().tick()
    question = await office.store.transact(lambda tx: tx.question("Q-0001"))
    assert question
    return question.state


async def test_a_new_edition_settles_what_it_answers(office: Office) -> None:
    """Looked at once an edition: a sure and new answer settles the question."""
    await office.store.transact(lambda tx: tx.save_question(left(), NOW))
    assert await state(office) is QuestionState.WAITING
    office.context = published()
    assert await state(office) is QuestionState.PUBLISHED


async def test_an_unsure_or_an_old_answer_settles_nothing(office: Office) -> None:
    """Neither a guess nor the very answer that did not fit before."""
    said = replace(left(), question=replace(left().question, entry="essays", said="A person marks the essay (3.2)."))
    await office.store.transact(lambda tx: tx.save_question(said, NOW))
    office.context = published(confidence=0.6, text="Something new.")
    assert await state(office) is QuestionState.WAITING
    office.context = replace(published(), policy_version="v3")
    assert await state(office) is QuestionState.WAITING
    office.context = replace(published(text="Two people mark it (3.2)."), policy_version="v4")
    assert await state(office) is QuestionState.PUBLISHED


async def test_the_edition_that_had_no_answer_is_not_asked_again(office: Office) -> None:
    """A question left under an edition is measured against later ones only."""
    await office.store.transact(lambda tx: tx.save_question(left(), NOW))
    office.context = replace(published(), policy_version="v1")
    assert await state(office) is QuestionState.WAITING


async def test_a_failing_job_holds_up_no_other(office: Office) -> None:
    """A fault of ours and a database that is away are logged; the next job runs and the next tick comes."""
    ran: list[str] = []

    def broken(tx: Transaction, context: Context) -> None:
        raise ValueError("a bug")

    def away(tx: Transaction, context: Context) -> None:
        raise StoreError("away")

    office.jobs = {"broken": broken, "away": away, "good": lambda tx, context: ran.append(HELEN.name)}
    with capture_logs() as logs:
        await office.schedule().tick()
    assert ran == [HELEN.name]
    assert [(log["event"], log["job"]) for log in logs] == [("job.failed", "broken"), ("job.failed", "away")]


async def test_a_job_that_fails_leaves_no_trace(office: Office) -> None:
    """Each job is one transaction."""

    def half(tx: Transaction, context: Context) -> None:
        tx.remember("half", {}, context.now)
        raise ValueError("in the middle")

    office.jobs = {"half": half}
    await office.schedule().tick()
    assert await office.store.transact(lambda tx: tx.answered("half")) is None


async def test_it_stops_when_told_and_flushes_at_the_end(office: Office) -> None:
    """Stopping waits for no poll, and what was counted is written down last."""
    began, loop = asyncio.Event(), asyncio.get_running_loop()

    def job(tx: Transaction, context: Context) -> None:
        loop.call_soon_threadsafe(began.set)

    office.jobs = {"began": job}
    schedule = office.schedule(poll=3600)
    running = asyncio.create_task(schedule.run())
    await began.wait()
    before = len(office.flushed)
    schedule.stop()
    await running
    assert len(office.flushed) == before + 1
