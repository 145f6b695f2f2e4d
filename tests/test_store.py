"""What the store promises the use cases: each method of a transaction, on a real file."""

from collections.abc import AsyncIterator
from dataclasses import fields, replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ConflictError, StoreError
from bot.ports import Conversation, Draft, Posted, Store, Transaction
from bot.requests.change import CHANNEL, Event, Notice, NoticeKind
from bot.requests.form import Form
from bot.requests.request import State, Verdict
from bot.store import audit, forms
from bot.store.database import Database
from tests.samples import FORM, MARY, NOW, OMAR, a_change, a_request, claimed, decided, saving


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Database]:
    with Database.open(f"sqlite:///{tmp_path}/bot.db") as database:
        yield database


async def filed(store: Store, *numbers: int) -> None:
    for number in numbers:
        await store.transact(saving(a_request(number)))


async def test_a_saved_request_comes_back_equal(store: Database) -> None:
    """What was filed is what is read, to the microsecond and the last character."""
    await filed(store, 1)
    assert await store.transact(lambda tx: tx.request("AI-2026-0001")) == a_request(1)
    assert await store.transact(lambda tx: tx.request("AI-2026-0002")) is None


async def test_a_decision_comes_back_with_its_conditions_in_order(store: Database) -> None:
    """Verdict, decider, last day and conditions survive, also through the later acceptance."""
    await filed(store, 1)
    approved = decided(a_request(1))
    active = replace(approved, revision=3, state=State.ACTIVE, accepted=NOW, closed=NOW)
    for request in (approved, active):
        await store.transact(saving(request))
        assert await store.transact(lambda tx: tx.request("AI-2026-0001")) == request


async def test_a_time_in_another_zone_is_the_same_moment(store: Database) -> None:
    """Times are kept in UTC, whatever zone they came in."""
    abroad = replace(a_request(1), due=NOW.astimezone(timezone(timedelta(hours=5))))
    await store.transact(saving(abroad))
    read = await store.transact(lambda tx: tx.request("AI-2026-0001"))
    assert read is not None and read.due == NOW and read.due.utcoffset() == timedelta(0)


async def test_a_time_without_a_zone_is_refused(store: Database) -> None:
    """A naive time is a bug, so nothing is saved."""
    with pytest.raises(StoreError):
        await store.transact(saving(replace(a_request(1), due=datetime(2026, 3, 9))))
    assert await store.transact(lambda tx: tx.request("AI-2026-0001")) is None


async def test_only_the_next_revision_can_be_saved(store: Database) -> None:
    """A change to a request that moved on is a conflict, and the first change stays."""
    await filed(store, 1)
    await store.transact(saving(decided(a_request(1))))
    late = decided(a_request(1), Verdict.REJECTED)
    with pytest.raises(ConflictError, match="AI-2026-0001 is not at revision 1"):
        await store.transact(saving(late))
    assert await store.transact(lambda tx: tx.request("AI-2026-0001")) == decided(a_request(1))
    assert (await store.run(audit.head)).count == 2


async def test_a_reference_is_filed_once(store: Database) -> None:
    """A second first revision of the same reference is a conflict."""
    await filed(store, 1)
    with pytest.raises(ConflictError):
        await filed(store, 1)


async def test_a_second_decision_is_refused_even_with_the_right_revision(store: Database) -> None:
    """One request, one decision for ever: not even a bug in the rules can overwrite it."""
    await filed(store, 1)
    await store.transact(saving(decided(a_request(1))))
    again = decided(replace(a_request(1), revision=2), Verdict.REJECTED)
    with pytest.raises(ConflictError, match="decided before: approved by Head of IT"):
        await store.transact(saving(again))
    stored = await store.transact(lambda tx: tx.request("AI-2026-0001"))
    assert stored == decided(a_request(1))


async def test_a_conflict_is_tried_again_with_fresh_eyes(store: Database) -> None:
    """Work that loses a race runs again and may then see what the winner wrote."""
    await filed(store, 1)
    tries: list[int] = []

    def work(tx: Transaction) -> int:
        tries.append(1)
        stored = tx.request("AI-2026-0001")
        assert stored is not None
        if len(tries) == 1:
            raise ConflictError("somebody was faster")
        return stored.revision

    assert await store.transact(work) == 1
    assert len(tries) == 2


async def test_work_that_fails_leaves_no_trace(store: Database) -> None:
    """An error of any kind in the middle takes back everything before it."""

    def work(tx: Transaction) -> None:
        tx.save(a_change(a_request(1), Notice(kind=NoticeKind.REVIEW_CARD, to=CHANNEL)), NOW)
        tx.remember("key", {"a": 1}, NOW)
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        await store.transact(work)
    assert await store.transact(lambda tx: (tx.request("AI-2026-0001"), tx.answered("key"))) == (None, None)
    assert await store.transact(lambda tx: tx.waiting()) == (0, None)
    assert (await store.run(audit.head)).count == 0


