"""A request moves only as the policy allows, and every step says what follows."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.requests import life
from bot.requests.change import CHANNEL, Change, NoticeKind, Reason, Refusal
from bot.requests.request import ExceptionRequest, Person, State, Verdict
from bot.requests.roster import Post, Roster
from tests.examples import (
    ALEX,
    AUDITOR,
    MORGAN,
    NEXT_REVIEW,
    NOW,
    OPERATOR,
    PRIYA,
    ROSTER,
    TOM,
    active,
    approved,
    pending,
    rejected,
    submitted,
)


def approve(
    request: ExceptionRequest,
    actor: Person = MORGAN,
    *,
    revision: int | None = None,
    until: date | None = NEXT_REVIEW,
    conditions: tuple[str, ...] = (),
    comment: str = "",
) -> Change | Refusal:
    """An approval until the next review, with what the test changes."""
    return life.approve(
        request,
        actor=actor,
        roster=ROSTER,
        revision=request.revision if revision is None else revision,
        until=until,
        conditions=conditions,
        comment=comment,
        next_review=NEXT_REVIEW,
        now=NOW,
    )


def reject(request: ExceptionRequest, actor: Person = MORGAN, reason: str = "data") -> Change | Refusal:
    """A rejection with enough words."""
    return life.reject(
        request,
        actor=actor,
        roster=ROSTER,
        revision=request.revision,
        reason=reason,
        comment="This is resident data; please use Copilot.",
        now=NOW,
    )


Decide = Callable[[ExceptionRequest, Person], Change | Refusal]


def told(change: Change) -> set[tuple[str, str]]:
    """Who is owed what."""
    return {(notice.kind.value, notice.to) for notice in change.notices}


def test_a_submitted_request_waits_and_shows_itself() -> None:
    """The approvers' channel gets the card, the requester the receipt, the notified a line; five working days run."""
    change = submitted()
    assert change.request.state is State.PENDING
    assert change.request.due.isoformat() == "2026-11-30T10:14:00+00:00"
    assert told(change) == {
        ("review.card", CHANNEL),
        ("request.card", PRIYA.object_id),
        ("request.filed", AUDITOR),
    }
    assert [event.name for event in change.events] == ["request.submitted"]


def test_a_request_that_nobody_may_decide_is_not_swallowed() -> None:
    """If the only approver asks, requester and operator are told (rule 2)."""
    alone = Roster(posts=(Post(title="Head of IT", person=ALEX),), operators=(OPERATOR,))
    change = submitted(requester=ALEX, roster=alone)
    assert {to for kind, to in told(change) if kind == NoticeKind.NOBODY_ELIGIBLE} == {ALEX.object_id, OPERATOR}


def test_one_of_the_two_posts_approves_with_conditions() -> None:
    """The decision carries who, in which post, until when and under which conditions; it is not active yet."""
    change = approve(pending(), conditions=("No personal data.", "A person checks."))
    assert isinstance(change, Change)
    decision = change.request.decision
    assert change.request.state is State.APPROVED
    assert decision is not None
    assert (decision.verdict, decision.decider, decision.until) == (Verdict.APPROVED, MORGAN, NEXT_REVIEW)
    assert decision.post == "IT Operations & Security Manager"
    assert [condition.text for condition in decision.conditions] == ["No personal data.", "A person checks."]
    assert told(change) == {
        ("review.card", CHANNEL),
        ("request.card", PRIYA.object_id),
        ("acceptance.card", PRIYA.object_id),
        ("decision.told", MORGAN.object_id),
        ("decision.told", AUDITOR),
    }


def test_a_rejection_reaches_the_requester_with_its_reason() -> None:
    """The requester is told, every copy of the card is redrawn, the request is closed."""
    change = reject(pending())
    assert isinstance(change, Change)
    assert change.request.state is State.REJECTED
    assert change.request.closed == NOW
    assert ("request.rejected", PRIYA.object_id) in told(change)
    assert change.events[0].text == "This is resident data; please use Copilot."


@pytest.mark.parametrize("decide", [approve, reject])
def test_nobody_decides_their_own_request(decide: Decide) -> None:
    """An approver who asks is refused on their own card; the other one decides."""
    mine = pending(requester=MORGAN)
    assert decide(mine, MORGAN) == Refusal(reason=Reason.OWN_REQUEST)
    assert isinstance(decide(mine, ALEX), Change)


