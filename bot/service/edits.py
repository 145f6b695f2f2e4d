"""Telling the policy's owners that a saved file cannot be used, and that the last good one answers meanwhile."""

from hashlib import sha256

from bot.context import Context
from bot.ports import Delivery, Transaction
from bot.requests.change import NoticeKind


def tell_of_refusal(tx: Transaction, context: Context) -> None:
    """Owe each owner one message a day for each fault, however often it is looked at."""
    if context.fault:
        tx.owe(tuple(_delivery(owner, context) for owner in context.owners))


def _delivery(owner: str, context: Context) -> Delivery:
    fault = sha256(f"{context.today} {context.policy_version} {context.fault}".encode()).hexdigest()[:16]
    return Delivery(
        key=f"{NoticeKind.EDIT_REFUSED}/{fault}/{owner}",
        lane=owner,
        kind=NoticeKind.EDIT_REFUSED,
        to=owner,
        reference="",
        created=context.now,
        due=context.now,
    )
