"""The two posts that may decide, who is told, and whether somebody may decide a request (policy paragraph 5.2)."""

from dataclasses import dataclass

from bot.requests.change import Reason
from bot.requests.request import ExceptionRequest, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post named by the policy and the person who holds it."""

    title: str
    person: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Who may decide (`posts`), and two lists of object ids that decide nothing: told of decisions, told of trouble."""

    posts: tuple[Post, ...]
    notified: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()

    def post_of(self, object_id: str) -> Post | None:
        """The post somebody holds."""
        return next((post for post in self.posts if post.person.object_id == object_id), None)

    def eligible(self, request: ExceptionRequest) -> tuple[Post, ...]:
        """The posts that may decide this request: all but the requester's own (rule 2)."""
        return tuple(post for post in self.posts if post.person.object_id != request.requester.object_id)


def bar(roster: Roster, request: ExceptionRequest, object_id: str) -> Reason | None:
    """Why somebody may not decide this request, or None if they may."""
    if request.requester.object_id == object_id:
        return Reason.OWN_REQUEST
    if roster.post_of(object_id) is None:
        return Reason.NOT_APPROVER
    return None
