"""The operators' command `outbox`: what could not be delivered, sent again or given up."""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime

from bot.commands.stored import stored
from bot.errors import AssistantError
from bot.ports import Parked, Transaction
from bot.requests.change import Event

HEADER = ("key", "to", "kind", "error", "since")
OPERATOR = "operator"
"""Who acts, in the audit: a command knows no person."""


def add_outbox(parser: argparse.ArgumentParser) -> None:
    """Make a parser that of `outbox`."""
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--retry", metavar="KEY", help="send one of them again, from the beginning")
    action.add_argument("--drop", metavar="KEY", help="give one of them up; say why with --reason")
    parser.add_argument("--reason", default="", help="why it is dropped, for the audit")
    parser.set_defaults(run=run_outbox)


def run_outbox(options: argparse.Namespace) -> None:
    """List the messages that are set aside, or retry or drop one; AssistantError if that cannot be done."""
    now = datetime.now(UTC)
    if options.reason and not options.drop:
        raise AssistantError("--reason belongs to --drop KEY, which is missing")
    if options.retry:
        stored(lambda tx: retry(tx, options.retry, now))
        print(f"{options.retry} is sent again by the running bot")
    elif options.drop:
        stored(lambda tx: drop(tx, options.drop, options.reason, now))
        print(f"{options.drop} is dropped")
    else:
        print("\n".join(lines(stored(lambda tx: tx.parked()))))


def lines(parked: tuple[Parked, ...]) -> list[str]:
    """The list, columns apart by tabs; `since` is when the message was first owed."""
    rows = [
        (each.delivery.key, each.delivery.to, each.delivery.kind, each.error, f"{each.delivery.created:%Y-%m-%d %H:%M}")
        for each in parked
    ]
    return ["\t".join(row) for row in (HEADER, *rows)]


def retry(tx: Transaction, key: str, now: datetime) -> None:
    """Make a parked delivery due again and record that; AssistantError if none has this key."""
    _act(tx, key, "delivery.retried", "", now, lambda: tx.retry(key, now))


def drop(tx: Transaction, key: str, reason: str, now: datetime) -> None:
    """Give a parked delivery up and record why; AssistantError if none has this key or there is no reason."""
    if not reason.strip():
        raise AssistantError("--reason is missing: say why the message is dropped, for the audit")
    _act(tx, key, "delivery.dropped", reason.strip(), now, lambda: tx.drop(key))


def _act(tx: Transaction, key: str, name: str, reason: str, now: datetime, change: Callable[[], None]) -> None:
    parked = next((each for each in tx.parked() if each.delivery.key == key), None)
    if parked is None:
        raise AssistantError(f"{key!r} is no message that is set aside; `python -m bot outbox` lists those")
    change()
    # The key names a person, so it stands with the reason outside the chain, where it can be erased.
    facts = {"kind": parked.delivery.kind}
    text = f"{key}: {reason}" if reason else key
    reference = parked.delivery.reference
    tx.record(Event(name=name, actor=OPERATOR, at=now, reference=reference, facts=facts, text=text))
