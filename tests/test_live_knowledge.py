"""The knowledge files of a running bot: however they are changed, it notices."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from bot import live_knowledge
from bot.live_knowledge import LiveKnowledge
from tests.knowledge_files import SMALL


class Watched(LiveKnowledge):
    """Live knowledge that says when it has read its files again."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._reloaded = asyncio.Event()

    async def reload(self) -> None:
        await super().reload()
        self._reloaded.set()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait for what the watch does by itself."""
        async with asyncio.timeout(10):
            while not holds():
                await self._reloaded.wait()
                self._reloaded.clear()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Knowledge files that may be changed."""
    return Path(shutil.copytree(SMALL, tmp_path / "releases" / "knowledge"))


@pytest.fixture
async def live(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Watched]:
    """Knowledge that is watched."""
    monkeypatch.setattr(live_knowledge, "LOOK", 0.01)
    live = Watched(folder)
    watching = asyncio.create_task(live.watch())
    yield live
    assert not watching.done()
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching


async def changed(folder: Path, live: Watched) -> None:
    """Break a file, then mend it: both are noticed."""
    file, before = folder / "faq.yaml", live.edition()
    good = file.read_bytes()
    file.write_bytes(b"nonsense")
    await live.until(lambda: "faq.yaml" in live.fault)
    assert live.edition() is before
    file.write_bytes(good)
    await live.until(lambda: live.fault == "")
    assert live.edition() is not before


async def test_a_saved_file_is_read_again(folder: Path, live: Watched) -> None:
    """Saved in place, more than once."""
    await changed(folder, live)
    await changed(folder, live)


async def test_a_file_that_was_replaced_is_read_again(folder: Path, live: Watched) -> None:
    """Many editors write a new file and give it the old one's name."""
    before = live.edition()
    (new := folder / "faq.yaml~").write_bytes((folder / "faq.yaml").read_bytes())
    new.replace(folder / "faq.yaml")
    await live.until(lambda: live.edition() is not before)
    await changed(folder, live)


@pytest.mark.parametrize("moved", ["knowledge", ""])
async def test_a_folder_that_was_replaced_is_watched(folder: Path, live: Watched, moved: str) -> None:
    """A deployment moves a new folder, or the one around it, to where the old one was."""
    before = live.edition()
    old = folder.parent / moved
    new = Path(shutil.copytree(old, folder.parents[1] / "new"))
    shutil.move(old, folder.parents[1] / "old")
    await live.until(lambda: live.fault != "")
    assert live.edition() is before
    shutil.move(new, old)
    await live.until(lambda: live.fault == "")
    await changed(folder, live)


async def test_a_link_that_leads_elsewhere_is_followed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Container platforms mount settings as links and change where they lead."""
    monkeypatch.setattr(live_knowledge, "LOOK", 0.01)
    second = Path(shutil.copytree(folder, folder.with_name("second")))
    (link := folder.with_name("current")).symlink_to(folder)
    live = Watched(link)
    watching = asyncio.create_task(live.watch())
    before = live.edition()
    (swapped := folder.with_name("swapped")).symlink_to(second)
    swapped.replace(link)
    await live.until(lambda: live.edition() is not before)
    await changed(second, live)
    watching.cancel()


async def test_what_changed_before_the_watch_began_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the start and the first look."""
    monkeypatch.setattr(live_knowledge, "LOOK", 0.01)
    live = Watched(folder)
    (folder / "faq.yaml").write_bytes(b"nonsense")
    watching = asyncio.create_task(live.watch())
    await live.until(lambda: "faq.yaml" in live.fault)
    watching.cancel()
