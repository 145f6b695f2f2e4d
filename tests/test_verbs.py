"""What a pressed button does, on a real database: the right person, in the right place, with what the card sent."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from bot.context import Context, NamedTool
from bot.ports import Conversation, Posted, Scope, Transaction
from bot.requests.change import Reason
from bot.requests.request import Person, State
from bot.results import Discarded, FormShown, Listed, Refused, Result, Shown, View
from bot.store.database import Database
from bot.turns import Turn, TurnKind
from bot.verbs import VERBS, act
from tests.examples import (
    ABOUT,
    ALEX,
    ANSWERS,
    DECLARED,
    HELEN,
    MORGAN,
    NEXT_REVIEW,
    NO_ANSWER,
    NOW,
    PRIYA,
    ROSTER,
    SAFEGUARDS,
    TOM,
)

CHANNEL = "19:approvers@thread.tacv2"
HERE = "http://127.0.0.1/"


def _tool(name: str) -> NamedTool:
    known = {
        "chatgpt": NamedTool(id="chatgpt", name="ChatGPT", supplier="OpenAI"),
        "copilot": NamedTool(id="copilot", name="Microsoft Copilot", is_permitted=True),
    }
    return known.get(name.casefold(), NamedTool(id="", name=name))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A real database file."""
    with Database.open(f"sqlite:///{tmp_path / 'assistant.db'}") as database:
        yield database


@pytest.fixture
def context() -> Context:
    """Monday morning, with both approvers at work."""
    forms = count(1)
    return Context(
        now=NOW,
        roster=ROSTER,
        policy_version="v1",
        next_review=NEXT_REVIEW,
        tool=_tool,
        new_id=lambda: f"form-{next(forms)}",
        approver_channel=CHANNEL,
        owners=(HELEN.object_id,),
        answer=lambda text: NO_ANSWER,
        entry=lambda entry: ANSWERS[entry],
    )


class People:
    """Presses buttons on the real store and reads it."""

    def __init__(self, database: Database, context: Context) -> None:
        self._database = database
        self._context = context

    async def press(self, who: Person, verb: str, **data: object) -> Result:
        """A press in the place where the verb belongs."""
        place = CHANNEL + ";messageid=1" if verb.startswith(("decision.", "request.review")) else f"a:{who.object_id}"
        return await self._act(place, who, verb, data)

    async def press_at(self, place: str, who: Person, verb: str, **data: object) -> Result:
        """A press anywhere."""
        return await self._act(place, who, verb, data)

    async def refresh(self, who: Person, reference: str) -> Result:
        """Teams redraws the channel's card for somebody by itself."""
        return await self._act(CHANNEL, who, "request.review", {"reference": reference}, automatic=True)

    async def _act(
        self, place: str, who: Person, verb: str, data: Mapping[str, object], automatic: bool = False
    ) -> Result:
        scope: Scope = "channel" if place.startswith("19:") else "personal"
        turn = Turn(
            kind=TurnKind.ACTION,
            activity_id="1",
            conversation=Conversation(id=place, scope=scope, service_url=HERE),
            object_id=who.object_id,
            name=who.name,
            verb=verb,
            data=data,
            card_id="card-1",
            automatic=automatic,
        )
        return await self._database.transact(lambda tx: act(tx, self._context, turn))

    async def file(self, who: Person = PRIYA, **changed: str) -> str:
        """Fill the form in and submit it; returns the reference."""
        result = await self.submit(who, **changed)
        assert isinstance(result, Shown), result
        return result.request.reference

    async def submit(self, who: Person = PRIYA, **changed: str) -> Result:
        """Begin a form and submit it in one go."""
        begun = await self.press(who, "request.start", tool="chatgpt")
        assert isinstance(begun, FormShown)
        sent = ABOUT | DECLARED | changed
        return await self.press(who, "request.submit", form=begun.draft.form_id, **sent)

    async def state(self, reference: str) -> State:
        """Where a request stands in the store."""

        def read(tx: Transaction) -> State:
            request = tx.request(reference)
            assert request
            return request.state

        return await self._database.transact(read)


