"""The owners' README is held to its word: its example works, and its messages are the ones that are printed."""

import re
import shutil
from pathlib import Path

import pytest

from knowledge.findings import KnowledgeError
from knowledge.loader import FILES, load

FOLDER = Path(__file__).parent.parent / "knowledge"
README = (FOLDER / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the knowledge files that may be spoilt."""
    for name in FILES:
        shutil.copy(FOLDER / name, tmp_path)
    return tmp_path


def _add(folder: Path, entry: str) -> None:
    file = folder / "faq.yaml"
    file.write_text(f"{file.read_text(encoding='utf-8').rstrip()}\n\n{entry}", encoding="utf-8")


def _example(new_id: str = "example") -> str:
    """Return the README's entry under an id that is still free."""
    block = re.search(r"```yaml\n(.*?)```", README, re.DOTALL)
    assert block
    return re.sub(r"id: \S+", f"id: {new_id}", block[1], count=1)


def test_the_example_entry_is_accepted_as_it_stands(copy: Path) -> None:
    """Who copies the example and changes its id gets no fault."""
    _add(copy, _example())
    assert load(copy).entries["example"].cites == ("6.2",)


def test_every_field_of_the_example_is_explained() -> None:
    """No field has to be guessed."""
    names = re.findall(r"^(?:  - |    )([a-z_]+):", _example(), re.MULTILINE)
    rows = " ".join(line.split("|")[1] for line in README.splitlines() if line.startswith("| `"))
    assert [name for name in names if f"`{name}`" not in rows] == []


@pytest.mark.parametrize(
    ("message", "good", "bad"),
    [
        ("the field ... is missing", "    owner: Head of Policy, Performance & Transformation\n", ""),
        ("unknown field", "phrasings:", "phrasngs:"),
        ("there is no paragraph", '"6.2"', '"4.9"'),
        ("there is no entry", "output-standards", "gone"),
        ("this id stands twice", "id: example", "id: only-copilot"),
        ("begins with Yes or No", "      All AI-generated", "      Yes, all AI-generated"),
        ("each line of this list must be text", "- checking AI content", "- checking: AI content"),
    ],
)
def test_a_message_in_the_table_is_what_the_check_prints(copy: Path, message: str, good: str, bad: str) -> None:
    """An owner who reads a message on the screen finds it in the README."""
    assert message in README
    _add(copy, _example().replace(good, bad))
    with pytest.raises(KnowledgeError) as caught:
        load(copy)
    printed = "\n".join(map(str, caught.value.findings))
    assert re.search(message.replace("...", r"\w+"), printed)
    assert all(finding.line and finding.mend for finding in caught.value.findings)


def test_a_wrong_placeholder_is_explained(copy: Path) -> None:
    """The sentences of talk.yaml take only the placeholders that exist."""
    talk = copy / "talk.yaml"
    talk.write_text(talk.read_text(encoding="utf-8").replace("{tool}", "{name}"), encoding="utf-8")
    with pytest.raises(KnowledgeError, match="unknown placeholder"):
        load(copy)
    assert "unknown placeholder" in README


def test_every_file_is_introduced() -> None:
    """The README names each file that an owner may open."""
    assert [name for name in FILES if f"| `{name}` |" not in README] == []
