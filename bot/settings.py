"""Everything the bot is told from outside: one frozen value, read once from the environment or a `.env` file."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Self, get_args, get_type_hints
from urllib.parse import unquote, urlsplit
from uuid import UUID

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from dotenv import dotenv_values

from bot.errors import SettingError

STARS = "*****"


@dataclass(frozen=True, slots=True)
class Secret:
    """A text that prints as stars; `reveal` gives it to the one place that needs it."""

    _text: str

    def reveal(self) -> str:
        """The text itself."""
        return self._text

    def __repr__(self) -> str:
        return STARS


class _Unexpected(Exception):
    """A value that does not fit; the message says what would."""


def _choice(*allowed: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in allowed:
            raise _Unexpected(f"{', '.join(allowed[:-1])} or {allowed[-1]}")
        return text

    return parse


def _optional(parse: Callable[[str], object]) -> Callable[[str], object]:
    return lambda text: parse(text) if text else None


def _guid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise _Unexpected("an id such as 0a1b2c3d-4e5f-6789-abcd-ef0123456789") from None


def _guids(text: str) -> tuple[str, ...]:
    try:
        return tuple(_guid(part) for part in _parts(text))
    except _Unexpected:
        raise _Unexpected("Entra object ids separated by commas") from None


def _hosts(text: str) -> tuple[str, ...]:
    hosts = tuple(part.lower() for part in _parts(text))
    if not hosts or not all(re.fullmatch(r"[a-z0-9.-]+|[0-9a-f:]+", host) for host in hosts):
        raise _Unexpected("host names separated by commas, without https:// and without a port")
    return hosts


def _parts(text: str) -> Iterator[str]:
    return (part.strip() for part in text.split(",") if part.strip())


def _url(text: str) -> str:
    if not re.fullmatch(r"https?://[\w.:\[\]-]+(/[^\s?#]*)?", text) or not _hostname(text):
        raise _Unexpected("an address that begins with https://")
    return text.rstrip("/")


def _hostname(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _database(text: str) -> str:
    if not re.fullmatch(r"sqlite:///[^?]+", text) or ":memory:" in text:
        raise _Unexpected("sqlite:///FOLDER/FILE.db (sqlite:////FOLDER/FILE.db from the root)")
    return text


def _port(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) > 65535:
        raise _Unexpected("a number from 0 (any free port) to 65535")
    return int(text)


def _file(text: str) -> Path:
    if not (path := Path(text)).is_file():
        raise _Unexpected("the path of a file that exists")
    return path


def _certificate(text: str) -> Path:
    try:
        pem = (path := _file(text)).read_bytes()
        if load_pem_private_key(pem, None).public_key() == x509.load_pem_x509_certificate(pem).public_key():
            return path
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
        pass  # what is wrong with a key is nothing to print
    raise _Unexpected("the path of a PEM file with a certificate and its private key, without a passphrase")


def _folder(text: str) -> Path:
    if not (path := Path(text)).is_dir():
        raise _Unexpected("the path of a folder that exists")
    return path


def _thread(text: str) -> str:
    # People copy it out of a Teams link, where ":" and "@" are percent-encoded.
    thread = unquote(text)
    if not re.fullmatch(r"19:[^\s@/]+@thread\.(tacv2|skype)", thread):
        raise _Unexpected("19:...@thread.tacv2, as in the link to the team or channel")
    return thread


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable: its name, what it is for, how it is understood, and what stands for it when it is not set."""

    name: str
    about: str
    parse: Callable[[str], object]
    default: str | None = None
    """None makes it required."""
    secret: bool = False

    def read(self, environ: Mapping[str, str]) -> Any:
        """The value the environment gives; SettingError in one line if it is missing or wrong."""
        text = environ.get(self.name, "").strip() or self.default or ""
        try:
            return self.parse(text)
        except _Unexpected as expected:
            raise SettingError(self.complaint(text, str(expected))) from None

    def complaint(self, text: str, expected: str) -> str:
        """One line that names the setting, its value (a secret starred) and what is expected."""
        shown = f"is {STARS if self.secret else repr(text)}" if text else "is missing"
        return f"{self.name} {shown}, expected {expected}"