@pytest.fixture
def people(database: Database, context: Context) -> People:
    """Everybody."""
    return People(database, context)


def refused(result: Result) -> Reason:
    """Why something was refused."""
    assert isinstance(result, Refused), result
    return result.refusal.reason


async def test_the_form_goes_step_by_step(people: People) -> None:
    """A risky answer brings the second step; back and forth loses nothing; the last step submits."""
    begun = await people.press(PRIYA, "request.start", tool="chatgpt")
    assert isinstance(begun, FormShown)
    form = begun.draft.form_id
    assert begun.draft.values["supplier"] == "OpenAI"
    second = await people.press(PRIYA, "form.next", form=form, **ABOUT | {"plan": "free"})
    assert isinstance(second, FormShown)
    assert (second.draft.step, second.errors) == ("safeguards", {})
    third = await people.press(PRIYA, "form.next", form=form, **SAFEGUARDS)
    assert isinstance(third, FormShown)
    assert third.draft.step == "confirm"
    back = await people.press(PRIYA, "form.back", form=form, follow="true")
    assert isinstance(back, FormShown)
    assert (back.draft.step, back.draft.values["dpia_reference"]) == ("safeguards", "DPIA-17")
    await people.press(PRIYA, "form.next", form=form, **SAFEGUARDS)
    done = await people.press(PRIYA, "request.submit", form=form, **DECLARED)
    assert isinstance(done, Shown)
    assert (done.request.reference, done.request.form.plan) == ("AI-2026-0001", "free")


async def test_a_step_with_mistakes_comes_back_with_what_was_typed(people: People) -> None:
    """The same step, the values, a note a mistake; the draft is kept."""
    begun = await people.press(PRIYA, "request.start", tool="")
    assert isinstance(begun, FormShown)
    again = await people.press(PRIYA, "form.next", form=begun.draft.form_id, **ABOUT | {"purpose": "short"})
    assert isinstance(again, FormShown)
    assert again.draft.step == "about"
    assert list(again.errors) == ["purpose"]
    assert again.draft.values["purpose"] == "short"


async def test_an_old_card_of_the_form_still_counts(people: People) -> None:
    """Teams draws the first card again after a restart; what it sends is taken as that step."""
    begun = await people.press(PRIYA, "request.start", tool="chatgpt")
    assert isinstance(begun, FormShown)
    form = begun.draft.form_id
    await people.press(PRIYA, "form.next", form=form, **ABOUT)
    again = await people.press(PRIYA, "form.next", form=form, **ABOUT | {"people": "12"})
    assert isinstance(again, FormShown)
    assert (again.draft.step, again.draft.values["people"]) == ("confirm", "12")


async def test_submitting_goes_back_to_the_step_that_does_not_stand(people: People) -> None:
    """A tampered last card cannot skip the rules of the first."""
    result = await people.submit(decisions="makes")
    assert isinstance(result, FormShown)
    assert (result.draft.step, list(result.errors)) == ("about", ["decisions"])


async def test_microsoft_copilot_needs_no_request(people: People) -> None:
    """Whoever asks for the permitted tool is told so beside the field (4.2)."""
    result = await people.submit(tool="Copilot")
    assert isinstance(result, FormShown)
    assert "4.2" in result.errors["tool"]


async def test_three_open_requests_are_the_most(people: People) -> None:
    """The fourth is refused, its form is kept, and after a withdrawal it goes through."""
    references = [await people.file() for _ in range(3)]
    assert references == ["AI-2026-0001", "AI-2026-0002", "AI-2026-0003"]
    result = await people.submit()
    assert refused(result) is Reason.TOO_MANY_OPEN
    assert isinstance(result, Refused)
    assert result.draft is not None
    await people.press(PRIYA, "request.withdraw", reference=references[0])
    again = await people.press(PRIYA, "request.submit", form=result.draft.form_id, **DECLARED)
    assert isinstance(again, Shown)


