"""The circumstances under which a use case runs: the time, the people and the policy as they stand now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from bot.requests.roster import Roster
from bot.requests.working_time import uk_date
from knowledge.answers import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedTool:
    """A tool as knowledge/tools.yaml knows it; `id` is empty for one that is not listed."""

    id: str
    name: str
    supplier: str = ""
    is_permitted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Everything a use case may look at besides the store; made anew for each turn."""

    now: datetime
    roster: Roster
    policy_version: str
    next_review: date
    """The policy's next annual review (5.1)."""
    tool: Callable[[str], NamedTool]
    """Finds a tool by what somebody calls it."""
    new_id: Callable[[], str]
    approver_channel: str
    """The conversation id of the approvers' channel."""
    owners: tuple[str, ...]
    """The Entra object ids of the policy's owners, who answer what the knowledge files do not."""
    answer: Callable[[str], Answer]
    """What the knowledge files answer to a question."""
    entry: Callable[[str], Answer]
    """The answer of an entry; KeyError when there is none of that id."""
    fault: str = ""
    """Why the knowledge files on disk are not the ones in use: a line for each finding, or empty."""

    @property
    def today(self) -> date:
        """The calendar day in the United Kingdom."""
        return uk_date(self.now)
