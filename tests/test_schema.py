"""The schemas that let an editor complete and underline the knowledge files."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from knowledge.findings import KnowledgeError
from knowledge.loader import FILES, load
from knowledge.schema import HINTS, schema_name, schemas, written
from knowledge.source import Listing, Node, Record, Text, content, record
from tests.knowledge_files import SMALL, spoilt

FOLDER = Path(__file__).parent.parent / "knowledge"


def plain(node: Node) -> object:
    """Return a node of a knowledge file as the values an editor sees."""
    if isinstance(node, Record):
        return {name: plain(value) for name, value in node.fields.items()}
    if isinstance(node, Listing):
        return [plain(item) for item in node.items]
    assert isinstance(node, Text)
    return node.value


def complaints(folder: Path, file: str) -> list[str]:
    """Return what an editor underlines in a file."""
    validator = Draft7Validator(schemas()[schema_name(file)])
    return [error.message for error in validator.iter_errors(plain(record(file, content(folder / file))))]


@pytest.mark.parametrize("file", FILES)
def test_the_published_schema_is_the_one_the_code_draws(file: str) -> None:
    """`python -m knowledge schema` was run after the last change of the fields."""
    published = (FOLDER / schema_name(file)).read_text(encoding="utf-8")
    assert published == written(schemas()[schema_name(file)])


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("folder", [FOLDER, SMALL], ids=["council", "small"])
def test_what_the_loader_accepts_is_not_underlined(folder: Path, file: str) -> None:
    """A sound file has no wavy lines."""
    assert complaints(folder, file) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("faq.yaml", "    phrasings: [who", "    phrasngs: [who", "'phrasings' is a required property"),
        ("faq.yaml", "    phrasings: [who", "    colour: red\n    phrasings: [who", "unexpected"),
        ("faq.yaml", "owner: Head of Tests", "owner: [Head, Tests]", "is not of type"),
        ("faq.yaml", "reviewed: 2026-03-24", "reviewed: last March", "does not match"),
        ("faq.yaml", '    cites: ["3.2"]\n', "", "is not valid under any of the given schemas"),
        ("faq.yaml", "says: nothing", "says: little", "is not one of"),
        ("tools.yaml", "permitted: unclear", "permitted: perhaps", "is not one of"),
        ("policy.yaml", "text: People decide.", f"text: {'x' * 161}", "is too long"),
        ("talk.yaml", "messages:", "massages:", "'messages' is a required property"),
    ],
)
def test_what_the_loader_refuses_is_underlined(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    """The editor finds the same fault as the check, before the file is saved."""
    folder = spoilt(tmp_path, file, old, new)
    with pytest.raises(KnowledgeError):
        load(folder)
    assert any(said in complaint for complaint in complaints(folder, file))


def test_every_field_is_explained_beside_it() -> None:
    """Who rests the pointer on a field's name reads what it is for; nothing else is explained."""
    drawn = schemas()
    named: set[str] = set()

    def walk(schema: object, within: str) -> None:
        if isinstance(schema, dict):
            if within != "messages":
                named.update(schema.get("properties", {}))
            for name, inner in schema.get("properties", {}).items():
                walk(inner, name)
            walk(schema.get("items"), within)

    for schema in drawn.values():
        walk(schema, "")
    assert named == set(HINTS)


def test_a_schema_is_a_schema() -> None:
    """Every file's schema keeps the rules of its own dialect."""
    for schema in schemas().values():
        Draft7Validator.check_schema(json.loads(written(schema)))


@pytest.mark.parametrize("file", FILES)
def test_an_editor_finds_the_schema_by_the_file_s_first_line(file: str) -> None:
    """It travels with the file, so that it works in a shared folder, too."""
    first = (FOLDER / file).read_text(encoding="utf-8").splitlines()[0]
    assert first == f"# yaml-language-server: $schema={schema_name(file)}"
