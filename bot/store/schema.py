"""The tables, as SQLAlchemy sees them; migrations/ makes them, and a test keeps the two equal."""

from datetime import UTC, datetime

from sqlalchemy import (
    Column,
    Date,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)


class Instant(TypeDecorator[datetime]):
    """A moment as UTC text of fixed width, which reads, sorts and hashes alike in every database."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """The text that is stored."""
        return None if value is None else written(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """The moment a stored text stands for."""
        return None if value is None else datetime.fromisoformat(value)


def written(instant: datetime) -> str:
    """A moment as it is stored; ValueError for a time without a zone."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant} has no time zone: pass an aware time")
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


metadata = MetaData()

counter = Table(
    "counter",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)

request = Table(
    "request",
    metadata,
    Column("reference", String(32), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("state", String(32), nullable=False),
    Column("requester_id", String(64), nullable=False),
    Column("requester_name", Text, nullable=False),
    Column("tool_id", String(64), nullable=False),
    Column("tool_key", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("submitted", Instant, nullable=False),
    Column("due", Instant, nullable=False),
    Column("policy_version", Text, nullable=False),
    Column("accepted", Instant),
    Column("closed", Instant),
    Index("request_by_requester", "requester_id", "submitted"),
    Index("request_by_tool", "tool_key", "submitted"),
    Index("request_by_state", "state", "due"),
)

decision = Table(
    "decision",
    metadata,
    Column("reference", ForeignKey("request.reference"), primary_key=True),
    Column("verdict", String(32), nullable=False),
    Column("decider_id", String(64), nullable=False),
    Column("decider_name", Text, nullable=False),
    Column("post", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
    Column("comment", Text, nullable=False),
    Column("until", Date),
)

condition = Table(
    "condition",
    metadata,
    Column("reference", ForeignKey("decision.reference"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("name", String(64), nullable=False),
    Column("reference", String(32), nullable=False),
    Column("facts", Text, nullable=False),
    Column("actor_commitment", String(64), nullable=False),
    Column("text_commitment", String(64), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("audit_by_reference", "reference"),
)

audit_personal = Table(
    "audit_personal",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("actor", String(64)),
    Column("actor_salt", String(32)),
    Column("text", Text),
    Column("text_salt", String(32)),
    ForeignKeyConstraint(["seq"], ["audit.seq"]),
    Index("audit_personal_by_actor", "actor"),
)

delivery = Table(
    "delivery",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("lane", String(64), nullable=False),
    Column("kind", String(64), nullable=False),
    Column("recipient", String(64), nullable=False),
    Column("reference", String(32), nullable=False),
    Column("created", Instant, nullable=False),
    Column("due", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("status", String(16), nullable=False),
    Column("leased", Instant),
    Column("sent", Instant),
    Column("error", Text, nullable=False),
    Index("delivery_by_status", "status", "lane", "number"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("key", String(400), primary_key=True),
    Column("answer", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

draft = Table(
    "draft",
    metadata,
    Column("form_id", String(64), primary_key=True),
    Column("object_id", String(64), nullable=False),
    Column("step", String(32), nullable=False),
    Column("typed", Text, nullable=False),
    Column("changed", Instant, nullable=False),
    Index("draft_by_person", "object_id"),
)

conversation = Table(
    "conversation",
    metadata,
    Column("object_id", String(64), primary_key=True),
    Column("id", Text),
    Column("service_url", Text),
    Column("changed", Instant, nullable=False),
)
"""The personal chats; a dropped one keeps its row without an id, so that nobody is welcomed twice."""

card = Table(
    "card",
    metadata,
    Column("reference", String(32), primary_key=True),
    Column("kind", String(64), primary_key=True),
    Column("recipient", String(64), primary_key=True),
    Column("conversation_id", Text, nullable=False),
    Column("activity_id", Text, nullable=False),
    Column("service_url", Text, nullable=False),
)

question = Table(
    "question",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("revision", Integer, nullable=False),
    Column("state", String(32), nullable=False),
    Column("asker_id", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("asked", Instant, nullable=False),
    Column("knowledge", Text, nullable=False),
    Column("entry", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("replier_id", String(64)),
    Column("replier_name", Text),
    Column("replied", Instant),
    Column("reply", Text),
    Column("reason", String(32)),
    Column("published", Text, nullable=False),
    Index("question_by_state", "state", "number"),
)
"""The questions left with the policy owners; the reference is made from the number."""

asked = Table(
    "asked",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("day", Date, nullable=False),
    Column("ending", String(32), nullable=False),
    Column("knowledge", Text, nullable=False),
    Column("entry", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("times", Integer, nullable=False),
    Index("asked_by_day", "day"),
)
"""What was asked, counted by day and without anybody's name."""

feedback = Table(
    "feedback",
    metadata,
    Column("activity_id", String(400), primary_key=True),
    Column("object_id", String(64), primary_key=True),
    Column("reaction", String(32), nullable=False),
    Column("at", Instant, nullable=False),
)
