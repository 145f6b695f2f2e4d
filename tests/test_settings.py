"""What the IT administrator sets, and what the bot says when it is wrong."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from bot.errors import SettingError
from bot.settings import Secret, Settings, app_id, database_url, environment, table

README = Path(__file__).parent.parent / "README.md"
APP = "0a1b2c3d-4e5f-6789-abcd-ef0123456789"
TENANT = "6c1f9a52-0d0e-4c55-9a86-3f1f3b7f2f10"
TEAM = "19:8e1d5c0a4b7f4d3f@thread.tacv2"


@pytest.fixture
def given(tmp_path: Path) -> dict[str, str]:
    """The least that must be set for a bot with a client secret."""
    (approvers := tmp_path / "approvers.yaml").write_text("posts: []\n")
    return {
        "MICROSOFT_APP_ID": APP,
        "MICROSOFT_APP_PASSWORD": "p4ss~word",
        "MICROSOFT_APP_TENANT_ID": TENANT,
        "APPROVERS_FILE": str(approvers),
        "APPROVER_TEAM_ID": TEAM,
        "APPROVER_CHANNEL_ID": TEAM,
        "KNOWLEDGE_DIR": str(tmp_path),
    }


def problems(given: dict[str, str], **changes: str) -> list[str]:
    """What the start says, line by line."""
    with pytest.raises(SettingError) as caught:
        Settings.read(given | changes)
    return str(caught.value).splitlines()


def test_a_default_that_does_not_fit_is_named(
    given: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Started from another folder, the bot says where it looked for the knowledge files."""
    monkeypatch.chdir(tmp_path)
    assert problems(given, KNOWLEDGE_DIR="") == [
        "KNOWLEDGE_DIR is 'knowledge', expected the path of a folder that exists"
    ]


def test_what_is_safe_need_not_be_set(given: dict[str, str]) -> None:
    """The defaults sign in as a single tenant's app, listen on this machine only and send to Teams only."""
    settings = Settings.read(given)

    assert settings.app_type == "SingleTenant"
    assert (settings.host, settings.port) == ("127.0.0.1", 3978)
    assert settings.service_url_hosts == ("smba.trafficmanager.net",)
    assert settings.database_url == "sqlite:///var/assistant.db"
    assert settings.login_url == "https://login.microsoftonline.com"
    assert settings.policy_owners == ()
    assert settings.log_level == "INFO"


def test_everything_missing_is_said_at_once() -> None:
    """One line for each required setting, so that nobody mends one to be told of the next."""
    assert [line.split(" is missing, expected ")[0] for line in problems({}, KNOWLEDGE_DIR=".")] == [
        "MICROSOFT_APP_ID",
        "MICROSOFT_APP_TENANT_ID",
        "APPROVERS_FILE",
        "APPROVER_TEAM_ID",
        "APPROVER_CHANNEL_ID",
        "MICROSOFT_APP_PASSWORD",
    ]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("MICROSOFT_APP_ID", "my bot", "an id such as"),
        ("MICROSOFT_APP_TYPE", "MultiTenant", "SingleTenant or UserAssignedMSI"),
        ("MICROSOFT_APP_TENANT_ID", "council.gov.uk", "an id such as"),
        ("MICROSOFT_APP_CERTIFICATE", "no/such.pem", "the path of a file that exists"),
        ("OPENID_METADATA_URL", "login.botframework.com", "https://"),
        ("LOGIN_URL", "ftp://login.example", "https://"),
        ("LOGIN_URL", "https://[", "https://"),
        ("LOGIN_URL", "http://login.example", "https:// (http only where"),
        ("SERVICE_URL_HOSTS", "https://smba.trafficmanager.net", "host names separated by commas"),
        ("SERVICE_URL_HOSTS", " , ", "host names separated by commas"),
        ("PORT", "65536", "a number from 0"),
        ("PORT", "http", "a number from 0"),
        ("KNOWLEDGE_DIR", "no/such", "the path of a folder that exists"),
        ("APPROVERS_FILE", "no/such.yaml", "the path of a file that exists"),
        ("APPROVER_TEAM_ID", "IT", "19:...@thread.tacv2"),
        ("APPROVER_CHANNEL_ID", "https://teams.microsoft.com/l/channel/19%3Aabc", "19:...@thread.tacv2"),
        ("POLICY_OWNERS", f"{APP}, Helen", "Entra object ids"),
        ("LOG_LEVEL", "loud", "DEBUG, INFO, WARNING or ERROR"),
    ],
)
def test_a_wrong_setting_is_named_with_its_value(given: dict[str, str], name: str, value: str, expected: str) -> None:
    """The line names the variable, what it is and what would fit."""
    line = next(line for line in problems(given, **{name: value}) if line.startswith(name))
    assert line.startswith(f"{name} is {value.strip()!r}, expected ")
    assert expected in line


@pytest.mark.parametrize("value", ["mysql://bot:hunter2@db/bot", "hunter2", "sqlite://", "sqlite:///:memory:"])
def test_a_wrong_database_shows_no_password(given: dict[str, str], value: str) -> None:
    """A database address may hold a password, so the line shows stars."""
    assert problems(given, DATABASE_URL=value) == [
        "DATABASE_URL is *****, expected sqlite:///FOLDER/FILE.db (sqlite:////FOLDER/FILE.db from the root)"
    ]


def test_secrets_print_as_stars(given: dict[str, str]) -> None:
    """Whoever logs the settings by mistake gives nothing away."""
    settings = Settings.read(given)
    assert settings.app_password is not None
    assert settings.app_password.reveal() == "p4ss~word"
    assert "p4ss~word" not in f"{settings} {settings!r} {settings.app_password}"
    assert replace(settings, app_password=Secret("p4ss~word")) == settings


