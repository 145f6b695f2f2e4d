"""The bot as Bot Framework sees it: every activity becomes a Turn, every Reply becomes messages and an answer."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence

import structlog
from botbuilder.core import ActivityHandler, InvokeResponse, TurnContext
from botbuilder.schema import ResourceResponse
from prometheus_client import Counter

from bot.errors import Failure, SendError
from bot.ports import Message
from bot.teams import answers
from bot.teams.activity import read_turn
from bot.teams.adapter import ANSWER, INBOUND, WireActivity
from bot.teams.wire import Wire
from bot.turns import OnSent, Reply, Turn, TurnKind

Handler = Callable[[Turn], Awaitable[Reply]]

PATIENCE = 1.5
"""Seconds a turn waits for its messages; then it is acknowledged and they go on, since Teams repeats a slow turn."""
PAUSES = (1.0, 4.0)
"""Seconds before a reply that Teams could not take is sent again (412, 429, 502, 503, 504, a broken connection)."""
LONGEST = 8.0
"""Seconds a reply waits at most when Teams names the pause itself; after that nobody waits for an answer."""
TURN = "turn"
"""Where the turn context keeps the Turn."""


class Assistant(ActivityHandler):
    """Hands turns to the use cases and says what they reply; IGNORED turns end here, in the log."""

    def __init__(self, *, handler: Handler, wire: Wire, turns: Counter) -> None:
        super().__init__()
        self._handler = handler
        self._wire = wire
        self._turns = turns
        self._sending: set[asyncio.Task[object]] = set()
        self._log = structlog.get_logger()

    async def on_turn(self, turn_context: TurnContext) -> None:
        """Read the Turn; what asks for nothing is logged and, if it is an invoke, answered with an empty object."""
        turn = read_turn(turn_context.get(INBOUND))
        turn_context.set(TURN, turn)
        if turn.kind is TurnKind.IGNORED:
            self._ignore(turn_context)
        else:
            await super().on_turn(turn_context)
            self._turns.labels(turn.kind.value, "answered").inc()
            self._log.info("turn.answered", kind=turn.kind, scope=turn.conversation.scope, verb=turn.verb[:40])

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        """Answer what somebody wrote, or a card that was pressed in the older way (Action.Submit)."""
        turn, reply = await self._reply(turn_context)
        if reply.response is None:
            await self._say(turn_context, turn, reply.messages, reply.on_sent)
        else:
            await self._patiently(self._respond(turn_context, turn, reply, reply.response))

    async def on_invoke_activity(self, turn_context: TurnContext) -> None:
        """Answer a pressed card or a thumb in the HTTP response; the SDK's own answers fail (traps 1, 2, 14)."""
        turn, reply = await self._reply(turn_context)
        body = {} if turn.kind is TurnKind.FEEDBACK else await self._answer(reply.response)
        turn_context.turn_state[ANSWER] = InvokeResponse(status=200, body=body)
        if reply.lasting and reply.response and turn.card_id:
            self._start(self._updated(turn_context, turn, reply.response))
        await self._say(turn_context, turn, reply.messages, reply.on_sent)

    async def on_installation_update(self, turn_context: TurnContext) -> None:
        """The app was added or removed."""
        turn, reply = await self._reply(turn_context)
        await self._say(turn_context, turn, reply.messages)

    async def on_conversation_update_activity(self, turn_context: TurnContext) -> None:
        """The bot was added or removed; the SDK would look every member up inside the turn (trap 13)."""
        await self.on_installation_update(turn_context)

    async def failed(self, turn_context: TurnContext, error: Exception) -> None:
        """Log what went wrong and say so in plain words: no path ends without an answer."""
        turn: Turn = turn_context.get(TURN)
        self._turns.labels(turn.kind.value, "failed").inc()
        self._log.error("turn.failed", kind=turn.kind, verb=turn.verb[:40], exc_info=error)
        if turn_context.activity.type == "invoke":
            body = {} if turn.kind is TurnKind.FEEDBACK else answers.failure()
            turn_context.turn_state[ANSWER] = InvokeResponse(status=200, body=body)
        elif turn.kind in (TurnKind.MESSAGE, TurnKind.ACTION):
            await self._say(turn_context, turn, (Message(text=answers.FAILED),))

    async def close(self) -> None:
        """Wait for messages that are still on their way."""
        if self._sending:
            await asyncio.wait(self._sending)

    def _ignore(self, turn_context: TurnContext) -> None:
        activity = turn_context.activity
        self._turns.labels(TurnKind.IGNORED.value, "ignored").inc()
        self._log.info("activity.ignored", type=activity.type, name=activity.name)
        if activity.type == "invoke":
            turn_context.turn_state[ANSWER] = InvokeResponse(status=200, body={})

    async def _reply(self, turn_context: TurnContext) -> tuple[Turn, Reply]:
        turn: Turn = turn_context.get(TURN)
        return turn, await self._handler(turn)

    async def _answer(self, response: Message | None) -> dict[str, object]:
        if response is not None and response.card:
            return answers.card(await self._wire.card(response))
        return answers.text(response.text if response is not None else answers.DONE)

    async def _updated(self, turn_context: TurnContext, turn: Turn, response: Message) -> bool:
        """Put a card in the place of the pressed one; False where Teams no longer has that one."""
        wire = await self._wire.activity(response, turn.conversation.scope)
        try:
            await turn_context.update_activity(WireActivity(wire, id=turn.card_id))
        except SendError as error:
            self._log.warning("card.not_updated", failure=error.failure, status=error.status)
            return False
        return True

    async def _say(
        self, turn_context: TurnContext, turn: Turn, messages: Sequence[Message], on_sent: OnSent | None = None
    ) -> None:
        if not messages:
            return
        await self._patiently(self._send(turn_context, turn, messages, on_sent))

    async def _respond(self, turn_context: TurnContext, turn: Turn, reply: Reply, response: Message) -> None:
        """Put the response in the place of the pressed card, or say it where that cannot be."""
        try:
            updated = turn.card_id and response.card and await self._updated(turn_context, turn, response)
            said = reply.messages if updated else (response, *reply.messages)
        except Exception:
            self._log.exception("card.failed")
            said = (Message(text=answers.FAILED),)
        if said:
            await self._send(turn_context, turn, said, reply.on_sent)

    async def _patiently(self, sending: Coroutine[None, None, object]) -> None:
        """Wait for something to be sent, but not for long; then it goes on beside the turn."""
        await asyncio.wait({self._start(sending)}, timeout=PATIENCE)

    def _start(self, sending: Coroutine[None, None, object]) -> asyncio.Task[object]:
        """Let something go on beside the turn; `close` waits for it."""
        task = asyncio.create_task(sending)
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)
        return task

    async def _send(
        self, turn_context: TurnContext, turn: Turn, messages: Sequence[Message], on_sent: OnSent | None
    ) -> None:
        try:
            for message in messages:
                wire = await self._wire.activity(message, turn.conversation.scope)
                activity_id = await self._insist(turn_context, WireActivity(wire))
            if on_sent and activity_id:
                on_sent(activity_id)
        except SendError as error:
            self._log.warning("reply.failed", failure=error.failure, status=error.status, code=error.code)
        except Exception:
            self._log.exception("reply.failed")

    async def _insist(self, turn_context: TurnContext, activity: WireActivity) -> str:
        """Send, and again after a pause where that may help (a time-out may have been a success); returns the id."""
        for pause in PAUSES:
            try:
                return _sent_id(await turn_context.send_activity(activity))
            except SendError as error:
                if error.failure is not Failure.RETRY or error.code == "timeout":
                    raise
                await asyncio.sleep(min(error.retry_after or pause, LONGEST))
        return _sent_id(await turn_context.send_activity(activity))


def _sent_id(response: ResourceResponse | None) -> str:
    return str(response.id) if response else ""
