"""What the use cases need from outside: a store, a messenger, and the plain values both sides pass."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol, TypeVar

from bot.errors import Failure
from bot.questions.asked import Asked
from bot.questions.life import QuestionChange
from bot.questions.question import Question, QuestionState
from bot.requests.change import CHANNEL, Change, Event, Notice
from bot.requests.request import ExceptionRequest, State

T = TypeVar("T")
Scope = Literal["personal", "group", "channel"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One paragraph an answer rests on; Teams takes names up to 80 and abstracts up to 160 characters."""

    name: str
    abstract: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of the bot: Markdown text or a card, never both (Teams would split them and return no id)."""

    text: str = ""
    card: str = ""
    """The card's name in cards/; `data` is what fills it."""
    data: Mapping[str, object] = field(default_factory=dict)
    summary: str = ""
    """What a notification shows and a screen reader says for a card."""
    citations: tuple[Citation, ...] = ()
    suggestions: tuple[str, ...] = ()
    """Texts offered as suggested actions; Teams shows them in personal chats only."""
    feedback: bool = False
    """Whether thumbs up and down are offered."""
    refresh_for: tuple[str, ...] = ()
    """Entra object ids of those for whom the card refreshes itself; the messenger turns them into Teams ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Where somebody can be reached; `object_id` is the person of a personal chat, empty elsewhere."""

    id: str
    scope: Scope
    service_url: str
    object_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """Where a sent message lives, so that it can be edited later."""

    conversation_id: str
    activity_id: str
    service_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member of the approvers' channel, as Teams lists it."""

    object_id: str
    teams_id: str
    name: str


class Messenger(Protocol):
    """Says things in Teams; every method raises SendError when the Connector does not take it."""

    async def send(self, conversation: Conversation, message: Message) -> Posted:
        """Send a new message into a known conversation."""

    async def post(self, message: Message) -> Posted:
        """Start a new thread in the approvers' channel."""

    async def update(self, posted: Posted, message: Message) -> None:
        """Replace a message that was sent before."""

    async def open(self, object_id: str) -> Conversation:
        """Open a personal chat with a member of the approvers' channel who has not written yet."""

    async def roster(self) -> tuple[Member, ...]:
        """The members of the approvers' channel; cached for some minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message owed to somebody; `key` is unique for ever, `lane` is the conversation whose order is kept."""

    key: str
    lane: str
    kind: str
    to: str
    reference: str
    created: datetime
    due: datetime
    attempts: int = 0


def owed(subject: ExceptionRequest | Question, notices: Iterable[Notice], now: datetime) -> tuple[Delivery, ...]:
    """One delivery a notice, keyed by reference, revision, kind, occasion and recipient."""
    return tuple(_delivery(subject, notice, now) for notice in notices)


