"""The questions left with the policy owners, and the count of what was asked."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_AT = sa.String(32)


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "question",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("asker_id", sa.String(64), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("asked", _AT, nullable=False),
        sa.Column("knowledge", sa.Text, nullable=False),
        sa.Column("entry", sa.Text, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("replier_id", sa.String(64)),
        sa.Column("replier_name", sa.Text),
        sa.Column("replied", _AT),
        sa.Column("reply", sa.Text),
        sa.Column("reason", sa.String(32)),
        sa.Column("published", sa.Text, nullable=False),
    )
    op.create_index("question_by_state", "question", ["state", "number"])
    op.create_table(
        "asked",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("ending", sa.String(32), nullable=False),
        sa.Column("knowledge", sa.Text, nullable=False),
        sa.Column("entry", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
    )
    op.create_index("asked_by_day", "asked", ["day"])
