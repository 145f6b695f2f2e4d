"""Bot Framework's adapter: builds the SDK's turn context from checked JSON and sends what a turn says.

It extends botbuilder-core's `BotAdapter`, not its `CloudAdapter`, which makes new credentials and a new blocking
client for every turn and serialises an invoke's answer twice (traps 1, 3, 4 and 5 of tests/teams).
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from botbuilder.core import Bot, BotAdapter, InvokeResponse, TurnContext
from botbuilder.schema import Activity, ChannelAccount, ConversationAccount, ConversationReference, ResourceResponse

from bot.teams.connector import Connector

INBOUND = "inbound"
"""Where the turn context keeps the activity's JSON."""
ANSWER = "answer"
"""Where the turn context keeps the answer to an invoke; not the SDK's key, whose value it would serialise."""


class WireActivity(Activity):
    """An activity to send, as the JSON it will be: the SDK's models would drop half of it (trap 11)."""

    def __init__(self, wire: Mapping[str, Any], **named: Any) -> None:
        super().__init__(type="message", **named)
        self.wire = wire

    def __deepcopy__(self, memo: object) -> "WireActivity":
        """The turn context copies whatever it sends; this one is never changed."""
        return self


class TeamsAdapter(BotAdapter):
    """Runs turns through botbuilder's pipeline and sends through our own Connector client."""

    def __init__(
        self, connector: Connector, on_turn_error: Callable[[TurnContext, Exception], Awaitable[None]]
    ) -> None:
        super().__init__(on_turn_error)
        self._connector = connector

    async def process(self, inbound: Mapping[str, Any], bot: Bot) -> InvokeResponse | None:
        """Let the bot take its turn on a checked activity; returns its answer where the activity is an invoke."""
        context = TurnContext(self, _activity(inbound))
        context.set(INBOUND, inbound)
        await self.run_pipeline(context, bot.on_turn)
        answer = context.turn_state.get(ANSWER)
        return answer if isinstance(answer, InvokeResponse) else None

    async def send_activities(self, context: TurnContext, activities: list[Activity]) -> list[ResourceResponse]:
        """Send activities into the turn's conversation, in order."""
        return [ResourceResponse(id=await self._send(context.activity, activity)) for activity in activities]

    async def update_activity(self, context: TurnContext, activity: Activity) -> None:
        """Replace an activity of the turn's conversation, unless something newer is to stand there by then."""
        here = context.activity
        await self._connector.update(here.service_url, here.conversation.id, activity.id, _wire(activity), passing=True)

    async def delete_activity(self, context: TurnContext, reference: ConversationReference) -> None:
        """The base class wants this; the bot deletes nothing, since what was said stays said."""
        raise NotImplementedError("the bot deletes no messages")

    async def _send(self, here: Activity, activity: Activity) -> str:
        reply_to = here.id if here.type == "message" else ""
        return await self._connector.send(here.service_url, here.conversation.id, _wire(activity), reply_to)


def _wire(activity: Activity) -> Mapping[str, Any]:
    if not isinstance(activity, WireActivity):
        raise TypeError(f"{type(activity).__name__} has no wire form; send a WireActivity")
    return activity.wire


def _activity(inbound: Mapping[str, Any]) -> Activity:
    """What the SDK needs to know of an activity: addresses and type, read without its slow deserialiser."""
    conversation = inbound["conversation"]
    return Activity(
        type=inbound["type"],
        id=inbound.get("id"),
        name=inbound.get("name"),
        action=inbound.get("action"),
        channel_id=inbound["channelId"],
        service_url=inbound["serviceUrl"],
        conversation=ConversationAccount(
            id=conversation["id"],
            conversation_type=conversation.get("conversationType"),
            tenant_id=conversation.get("tenantId"),
        ),
        from_property=_account(inbound.get("from") or {}),
        recipient=_account(inbound.get("recipient") or {}),
        channel_data=inbound.get("channelData"),
        value=inbound.get("value"),
        text=inbound.get("text"),
    )


def _account(party: Mapping[str, Any]) -> ChannelAccount:
    return ChannelAccount(id=party.get("id"), name=party.get("name"), aad_object_id=party.get("aadObjectId"))