def _delivery(subject: ExceptionRequest | Question, notice: Notice, now: datetime) -> Delivery:
    kind = f"{notice.kind}.{notice.occasion}" if notice.occasion else notice.kind
    return Delivery(
        key=f"{subject.reference}/{subject.revision}/{kind}/{notice.to}",
        lane=notice.to,
        kind=notice.kind,
        to=notice.to,
        reference=subject.reference,
        created=now,
        due=now,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A form somebody has begun: its values as typed, and the step it stands at."""

    form_id: str
    object_id: str
    step: str
    values: Mapping[str, str]
    changed: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """A delivery that is set aside, and why."""

    delivery: Delivery
    error: str

    @property
    def is_stuck(self) -> bool:
        """Whether no person's writing releases it: Teams refused it, or the approvers' channel cannot be reached."""
        return self.error.startswith(Failure.REFUSED.value) or self.delivery.to == CHANNEL


class Transaction(Protocol):
    """One unit of work: everything written through it is kept together or not at all. Synchronous."""

    def request(self, reference: str) -> ExceptionRequest | None:
        """The request of that reference, locked against others until the transaction ends."""

    def requests_of(self, object_id: str) -> tuple[ExceptionRequest, ...]:
        """Everything one person has filed, newest first."""

    def requests_for_tool(self, tool: str) -> tuple[ExceptionRequest, ...]:
        """Everything filed for a tool (its id, or its folded name where it has none), newest first."""

    def requests_undecided(self) -> tuple[ExceptionRequest, ...]:
        """Everything that waits for a decision, the earliest due first."""

    def requests_in(self, *states: State) -> tuple[ExceptionRequest, ...]:
        """Everything in one of these states, newest first."""

    def next_reference(self, year: int) -> str:
        """A new reference such as AI-2026-0042; numbers start at 1 each year and are never used twice."""

    def save(self, change: Change, now: datetime) -> None:
        """Write the request, its events and its deliveries; ConflictError if another revision is stored."""

    def record(self, event: Event) -> None:
        """Append an event to the audit without changing a request (a refusal, say)."""

    def owe(self, deliveries: tuple[Delivery, ...]) -> None:
        """Owe messages that no change caused (reminders, say); a key that was ever owed is not owed again."""

    def question(self, reference: str) -> Question | None:
        """The question of that reference, locked against others until the transaction ends."""

    def questions(self, *states: QuestionState) -> tuple[Question, ...]:
        """Every question in one of these states, the oldest first."""

    def next_question(self) -> str:
        """A new reference such as Q-0042; numbers are never used twice."""

    def save_question(self, change: QuestionChange, now: datetime) -> None:
        """Write the question, its events and its deliveries; ConflictError if another revision is stored."""

    def count_asked(self, counts: Mapping[Asked, int]) -> None:
        """Add to what was asked, and how often."""

    def asked(self, asked_id: str) -> Asked | None:
        """What was asked under that id."""

    def asked_since(self, day: date) -> Mapping[Asked, int]:
        """Everything asked from that day on, and how often."""

    def answered(self, key: str) -> Mapping[str, object] | None:
        """The answer already given to this key, so that a repeat gets the same."""

    def remember(self, key: str, answer: Mapping[str, object], now: datetime) -> None:
        """Keep an answer under its inbox key."""

    def draft(self, form_id: str) -> Draft | None:
        """A begun form."""

    def keep_draft(self, draft: Draft) -> None:
        """Insert or replace a begun form."""

    def drop_draft(self, form_id: str) -> None:
        """Forget a begun form."""

    def conversation_with(self, object_id: str) -> Conversation | None:
        """The personal chat with somebody."""

    def conversations_with(self, object_ids: Iterable[str]) -> Mapping[str, Conversation]:
        """The personal chats with those of these people with whom there is one."""

    def keep_conversation(self, conversation: Conversation, now: datetime) -> bool:
        """Keep a personal chat; True the first time ever, so that the welcome is said once."""

    def drop_conversation(self, object_id: str) -> None:
        """Forget where somebody can be reached (the app was removed); the welcome stays said."""

    def card(self, reference: str, kind: str, to: str) -> Posted | None:
        """Where the card of this request, kind and recipient lives."""

    def keep_card(self, reference: str, kind: str, to: str, posted: Posted) -> None:
        """Insert or replace where a card lives."""

    def drop_card(self, reference: str, kind: str, to: str) -> None:
        """Forget a card that Teams no longer has."""

    def keep_feedback(self, activity_id: str, object_id: str, reaction: str, now: datetime) -> None:
        """Keep a thumb; the latest of one person on one message counts."""

    def thumbs_since(self, start: datetime) -> Mapping[str, int]:
        """How many thumbs of each kind (like, dislike) were given from then on."""

    def claim(self, now: datetime, limit: int, until: datetime) -> tuple[Delivery, ...]:
        """Lease the heads of up to `limit` lanes that are due and not leased; a lease ends by itself at `until`."""

    def delivered(self, key: str, now: datetime) -> None:
        """Mark a delivery as sent."""

    def postpone(self, key: str, due: datetime, error: str) -> None:
        """Give a delivery back for a later attempt."""

    def park(self, key: str, error: str) -> None:
        """Set a delivery aside for a person to look at; its lane goes on."""

    def release(self, lane: str, now: datetime) -> None:
        """Make parked deliveries of a lane due again (the person wrote, or installed the app)."""

    def parked(self) -> tuple[Parked, ...]:
        """Every delivery that is set aside, the oldest first."""

    def retry(self, key: str, now: datetime) -> None:
        """Make one parked delivery due again, whatever it was parked for."""

    def drop(self, key: str) -> None:
        """Give one parked delivery up for good; its key is not owed again."""

    def waiting(self) -> tuple[int, datetime | None]:
        """How many deliveries are owed (parked ones not counted) and when the oldest was made."""


class Store(Protocol):
    """Keeps everything; one transaction at a time per unit of work."""

    async def transact(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` in one transaction on a worker thread; repeats it on a conflict; StoreError if it cannot."""
