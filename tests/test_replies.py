"""Everything that is said about a request fits its card, stays small, and never lets typed text act as markup."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.context import Context, NamedTool
from bot.ports import Draft, Message
from bot.replies import wording
from bot.replies.answers import come_to_chat, welcome
from bot.replies.form_cards import form_card
from bot.replies.notices import notice
from bot.replies.request_cards import acceptance_card, decision_card, request_card, requests_card, review_card
from bot.replies.results import response
from bot.requests.change import NoticeKind, Reason, Refusal
from bot.requests.fields import FIELDS, Kind, Step
from bot.requests.form import filled
from bot.requests.request import ExceptionRequest, State
from bot.results import Discarded, FormShown, Listed, Refused, Shown, View
from cards.template import Cards
from tests.examples import (
    ABOUT,
    ANSWERS,
    HELEN,
    MORGAN,
    NEXT_REVIEW,
    NO_ANSWER,
    NOW,
    PRIYA,
    ROSTER,
    SAFEGUARDS,
    active,
    approved,
    pending,
    rejected,
    with_text,
)

CARDS = Cards.load(Path("cards"))
CEILING = 28 * 1024
CONTEXT = Context(
    now=NOW,
    roster=ROSTER,
    policy_version="v1",
    next_review=NEXT_REVIEW,
    tool=lambda name: NamedTool(id="", name=name),
    new_id=lambda: "f1",
    approver_channel="19:a@thread.tacv2",
    owners=(HELEN.object_id,),
    answer=lambda text: NO_ANSWER,
    entry=lambda entry: ANSWERS[entry],
)
STAGES = {
    "pending": pending(),
    "approved": approved(),
    "active": active(),
    "rejected": rejected(),
    "withdrawn": replace(approved(), state=State.WITHDRAWN, closed=NOW),
}


def drawn(message: Message) -> str:
    """The card of a message as JSON; fails where data and template do not fit."""
    assert message.card
    assert message.summary
    return json.dumps(CARDS.render(message.card, message.data), ensure_ascii=False)


def views(request: ExceptionRequest) -> Iterator[Message]:
    """Every card that can show a request."""
    yield request_card(request, ROSTER)
    yield acceptance_card(request, ROSTER)
    yield review_card(request, ROSTER)
    yield decision_card(request, ROSTER, NEXT_REVIEW, NOW)
    yield requests_card((request,))
    yield from (
        notice(kind, request, ROSTER) for kind in NoticeKind if not kind.value.startswith(("question.", "edit."))
    )


@pytest.mark.parametrize("stage", STAGES)
def test_every_view_of_every_stage_is_a_card(stage: str) -> None:
    """Whatever state a request is in, each card can show it and names it."""
    for message in views(STAGES[stage]):
        assert "AI-2026-0001" in drawn(message)


def longest(field_id: str) -> str:
    """The longest text a field takes, in characters that take two bytes."""
    field = next(field for field in FIELDS if field.id == field_id)
    return "é" * field.most


def test_the_fullest_request_stays_under_the_ceiling() -> None:
    """Every field at its maximum, five conditions, all kinds of information: still under 28 KB."""
    values = ABOUT | SAFEGUARDS | {"plan": "free", "why": "other", "information": "public,internal,personal,special"}
    values |= {field.id: longest(field.id) for field in FIELDS if field.kind is Kind.TEXT}
    values["url"] = "https://example.org/" + "a" * 180
    form = filled(values)
    for request in (pending(), approved(conditions=("é" * 120,) * 5, comment="é" * 300), rejected()):
        for message in views(replace(request, form=form)):
            assert len(drawn(message).encode()) < CEILING, message.card
    for step in Step:
        draft = Draft(form_id="f1", object_id="x", step=step, values=values, changed=NOW)
        errors = {field.id: "x" * 120 for field in FIELDS if field.step is step}
        assert len(drawn(form_card(FormShown(draft=draft, errors=errors))).encode()) < CEILING, step


PAYLOAD = "[free](https://evil.example) **bold** {{DATE(2026-01-01T00:00:00Z)}} ${reference} <at>Head of IT</at>"


def literal_places(node: object) -> Iterator[str]:
    """The kinds of element that hold the payload."""
    if isinstance(node, dict):
        for value in node.values():
            if isinstance(value, str) and PAYLOAD in value:
                yield str(node.get("type", "value"))
            else:
                yield from literal_places(value)
    elif isinstance(node, list):
        for value in node:
            yield from literal_places(value)


@pytest.mark.parametrize("stage", STAGES)
def test_what_people_typed_is_shown_as_typed(stage: str) -> None:
    """Links, bold, macros and mentions in any field stand in text runs, where Teams renders no markup."""
    for message in views(with_text(STAGES[stage], PAYLOAD)):
        card = CARDS.render(message.card, message.data)
        assert set(literal_places(card)) <= {"TextRun"}, message.card


def test_the_form_keeps_what_was_typed_and_puts_each_note_beside_its_field() -> None:
    """A failed step comes back with values and notes."""
    draft = Draft(form_id="f1", object_id="x", step=Step.ABOUT, values=ABOUT, changed=NOW)
    message = form_card(FormShown(draft=draft, errors={"purpose": "At least 30 characters, please."}))
    card = drawn(message)
    assert "At least 30 characters, please." in card
    assert ABOUT["checker"] in card
    assert message.data["progress"] == "Step 1 of 3"


def test_earlier_decisions_on_the_tool_are_shown_before_submitting() -> None:
    """The last step names what was decided on this tool, without anybody's name."""
    draft = Draft(form_id="f1", object_id="x", step=Step.CONFIRM, values=ABOUT, changed=NOW)
    card = drawn(form_card(FormShown(draft=draft, earlier=(rejected(),))))
    assert "AI-2026-0001: rejected, decided on 23 November 2026" in card
    assert "Alex" not in card