async def test_everybodys_own_requests_come_newest_first(store: Database) -> None:
    """A person sees what they filed, the latest on top, and nobody else's."""
    await filed(store, 1, 3, 2)
    await store.transact(saving(a_request(4, requester=OMAR)))
    found = await store.transact(lambda tx: tx.requests_of("mary"))
    assert [request.reference for request in found] == ["AI-2026-0003", "AI-2026-0002", "AI-2026-0001"]
    assert all(request.requester == MARY for request in found)


async def test_earlier_requests_for_a_tool_are_found_by_id_or_by_name(store: Database) -> None:
    """A listed tool is found by its id; another one by its name, however it was typed."""
    await filed(store, 1)
    unlisted = replace(a_request(2, form=replace(FORM, tool="  Magic   WRITER ")), tool_id="")
    await store.transact(saving(unlisted))
    by_id = await store.transact(lambda tx: tx.requests_for_tool("chatgpt"))
    by_name = await store.transact(lambda tx: tx.requests_for_tool("magic writer"))
    assert [request.reference for request in by_id] == ["AI-2026-0001"]
    assert [request.reference for request in by_name] == ["AI-2026-0002"]


async def test_what_waits_for_a_decision_comes_by_its_deadline(store: Database) -> None:
    """The earliest due is first; what is decided does not wait any more."""
    await filed(store, 1, 2, 3)
    asked = replace(a_request(3), revision=2, state=State.INFO_REQUESTED, due=NOW)
    for request in (asked, decided(a_request(1))):
        await store.transact(saving(request))
    found = await store.transact(lambda tx: tx.requests_undecided())
    assert [request.reference for request in found] == ["AI-2026-0003", "AI-2026-0002"]


async def test_requests_are_found_by_where_they_stand(store: Database) -> None:
    """What is in force is read apart from what waits, the newest first."""
    await filed(store, 1, 2, 3)
    for number in (1, 3):
        await store.transact(saving(replace(decided(a_request(number)), state=State.ACTIVE)))
    found = await store.transact(lambda tx: tx.requests_in(State.ACTIVE, State.APPROVED))
    assert [request.reference for request in found] == ["AI-2026-0003", "AI-2026-0001"]


async def test_references_count_from_one_each_year(store: Database) -> None:
    """AI-2026-0001, AI-2026-0002, and in the new year from the start."""
    years = (2026, 2026, 2027, 2026)
    found = await store.transact(lambda tx: [tx.next_reference(year) for year in years])
    assert found == ["AI-2026-0001", "AI-2026-0002", "AI-2027-0001", "AI-2026-0003"]


async def test_a_change_owes_each_notice_once(store: Database) -> None:
    """Every notice becomes a delivery; the same notice twice in one change is one."""
    card, told = Notice(kind=NoticeKind.REVIEW_CARD, to=CHANNEL), Notice(kind=NoticeKind.REQUEST_FILED, to="mary")
    await store.transact(saving(a_request(1), card, told, told))
    assert await store.transact(lambda tx: tx.waiting()) == (2, NOW)
    assert await store.transact(claimed) == ["AI-2026-0001/1/review.card/channel", "AI-2026-0001/1/request.filed/mary"]


async def test_a_refusal_is_audited_without_a_request(store: Database) -> None:
    """What was tried and refused stands in the audit."""
    event = Event(name="decision.refused", actor="eve", at=NOW, facts={"reason": "not_approver"}, text="let me")
    await store.transact(lambda tx: tx.record(event))
    assert await store.run(audit.head) == (await store.run(audit.verify)).head
    assert (await store.run(audit.head)).count == 1


async def test_a_repeat_gets_the_answer_that_was_given(store: Database) -> None:
    """The answer kept under a key comes back; the key cannot be answered twice."""
    answer = {"card": "receipt", "data": {"reference": "AI-2026-0001", "errors": []}}
    await store.transact(lambda tx: tx.remember("c/1", answer, NOW))
    assert await store.transact(lambda tx: tx.answered("c/1")) == answer
    assert await store.transact(lambda tx: tx.answered("c/2")) is None
    with pytest.raises(ConflictError):
        await store.transact(lambda tx: tx.remember("c/1", {}, NOW))


async def test_a_begun_form_is_kept_replaced_and_dropped(store: Database) -> None:
    """A draft holds what was typed, as typed, until it is dropped."""
    draft = Draft(form_id="f1", object_id="mary", step="about", values={"tool": "Chat “GPT”"}, changed=NOW)
    later = replace(draft, step="confirm", values={"tool": "Claude"}, changed=NOW + timedelta(hours=1))
    await store.transact(lambda tx: tx.keep_draft(draft))
    assert await store.transact(lambda tx: tx.draft("f1")) == draft
    await store.transact(lambda tx: tx.keep_draft(later))
    assert await store.transact(lambda tx: tx.draft("f1")) == later
    await store.transact(lambda tx: tx.drop_draft("f1"))
    assert await store.transact(lambda tx: tx.draft("f1")) is None


