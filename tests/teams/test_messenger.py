"""What the outbox says in Teams: into chats, into the approvers' channel, and over what was said before."""

import pytest

from bot.errors import Failure, SendError
from bot.ports import Conversation, Member, Message, Messenger, Posted
from bot.teams.connector import Connector
from bot.teams.members import AGE, MOST, Members
from bot.teams.messenger import TeamsMessenger
from bot.teams.wire import Wire
from tests.teams.conftest import Clock
from tests.teams.loopback import ANNA, APP, CHANNEL_ID, MARTIN, TENANT, Fault, Loopback


@pytest.fixture
def members(teams: Loopback, connector: Connector, clock: Clock) -> Members:
    teams.members = [
        {"id": "29:martin", "objectId": MARTIN, "name": "Martin", "userPrincipalName": "m@x"},
        {"id": "29:guest"},
    ]
    return Members(connector=connector, service_url=teams.url, team_id=CHANNEL_ID, clock=clock)


@pytest.fixture
def messenger(teams: Loopback, connector: Connector, members: Members) -> Messenger:
    return TeamsMessenger(
        connector=connector,
        wire=Wire(render=lambda name, data: {"name": name, **data}, members=members),
        members=members,
        service_url=teams.url,
        app_id=APP,
        tenant_id=TENANT,
        channel_id=CHANNEL_ID,
    )


async def test_a_notice_goes_into_a_chat(teams: Loopback, messenger: Messenger) -> None:
    """And its id comes back, so that it can be edited later."""
    chat = Conversation(id="a:anna", scope="personal", service_url=teams.url, object_id=ANNA)
    posted = await messenger.send(chat, Message(text="Approved.", suggestions=("Thanks",)))
    assert posted == Posted(conversation_id="a:anna", activity_id="sent-1", service_url=teams.url)
    assert teams.calls[0].path == "/v3/conversations/a%3Aanna/activities"
    assert "suggestedActions" in teams.calls[0].body


async def test_a_card_starts_a_thread_in_the_channel(teams: Loopback, messenger: Messenger) -> None:
    """Trap 17: the post's own shape, and both ids of its answer are kept."""
    posted = await messenger.post(Message(card="review", summary="AI-2026-0001", refresh_for=(MARTIN, ANNA)))
    assert posted == Posted(conversation_id="sent-2", activity_id="first-2", service_url=teams.url)
    call = teams.calls[1]
    assert call.path == "/v3/conversations"
    activity = call.body.pop("activity")
    assert call.body == {
        "isGroup": True,
        "bot": {"id": f"28:{APP}"},
        "tenantId": TENANT,
        "channelData": {"channel": {"id": CHANNEL_ID}, "tenant": {"id": TENANT}},
    }
    assert activity["summary"] == "AI-2026-0001"
    assert "text" not in activity, "Teams would split text and card and give no id"
    assert activity["attachments"][0]["content"] == {"name": "review", "refresh": ["29:martin"]}


async def test_a_card_is_edited_where_it_stands(teams: Loopback, messenger: Messenger) -> None:
    """Trap 17: by PUT on both ids."""
    posted = Posted(conversation_id="19:x;messageid=1", activity_id="1", service_url=teams.url)
    await messenger.update(posted, Message(card="request"))
    assert (teams.calls[0].method, teams.calls[0].path) == (
        "PUT",
        "/v3/conversations/19%3Ax%3Bmessageid%3D1/activities/1",
    )


async def test_a_chat_is_opened_with_a_member(teams: Loopback, messenger: Messenger) -> None:
    """An approver who never wrote is reached all the same."""
    conversation = await messenger.open(MARTIN)
    assert conversation == Conversation(id="sent-2", scope="personal", service_url=teams.url, object_id=MARTIN)
    assert teams.calls[1].body["members"] == [{"id": "29:martin"}]
    assert teams.calls[1].body["isGroup"] is False


async def test_who_is_not_in_the_channel_cannot_be_opened(messenger: Messenger) -> None:
    """Their Teams id is not known."""
    with pytest.raises(SendError) as caught:
        await messenger.open(ANNA)
    assert caught.value.failure is Failure.NOT_INSTALLED


async def test_members_are_looked_up_once_for_some_minutes(teams: Loopback, messenger: Messenger, clock: Clock) -> None:
    """Then again."""
    expected = (
        Member(object_id=MARTIN, teams_id="29:martin", name="Martin"),
        Member(object_id="", teams_id="29:guest", name=""),
    )
    assert [await messenger.roster() for _ in range(3)] == [expected] * 3
    assert len(teams.calls) == 1
    clock.now += AGE + 1
    await messenger.roster()
    assert len(teams.calls) == 2


async def test_the_last_list_serves_while_teams_is_ill(teams: Loopback, members: Members, clock: Clock) -> None:
    """An old list is better than none."""
    first = await members.all()
    clock.now += AGE + 1
    teams.faults = [Fault(503)]
    assert await members.all() == first


async def test_without_any_list_cards_do_not_refresh_by_themselves(teams: Loopback, messenger: Messenger) -> None:
    """The card still goes out; its button works."""
    teams.faults = [Fault(503)]
    await messenger.post(Message(card="review", refresh_for=(MARTIN,)))
    assert teams.calls[1].body["activity"]["attachments"][0]["content"]["refresh"] == []


async def test_without_any_list_opening_a_chat_may_be_tried_again(teams: Loopback, messenger: Messenger) -> None:
    """Not knowing is not the same as not being there."""
    teams.faults = [Fault(503)]
    with pytest.raises(SendError) as caught:
        await messenger.open(MARTIN)
    assert caught.value.failure is Failure.RETRY


async def test_at_most_sixty_refresh_by_themselves(teams: Loopback, members: Members) -> None:
    """Teams' limit."""
    teams.members = [{"id": f"29:{n}", "aadObjectId": str(n)} for n in range(100)]
    assert len(await members.teams_ids(str(n) for n in range(100))) == MOST


async def test_nobody_is_looked_up_for_nobody(teams: Loopback, members: Members) -> None:
    """A card that refreshes for nobody costs no call."""
    assert await members.teams_ids([]) == []
    assert teams.calls == []


@pytest.mark.parametrize("body", [None, {"id": None}, {"activityId": "1"}, {"id": "19:x"}])
async def test_a_post_without_its_ids_is_no_post(teams: Loopback, messenger: Messenger, body: object) -> None:
    """Teams may have taken it, so it is not repeated; without ids nobody could edit it, so none are kept."""
    teams.faults = [Fault(201, body)]
    with pytest.raises(SendError, match="without an id") as caught:
        await messenger.post(Message(card="review"))
    assert caught.value.failure is Failure.REFUSED


async def test_a_notice_without_its_id_is_not_repeated(teams: Loopback, messenger: Messenger) -> None:
    """The same for a chat."""
    teams.faults = [Fault(201, {})]
    chat = Conversation(id="a:anna", scope="personal", service_url=teams.url, object_id=ANNA)
    with pytest.raises(SendError, match="without an id") as caught:
        await messenger.send(chat, Message(text="Approved."))
    assert caught.value.failure is Failure.REFUSED


async def test_a_chat_without_an_id_is_none(teams: Loopback, messenger: Messenger) -> None:
    """Nothing can be sent into it."""
    await messenger.roster()
    teams.faults = [Fault(201, {})]
    with pytest.raises(SendError, match="without an id"):
        await messenger.open(MARTIN)
