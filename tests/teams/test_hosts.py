"""Which service URLs the bot's token may be sent to."""

import pytest

from bot.teams.hosts import AllowedHosts

HOSTS = AllowedHosts(names=frozenset({"smba.trafficmanager.net", "127.0.0.1"}))


@pytest.mark.parametrize(
    "url", ["https://smba.trafficmanager.net/uk/", "https://SMBA.trafficmanager.net:443", "http://127.0.0.1:9/x"]
)
def test_the_connector_is_allowed(url: str) -> None:
    """https, or loopback where a rehearsal lists it."""
    assert HOSTS.bar(url) == ""


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://smba.trafficmanager.net/", "service_url.scheme"),
        ("ftp://127.0.0.1/", "service_url.scheme"),
        ("https://smba.trafficmanager.net.evil.example/", "service_url.host"),
        ("https://evil.example/smba.trafficmanager.net", "service_url.host"),
        ("https://[::1]/", "service_url.host"),
        ("https://smba.trafficmanager.net@evil.example/", "service_url.malformed"),
        ("https://user@smba.trafficmanager.net/", "service_url.malformed"),
        ("https://smba.trafficmanager.net:x/", "service_url.malformed"),
        ("https://smba.trafficmanager.net/?a=b", "service_url.malformed"),
        ("https://smba.trafficmanager.net/#a", "service_url.malformed"),
        ("https://[smba/", "service_url.malformed"),
        ("smba.trafficmanager.net", "service_url.malformed"),
        ("", "service_url.malformed"),
    ],
)
def test_anything_else_is_not(url: str, reason: str) -> None:
    """And the reason says why."""
    assert HOSTS.bar(url) == reason
