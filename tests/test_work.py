"""What runs beside the turns: begun again when it ends unasked, and ended in good order."""

import asyncio

from structlog.testing import capture_logs

from bot.work import Work


class Job:
    """Ends as often as it is told to, by a fault or quietly, then runs until it is stopped."""

    def __init__(self, *ends: Exception | None) -> None:
        self.ends = list(ends)
        self.running = asyncio.Event()
        self.stopped = asyncio.Event()

    async def run(self) -> None:
        if self.ends:
            if fault := self.ends.pop(0):
                raise fault
            return
        self.running.set()
        await self.stopped.wait()


async def test_what_ends_unasked_is_begun_again() -> None:
    """Whether a fault ended it or nothing did; the log names it each time, and it counts as down no more."""
    work, job = Work(pause=0), Job(ValueError("odd"), None)
    with capture_logs() as logs:
        work.begin("outbox", job.run, job.stopped.set)
        await job.running.wait()
    assert [(line["event"], line["work"]) for line in logs] == [
        ("work.failed", "outbox"),
        ("work.ended", "outbox"),
        ("work.ended", "outbox"),
    ]
    assert work.down() == ()
    await work.end()


async def test_what_is_down_is_named_until_it_runs_again() -> None:
    """And the end does not wait for the pause."""
    work, lasting, broken = Work(pause=3600), Job(), Job(ValueError("odd"))
    work.begin("outbox", broken.run, broken.stopped.set)
    work.begin("schedule", lasting.run, lasting.stopped.set)
    await lasting.running.wait()
    assert work.down() == ("outbox",)
    await asyncio.wait_for(work.end(), 20)


async def test_the_end_lets_work_finish_and_cancels_what_cannot_be_stopped() -> None:
    """Nothing that ends because it was asked to is begun again, or said to have ended."""
    work, job, watch = Work(pause=0), Job(), Job()
    with capture_logs() as logs:
        work.begin("outbox", job.run, job.stopped.set)
        work.begin("knowledge", watch.run)
        await job.running.wait()
        await watch.running.wait()
        await work.end()
    assert (logs, work.down()) == ([], ())
