"""Nobody gets in with a forged or malformed token: 401 or 403, and no handler runs (traps 7, 8 and 9)."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.teams.conftest import Bot
from tests.teams.loopback import APP, ISSUER, Loopback, jwk

NOW = int(time.time())
DAY = 86400


def part(value: object) -> str:
    """One of a token's three parts."""
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def signed(teams: Loopback, header: Mapping[str, Any], payload: bytes) -> str:
    """A token with any header over any payload, rightly signed."""
    signing = f"{part(dict(header))}.{part(payload)}"
    signature = jwt.algorithms.RSAAlgorithm(jwt.algorithms.RSAAlgorithm.SHA256).sign(signing.encode(), teams.key)
    return f"{signing}.{part(signature)}"


def claims(teams: Loopback, **changes: Any) -> dict[str, Any]:
    return {"iss": ISSUER, "aud": APP, "serviceurl": teams.url, "nbf": NOW, "exp": NOW + DAY} | changes


def hmac_with_public_key(teams: Loopback) -> str:
    """The old trick: the public key used as a shared secret."""
    public = teams.key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    signing = f"{part({'alg': 'HS256', 'kid': 'now', 'typ': 'JWT'})}.{part(claims(teams))}"
    return f"{signing}.{part(hmac.new(public, signing.encode(), hashlib.sha256).digest())}"


def elliptic(teams: Loopback) -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    return jwt.encode(claims(teams), key, algorithm="ES256", headers={"kid": "now"})


def with_algorithm(name: str) -> Callable[[Loopback], str]:
    return lambda teams: jwt.encode(claims(teams), teams.key, algorithm=name, headers={"kid": "now"})


def unsigned(algorithm: str) -> Callable[[Loopback], str]:
    return lambda teams: f"{part({'alg': algorithm, 'kid': 'now'})}.{part(claims(teams))}."


def claiming(**changes: Any) -> Callable[[Loopback], str]:
    return lambda teams: teams.token(**changes)


def headed(payload: bytes | None = None, **header: Any) -> Callable[[Loopback], str]:
    return lambda teams: signed(
        teams, {"alg": "RS256", "kid": "now"} | header, payload or json.dumps(claims(teams)).encode()
    )


def behind(header: str) -> Callable[[Loopback], str]:
    return lambda teams: f"{header}.{teams.token().split('.', 1)[1]}"


def tampered(teams: Loopback) -> str:
    header, _, signature = teams.token().split(".")
    return f"{header}.{part(claims(teams, aud=APP, sub='other'))}.{signature}"


def cut(teams: Loopback) -> str:
    return teams.token()[:-20]


def infinite(teams: Loopback) -> str:
    return signed(teams, {"alg": "RS256", "kid": "now"}, json.dumps(claims(teams, exp=float("inf"))).encode())


FORGED: dict[str, Callable[[Loopback], str]] = {
    "empty token": lambda _: "",
    "not a token": lambda _: "token",
    "two parts": lambda teams: ".".join(teams.token().split(".")[:2]),
    "four parts": lambda teams: teams.token() + ".x",
    "no signature": lambda teams: teams.token().rsplit(".", 1)[0] + ".",
    "cut signature": cut,
    "tampered claims": tampered,
    "another token behind": lambda teams: f"{teams.token()} {teams.token()}",
    "header not base64": behind("%%%"),
    "header not JSON": behind(part(b"{{{")),
    "header a list": behind(part([])),
    "header nested without end": behind(part(b"[" * 4000)),
    "header not UTF-8": behind(part(b'{"alg": "\xff"}')),
    "claims not JSON": headed(b"claims"),
    "claims a list": headed(b"[1]"),
    "claims nested without end": headed(b"[" * 2500),
    "none": unsigned("none"),
    "None": unsigned("None"),
    "RS256 without signature": unsigned("RS256"),
    "HS256 with the public key": hmac_with_public_key,
    "ES256": elliptic,
    "RS384": with_algorithm("RS384"),
    "RS512": with_algorithm("RS512"),
    "PS256": with_algorithm("PS256"),
    "algorithm in small letters": headed(alg="rs256"),
    "algorithm a number": headed(alg=1),
    "no key id": headed(kid=None),
    "key id empty": headed(kid=""),
    "key id a number": headed(kid=7),
    "key id a list": headed(kid=["now"]),
    "key id unknown": headed(kid="then"),
    "key in the header": headed(kid="mine", jwk={"kty": "RSA", "n": "AQAB", "e": "AQAB"}),
    "key address in the header": headed(kid="mine", jku="https://evil.example/keys"),
    "unencoded payload": headed(b64=False, crit=["b64"]),
    "unknown critical header": headed(crit=["exp"]),
    "no issuer": claiming(iss=None),
    "issuer of the emulator": claiming(iss="https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/"),
    "issuer with a slash": claiming(iss=f"{ISSUER}/"),
    "issuer a list": headed(json.dumps({"iss": [ISSUER], "aud": APP, "nbf": NOW, "exp": NOW + DAY}).encode()),
    "no audience": claiming(aud=None),
    "another bot's": claiming(aud="99999999-2222-3333-4444-555555555555"),
    "audience a list with ours": claiming(aud=[APP]),
    "audience behind a space": claiming(aud=f" {APP}"),
    "no end": claiming(exp=None),
    "ended": claiming(exp=NOW - 400),
    "end a word": headed(json.dumps({"iss": ISSUER, "aud": APP, "nbf": NOW, "exp": "tomorrow"}).encode()),
    "end infinite": infinite,
    "end null": headed(json.dumps({"iss": ISSUER, "aud": APP, "nbf": NOW, "exp": None}).encode()),
    "no start": claiming(nbf=None),
    "not yet": claiming(nbf=NOW + DAY),
    "no service URL": claiming(serviceurl=None),
    "service URL a list": claiming(serviceurl=["https://127.0.0.1"]),
    "service URL empty": claiming(serviceurl=""),
}


