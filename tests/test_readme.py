"""The documentation is a promise: what it names is there."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import table

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
LEFT_OUT = {"node_modules", ".venv", "var"}


def documents() -> list[Path]:
    """Every Markdown file of the project."""
    return [path for path in ROOT.rglob("*.md") if not LEFT_OUT & set(path.relative_to(ROOT).parts)]


def text(document: Path) -> str:
    """What stands in a document."""
    return document.read_text(encoding="utf-8")


def links() -> Iterator[tuple[Path, str]]:
    """Every link to something in the project, with the document it stands in."""
    for document in documents():
        prose = re.sub(r"^```.*?^```", "", text(document), flags=re.MULTILINE | re.DOTALL)
        for target in re.findall(r"\]\(([^)\s]+)\)", prose):
            if not target.startswith(("https://", "http://", "mailto:")):
                yield document, target


def anchors(document: Path) -> set[str]:
    """The anchors GitHub gives to a document's headings."""
    headings = re.findall(r"^#+ (.+)$", text(document), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_links_lead_somewhere() -> None:
    """Every link to a file or a heading of the project finds it."""
    lost = []
    for document, target in links():
        path, _, anchor = target.partition("#")
        there = (document.parent / path).resolve() if path else document
        if not there.exists() or (anchor and anchor not in anchors(there)):
            lost.append(f"{document.relative_to(ROOT)}: {target}")
    assert lost == []


def test_make_makes_what_the_documents_say() -> None:
    """Every `make` command that is named is a target of the Makefile, and the README names them all."""
    targets = set(re.findall(r"^([a-z]+):.*##", text(ROOT / "Makefile"), re.MULTILINE))
    for document in documents():
        named = set(re.findall(r"(?:^|`)make ([a-z]+)", text(document), re.MULTILINE))
        assert named <= targets, document
    assert targets - {"help", "clean"} <= set(re.findall(r"`make ([a-z]+)", text(README)))


def commands() -> set[tuple[str, str]]:
    """Every `python -m package command` that the documents name."""
    named = re.compile(r"python -m (bot|knowledge) ([a-z][a-z-]*)")
    return {found for path in documents() for found in named.findall(text(path))}


@pytest.mark.parametrize(("package", "command"), sorted(commands()))
def test_commands_are_there(package: str, command: str) -> None:
    """Every command line that is named explains itself."""
    run = subprocess.run([sys.executable, "-m", package, command, "--help"], cwd=ROOT, capture_output=True, check=False)
    assert run.returncode == 0, run.stderr.decode()


def test_settings_are_called_by_their_names() -> None:
    """Whatever looks like a setting in the documents is one."""
    settings = {setting.name for setting in table().values()}
    for document in (README, ROOT / "manifest" / "README.md"):
        assert set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)`", text(document))) <= settings, document


def test_folders_are_where_the_readme_says() -> None:
    """The table of the house names rooms that exist."""
    rooms = re.findall(r"^\| `([a-z_/]+(?:/|\.py))` \|", text(README), re.MULTILINE)
    assert len(rooms) >= 5
    assert [room for room in rooms if not (ROOT / room).exists()] == []


def test_the_readme_asks_for_the_right_python() -> None:
    """Nobody installs the wrong version first."""
    project = tomllib.loads(text(ROOT / "pyproject.toml"))["project"]
    assert f"Python {project['requires-python'].removeprefix('>=')} or newer" in text(README)


def test_the_top_level_stays_small() -> None:
    """A newcomer sees the whole house at a glance."""
    known = {"bot", "cards", "knowledge", "manifest", "tests", "app.py", "Makefile", "README.md", "pyproject.toml"}
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("this is not a clone")
    top = {line.split("/")[0] for line in listed.stdout.splitlines()}
    assert {name for name in top if not name.startswith(".")} <= known
