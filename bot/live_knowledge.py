"""The knowledge a running bot answers from: read again when the owners save a file, kept when they break one."""

import asyncio
from pathlib import Path

import structlog
from watchfiles import awatch

from knowledge.answers import Assistant
from knowledge.findings import KnowledgeError
from knowledge.loader import load


class LiveKnowledge:
    """Holds the assistant of the last good files; a swap is one assignment, so no turn sees half of it."""

    def __init__(self, folder: Path) -> None:
        """Read the files; KnowledgeError stops the start."""
        self._folder = folder
        self._assistant = Assistant(load(folder))
        self._log = structlog.get_logger()
        self.fault = ""
        """What is wrong with the files on disk, or empty while they are the ones in use."""

    def assistant(self) -> Assistant:
        """The assistant to ask now."""
        return self._assistant

    async def watch(self) -> None:
        """Read the files again after each change, until cancelled."""
        async for _changes in awatch(self._folder, step=200, recursive=False):
            await self.reload()

    async def reload(self) -> None:
        """Swap the new knowledge in if it is good, else keep the last good and say why."""
        try:
            assistant = await asyncio.to_thread(lambda: Assistant(load(self._folder)))
        except KnowledgeError as error:
            self.fault = str(error)
            self._log.error("knowledge.refused", findings=[str(finding) for finding in error.findings])
            return
        self._assistant, self.fault = assistant, ""
        self._log.info("knowledge.loaded", version=assistant.knowledge.version)
