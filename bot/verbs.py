"""The verbs that cards send: where each may be used, and the use case behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.context import Context
from bot.ports import Posted, Transaction
from bot.requests.change import Reason, Refusal
from bot.requests.request import Person
from bot.results import Refused, Result, View
from bot.service import decisions, forms, own, questions
from bot.turns import Turn

UseCase = Callable[[Transaction, Context, Person, Turn], Result]


class Place(StrEnum):
    """Where a verb may be pressed."""

    PERSONAL = "personal"
    APPROVERS = "approvers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """A use case and its place; `afresh` means that its card is a new message, the pressed one stays."""

    place: Place
    use_case: UseCase
    afresh: bool = False


def _text(turn: Turn, key: str) -> str:
    """A value of a card's data as text; empty where it is missing or no text, which finds nothing."""
    value = turn.data.get(key)
    return value if isinstance(value, str) else ""


def _reference(turn: Turn) -> str:
    return _text(turn, "reference")


def _form(turn: Turn) -> str:
    return _text(turn, "form")


def _pressed(turn: Turn) -> Posted | None:
    """Where the pressed card lives, if Teams said so."""
    if not turn.card_id:
        return None
    return Posted(
        conversation_id=turn.conversation.id, activity_id=turn.card_id, service_url=turn.conversation.service_url
    )


VERBS: dict[str, Verb] = {
    "request.start": Verb(
        place=Place.PERSONAL,
        afresh=True,
        use_case=lambda tx, context, actor, turn: forms.begin(tx, context, actor, _text(turn, "tool")),
    ),
    "request.copy": Verb(
        place=Place.PERSONAL,
        afresh=True,
        use_case=lambda tx, context, actor, turn: forms.begin_from(tx, context, actor, _reference(turn)),
    ),
    "form.next": Verb(
        place=Place.PERSONAL,
        use_case=lambda tx, context, actor, turn: forms.go_on(tx, context, actor, _form(turn), turn.data),
    ),
    "form.back": Verb(
        place=Place.PERSONAL,
        use_case=lambda tx, context, actor, turn: forms.go_back(tx, context, actor, _form(turn), turn.data),
    ),
    "form.discard": Verb(
        place=Place.PERSONAL,
        use_case=lambda tx, context, actor, turn: forms.discard(tx, actor, _form(turn)),
    ),
    "request.submit": Verb(
        place=Place.PERSONAL,
        use_case=lambda tx, context, actor, turn: forms.submit(
            tx, context, actor, _form(turn), turn.data, _pressed(turn)
        ),
    ),
    "request.list": Verb(
        place=Place.PERSONAL,
        use_case=lambda tx, context, actor, turn: own.listed(tx, actor),
    ),
    "request.show": Verb(
        place=Place.PERSONAL,
        use_case=lambda tx, context, actor, turn: own.show(tx, actor, _reference(turn), View.REQUEST),
    ),
    "request.withdraw": Verb(
        place=Place.PERSONAL,
        use_case=lambda tx, context, actor, turn: own.withdraw(tx, context, actor, _reference(turn)),
    ),
    "request.end": Verb(
        place=Place.PERSONAL,
        use_case=lambda tx, context, actor, turn: own.end(tx, context, actor, _reference(turn)),
    ),
    "acceptance.show": Verb(
        place=Place.PERSONAL,
        use_case=lambda tx, context, actor, turn: own.show(tx, actor, _reference(turn), View.ACCEPTANCE),
    ),
    "acceptance.accept": Verb(
        place=Place.PERSONAL,
        use_case=lambda tx, context, actor, turn: own.accept(tx, context, actor, _reference(turn), turn.data),
    ),
    "question.leave": Verb(
        place=Place.PERSONAL,
        use_case=lambda tx, context, actor, turn: questions.leave(tx, context, actor, _reference(turn), _pressed(turn)),
    ),
    "question.show": Verb(
        place=Place.PERSONAL,
        use_case=lambda tx, context, actor, turn: questions.show(tx, context, actor, _reference(turn)),
    ),
    "question.answer": Verb(
        place=Place.PERSONAL,
        use_case=lambda tx, context, actor, turn: questions.answer(tx, context, actor, _reference(turn), turn.data),
    ),
    "question.close": Verb(
        place=Place.PERSONAL,
        use_case=lambda tx, context, actor, turn: questions.close(tx, context, actor, _reference(turn), turn.data),
    ),
    "request.review": Verb(
        place=Place.APPROVERS,
        use_case=lambda tx, context, actor, turn: decisions.review(
            tx, context, actor, _reference(turn), turn.automatic
        ),
    ),
    "decision.approve": Verb(
        place=Place.APPROVERS,
        use_case=lambda tx, context, actor, turn: decisions.approve(tx, context, actor, _reference(turn), turn.data),
    ),
    "decision.reject": Verb(
        place=Place.APPROVERS,
        use_case=lambda tx, context, actor, turn: decisions.reject(tx, context, actor, _reference(turn), turn.data),
    ),
}


def act(tx: Transaction, context: Context, turn: Turn) -> Result:
    """Run the use case of a pressed button for the person whom Teams vouches for."""
    verb = VERBS.get(turn.verb)
    if not turn.object_id:
        return _refused(Reason.NO_OBJECT_ID)
    if verb is None:
        return _refused(Reason.UNKNOWN_VERB)
    if not _is_at(verb.place, turn, context):
        return _refused(Reason.WRONG_PLACE)
    return verb.use_case(tx, context, Person(object_id=turn.object_id, name=turn.name), turn)


def _is_at(place: Place, turn: Turn, context: Context) -> bool:
    if place is Place.PERSONAL:
        return turn.conversation.scope == "personal"
    channel, _, _thread = turn.conversation.id.partition(";")
    return turn.conversation.scope == "channel" and channel == context.approver_channel


def _refused(reason: Reason) -> Refused:
    return Refused(refusal=Refusal(reason=reason))
