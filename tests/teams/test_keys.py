"""The channel's signing keys: fetched off the beaten path, kept while the issuer is down (trap 6)."""

import asyncio

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from bot.teams.keys import MAX_AGE, PAUSE, Keys
from bot.telemetry import Metrics
from tests.teams.conftest import Bot, Clock
from tests.teams.loopback import Loopback, jwk


@pytest.fixture
async def keys(teams: Loopback, session: aiohttp.ClientSession, clock: Clock) -> Keys:
    keys = Keys(session=session, metadata_url=f"{teams.url}/openid", fetches=Metrics().keys, clock=clock)
    await keys.refresh()
    return keys


async def test_a_known_key_needs_no_fetch(keys: Keys, teams: Loopback) -> None:
    """The key is at hand, with the channels it may sign for."""
    found = await keys.find("now")
    assert found is not None
    assert found.endorsements == {"msteams"}
    assert teams.key_fetches == 1


async def test_a_new_key_is_accepted_at_once(keys: Keys, teams: Loopback) -> None:
    """Trap 6: after a key roll the first message fetches the new key instead of failing for a day."""
    teams.keys = [jwk(teams.key, "new")]
    assert await keys.find("new") is not None
    assert await keys.find("now") is None, "a withdrawn key is forgotten"


async def test_a_flood_of_unknown_keys_is_one_fetch_a_minute(keys: Keys, teams: Loopback, clock: Clock) -> None:
    """50 at once share one fetch; 50 more within the minute cause none."""
    assert set(await asyncio.gather(*(keys.find(f"forged-{n}") for n in range(50)))) == {None}
    clock.now += PAUSE - 1
    await asyncio.gather(*(keys.find(f"forged-{n}") for n in range(50)))
    assert teams.key_fetches == 2


async def test_keys_are_kept_while_the_issuer_is_down(keys: Keys, teams: Loopback, clock: Clock) -> None:
    """An hour without issuer refuses no valid message."""
    teams.issuer_down = True
    for _ in range(3):
        clock.now += 1200
        assert await keys.find("unknown") is None
    assert await keys.find("now") is not None


async def test_old_keys_are_renewed_in_the_background(keys: Keys, teams: Loopback, clock: Clock) -> None:
    """The message that notices does not wait for it."""
    clock.now += MAX_AGE + 1
    teams.issuer_free.clear()
    teams.issuer_asked.clear()
    assert await keys.find("now") is not None
    await asyncio.wait_for(teams.issuer_asked.wait(), 5)
    teams.issuer_free.set()


async def test_an_issuer_that_stays_down_is_asked_once_a_minute(keys: Keys, teams: Loopback, clock: Clock) -> None:
    """However many good messages arrive meanwhile."""
    clock.now += MAX_AGE + 1
    teams.issuer_down = True
    for _ in range(20):
        assert await keys.find("now") is not None
        assert await keys.find("unknown") is None
    assert teams.key_fetches == 2


async def test_a_slow_issuer_stalls_only_unknown_keys(bot: Bot) -> None:
    """Trap 6: one request with an unknown key used to stop the process behind a slow issuer."""
    bot.teams.issuer_free.clear()
    headers = {"Authorization": f"Bearer {bot.teams.token(kid='unknown')}"}
    waiting = asyncio.create_task(bot.post(bot.teams.activity(), headers))
    assert await bot.post(bot.teams.activity()) == (200, None)
    bot.teams.issuer_free.set()
    assert (await waiting)[0] == 401


async def test_a_client_that_goes_away_does_not_stop_the_fetch(keys: Keys, teams: Loopback) -> None:
    """The others still get the key."""
    teams.keys = [jwk(teams.key, "new")]
    teams.issuer_free.clear()
    impatient = asyncio.create_task(keys.find("new"))
    patient = asyncio.create_task(keys.find("new"))
    await asyncio.sleep(0)
    impatient.cancel()
    teams.issuer_free.set()
    assert await patient is not None


@pytest.mark.parametrize(
    "entry",
    [
        None,
        {},
        {"kid": "x"},
        {"kid": 1, "kty": "RSA"},
        {"kid": "x", "kty": "oct", "k": "c2VjcmV0"},
        {"kid": "x", "kty": "EC", "crv": "P-256"},
        {"kid": "x", "kty": "RSA", "n": "!", "e": "AQAB"},
        {"kid": "x", "kty": "RSA"},
    ],
)
async def test_a_strange_entry_spoils_nothing(keys: Keys, teams: Loopback, entry: object) -> None:
    """Entries that are no RSA keys are passed over; the good one stays."""
    teams.keys = [entry, jwk(teams.key, "new") | {"endorsements": "msteams"}]  # type: ignore[list-item]
    found = await keys.find("new")
    assert found is not None
    assert found.endorsements == frozenset()
    assert await keys.find("x") is None


async def test_a_key_set_without_keys_is_not_believed(keys: Keys, teams: Loopback) -> None:
    """An issuer that answers nonsense counts as down."""
    teams.keys = []
    await keys.refresh()
    assert await keys.find("now") is not None
    assert keys.bar() == ""


async def test_without_keys_the_bot_is_not_ready(teams: Loopback, session: aiohttp.ClientSession) -> None:
    """It says so, and tries again soon."""
    teams.issuer_down = True
    clock = Clock()
    keys = Keys(session=session, metadata_url=f"{teams.url}/openid", fetches=Metrics().keys, clock=clock)
    await keys.refresh()
    assert keys.bar() == "the signing keys could not be fetched yet"
    teams.issuer_down = False
    clock.now += 5
    assert await keys.find("now") is not None


async def test_the_key_set_keeps_to_the_metadatas_protocol(session: aiohttp.ClientSession, teams: Loopback) -> None:
    """Metadata over https that names a key set over http is not followed, though somebody serves one there."""
    async with TestServer(teams.application()) as plain:
        teams.jwks_url = str(plain.make_url("/keys"))
        keys = Keys(session=session, metadata_url=f"{teams.url}/openid", fetches=Metrics().keys)
        await keys.refresh()
    assert keys.bar()
