"""The bot in a process of its own, so that a test can kill it.

`python -m tests.journeys.child CA_FILE SERVICE_URL SECONDS`: SECONDS is how far its clock is from the real one.
"""

import asyncio
import os
import sys
from datetime import UTC, datetime, timedelta

import app
from bot.settings import Settings


async def main(ca_file: str, service_url: str, seconds: str) -> None:
    """Serve until killed; a line on standard output says that it listens."""
    offset = timedelta(seconds=float(seconds))
    around = app.Surroundings(now=lambda: datetime.now(UTC) + offset, service_url=service_url, login_ca=ca_file)
    async with app.serving(Settings.read(os.environ), around):
        print("listening", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
