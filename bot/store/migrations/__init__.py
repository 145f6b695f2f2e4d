"""The steps that bring any database up to the tables of today."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

from bot.errors import StoreError


def upgrade(connection: Connection) -> None:
    """Run the migrations a database lacks, in the transaction at hand; StoreError if it is newer than the code."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreError(
            f"the database is newer than this version of the bot ({error}): install the newer one"
        ) from error
