"""The Teams app that the administrator uploads."""

import json
import struct
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import jsonschema
import pytest

from bot.commands.manifest import package
from bot.errors import SettingError
from knowledge.loader import load

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "manifest"
SCHEMAS = ROOT / "bot/rehearsal/node_modules/@microsoft/app-manifest/build/json-schemas/teams"
APP = "0a1b2c3d-4e5f-6789-abcd-ef0123456789"


@pytest.fixture
def packed(tmp_path: Path) -> ZipFile:
    """The package of a bot with this id."""
    package(FOLDER, APP, tmp_path / "app.zip")
    return ZipFile(tmp_path / "app.zip")


def manifest(packed: ZipFile) -> Any:
    """The manifest in a package."""
    return json.loads(packed.read("manifest.json"))


def test_the_package_holds_the_manifest_and_its_icons(packed: ZipFile) -> None:
    """Teams wants the three files at the top of the zip and nothing else."""
    with packed:
        assert packed.namelist() == ["manifest.json", "color.png", "outline.png"]
        assert set(manifest(packed)["icons"].values()) == {"color.png", "outline.png"}


def test_the_ids_are_filled_in(packed: ZipFile) -> None:
    """App and bot carry the id of the registration."""
    with packed:
        filled = manifest(packed)
    assert (filled["id"], filled["bots"][0]["botId"]) == (APP, APP)


def test_the_same_files_make_the_same_package(packed: ZipFile) -> None:
    """No date of today is in it, so an administrator can tell whether there is anything new to upload."""
    with packed:
        assert {info.date_time[0] for info in packed.infolist()} == {1980}


def test_the_manifest_follows_microsofts_schema(packed: ZipFile) -> None:
    """What Teams would refuse on upload is refused here."""
    with packed:
        filled = manifest(packed)
    schema = json.loads((SCHEMAS / "v1.22" / "MicrosoftTeams.schema.json").read_text(encoding="utf-8-sig"))
    assert filled["manifestVersion"] == "1.22"
    jsonschema.Draft4Validator(schema).validate(filled)


def test_every_command_is_a_question_the_bot_knows(packed: ZipFile) -> None:
    """A command in the menu is sent as it stands, so it must be a question of the policy owners' files."""
    known = {line.casefold().rstrip("?") for entry in load(ROOT / "knowledge").entries.values() for line in entry.ways}
    with packed:
        lists = manifest(packed)["bots"][0]["commandLists"]
    titles = {command["title"] for each in lists for command in each["commands"]}
    assert not {title for title in titles if title.casefold().rstrip("?") not in known}
    assert [each["scopes"] for each in lists] == [["personal"], ["team"], ["groupChat"]]


def test_in_a_channel_nothing_is_offered_that_belongs_in_a_chat(packed: ZipFile) -> None:
    """Requests are a matter between one person and the approvers."""
    with packed:
        lists = manifest(packed)["bots"][0]["commandLists"]
    shared = {command["title"] for each in lists[1:] for command in each["commands"]}
    assert not shared & {"Request an exception", "My requests"}


@pytest.mark.parametrize(("icon", "side"), [("color.png", 192), ("outline.png", 32)])
def test_icons_have_the_size_teams_asks_for(icon: str, side: int) -> None:
    """A colour icon of 192 and an outline of 32 pixels a side."""
    assert struct.unpack(">II", (FOLDER / icon).read_bytes()[16:24]) == (side, side)


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"bots": []}'])
def test_a_broken_manifest_is_named(tmp_path: Path, content: str) -> None:
    """Whoever edits the manifest is told which file is wrong."""
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(SettingError, match=r"manifest\.json is not a Teams manifest with one bot"):
        package(tmp_path, APP, tmp_path / "app.zip")


def test_a_package_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """The message says which file, and why."""
    with pytest.raises(SettingError, match=r"nowhere.*No such file"):
        package(FOLDER, APP, tmp_path / "nowhere" / "app.zip")