async def test_somebody_is_new_only_once(store: Database) -> None:
    """The welcome is said the first time ever: not after a second message, nor after a new installation."""
    first = Conversation(id="a:1", scope="personal", service_url="https://smba/1", object_id="mary")
    second = replace(first, id="a:2", service_url="https://smba/2")
    assert await store.transact(lambda tx: tx.keep_conversation(first, NOW)) is True
    assert await store.transact(lambda tx: tx.keep_conversation(second, NOW)) is False
    assert await store.transact(lambda tx: tx.conversation_with("mary")) == second
    await store.transact(lambda tx: tx.drop_conversation("mary"))
    assert await store.transact(lambda tx: tx.conversation_with("mary")) is None
    assert await store.transact(lambda tx: tx.keep_conversation(first, NOW)) is False
    assert await store.transact(lambda tx: tx.conversation_with("mary")) == first


async def test_each_copy_of_a_card_has_its_own_place(store: Database) -> None:
    """A card is known by request, kind and recipient."""
    here = Posted(conversation_id="19:x;messageid=1", activity_id="1", service_url="https://smba")
    there = replace(here, activity_id="2")
    await store.transact(lambda tx: tx.keep_card("R", "review.card", CHANNEL, here))
    await store.transact(lambda tx: tx.keep_card("R", "request.card", "mary", here))
    await store.transact(lambda tx: tx.keep_card("R", "review.card", CHANNEL, there))
    assert await store.transact(lambda tx: tx.card("R", "review.card", CHANNEL)) == there
    await store.transact(lambda tx: tx.drop_card("R", "review.card", CHANNEL))
    assert await store.transact(lambda tx: tx.card("R", "review.card", CHANNEL)) is None
    assert await store.transact(lambda tx: tx.card("R", "request.card", "mary")) == here


async def test_the_latest_thumb_of_a_person_counts(store: Database) -> None:
    """Changing one's mind replaces the thumb; another person's stands beside it."""
    await store.transact(lambda tx: tx.keep_feedback("a1", "mary", "like", NOW))
    await store.transact(lambda tx: tx.keep_feedback("a1", "omar", "like", NOW))
    await store.transact(lambda tx: tx.keep_feedback("a1", "mary", "dislike", NOW))
    rows = await store.run(lambda c: c.exec_driver_sql("SELECT object_id, reaction FROM feedback ORDER BY 1").all())
    assert [tuple(row) for row in rows] == [("mary", "dislike"), ("omar", "like")]
    assert await store.transact(lambda tx: tx.thumbs_since(NOW)) == {"like": 1, "dislike": 1}
    assert await store.transact(lambda tx: tx.thumbs_since(NOW + timedelta(seconds=1))) == {}


async def test_text_that_is_no_unicode_is_an_error_of_ours(store: Database) -> None:
    """Half a surrogate pair, which JSON can carry, is reported as a StoreError and nothing is saved."""
    broken = replace(MARY, name="Mary \ud83d")
    with pytest.raises(StoreError):
        await store.transact(saving(a_request(1, requester=broken)))
    assert await store.transact(lambda tx: tx.waiting()) == (0, None)


WORDS = st.text(st.characters(exclude_categories=["Cs"]))
FORMS = st.builds(
    Form,
    **{field.name: WORDS for field in fields(Form) if field.type in (str, "str")},
    information=st.lists(WORDS).map(tuple),
    people=st.integers(1, 10_000),
    starts=st.dates(),
    ends=st.dates(),
)


@given(FORMS)
def test_any_form_survives_the_way_through_json(form: Form) -> None:
    """Whatever people type comes back as it was."""
    assert forms.from_json(forms.to_json(form)) == form


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"people": 4', '"people": "4"', "people is str"),
        ('"people": 4', '"people": true', "people is bool"),
        ('["public", "internal"]', '["public", 7]', "information is list"),
        ('"tool": "ChatGPT"', '"tool": null', "tool is NoneType"),
        ('"tool": "ChatGPT"', '"gone": "x", "tool": "ChatGPT"', "no others"),
        ('"tool": "ChatGPT", ', "", "tool is missing"),
        ('"2027-05-31"', '"2027-13-31"', "month must be"),
        ('"people": 4', '"people": ', "Expecting value"),
    ],
)
def test_a_form_that_was_tampered_with_is_not_believed(old: str, new: str, told: str) -> None:
    """A wrong type, a missing or an unknown field is an error that names it."""
    stored = forms.to_json(FORM)
    assert old in stored
    with pytest.raises(StoreError, match=told):
        forms.from_json(stored.replace(old, new))


def test_a_field_added_later_takes_its_default() -> None:
    """Forms filed before a field existed can still be read."""
    stored = forms.to_json(FORM).replace(', "safeguards": ""', "")
    assert "safeguards" not in stored
    assert forms.from_json(stored) == FORM and FORM.ends == date(2027, 5, 31)
