"""The Connector: Teams' REST interface for sending, editing and looking up members."""

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlencode

import aiohttp
from prometheus_client import Counter
from yarl import URL

from bot.errors import Failure, SendError
from bot.teams.edits import Edits
from bot.teams.hosts import AllowedHosts
from bot.teams.tokens import Bearer

TIMEOUT = aiohttp.ClientTimeout(total=10, sock_connect=3)
PAGE = 500
"""Members a page, the most Teams gives."""
PAGES = 100
"""The most pages of members that are asked for; a team has 25,000 members at most."""
_RETRY = frozenset({404, 412, 429, 502, 503, 504})
"""A 404 without one of `_GONE` comes from a proxy that leads elsewhere, not from Teams."""
_BLOCKED = ("ConversationBlockedByUser", "BotDisabledByAdmin", "NotEnoughPermissions", "MessageWritesBlocked")
_NOT_INSTALLED = ("BotNotInConversationRoster", "ForbiddenOperationException")
_GONE = ("ConversationNotFound", "ActivityNotFoundInConversation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """A new conversation, and its first activity where one was sent along; an id that Teams did not give is empty."""

    conversation_id: str
    activity_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    operation: str
    method: str
    service_url: str
    path: str
    body: bytes | None = None


class Connector:
    """Calls the Connector on one session; every method raises SendError when it is refused."""

    def __init__(self, *, session: aiohttp.ClientSession, bearer: Bearer, hosts: AllowedHosts, calls: Counter) -> None:
        self._session = session
        self._bearer = bearer
        self._hosts = hosts
        self._calls = calls
        self._edits = Edits()

    async def send(
        self, service_url: str, conversation_id: str, activity: Mapping[str, Any], reply_to: str = ""
    ) -> str:
        """Send an activity, as a reply where one is named; returns the new one's id, empty where Teams gave none."""
        path = f"{_conversation(conversation_id)}/activities" + (f"/{quote(reply_to, safe='')}" if reply_to else "")
        answer = await self._call("send", "POST", service_url, path, activity)
        return str(answer.get("id") or "")

    async def update(
        self,
        service_url: str,
        conversation_id: str,
        activity_id: str,
        activity: Mapping[str, Any],
        *,
        passing: bool = False,
    ) -> None:
        """Replace an activity that was sent before, after its earlier edits; a passing one gives way to a newer one."""
        path = f"{_conversation(conversation_id)}/activities/{quote(activity_id, safe='')}"
        async with self._edits.turn(conversation_id, activity_id) as overtaken:
            if not (passing and overtaken):
                await self._call("update", "PUT", service_url, path, {**activity, "id": activity_id})

    async def create(self, service_url: str, parameters: Mapping[str, Any]) -> Created:
        """Create a conversation: a personal chat, or a channel post with its first activity."""
        answer = await self._call("create", "POST", service_url, "v3/conversations", parameters)
        return Created(conversation_id=str(answer.get("id") or ""), activity_id=str(answer.get("activityId") or ""))

    async def members(self, service_url: str, conversation_id: str) -> tuple[Mapping[str, Any], ...]:
        """Everybody in a conversation, as Teams describes them, page by page."""
        members: list[Mapping[str, Any]] = []
        query = {"pageSize": str(PAGE)}
        for _ in range(PAGES):
            path = f"{_conversation(conversation_id)}/pagedmembers?{urlencode(query)}"
            page = await self._call("members", "GET", service_url, path)
            found, following = page.get("members"), str(page.get("continuationToken") or "")
            members.extend(entry for entry in (found if isinstance(found, list) else ()) if isinstance(entry, dict))
            if following in ("", query.get("continuationToken")):
                break
            query["continuationToken"] = following
        return tuple(members)

    async def _call(
        self, operation: str, method: str, service_url: str, path: str, body: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        bar = self._hosts.bar(service_url)
        if bar:
            raise SendError(Failure.REFUSED, 0, bar)
        call = _Call(
            operation=operation,
            method=method,
            service_url=service_url,
            path=path,
            body=None if body is None else json.dumps(body).encode(),
        )
        try:
            answer = await self._twice(call)
        except SendError as error:
            self._calls.labels(operation, error.failure.value).inc()
            raise
        self._calls.labels(operation, "taken").inc()
        return answer

    async def _twice(self, call: _Call) -> Mapping[str, Any]:
        """Call, and once more with a fresh token where the first was refused."""
        token = await self._bearer.current()
        try:
            return await self._once(call, token)
        except SendError as error:
            if error.failure is not Failure.UNAUTHORISED:
                raise
        return await self._once(call, await self._bearer.after(token))

    async def _once(self, call: _Call, token: str) -> Mapping[str, Any]:
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        # Conversation ids hold `:`, `@` and `;`, which yarl would decode and quote in its own way.
        url = URL(f"{call.service_url.rstrip('/')}/{call.path}", encoded=True)
        try:
            async with self._session.request(
                call.method, url, data=call.body, headers=headers, timeout=TIMEOUT, allow_redirects=False
            ) as response:
                return _read(response, await response.read())
        except TimeoutError as error:
            raise SendError(Failure.RETRY, 0, "timeout") from error
        except aiohttp.ClientError as error:
            raise SendError(Failure.RETRY, 0, type(error).__name__) from error


def open_session(ca_file: str) -> aiohttp.ClientSession:
    """The one session of the process; it trusts `ca_file` where one is given, else the machine's authorities.

    It has no limit of connections: with one, hung sends would hold up all others (trap 5).
    """
    trusted = ssl.create_default_context(cafile=ca_file) if ca_file else True
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trusted, limit=0))


def classify(status: int, text: str) -> tuple[Failure, str]:
    """What a refusal means, and the Connector's code for it, found in the text since its place in the body varies."""
    for codes, failure, where in (
        (_BLOCKED, Failure.BLOCKED, 403),
        (_NOT_INSTALLED, Failure.NOT_INSTALLED, 403),
        (_GONE, Failure.GONE, 404),
    ):
        code = next((code for code in codes if code in text), "")
        if status == where and code:
            return failure, code
    if status in _RETRY:
        return Failure.RETRY, ""
    return Failure.UNAUTHORISED if status == 401 else Failure.REFUSED, ""


def _conversation(conversation_id: str) -> str:
    return f"v3/conversations/{quote(conversation_id, safe='')}"


def _read(response: aiohttp.ClientResponse, body: bytes) -> Mapping[str, Any]:
    if response.status >= 300:
        failure, code = classify(response.status, body[:4096].decode(errors="replace"))
        raise SendError(failure, response.status, code, _seconds(response.headers.get("Retry-After", "")))
    try:
        answer = json.loads(body) if body else {}
    except ValueError:
        answer = {}
    return answer if isinstance(answer, dict) else {}


def _seconds(retry_after: str) -> float | None:
    """The seconds a Retry-After header asks to wait; it holds seconds or a date."""
    if retry_after.isdecimal():
        return float(retry_after)
    try:
        return max(0.0, (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None
