"""People, a roster, a filled-in form and a filed request, as most stories need them."""

from dataclasses import replace
from datetime import UTC, date, datetime

from bot.requests import life
from bot.requests.change import Change
from bot.requests.form import filled
from bot.requests.request import ExceptionRequest, Person
from bot.requests.roster import Post, Roster
from knowledge.answers import Answer
from knowledge.entries import Outcome

NOW = datetime(2026, 11, 23, 10, 14, tzinfo=UTC)
TODAY = date(2026, 11, 23)
NEXT_REVIEW = date(2027, 3, 24)

PRIYA = Person(object_id="0a000000-0000-4000-8000-000000000001", name="Priya Shah")
TOM = Person(object_id="0a000000-0000-4000-8000-000000000002", name="Tom Bailey")
MORGAN = Person(object_id="0a000000-0000-4000-8000-00000000000a", name="Morgan Ellis")
ALEX = Person(object_id="0a000000-0000-4000-8000-00000000000b", name="Alex Grant")
HELEN = Person(object_id="0a000000-0000-4000-8000-00000000000e", name="Helen Marsh")
OLIVER = Person(object_id="0a000000-0000-4000-8000-00000000000f", name="Oliver Stone")
AUDITOR = "0a000000-0000-4000-8000-00000000000c"
OPERATOR = "0a000000-0000-4000-8000-00000000000d"

ROSTER = Roster(
    posts=(
        Post(title="IT Operations & Security Manager", person=MORGAN),
        Post(title="Head of IT", person=ALEX),
    ),
    notified=(AUDITOR,),
    operators=(OPERATOR,),
)

ANSWERS = {
    "essays": Answer(
        outcome=Outcome.ANSWER,
        text="A person marks the essay (3.2).",
        question="May Copilot mark an essay?",
        entry="essays",
        confidence=1.0,
        version="v1",
    )
}
NO_ANSWER = Answer(outcome=Outcome.NONE, text="I have no answer to that.", version="v1")

ABOUT = {
    "applicant": "employee",
    "behalf": "self",
    "tool": "ChatGPT",
    "supplier": "OpenAI",
    "url": "https://chatgpt.com",
    "plan": "business",
    "purpose": "Draft first versions of public consultation summaries in plain English.",
    "why": "feature",
    "information": "public,internal",
    "output": "Draft summaries of up to two pages",
    "audience": "team",
    "decisions": "drafts",
    "checker": "The consultation lead",
    "people": "4",
    "team": "Communications",
    "starts": "2026-12-07",
    "ends": "2027-05-31",
}

SAFEGUARDS = {
    "dpia": "done",
    "dpia_reference": "DPIA-17",
    "training": "opted_out",
    "retention": "30 days",
    "storage": "uk",
    "sign_in": "account",
    "cost": "About £20 a person each month",
    "equality": "Plain English helps readers",
    "risk_owner": "Head of Communications",
    "safeguards": "Names are removed before anything goes in.",
}

DECLARED = {"follow": "true", "wait": "true", "monitored": "true"}


def submitted(requester: Person = PRIYA, roster: Roster = ROSTER, reference: str = "AI-2026-0001") -> Change:
    """What filing the example form leads to."""
    return life.submit(
        filled(ABOUT),
        reference=reference,
        requester=requester,
        tool_id="chatgpt",
        roster=roster,
        policy_version="v1",
        now=NOW,
    )


def pending(requester: Person = PRIYA, reference: str = "AI-2026-0001") -> ExceptionRequest:
    """A request that waits for a decision."""
    return submitted(requester, reference=reference).request


def approved(conditions: tuple[str, ...] = ("No personal data goes in.",), comment: str = "") -> ExceptionRequest:
    """A request that Morgan approved until 24 March 2027 and that waits for acceptance."""
    outcome = life.approve(
        pending(),
        actor=MORGAN,
        roster=ROSTER,
        revision=1,
        until=NEXT_REVIEW,
        conditions=conditions,
        comment=comment,
        next_review=NEXT_REVIEW,
        now=NOW,
    )
    assert isinstance(outcome, Change)
    return outcome.request


def rejected() -> ExceptionRequest:
    """A request that Alex rejected because Copilot can do it."""
    outcome = life.reject(
        pending(),
        actor=ALEX,
        roster=ROSTER,
        revision=1,
        reason="copilot",
        comment="Copilot in Word does exactly this.",
        now=NOW,
    )
    assert isinstance(outcome, Change)
    return outcome.request


def active() -> ExceptionRequest:
    """A request whose approval was accepted."""
    outcome = life.accept(approved(), actor=PRIYA, ticked=frozenset({"monitored", "condition_1"}), now=NOW)
    assert isinstance(outcome, Change)
    return outcome.request


def with_text(request: ExceptionRequest, text: str) -> ExceptionRequest:
    """The request with one text in every field a person can type."""
    form = replace(
        request.form,
        tool=text,
        supplier=text,
        url=text,
        purpose=text,
        why_other=text,
        output=text,
        checker=text,
        team=text,
        safeguards=text,
    )
    return replace(request, form=form, requester=replace(request.requester, name=text))
