"""The knowledge a running bot answers from: read again when the owners save a file, kept when they break one."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import structlog

from knowledge.assistant import Assistant
from knowledge.check import refuse_broken, refuse_faults
from knowledge.entries import Knowledge
from knowledge.findings import KnowledgeError
from knowledge.loader import FILES, load
from knowledge.privacy import Guard
from knowledge.tools import Toolbox

LOOK = 0.5
"""Seconds between two looks at the files; a change is read when it is two looks old, so that none is half written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One load of the files, and what answers from it."""

    knowledge: Knowledge
    assistant: Assistant
    toolbox: Toolbox
    guard: Guard

    @classmethod
    def of(cls, knowledge: Knowledge) -> Self:
        """Make ready to answer from a load."""
        printed = (each for contact in knowledge.policy.contacts for each in (contact.phone, contact.email) if each)
        return cls(
            knowledge=knowledge,
            assistant=Assistant(knowledge),
            toolbox=Toolbox(knowledge.tools.values()),
            guard=Guard(printed),
        )

    @classmethod
    def checked(cls, folder: Path) -> Self:
        """Read a folder that nobody may have checked; KnowledgeError has every fault, broken golden questions too."""
        knowledge = load(folder)
        refuse_faults(folder, knowledge)
        edition = cls.of(knowledge)
        refuse_broken(folder, knowledge, edition.assistant)
        return edition


class LiveKnowledge:
    """Holds the last good edition; a swap is one assignment, so no turn sees half of it."""

    def __init__(self, folder: Path) -> None:
        """Read the files, which the deployment has checked; KnowledgeError stops the start."""
        self._folder = folder
        self._read = _stamps(folder)
        self._edition = Edition.of(load(folder))
        self._log = structlog.get_logger()
        self.fault = ""
        """What is wrong with the files on disk, or empty while they are the ones in use."""

    def edition(self) -> Edition:
        """The edition to answer from now."""
        return self._edition

    async def watch(self) -> None:
        """Read the files again after each change, until cancelled.

        They are looked at by their paths: a watch of the kernel's stays with a folder that was moved away, and knows
        nothing of changes made elsewhere on a network drive.
        """
        seen = self._read
        while True:
            await asyncio.sleep(LOOK)
            before, seen = seen, await asyncio.to_thread(_stamps, self._folder)
            if before == seen != self._read:
                self._read = seen
                await self.reload()

    async def reload(self) -> None:
        """Swap the new edition in if it is good, else keep the last good and say why."""
        try:
            self._edition = await asyncio.to_thread(Edition.checked, self._folder)
        except KnowledgeError as error:
            self.fault = str(error)
            self._log.error("knowledge.refused", findings=[str(finding) for finding in error.findings])
            return
        self.fault = ""
        self._log.info("knowledge.loaded", version=self._edition.knowledge.version)


def _stamps(folder: Path) -> tuple[tuple[int, ...], ...]:
    """What tells one state of the files from another; empty for a file that is not there."""
    return tuple(_stamp(folder / name) for name in FILES)


def _stamp(file: Path) -> tuple[int, ...]:
    try:
        found = file.stat()
    except OSError:
        return ()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