@pytest.mark.parametrize("decide", [approve, reject])
def test_only_the_two_posts_decide(decide: Decide) -> None:
    """Everybody else is refused, also those who are told of decisions."""
    assert decide(pending(), TOM) == Refusal(reason=Reason.NOT_APPROVER)
    assert decide(pending(), Person(object_id=AUDITOR, name="")) == Refusal(reason=Reason.NOT_APPROVER)


@pytest.mark.parametrize("decide", [approve, reject])
def test_a_request_is_decided_once(decide: Decide) -> None:
    """A second decision is refused whatever the first was; a withdrawn request is closed."""
    assert decide(approved(), ALEX) == Refusal(reason=Reason.ALREADY_DECIDED)
    assert decide(rejected(), ALEX) == Refusal(reason=Reason.ALREADY_DECIDED)
    assert decide(active(), ALEX) == Refusal(reason=Reason.ALREADY_DECIDED)
    assert decide(replace(pending(), state=State.WITHDRAWN), ALEX) == Refusal(reason=Reason.CLOSED)


@pytest.mark.parametrize("revision", [0, 2, -1])
def test_a_card_of_another_revision_decides_nothing(revision: int) -> None:
    """A card drawn before or after the request changed is refused as stale."""
    assert approve(pending(), revision=revision) == Refusal(reason=Reason.STALE)


@pytest.mark.parametrize("until", [None, date(2026, 11, 22), date(2027, 3, 25)])
def test_an_approval_ends_in_time(until: date | None) -> None:
    """No end, a past end, or one after the policy's next review (5.1) is refused with the possible dates."""
    refusal = approve(pending(), until=until)
    assert isinstance(refusal, Refusal)
    assert "24 March 2027" in refusal.errors["until"]


@pytest.mark.parametrize(
    ("ends", "review", "latest"),
    [
        (date(2027, 1, 31), NEXT_REVIEW, date(2027, 1, 31)),
        (date(2029, 1, 31), NEXT_REVIEW, NEXT_REVIEW),
        (date(2029, 1, 31), date(2030, 3, 24), date(2027, 11, 23)),
        (date(2029, 1, 31), date(2026, 3, 24), date(2027, 11, 23)),
    ],
)
def test_the_last_day_is_the_earliest_of_three(ends: date, review: date, latest: date) -> None:
    """As asked, within twelve months, before the next review; a review that is overdue bounds nothing."""
    request = pending()
    assert life.last_day(replace(request, form=replace(request.form, ends=ends)), review, NOW) == latest


def test_twelve_months_from_a_leap_day() -> None:
    """29 February plus a year is 28 February."""
    request = replace(pending(), form=replace(pending().form, ends=date(2030, 1, 1)))
    leap = NOW.replace(year=2028, month=2, day=29)
    assert life.last_day(request, date(2031, 1, 1), leap) == date(2029, 2, 28)


def test_too_many_or_too_long_conditions_are_refused() -> None:
    """Five conditions, 600 characters together and a comment of 300 are the bounds of the card."""
    assert isinstance(approve(pending(), conditions=("x",) * 5), Change)
    assert isinstance(approve(pending(), conditions=("x",) * 6), Refusal)
    assert isinstance(approve(pending(), conditions=("x" * 601,)), Refusal)
    assert isinstance(approve(pending(), comment="x" * 301), Refusal)


def test_a_rejection_needs_a_known_reason_and_words() -> None:
    """At least 20 characters, so that the requester learns something."""
    request = pending()
    refusal = life.reject(request, actor=MORGAN, roster=ROSTER, revision=1, reason="mood", comment="No.", now=NOW)
    assert isinstance(refusal, Refusal)
    assert set(refusal.errors) == {"reason", "why"}


@pytest.mark.parametrize("request_", [pending(), approved()])
def test_the_requester_withdraws_while_it_is_open(request_: ExceptionRequest) -> None:
    """Before it is active a request can be taken back, and a decider is told."""
    change = life.withdraw(request_, actor=PRIYA, now=NOW)
    assert isinstance(change, Change)
    assert change.request.state is State.WITHDRAWN
    decided = request_.decision is not None
    assert (("request.withdrawn", MORGAN.object_id) in told(change)) == decided
    assert (("acceptance.card", PRIYA.object_id) in told(change)) == decided