def certificate(folder: Path, *parts: str) -> Path:
    """A PEM file with these of `key`, `certificate` and `other key`; with the first two if none is named."""
    first, second = (trustme.CA().issue_cert("bot") for _ in range(2))
    pems = {
        "key": first.private_key_pem.bytes(),
        "certificate": first.cert_chain_pems[0].bytes(),
        "other key": second.private_key_pem.bytes(),
    }
    (path := folder / "bot.pem").write_bytes(b"".join(pems[part] for part in parts or ("key", "certificate")))
    return path


def test_an_app_has_either_a_secret_or_a_certificate(given: dict[str, str], tmp_path: Path) -> None:
    """With both, nobody could say which one counts."""
    pem = str(certificate(tmp_path))
    (line,) = problems(given, MICROSOFT_APP_CERTIFICATE=pem)
    assert line == "MICROSOFT_APP_PASSWORD is *****, expected either it or MICROSOFT_APP_CERTIFICATE, not both"

    settings = Settings.read(given | {"MICROSOFT_APP_PASSWORD": "", "MICROSOFT_APP_CERTIFICATE": pem})
    assert (settings.app_password, settings.app_certificate) == (None, Path(pem))


@pytest.mark.parametrize("parts", [("key",), ("certificate",), ("other key", "certificate")])
def test_a_certificate_comes_with_its_key(given: dict[str, str], tmp_path: Path, parts: tuple[str, ...]) -> None:
    """Told at the start, not with the first message that cannot be sent."""
    pem = str(certificate(tmp_path, *parts))
    (line,) = problems(given, MICROSOFT_APP_PASSWORD="", MICROSOFT_APP_CERTIFICATE=pem)
    assert line == (
        f"MICROSOFT_APP_CERTIFICATE is {pem!r}, "
        "expected the path of a PEM file with a certificate and its private key, without a passphrase"
    )


def test_a_certificate_is_a_pem_file(given: dict[str, str]) -> None:
    """Any other file is named and refused."""
    (line,) = problems(given, MICROSOFT_APP_PASSWORD="", MICROSOFT_APP_CERTIFICATE=given["APPROVERS_FILE"])
    assert "PEM file" in line


def test_a_managed_identity_has_no_secret(given: dict[str, str]) -> None:
    """A secret beside a managed identity is a sign that one of them is meant for another bot."""
    (line,) = problems(given, MICROSOFT_APP_TYPE="UserAssignedMSI")
    assert line == "MICROSOFT_APP_PASSWORD is *****, expected nothing, a managed identity has no secret"

    settings = Settings.read(given | {"MICROSOFT_APP_TYPE": "UserAssignedMSI", "MICROSOFT_APP_PASSWORD": ""})
    assert settings.app_password is None


def test_plain_http_is_for_one_machine_alone(given: dict[str, str]) -> None:
    """Without TLS the login, the keys, the bot and the Connector must all be loopback."""
    here = {"LOGIN_URL": "http://127.0.0.1:9", "OPENID_METADATA_URL": "http://localhost:9/keys", "HOST": "::1"}
    assert Settings.read(given | here | {"SERVICE_URL_HOSTS": "127.0.0.1, localhost"}).login_url == "http://127.0.0.1:9"

    for abroad in ({"HOST": "0.0.0.0"}, {"SERVICE_URL_HOSTS": "127.0.0.1,smba.trafficmanager.net"}):
        lines = problems(given | here | {"SERVICE_URL_HOSTS": "127.0.0.1"} | abroad)
        assert [line.split()[0] for line in lines] == ["OPENID_METADATA_URL", "LOGIN_URL"]


def test_ids_may_be_pasted_as_teams_and_entra_show_them(given: dict[str, str]) -> None:
    """A thread id copied out of a link is percent-encoded; a GUID may be in capitals and braces."""
    pasted = {"APPROVER_TEAM_ID": TEAM.replace(":", "%3a").replace("@", "%40"), "POLICY_OWNERS": f"{{{APP.upper()}}},"}
    settings = Settings.read(given | pasted)
    assert settings.approver_team_id == TEAM
    assert settings.policy_owners == (APP,)


def test_the_environment_overrules_the_file(tmp_path: Path) -> None:
    """A `.env` file is read as it is written, and what the environment says wins."""
    (dotenv := tmp_path / ".env").write_text("PORT=1\nMICROSOFT_APP_PASSWORD='a${PORT}b'\nHOST\n")
    assert environment(dotenv, {"PORT": "2"}) == {"PORT": "2", "MICROSOFT_APP_PASSWORD": "a${PORT}b"}
    assert environment(tmp_path / "none", {"PORT": "2"}) == {"PORT": "2"}


def test_commands_on_the_store_need_the_database_alone() -> None:
    """An operator looks into the register without having the bot's secrets."""
    assert database_url({"DATABASE_URL": "sqlite:///other.db"}) == "sqlite:///other.db"
    assert database_url({}) == "sqlite:///var/assistant.db"
    with pytest.raises(SettingError, match="DATABASE_URL"):
        database_url({"DATABASE_URL": "other.db"})


def test_the_app_package_needs_the_bots_id_alone() -> None:
    """The package is built before there is a channel or a list of approvers."""
    assert app_id({"MICROSOFT_APP_ID": APP}) == APP
    with pytest.raises(SettingError, match="MICROSOFT_APP_ID is missing"):
        app_id({})


def test_the_readme_lists_every_setting() -> None:
    """The README's table is the settings: same order, same words, same defaults."""
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.+) \| (.+) \|$", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == [(each.name, each.about, shown_default(each.default)) for each in table().values()]


def shown_default(default: str | None) -> str:
    """How the README shows a default."""
    return "**required**" if default is None else f"`{default}`" if default else "none"
