"""Which service URLs the bot may send its token to."""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedHosts:
    """The Connector's host names; https is required except on loopback, which stands here only in a rehearsal."""

    names: frozenset[str]

    def bar(self, service_url: str) -> str:
        """Why this service URL may not be used, or an empty string if it may."""
        return _bar(self.names, service_url)


@lru_cache(maxsize=64)
def _bar(names: frozenset[str], service_url: str) -> str:
    try:
        url = urlsplit(service_url)
        port_is_a_number = url.port is None or url.port > 0
    except ValueError:
        return "service_url.malformed"
    if not url.hostname or not port_is_a_number or url.query or url.fragment or "@" in url.netloc:
        return "service_url.malformed"
    if url.hostname not in names:
        return "service_url.host"
    if url.scheme != "https" and not (url.scheme == "http" and url.hostname in LOOPBACK):
        return "service_url.scheme"
    return ""