async def test_earlier_decisions_are_shown_before_submitting(people: People) -> None:
    """What was decided about the same tool stands on the last step."""
    reference = await people.file()
    await people.press(
        MORGAN, "decision.reject", reference=reference, revision=1, reason="copilot", why="Copilot in Word does this."
    )
    begun = await people.press(TOM, "request.start", tool="chatgpt")
    assert isinstance(begun, FormShown)
    last = await people.press(TOM, "form.next", form=begun.draft.form_id, **ABOUT)
    assert isinstance(last, FormShown)
    assert [request.reference for request in last.earlier] == [reference]


async def test_a_discarded_form_is_gone(people: People) -> None:
    """After throwing it away, nothing can be sent from its card; nor is it anybody else's to throw away."""
    begun = await people.press(PRIYA, "request.start", tool="chatgpt")
    assert isinstance(begun, FormShown)
    form = begun.draft.form_id
    assert refused(await people.press(TOM, "form.discard", form=form)) is Reason.OLD_FORM
    assert isinstance(await people.press(PRIYA, "form.discard", form=form), Discarded)
    for verb in ("form.next", "form.back", "form.discard", "request.submit"):
        assert refused(await people.press(PRIYA, verb, form=form, **ABOUT | DECLARED)) is Reason.OLD_FORM


async def test_nobody_sends_somebody_else_s_form(people: People) -> None:
    """A form id is no key to another person's draft."""
    begun = await people.press(PRIYA, "request.start", tool="chatgpt")
    assert isinstance(begun, FormShown)
    for verb in ("form.next", "form.back", "request.submit"):
        result = await people.press(TOM, verb, form=begun.draft.form_id, **ABOUT | DECLARED)
        assert refused(result) is Reason.OLD_FORM


async def test_the_form_card_becomes_the_receipt(people: People, database: Database) -> None:
    """The place of the submitted card is kept, so that it shows every later state."""
    reference = await people.file()
    posted = await database.transact(lambda tx: tx.card(reference, "request.card", PRIYA.object_id))
    expected = Posted(conversation_id=f"a:{PRIYA.object_id}", activity_id="card-1", service_url=HERE)
    assert posted == expected


async def test_an_approval_becomes_active_when_it_is_accepted(people: People) -> None:
    """Approve with conditions, accept each one: active."""
    reference = await people.file()
    decision = {"until": "2027-03-01", "conditions": "No personal data.\n\n A person checks. ", "comment": ""}
    approved = await people.press(MORGAN, "decision.approve", reference=reference, revision="1", **decision)
    assert isinstance(approved, Shown)
    assert approved.request.decision
    assert [c.text for c in approved.request.decision.conditions] == ["No personal data.", "A person checks."]
    ticks = {"monitored": "true", "condition_1": "true"}
    assert refused(await people.press(PRIYA, "acceptance.accept", reference=reference, **ticks)) is Reason.INPUT
    ticks["condition_2"] = "true"
    accepted = await people.press(PRIYA, "acceptance.accept", reference=reference, **ticks)
    assert isinstance(accepted, Shown)
    assert accepted.request.state is State.ACTIVE


async def test_a_mistake_in_a_decision_keeps_what_was_typed(people: People) -> None:
    """An approval too long in time comes back with its conditions and a note."""
    reference = await people.file()
    result = await people.press(
        MORGAN, "decision.approve", reference=reference, revision=1, until="2031-01-01", conditions="A", comment=7
    )
    assert isinstance(result, Refused)
    assert (result.view, result.values["conditions"]) == (View.DECISION, "A")
    assert list(result.refusal.errors) == ["until"]