def test_nobody_else_withdraws_and_nothing_closed_is_withdrawn() -> None:
    """Not a colleague, not an approver, and not after the end."""
    assert life.withdraw(pending(), actor=TOM, now=NOW) == Refusal(reason=Reason.NOT_REQUESTER)
    assert life.withdraw(pending(), actor=MORGAN, now=NOW) == Refusal(reason=Reason.NOT_REQUESTER)
    assert life.withdraw(rejected(), actor=PRIYA, now=NOW) == Refusal(reason=Reason.CLOSED)
    assert life.withdraw(active(), actor=PRIYA, now=NOW) == Refusal(reason=Reason.CLOSED)


def test_an_approval_is_active_once_everything_is_accepted() -> None:
    """Monitoring and each condition, then the approver is told."""
    change = life.accept(approved(), actor=PRIYA, ticked=frozenset({"monitored", "condition_1"}), now=NOW)
    assert isinstance(change, Change)
    assert change.request.state is State.ACTIVE
    assert change.request.accepted == NOW
    assert ("request.accepted", MORGAN.object_id) in told(change)


@pytest.mark.parametrize("ticked", [frozenset(), {"monitored"}, {"condition_1"}, {"condition_2", "monitored"}])
def test_a_condition_left_out_is_named(ticked: set[str]) -> None:
    """What was not ticked comes back with a note, and nothing is active."""
    refusal = life.accept(approved(), actor=PRIYA, ticked=frozenset(ticked), now=NOW)
    assert isinstance(refusal, Refusal)
    assert set(refusal.errors) == {"monitored", "condition_1"} - set(ticked)


def test_the_requester_ends_what_is_no_longer_used() -> None:
    """Only the requester, only what is in force; the approver who decided it is told."""
    change = life.end(active(), actor=PRIYA, now=NOW)
    assert isinstance(change, Change)
    assert (change.request.state, change.request.closed) == (State.ENDED, NOW)
    assert ("use.ended", MORGAN.object_id) in told(change)
    assert life.end(active(), actor=MORGAN, now=NOW) == Refusal(reason=Reason.NOT_REQUESTER)
    for request in (pending(), approved(), rejected(), change.request):
        assert life.end(request, actor=PRIYA, now=NOW) == Refusal(reason=Reason.CLOSED)


def test_an_approval_is_not_accepted_after_its_last_day() -> None:
    """On the last day it still is; a day later it cannot come into force, and nothing is in force after it."""
    everything = frozenset({"monitored", "condition_1"})
    last = NOW.replace(year=2027, month=3, day=24)
    assert isinstance(life.accept(approved(), actor=PRIYA, ticked=everything, now=last), Change)
    late = life.accept(approved(), actor=PRIYA, ticked=everything, now=last + timedelta(days=1))
    assert late == Refusal(reason=Reason.TOO_LATE)
    assert active().is_in_force(last.date())
    assert not active().is_in_force(last.date() + timedelta(days=1))
    assert not approved().is_in_force(last.date())


def test_a_request_whose_last_day_has_passed_can_only_be_rejected() -> None:
    """The approver reads why, not a span of days that runs backwards."""
    request = replace(pending(), form=replace(pending().form, ends=date(2026, 11, 22)))
    refusal = approve(request, until=date(2026, 11, 22))
    assert isinstance(refusal, Refusal)
    assert "has passed" in refusal.errors["until"]
    assert isinstance(reject(request), Change)


def test_only_the_requester_accepts_and_only_an_approval() -> None:
    """Not the approver for them, and not before or after."""
    everything = frozenset({"monitored", "condition_1"})
    assert life.accept(approved(), actor=MORGAN, ticked=everything, now=NOW) == Refusal(reason=Reason.NOT_REQUESTER)
    for request in (pending(), rejected(), active()):
        assert life.accept(request, actor=PRIYA, ticked=everything, now=NOW) == Refusal(reason=Reason.CLOSED)


def test_no_event_carries_what_people_typed_in_its_facts() -> None:
    """Reasons and conditions go into the erasable text, never into the chain's facts."""
    later = NOW + timedelta(hours=1)
    changes = [
        approve(pending(), conditions=("Secret condition",), comment="Secret comment"),
        reject(pending()),
        life.withdraw(pending(), actor=PRIYA, now=later),
    ]
    for change in changes:
        assert isinstance(change, Change)
        for event in change.events:
            assert not any("ecret" in fact or " " in fact for fact in event.facts.values())
