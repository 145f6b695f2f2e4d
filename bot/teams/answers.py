"""The bodies that answer a pressed card (`adaptiveCard/action`), as plain dictionaries Teams takes."""

from bot.teams.wire import CARD_TYPE

MESSAGE_TYPE = "application/vnd.microsoft.activity.message"
ERROR_TYPE = "application/vnd.microsoft.error"
DONE = "Done."
FAILED = "Something went wrong on our side and nothing was changed. Please try again in a minute."


def card(content: dict[str, object]) -> dict[str, object]:
    """The pressed card becomes this one."""
    return {"statusCode": 200, "type": CARD_TYPE, "value": content}


def text(words: str) -> dict[str, object]:
    """The card stays; these words are shown."""
    return {"statusCode": 200, "type": MESSAGE_TYPE, "value": words}


def failure() -> dict[str, object]:
    """The card stays; Teams shows that it could not be done."""
    return {"statusCode": 500, "type": ERROR_TYPE, "value": {"code": "InternalServerError", "message": FAILED}}