@pytest.mark.parametrize("shape", FORGED)
async def test_a_forged_token_is_refused(bot: Bot, shape: str) -> None:
    """401 for every token that alone is wrong; the handler does not run."""
    token = FORGED[shape](bot.teams)
    status, _ = await bot.post(bot.teams.activity(), {"Authorization": f"Bearer {token}"})
    assert (status, bot.turns) == (401, [])


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Basic {}", "{}", "Bearer: {}", "Token {}", "Bearer\t{}", "Bearer Bearer {}"]
)
async def test_a_malformed_header_is_refused(bot: Bot, header: str | None) -> None:
    """Trap 8: without a good Authorization header nothing is let in, ever."""
    headers = {} if header is None else {"Authorization": header.format(bot.teams.token())}
    status, _ = await bot.post(bot.teams.activity(), headers)
    assert (status, bot.turns) == (401, [])


async def test_two_authorization_headers_are_refused(bot: Bot) -> None:
    """One of them may be good: which one counts is not for us to guess."""
    good = f"Bearer {bot.teams.token()}"
    headers = [("Authorization", good), ("Authorization", good), ("Content-Type", "application/json")]
    async with bot.client.post("/api/messages", headers=headers, json=bot.teams.activity()) as response:
        assert response.status == 401
    assert bot.turns == []


async def test_another_key_under_the_same_id_is_refused(bot: Bot, other_key: rsa.RSAPrivateKey) -> None:
    """The signature is checked, not only the key id."""
    token = bot.teams.token(key=other_key)
    assert (await bot.post(bot.teams.activity(), {"Authorization": f"Bearer {token}"}))[0] == 401
    assert bot.turns == []


async def test_a_wrong_token_is_refused_before_the_body_is_read(bot: Bot) -> None:
    """Trap 9: a body that nobody may send is not parsed."""
    assert (await bot.post(b"{" * 1000, {"Authorization": "Bearer x.y.z"}))[0] == 401


MISMATCHED: dict[str, dict[str, Any]] = {
    "channel of another product": {"channelId": "directline"},
    "channel of the emulator": {"channelId": "emulator"},
    "channel in capitals": {"channelId": "MsTeams"},
    "another service URL": {"serviceUrl": "https://127.0.0.1:1/"},
    "another tenant's conversation": {"conversation": {"id": "a:1", "tenantId": "other"}},
    "no tenant in the conversation": {"conversation": {"id": "a:1"}},
    "tenant a list": {"conversation": {"id": "a:1", "tenantId": ["x"]}},
    "another tenant's data": {"channelData": {"tenant": {"id": "other"}}},
    "no tenant in the data": {"channelData": {}},
    "no data": {"channelData": None},
    "data's tenant a word": {"channelData": {"tenant": "other"}},
}


@pytest.mark.parametrize("shape", MISMATCHED)
async def test_what_the_token_does_not_vouch_for_is_refused(bot: Bot, shape: str) -> None:
    """Traps 7 and 10: channel, service URL and both tenants are ours, or it is a 403."""
    assert (await bot.post(bot.teams.activity(**MISMATCHED[shape])))[0] == 403
    assert bot.turns == []


@pytest.mark.parametrize(
    "url", ["https://evil.example/", "http://smba.trafficmanager.net/", "https://127.0.0.1@evil.example/", "x", "http:"]
)
async def test_a_strange_service_url_is_refused_though_signed(bot: Bot, url: str) -> None:
    """The bot's token goes where the service URL says, so only known hosts are taken."""
    headers = {"Authorization": f"Bearer {bot.teams.token(serviceurl=url)}"}
    assert (await bot.post(bot.teams.activity(serviceUrl=url), headers))[0] == 403
    assert bot.turns == []


async def test_a_key_for_other_channels_is_refused(bot: Bot, other_key: rsa.RSAPrivateKey) -> None:
    """The key's endorsements name the channels it may sign for."""
    bot.teams.keys = [jwk(other_key, "skype", ("skype", "webchat"))]
    await bot.restart()
    headers = {"Authorization": f"Bearer {bot.teams.token(key=other_key, kid='skype')}"}
    assert (await bot.post(bot.teams.activity(), headers))[0] == 403
    assert bot.turns == []


async def test_a_stranger_is_reported(bot: Bot) -> None:
    """Trap 7: any tenant used to get in; now the attempt is refused and can be audited."""
    activity = bot.teams.activity(conversation={"id": "a:1", "tenantId": "other"})
    assert (await bot.post(activity))[0] == 403
    (stranger,) = bot.strangers
    assert (stranger.tenant_id, stranger.conversation_id, stranger.activity_id) == ("other", "a:1", "1700000000001")


async def test_a_clock_that_is_four_minutes_off_is_forgiven(bot: Bot) -> None:
    """Five minutes of difference are allowed, both ways."""
    now = int(time.time())  # not NOW: other tests may have taken minutes since
    token = bot.teams.token(nbf=now + 240, exp=now + DAY)
    assert (await bot.post(bot.teams.activity(), {"Authorization": f"Bearer {token}"}))[0] == 200
    token = bot.teams.token(nbf=now - DAY, exp=now - 240)
    assert (await bot.post(bot.teams.activity(), {"Authorization": f"bearer {token}"}))[0] == 200