@pytest.mark.parametrize("reason", Reason)
def test_every_refusal_has_words(reason: Reason) -> None:
    """No reason leaves the person without a sentence, with or without a request to show."""
    refusal = Refusal(reason=reason)
    said = wording.refusal(refusal, pending(), ROSTER)
    assert said.endswith(".")
    assert "{" not in said
    for view in View:
        message = response(Refused(refusal=refusal, request=pending(), view=view), CONTEXT)
        assert said in (message.text or drawn(message))


def test_the_loser_learns_who_decided_what_and_when() -> None:
    """Already decided: the banner on the current card says by whom, what and when."""
    refused = Refused(refusal=Refusal(reason=Reason.ALREADY_DECIDED), request=approved(), view=View.REVIEW)
    said = str(response(refused, CONTEXT).data["notice"])
    assert "Morgan Ellis approved it on 23 November 2026 at 10:14" in said


def test_the_acceptance_says_what_the_approver_wrote_and_cut() -> None:
    """A word to the requester and an end earlier than asked for are read before accepting."""
    card = drawn(acceptance_card(approved(comment="Use the council account."), ROSTER))
    assert "Morgan Ellis writes: Use the council account." in card
    assert "You had asked for 31 May 2027." in card


def test_one_s_own_request_is_decided_by_the_other_post() -> None:
    """If one of the two asks, the card names only the other."""
    mine = pending(requester=MORGAN)
    assert "Alex Grant" in wording.deciders(mine, ROSTER)
    assert "Morgan Ellis" not in wording.deciders(mine, ROSTER)
    assert review_card(mine, ROSTER).refresh_for == (ROSTER.posts[1].person.object_id,)


def test_every_result_is_worded() -> None:
    """A shown request, a list, a form and a discarded form each have their card or text."""
    draft = Draft(form_id="f1", object_id=PRIYA.object_id, step=Step.ABOUT, values={}, changed=NOW)
    for view in View:
        drawn(response(Shown(request=pending(), view=view), CONTEXT))
    drawn(response(Listed(requests=()), CONTEXT))
    drawn(response(FormShown(draft=draft), CONTEXT))
    assert response(Discarded(), CONTEXT).text
    drawn(welcome())
    assert "https://chat.example" in come_to_chat("https://chat.example").text
