"""The keys with which the Bot Framework signs its tokens."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp
import jwt
import structlog
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from prometheus_client import Counter

TIMEOUT = aiohttp.ClientTimeout(total=5)
PAUSE = 60.0
"""Seconds between two fetches for unknown key ids, however many arrive."""
PAUSE_WITHOUT_KEYS = 5.0
MAX_AGE = 12 * 3600.0
"""Seconds after which the keys are fetched again in the background, so that a withdrawn key does not live on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """A public key and the channels it may sign for."""

    key: RSAPublicKey
    endorsements: frozenset[str]


class Keys:
    """The current signing keys; old ones are kept while the issuer cannot be reached."""

    def __init__(
        self,
        *,
        session: aiohttp.ClientSession,
        metadata_url: str,
        fetches: Counter,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._session = session
        self._metadata_url = metadata_url
        self._fetches = fetches
        self._clock = clock
        self._keys: Mapping[str, SigningKey] = {}
        self._renew_from = self._look_from = float("-inf")
        self._fetch: asyncio.Task[None] | None = None
        self._log = structlog.get_logger()

    async def find(self, kid: str) -> SigningKey | None:
        """The key of that id; an unknown id waits for a fetch, unless one was made for another a moment ago."""
        now = self._clock()
        if kid not in self._keys:
            if now >= self._look_from:
                self._look_from = now + (PAUSE if self._keys else PAUSE_WITHOUT_KEYS)
                self._start()
            await self._fetched()
        elif now >= self._renew_from:
            self._start()
        return self._keys.get(kid)

    async def refresh(self) -> None:
        """Fetch the keys now, or wait for the fetch that is under way."""
        self._start()
        await self._fetched()

    def bar(self) -> str:
        """Why no token can be checked at present, or an empty string."""
        return "" if self._keys else "the signing keys could not be fetched yet"

    def _start(self) -> None:
        if self._fetch is None or self._fetch.done():
            self._renew_from = self._clock() + PAUSE
            self._fetch = asyncio.create_task(self._load())

    async def _fetched(self) -> None:
        if self._fetch is not None:
            await asyncio.wait({self._fetch})

    async def _load(self) -> None:
        try:
            metadata = await self._get(self._metadata_url)
            keys = _read(await self._get(_jwks_url(metadata, self._metadata_url)))
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            self._fetches.labels("failed").inc()
            self._log.warning("keys.unavailable", error=type(error).__name__, kept=len(self._keys))
            return
        self._keys, self._renew_from = keys, self._clock() + MAX_AGE
        self._fetches.labels("fetched").inc()
        self._log.info("keys.fetched", count=len(keys))

    async def _get(self, url: str) -> Mapping[str, object]:
        async with self._session.get(url, timeout=TIMEOUT, allow_redirects=False) as response:
            if response.status != 200:
                raise ValueError(f"{url} answered {response.status}")
            document = await response.json(content_type=None)
        if not isinstance(document, dict):
            raise ValueError(f"{url} is not a JSON object")
        return document


def _jwks_url(metadata: Mapping[str, object], metadata_url: str) -> str:
    url = metadata.get("jwks_uri")
    if not isinstance(url, str) or urlsplit(url).scheme != urlsplit(metadata_url).scheme:
        raise ValueError("the OpenID metadata names no key set, or one over another protocol")
    return url


def _read(document: Mapping[str, object]) -> Mapping[str, SigningKey]:
    entries = document.get("keys")
    found = {}
    for entry in entries if isinstance(entries, list) else []:
        key = _signing_key(entry)
        if key is not None:
            found[entry["kid"]] = key
    if not found:
        raise ValueError("the key set holds no RSA key")
    return found


def _signing_key(entry: object) -> SigningKey | None:
    """One entry of the key set; None where it is not an RSA key with an id."""
    if not isinstance(entry, dict) or not isinstance(entry.get("kid"), str) or entry.get("kty") != "RSA":
        return None
    try:
        key = jwt.PyJWK(entry, algorithm="RS256").key
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    endorsements = entry.get("endorsements")
    channels = frozenset(endorsements) if isinstance(endorsements, list) else frozenset()
    return SigningKey(key=key, endorsements=channels) if isinstance(key, RSAPublicKey) else None
