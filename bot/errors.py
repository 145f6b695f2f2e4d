"""Every error this product raises on purpose.

AssistantError
├── SettingError     a missing or wrong setting; stops the start
├── StoreError       the store could not be read or written; nothing was saved
│   └── ConflictError    somebody else changed the row between reading and writing
├── SendError        the Connector did not take a message; carries what that means
└── CardError        a card's template and its data do not fit (cards/template.py)
"""

from enum import StrEnum


class AssistantError(Exception):
    """The root: catch this to catch all of ours and nothing else."""


class SettingError(AssistantError):
    """A setting is missing or wrong; the message names it, its value and what is expected."""


class StoreError(AssistantError):
    """The store could not be read or written; the transaction left no trace."""


class ConflictError(StoreError):
    """A compare-and-swap found another revision than the one that was read."""


class Failure(StrEnum):
    """What a failed send means for the sender, by the status and code of the Connector."""

    RETRY = "retry"
    """404 without a code of Teams, 412, 429, 502, 503, 504, a broken connection: try again later."""
    UNAUTHORISED = "unauthorised"
    """401 also with a fresh token: stop and alert."""
    BLOCKED = "blocked"
    """403, the person or an administrator blocked the bot: wait until the person writes again."""
    NOT_INSTALLED = "not_installed"
    """403, the bot is not in that conversation: wait for an installation."""
    GONE = "gone"
    """404 with its code, the conversation or the activity no longer exists: forget its id and make it again."""
    REFUSED = "refused"
    """400, 413, 500, taken without an id, and everything else: never retried, a person has to look."""


class SendError(AssistantError):
    """The Connector refused a message; `failure` says what to do, `retry_after` is in seconds where it was given."""

    def __init__(self, failure: Failure, status: int, code: str, retry_after: float | None = None) -> None:
        super().__init__(f"the Connector answered {status} {code}".rstrip() + f": {failure.value}")
        self.failure = failure
        self.status = status
        self.code = code
        self.retry_after = retry_after