_BOT_KEYS = "https://login.botframework.com/v1/.well-known/openidconfiguration"
_TYPE = _choice("SingleTenant", "UserAssignedMSI")
_LEVEL = _choice("DEBUG", "INFO", "WARNING", "ERROR")
_LOGIN = "https://login.microsoftonline.com"
_DATABASE = "sqlite:///var/assistant.db"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings, each beside the variable it comes from."""

    app_id: Annotated[str, Setting("MICROSOFT_APP_ID", "Application (client) id of the bot", _guid)]
    app_type: Annotated[
        str, Setting("MICROSOFT_APP_TYPE", "`SingleTenant` or `UserAssignedMSI`", _TYPE, "SingleTenant")
    ]
    app_password: Annotated[
        Secret | None,
        Setting("MICROSOFT_APP_PASSWORD", "Client secret, for SingleTenant", _optional(Secret), "", secret=True),
    ]
    app_certificate: Annotated[
        Path | None,
        Setting(
            "MICROSOFT_APP_CERTIFICATE",
            "PEM file with certificate and key, instead of a secret",
            _optional(_certificate),
            "",
        ),
    ]
    tenant_id: Annotated[
        str, Setting("MICROSOFT_APP_TENANT_ID", "Directory (tenant) id; all others are refused", _guid)
    ]
    openid_metadata_url: Annotated[
        str, Setting("OPENID_METADATA_URL", "Where the keys are that sign what Teams sends", _url, _BOT_KEYS)
    ]
    login_url: Annotated[str, Setting("LOGIN_URL", "Where the bot gets its own tokens", _url, _LOGIN)]
    service_url_hosts: Annotated[
        tuple[str, ...],
        Setting("SERVICE_URL_HOSTS", "The only hosts messages go to, by commas", _hosts, "smba.trafficmanager.net"),
    ]
    database_url: Annotated[str, Setting("DATABASE_URL", "Where everything is kept", _database, _DATABASE, secret=True)]
    host: Annotated[str, Setting("HOST", "Address to listen on; `0.0.0.0` for all", str, "127.0.0.1")]
    port: Annotated[int, Setting("PORT", "Port to listen on; 0 takes any free one", _port, "3978")]
    knowledge_dir: Annotated[Path, Setting("KNOWLEDGE_DIR", "Folder of the policy owners' files", _folder, "knowledge")]
    approvers_file: Annotated[Path, Setting("APPROVERS_FILE", "YAML file: who may decide, who is told", _file)]
    approver_team_id: Annotated[str, Setting("APPROVER_TEAM_ID", "The approvers' team, `19:...@thread.tacv2`", _thread)]
    approver_channel_id: Annotated[str, Setting("APPROVER_CHANNEL_ID", "Their channel in it, written alike", _thread)]
    policy_owners: Annotated[
        tuple[str, ...], Setting("POLICY_OWNERS", "Entra object ids of the policy's owners, by commas", _guids, "")
    ]
    log_level: Annotated[str, Setting("LOG_LEVEL", "`DEBUG`, `INFO`, `WARNING` or `ERROR`", _LEVEL, "INFO")]

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """Read every setting; SettingError has one line for each that is missing or wrong."""
        values: dict[str, Any] = {}
        problems: list[str] = []
        for name, setting in table().items():
            try:
                values[name] = setting.read(environ)
            except SettingError as error:
                problems.append(str(error))
        problems += _sign_in_problems(values)
        problems += _plain_http_problems(values)
        if problems:
            raise SettingError("\n".join(problems))
        return cls(**values)


def table() -> dict[str, Setting]:
    """Every setting by its field's name, in the order of the README's table."""
    hints = get_type_hints(Settings, include_extras=True)
    return {name: get_args(hint)[1] for name, hint in hints.items()}


def environment(dotenv: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """The variables of a `.env` file, if there is one, overruled by those of the environment."""
    written = dotenv_values(dotenv, interpolate=False)
    return {name: value for name, value in written.items() if value is not None} | dict(environ)


def app_id(environ: Mapping[str, str]) -> str:
    """The one setting that the app package needs."""
    return str(table()["app_id"].read(environ))


def database_url(environ: Mapping[str, str]) -> str:
    """The one setting that commands on the store need."""
    return str(table()["database_url"].read(environ))


def knowledge_dir(environ: Mapping[str, str]) -> Path:
    """Where the policy owners' files lie."""
    return Path(table()["knowledge_dir"].read(environ))


def _sign_in_problems(values: Mapping[str, Any]) -> list[str]:
    settings = table()
    given = [settings[name] for name in ("app_password", "app_certificate") if values.get(name)]
    if values.get("app_type") == "UserAssignedMSI":
        return [setting.complaint("set", "nothing, a managed identity has no secret") for setting in given]
    if len(given) == 2:
        return [settings["app_password"].complaint("set", "either it or MICROSOFT_APP_CERTIFICATE, not both")]
    if not given and {"app_type", "app_certificate"} <= values.keys():
        return [settings["app_password"].complaint("", "a client secret, or MICROSOFT_APP_CERTIFICATE instead")]
    return []


def _plain_http_problems(values: Mapping[str, Any]) -> list[str]:
    here = all(_is_loopback(host) for host in (values.get("host", ""), *values.get("service_url_hosts", ())))
    return [
        table()[name].complaint(url, "https:// (http only where its host, HOST and SERVICE_URL_HOSTS are all loopback)")
        for name in ("openid_metadata_url", "login_url")
        if (url := values.get(name, "")).startswith("http:") and not (here and _is_loopback(_hostname(url)))
    ]


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
