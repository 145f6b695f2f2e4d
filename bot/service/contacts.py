"""Who can be reached in Teams, and who cannot because they have not installed the app."""

from collections.abc import Iterable

from bot.ports import Transaction


def unreachable(tx: Transaction, object_ids: Iterable[str]) -> tuple[str, ...]:
    """Those of these people with whom the bot has no chat, each once."""
    return tuple(each for each in dict.fromkeys(object_ids) if tx.conversation_with(each) is None)
