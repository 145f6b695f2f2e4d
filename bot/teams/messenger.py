"""Says things in Teams without being asked: the outbox's way out."""

from typing import Any

from bot.errors import Failure, SendError
from bot.ports import Conversation, Member, Message, Posted
from bot.teams.connector import Connector
from bot.teams.members import Members
from bot.teams.wire import Wire


class TeamsMessenger:
    """Implements `bot.ports.Messenger` on the Connector; what is taken without an id is REFUSED, never repeated."""

    def __init__(
        self,
        *,
        connector: Connector,
        wire: Wire,
        members: Members,
        service_url: str,
        app_id: str,
        tenant_id: str,
        channel_id: str,
    ) -> None:
        self._connector = connector
        self._wire = wire
        self._members = members
        self._service_url = service_url
        self._bot = {"id": f"28:{app_id}"}
        self._tenant_id = tenant_id
        self._channel_id = channel_id

    async def send(self, conversation: Conversation, message: Message) -> Posted:
        """Send a new message into a known conversation."""
        activity = await self._wire.activity(message, conversation.scope)
        activity_id = await self._connector.send(conversation.service_url, conversation.id, activity)
        return _kept(
            Posted(conversation_id=conversation.id, activity_id=activity_id, service_url=conversation.service_url)
        )

    async def post(self, message: Message) -> Posted:
        """Start a new thread in the approvers' channel."""
        created = await self._connector.create(
            self._service_url,
            {
                "isGroup": True,
                "bot": self._bot,
                "tenantId": self._tenant_id,
                "channelData": {"channel": {"id": self._channel_id}, "tenant": {"id": self._tenant_id}},
                "activity": await self._wire.activity(message, "channel"),
            },
        )
        return _kept(
            Posted(
                conversation_id=created.conversation_id, activity_id=created.activity_id, service_url=self._service_url
            )
        )

    async def update(self, posted: Posted, message: Message) -> None:
        """Replace a message that was sent before."""
        activity = await self._wire.activity(message, "channel")
        await self._connector.update(posted.service_url, posted.conversation_id, posted.activity_id, activity)

    async def open(self, object_id: str) -> Conversation:
        """Open a personal chat with a member of the approvers' channel who has not written yet."""
        member = next((member for member in await self._members.all() if member.object_id == object_id), None)
        if member is None:
            raise SendError(Failure.NOT_INSTALLED, 0, "not a member of the approvers' channel")
        created = await self._connector.create(self._service_url, self._personal(member))
        if not created.conversation_id:
            raise _without_id()
        return Conversation(
            id=created.conversation_id, scope="personal", service_url=self._service_url, object_id=object_id
        )

    async def roster(self) -> tuple[Member, ...]:
        """The members of the approvers' channel; cached for some minutes."""
        return await self._members.all()

    def _personal(self, member: Member) -> dict[str, Any]:
        return {
            "isGroup": False,
            "bot": self._bot,
            "members": [{"id": member.teams_id}],
            "tenantId": self._tenant_id,
            "channelData": {"tenant": {"id": self._tenant_id}},
        }


def _kept(posted: Posted) -> Posted:
    """Where something lives, if Teams said so; else it could never be edited, and a repeat might say it twice."""
    if not (posted.conversation_id and posted.activity_id):
        raise _without_id()
    return posted


def _without_id() -> SendError:
    return SendError(Failure.REFUSED, 200, "without an id")
