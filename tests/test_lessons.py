"""The owners' commands about questions, run as they are typed, on a database that another bot may hold."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml

from bot.__main__ import main
from bot.ports import Transaction
from bot.questions.asked import Asked, Ending
from bot.questions.life import QuestionChange
from bot.requests.working_time import UK
from bot.store.database import Database
from tests.examples import NOW
from tests.test_questions import answered, left


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database that only DATABASE_URL names."""
    path = tmp_path / "bot.db"
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{path}")
    monkeypatch.chdir(tmp_path)
    return path


def fill(path: Path) -> None:
    """Questions of today and of long ago, and one that Helen answered."""
    today = datetime.now(UK).date()

    def write(tx: Transaction) -> None:
        new = Asked(day=today, ending=Ending.UNANSWERED, knowledge="v1", text="may copilot mark essays")
        old = Asked(day=today - timedelta(days=200), ending=Ending.REFUSED, knowledge="v1", text="who feeds vrimps")
        tx.count_asked({new: 4, old: 9})
        tx.save_question(left(), NOW)
        change = answered()
        assert isinstance(change, QuestionChange)
        tx.save_question(change, NOW)

    with Database.open(f"sqlite:///{path}") as store:
        asyncio.run(store.transact(write))


def test_gaps_are_listed(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The last 90 days unless told otherwise."""
    fill(database)
    assert main(["gaps"]) == 0
    assert "4\t4\t0\t0\t\tMay copilot mark essays?" in capsys.readouterr().out
    assert main(["gaps", "--days", "365"]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("9\t0\t9\t0\t\tWho feeds vrimps?")


def test_drafts_are_yaml(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was answered in chat, as an entry."""
    fill(database)
    assert main(["drafts"]) == 0
    (entry,) = yaml.safe_load(capsys.readouterr().out)
    assert (entry["question"], entry["cites"]) == ("May Copilot mark an essay?", ["3.2"])


def test_questions_are_written_to_a_file(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And its name and size are said."""
    fill(database)
    assert main(["questions", "recent.yaml"]) == 0
    assert capsys.readouterr().out == "recent.yaml holds 1 question\n"
    assert yaml.safe_load(Path("recent.yaml").read_text(encoding="utf-8"))[0]["text"] == "may copilot mark essays"


@pytest.mark.parametrize("command", ["gaps", "drafts", "questions", "requests"])
def test_an_empty_database_is_said_to_be_empty(
    database: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A head or a sentence, never nothing."""
    assert main([command]) == 0
    assert capsys.readouterr().out.strip()


@pytest.mark.parametrize("command", ["gaps", "drafts", "questions"])
def test_a_wrong_address_is_one_line(
    database: Path, command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The setting is named, and what is expected."""
    monkeypatch.setenv("DATABASE_URL", "mysql://here")
    assert main([command]) == 1
    assert "DATABASE_URL" in capsys.readouterr().err


def test_the_bot_may_run_meanwhile(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The commands look at the file of a bot at work."""
    with Database.open(f"sqlite:///{database}"):
        assert main(["gaps"]) == 0
    assert capsys.readouterr().out.startswith("times\t")
