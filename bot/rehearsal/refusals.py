"""The refusals of the Connector, worded as the real one words them."""

from __future__ import annotations

from aiohttp import web


class ConnectorError(Exception):
    """A status with `{"error": {"code", "message"}}`."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message

    def response(self, **headers: str) -> web.Response:
        """The answer on the wire."""
        body = {"error": {"code": self.code, "message": self.message}}
        return web.json_response(body, status=self.status, headers=headers)


def no_conversation() -> ConnectorError:
    """Nobody knows that conversation id."""
    return ConnectorError(404, "ConversationNotFound", "Conversation not found.")


def no_activity() -> ConnectorError:
    """The activity never was, or has been deleted."""
    return ConnectorError(404, "ActivityNotFoundInConversation", "The activity was not found in the conversation.")


def not_in_roster() -> ConnectorError:
    """The app was removed from there."""
    return ConnectorError(403, "BotNotInConversationRoster", "The bot is not part of the conversation roster.")


def not_installed() -> ConnectorError:
    """The person never had the app."""
    return ConnectorError(403, "ForbiddenOperationException", "The bot is not installed in the user's personal scope.")


def blocked() -> ConnectorError:
    """The person blocked the bot."""
    return ConnectorError(403, "ConversationBlockedByUser", "User blocked the conversation with the bot.")
