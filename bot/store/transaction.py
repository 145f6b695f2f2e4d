"""One unit of work: its parts put together, and the one write that belongs to all of them."""

from datetime import datetime

from bot.ports import owed
from bot.questions.life import QuestionChange
from bot.requests.change import Change, Event
from bot.store import audit
from bot.store.correspondence import Correspondence
from bot.store.deliveries import Deliveries
from bot.store.questions import Questions
from bot.store.requests import Requests


class SqlTransaction(Requests, Questions, Deliveries, Correspondence):
    """The Transaction of bot.ports on an open connection."""

    def save(self, change: Change, now: datetime) -> None:
        """Write the request, its events and its deliveries; ConflictError if another revision is stored."""
        self.write_request(change.request)
        for event in change.events:
            self.record(event)
        self.owe(owed(change.request, change.notices, now))

    def save_question(self, change: QuestionChange, now: datetime) -> None:
        """Write the question, its events and its deliveries; ConflictError if another revision is stored."""
        self.write_question(change.question)
        for event in change.events:
            self.record(event)
        self.owe(owed(change.question, change.notices, now))

    def record(self, event: Event) -> None:
        """Append an event to the audit without changing a request (a refusal, say)."""
        audit.append(self.connection, event)
