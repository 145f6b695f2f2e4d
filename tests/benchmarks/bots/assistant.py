"""This project's bot: it answers from the knowledge files and logs as in production."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import app
from bot.settings import Settings
from bot.telemetry import configure_logging
from tests.benchmarks.place import Place


@asynccontextmanager
async def serve(place: Place) -> AsyncIterator[None]:
    """The whole bot, as `app.py` puts it together."""
    settings = Settings.read(place.settings)
    configure_logging(settings.log_level)
    around = app.Surroundings(service_url=place.service_url, login_ca=place.ca_file)
    async with app.serving(settings, around):
        yield
