"""The first tables: requests, decisions, audit, outbox and what the bot remembers of its chats."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_AT = sa.String(32)

_ONLY_APPENDED = {
    "sqlite": (
        """CREATE TRIGGER audit_appended BEFORE INSERT ON audit
        WHEN NEW.seq <= (SELECT max(seq) FROM audit)
        BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
        """CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
        """CREATE TRIGGER audit_kept BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
    ),
    "postgresql": (
        """CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$""",
        """CREATE TRIGGER audit_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
        FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()""",
    ),
}


def upgrade() -> None:
    """Make the tables and the triggers that keep the audit append-only."""
    _make_requests()
    _make_audit()
    _make_outbox()
    _make_correspondence()


def _make_requests() -> None:
    op.create_table(
        "counter",
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("last", sa.Integer, nullable=False),
    )
    op.create_table(
        "request",
        sa.Column("reference", sa.String(32), primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("requester_id", sa.String(64), nullable=False),
        sa.Column("requester_name", sa.Text, nullable=False),
        sa.Column("tool_id", sa.String(64), nullable=False),
        sa.Column("tool_key", sa.Text, nullable=False),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("submitted", _AT, nullable=False),
        sa.Column("due", _AT, nullable=False),
        sa.Column("policy_version", sa.Text, nullable=False),
        sa.Column("accepted", _AT),
        sa.Column("closed", _AT),
    )
    op.create_index("request_by_requester", "request", ["requester_id", "submitted"])
    op.create_index("request_by_tool", "request", ["tool_key", "submitted"])
    op.create_index("request_by_state", "request", ["state", "due"])
    _make_decisions()


def _make_decisions() -> None:
    op.create_table(
        "decision",
        sa.Column("reference", sa.String(32), sa.ForeignKey("request.reference"), primary_key=True),
        sa.Column("verdict", sa.String(32), nullable=False),
        sa.Column("decider_id", sa.String(64), nullable=False),
        sa.Column("decider_name", sa.Text, nullable=False),
        sa.Column("post", sa.Text, nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("until", sa.Date),
    )
    op.create_table(
        "condition",
        sa.Column("reference", sa.String(32), sa.ForeignKey("decision.reference"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("text", sa.Text, nullable=False),
    )


def _make_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", _AT, nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("reference", sa.String(32), nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("actor_commitment", sa.String(64), nullable=False),
        sa.Column("text_commitment", sa.String(64), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_index("audit_by_reference", "audit", ["reference"])
    op.create_table(
        "audit_personal",
        sa.Column("seq", sa.Integer, sa.ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
        sa.Column("actor", sa.String(64)),
        sa.Column("actor_salt", sa.String(32)),
        sa.Column("text", sa.Text),
        sa.Column("text_salt", sa.String(32)),
    )
    op.create_index("audit_personal_by_actor", "audit_personal", ["actor"])
    for trigger in _ONLY_APPENDED[op.get_bind().dialect.name]:
        op.execute(trigger)


def _make_outbox() -> None:
    op.create_table(
        "delivery",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(200), nullable=False, unique=True),
        sa.Column("lane", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("recipient", sa.String(64), nullable=False),
        sa.Column("reference", sa.String(32), nullable=False),
        sa.Column("created", _AT, nullable=False),
        sa.Column("due", _AT, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("leased", _AT),
        sa.Column("sent", _AT),
        sa.Column("error", sa.Text, nullable=False),
    )
    op.create_index("delivery_by_status", "delivery", ["status", "lane", "number"])
    op.create_table(
        "card",
        sa.Column("reference", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(64), primary_key=True),
        sa.Column("recipient", sa.String(64), primary_key=True),
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("activity_id", sa.Text, nullable=False),
        sa.Column("service_url", sa.Text, nullable=False),
    )


def _make_correspondence() -> None:
    op.create_table(
        "inbox",
        sa.Column("key", sa.String(400), primary_key=True),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("at", _AT, nullable=False),
    )
    op.create_table(
        "draft",
        sa.Column("form_id", sa.String(64), primary_key=True),
        sa.Column("object_id", sa.String(64), nullable=False),
        sa.Column("step", sa.String(32), nullable=False),
        sa.Column("typed", sa.Text, nullable=False),
        sa.Column("changed", _AT, nullable=False),
    )
    op.create_index("draft_by_person", "draft", ["object_id"])
    op.create_table(
        "conversation",
        sa.Column("object_id", sa.String(64), primary_key=True),
        sa.Column("id", sa.Text),
        sa.Column("service_url", sa.Text),
        sa.Column("changed", _AT, nullable=False),
    )
    op.create_table(
        "feedback",
        sa.Column("activity_id", sa.String(400), primary_key=True),
        sa.Column("object_id", sa.String(64), primary_key=True),
        sa.Column("reaction", sa.String(32), nullable=False),
        sa.Column("at", _AT, nullable=False),
    )