async def test_review_shows_each_person_their_own_view(people: People) -> None:
    """Those who may decide get the decision view; others are told; an automatic refresh never scolds."""
    reference = await people.file(MORGAN)
    other = await people.press(ALEX, "request.review", reference=reference)
    assert isinstance(other, Shown)
    assert other.view is View.DECISION
    assert refused(await people.press(MORGAN, "request.review", reference=reference)) is Reason.OWN_REQUEST
    assert refused(await people.press(TOM, "request.review", reference=reference)) is Reason.NOT_APPROVER
    seen = await people.refresh(TOM, reference)
    assert isinstance(seen, Shown)
    assert seen.view is View.REVIEW


async def test_a_decided_request_is_shown_as_decided(people: People) -> None:
    """Pressing Review on an old card shows what became of it."""
    reference = await people.file()
    await people.press(PRIYA, "request.withdraw", reference=reference)
    seen = await people.press(MORGAN, "request.review", reference=reference)
    assert isinstance(seen, Shown)
    assert (seen.view, seen.request.state) == (View.REVIEW, State.WITHDRAWN)
    late = await people.press(MORGAN, "decision.approve", reference=reference, revision=1, until="2027-03-01")
    assert refused(late) is Reason.CLOSED


async def test_requests_are_seen_by_their_own_people_only(people: People) -> None:
    """Show, withdraw, accept and copy work for the requester alone."""
    reference = await people.file()
    mine = await people.press(PRIYA, "request.list")
    assert isinstance(mine, Listed)
    assert [request.reference for request in mine.requests] == [reference]
    assert isinstance(await people.press(PRIYA, "request.show", reference=reference), Shown)
    copied = await people.press(PRIYA, "request.copy", reference=reference)
    assert isinstance(copied, FormShown)
    assert copied.draft.values["purpose"] == ABOUT["purpose"]
    for verb in ("request.show", "request.withdraw", "request.copy", "acceptance.show", "acceptance.accept"):
        assert refused(await people.press(TOM, verb, reference=reference)) is Reason.NOT_REQUESTER
    assert await people.state(reference) is State.PENDING


@pytest.mark.parametrize("verb", [verb for verb in VERBS if "form" not in verb and verb != "request.list"])
async def test_data_that_is_not_ours_changes_nothing(people: People, verb: str) -> None:
    """Wrong types, unknown references and forged revisions find nothing and change nothing."""
    reference = await people.file()
    for data in (
        {},
        {"reference": 42},
        {"reference": ["AI-2026-0001"]},
        {"reference": "AI-2026-9999", "revision": {}},
        {"reference": reference, "revision": "1; drop table", "until": [], "state": "approved", "decider": "me"},
    ):
        result = await people.press(MORGAN, verb, **data)
        assert not isinstance(result, Shown) or result.view is View.DECISION
    assert await people.state(reference) is State.PENDING


async def test_decisions_are_made_in_the_approvers_channel_only(people: People) -> None:
    """Not in a chat, not in another channel, however right the person and the card."""
    reference = await people.file()
    decision = {"reference": reference, "revision": 1, "until": "2027-03-01"}
    for place in (f"a:{MORGAN.object_id}", "19:other@thread.tacv2;messageid=1", CHANNEL + "x"):
        assert refused(await people.press_at(place, MORGAN, "decision.approve", **decision)) is Reason.WRONG_PLACE
    assert refused(await people.press_at(CHANNEL, PRIYA, "request.list")) is Reason.WRONG_PLACE
    assert await people.state(reference) is State.PENDING


async def test_unknown_buttons_and_unknown_people_are_told(people: People) -> None:
    """A verb that does not exist, and a guest without an object id."""
    assert refused(await people.press(PRIYA, "request.delete")) is Reason.UNKNOWN_VERB
    guest = replace(PRIYA, object_id="")
    for verb in VERBS:
        assert refused(await people.press(guest, verb)) is Reason.NO_OBJECT_ID
