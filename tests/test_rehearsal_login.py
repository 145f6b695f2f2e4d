"""The rehearsal's login and keys are good enough for Microsoft's own library and for PyJWT."""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import jwt
import msal
import pytest

from bot.rehearsal import Rehearsal
from bot.rehearsal.keys import new_key
from tests.stand_in import stand_in

SCOPE = ["https://api.botframework.com/.default"]


@pytest.fixture(autouse=True)
def own_authorities_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bundle named in the environment would win over the file that MSAL is given."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


def msal_token(teams: Rehearsal, credential: Any) -> dict[str, Any]:
    """A token by MSAL, over TLS that it verifies."""
    application = msal.ConfidentialClientApplication(
        teams.app_id,
        client_credential=credential,
        authority=f"{teams.login.base_url}/{teams.login.tenant_id}",
        instance_discovery=False,
        verify=str(teams.ca_file),
    )
    try:
        answer: dict[str, Any] = application.acquire_token_for_client(SCOPE)
        return answer
    finally:
        application.http_client.close()


async def test_msal_gets_a_token_for_the_secret(teams: Rehearsal) -> None:
    """Microsoft's library logs in, over TLS, and the Connector accepts what it got."""
    answer = await asyncio.to_thread(msal_token, teams, teams.secret)
    assert teams.login.accepts(answer["access_token"])
    assert teams.login.requests == 1


async def test_msal_gets_a_token_for_the_certificate(teams: Rehearsal) -> None:
    """A signed assertion does instead of the secret; another certificate's does not."""
    pem = teams.certificate_file.read_text()
    key, _, certificate = pem.partition("-----BEGIN CERTIFICATE-----")
    credential = {"private_key": key, "public_certificate": f"-----BEGIN CERTIFICATE-----{certificate}"}
    answer = await asyncio.to_thread(msal_token, teams, credential)
    assert teams.login.accepts(answer["access_token"])
    async with Rehearsal() as other:
        teams.login.public_key = other.login.public_key
        refused = await asyncio.to_thread(msal_token, teams, credential)
    assert refused["error"] == "invalid_client"


@pytest.mark.parametrize(
    ("fields", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "somebody else"}, 400, "unauthorized_client"),
        ({"scope": "https://graph.microsoft.com/.default"}, 400, "invalid_scope"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"tenant": "another"}, 400, "invalid_request"),
    ],
)
async def test_a_wrong_login_is_refused(teams: Rehearsal, fields: dict[str, str], status: int, error: str) -> None:
    """Secret, app, scope, kind of grant and tenant must all be right."""
    async with stand_in(teams) as bot:
        answered, body = await bot.log_in(**fields)
    assert (answered, body["error"]) == (status, error)


async def test_a_login_can_be_down_or_slow(teams: Rehearsal) -> None:
    """One 503, then one that hangs, then all is well again."""
    async with stand_in(teams) as bot:
        teams.faults.add("login_down", times=1)
        assert (await bot.log_in())[0] == 503
        teams.faults.add("login_slow", times=1, seconds=60)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(bot.log_in(), 0.2)
        assert (await bot.log_in())[0] == 200


async def key_set(teams: Rehearsal) -> dict[str, dict[str, Any]]:
    """The published keys by their names, found as a bot finds them."""
    async with aiohttp.ClientSession() as session:
        async with session.get(teams.keys.metadata_url) as response:
            metadata = await response.json()
        assert metadata["issuer"] == "https://api.botframework.com"
        async with session.get(metadata["jwks_uri"]) as response:
            return {key["kid"]: key for key in (await response.json())["keys"]}


async def test_a_token_is_signed_as_the_real_one(teams: Rehearsal) -> None:
    """RS256, the key by its name, issuer, audience, times and service URL, all to be verified by PyJWT."""
    token = teams.keys.token(teams.wire.service_url)
    published = (await key_set(teams))[jwt.get_unverified_header(token)["kid"]]
    assert published["endorsements"] == ["msteams"]
    claims = jwt.decode(
        token,
        jwt.PyJWK(published).key,
        algorithms=["RS256"],
        audience=teams.app_id,
        issuer="https://api.botframework.com",
        options={"require": ["exp", "nbf", "serviceurl"]},
    )
    assert claims["serviceurl"] == teams.wire.service_url


async def test_a_token_can_be_forged_in_every_part(teams: Rehearsal) -> None:
    """Claims changed or left out, headers changed, a strange key, no algorithm at all."""
    keys = teams.keys
    decoded = jwt.decode(keys.token("x", exp=None, aud="other"), options={"verify_signature": False})
    assert ("exp" in decoded, decoded["aud"]) == (False, "other")
    assert jwt.get_unverified_header(keys.token("x", headers={"kid": "unknown"}))["kid"] == "unknown"
    assert jwt.get_unverified_header(keys.token("x", algorithm="none", secret=""))["alg"] == "none"
    secret = "a text that everybody knows, long enough"
    assert jwt.get_unverified_header(keys.token("x", algorithm="HS256", secret=secret))["alg"] == "HS256"
    stranger = keys.token("x", key=new_key(keys.published[0].kid))
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(stranger, keys.published[0].private.public_key(), algorithms=["RS256"], audience=teams.app_id)


async def test_the_channel_keeps_its_token_until_the_key_changes(teams: Rehearsal) -> None:
    """One token serves many activities; after a rotation a new one does."""
    first = teams.keys.current_token("x")
    assert teams.keys.current_token("x") == first != teams.keys.current_token("y")
    fresh = teams.keys.rotate()
    assert jwt.get_unverified_header(teams.keys.current_token("x"))["kid"] == fresh.kid


async def test_keys_rotate_and_go_down(teams: Rehearsal) -> None:
    """After a rotation only the new key stands there; the fetches are counted; the endpoint can fail."""
    old = set(await key_set(teams))
    teams.keys.rotate()
    assert not old & set(await key_set(teams))
    kept = teams.keys.published[0]
    teams.keys.rotate(keep=True)
    assert kept.kid in await key_set(teams)
    assert teams.keys.fetches == 3
    teams.faults.add("keys_down")
    with pytest.raises(aiohttp.ContentTypeError):
        await key_set(teams)


async def test_the_environment_is_that_of_a_bot(teams: Rehearsal) -> None:
    """Every setting points at the rehearsal; one can be changed or left out."""
    settings = teams.environment(MICROSOFT_APP_PASSWORD="", LOG_LEVEL="DEBUG")
    assert settings["OPENID_METADATA_URL"] == teams.keys.metadata_url
    assert settings["LOGIN_URL"].startswith("https://127.0.0.1:")
    assert "MICROSOFT_APP_PASSWORD" not in settings
    assert settings["LOG_LEVEL"] == "DEBUG"
    assert "Head of IT" in await asyncio.to_thread(Path(settings["APPROVERS_FILE"]).read_text)
