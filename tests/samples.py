"""Values that store and outbox tests begin with: people, requests at any revision, changes and deliveries."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.ports import Delivery, Transaction
from bot.requests.change import Change, Event, Notice
from bot.requests.form import Form, filled
from bot.requests.request import Condition, Decision, ExceptionRequest, Person, State, Verdict
from tests.examples import ABOUT

NOW = datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=UTC)
MARY = Person(object_id="mary", name="Mary Okafor")
OMAR = Person(object_id="omar", name="Omar Haddad")
FORM = replace(filled(ABOUT), purpose="Drafting replies to routine enquiries, in plain “English”")


def a_request(number: int = 1, requester: Person = MARY, form: Form = FORM) -> ExceptionRequest:
    """A request as it is right after submission, filed `number` minutes after NOW."""
    submitted = NOW + timedelta(minutes=number)
    return ExceptionRequest(
        reference=f"AI-2026-{number:04d}",
        revision=1,
        state=State.PENDING,
        requester=requester,
        form=form,
        tool_id="chatgpt",
        submitted=submitted,
        due=submitted + timedelta(days=7),
        policy_version="2026-1",
    )


def decided(request: ExceptionRequest, verdict: Verdict = Verdict.APPROVED, decider: Person = OMAR) -> ExceptionRequest:
    """The next revision of a request, with a decision and two conditions."""
    decision = Decision(
        verdict=verdict,
        decider=decider,
        post="Head of IT",
        at=NOW + timedelta(days=1),
        comment="Fine for drafts",
        until=date(2026, 12, 31),
        conditions=(Condition(text="No personal data"), Condition(text="Check every output")),
    )
    return replace(request, revision=request.revision + 1, state=State(verdict.value), decision=decision)


def a_change(request: ExceptionRequest, *notices: Notice) -> Change:
    """A change to that request with one event in the requester's name."""
    event = Event(
        name="request.submitted",
        actor=request.requester.object_id,
        at=NOW,
        reference=request.reference,
        facts={"state": request.state, "tool": request.tool_id},
        text=request.form.purpose,
    )
    return Change(request=request, events=(event,), notices=notices)


def saving(request: ExceptionRequest, *notices: Notice) -> Callable[[Transaction], None]:
    """The unit of work that saves that request."""
    return lambda tx: tx.save(a_change(request, *notices), NOW)


def a_delivery(key: str, to: str = "mary", kind: str = "request.filed", due: datetime = NOW) -> Delivery:
    """A delivery about the first request, its lane being its recipient."""
    return Delivery(key=key, lane=to, kind=kind, to=to, reference="AI-2026-0001", created=NOW, due=due)


def claimed(tx: Transaction, now: datetime = NOW, limit: int = 8) -> list[str]:
    """The keys that can be claimed at `now` on a lease of a minute."""
    return [delivery.key for delivery in tx.claim(now, limit, now + timedelta(minutes=1))]
