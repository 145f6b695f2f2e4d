"""A use case's result in words: the card that answers a press, with a notice on it where something was refused."""

from bot.context import Context
from bot.ports import Message
from bot.replies import wording
from bot.replies.form_cards import form_card
from bot.replies.question_cards import asked_card, question_card
from bot.replies.request_cards import acceptance_card, decision_card, request_card, requests_card, review_card
from bot.requests.change import Reason
from bot.requests.request import ExceptionRequest
from bot.results import Discarded, FormShown, Listed, QuestionShown, QuestionView, Refused, Result, Shown, View


def response(result: Result, context: Context) -> Message:
    """What is shown in the place of the card that was pressed; a bare text where there is no card to show."""
    match result:
        case Shown():
            return _view(result.request, result.view, context)
        case FormShown():
            return form_card(result)
        case Listed():
            return requests_card(result.requests)
        case QuestionShown(question=question, view=QuestionView.OWNER):
            return question_card(question)
        case QuestionShown():
            return asked_card(result.question)
        case Discarded():
            return Message(text="The form was thrown away. Nothing was sent.")
        case Refused():
            return _refused(result, context)


def _refused(refused: Refused, context: Context) -> Message:
    sentence = wording.refusal(refused.refusal, refused.request, context.roster)
    if refused.question and refused.refusal.reason is not Reason.NOT_OWNER:
        return question_card(refused.question, sentence, refused.refusal.errors, refused.values)
    if refused.draft:
        return form_card(FormShown(draft=refused.draft), sentence)
    if refused.request is None or refused.view is None:
        return Message(text=sentence)
    if refused.refusal.reason in (Reason.NOT_APPROVER, Reason.OWN_REQUEST):
        return Message(text=sentence)
    return _view(refused.request, refused.view, context, refused, sentence)


def _view(
    request: ExceptionRequest,
    view: View,
    context: Context,
    refused: Refused | None = None,
    notice: str = "",
) -> Message:
    values = refused.values if refused else {}
    errors = refused.refusal.errors if refused else {}
    match view:
        case View.REQUEST:
            return request_card(request, context.roster, notice)
        case View.ACCEPTANCE:
            return acceptance_card(request, context.roster, notice, values)
        case View.REVIEW:
            return review_card(request, context.roster, notice)
        case View.DECISION:
            return decision_card(request, context.roster, context.next_review, context.now, notice, errors, values)
