"""The check and schema commands, as an owner or a proposal's checks run them."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from knowledge.__main__ import main
from knowledge.schema import schemas
from tests.knowledge_files import SMALL, spoilt

ROOT = Path(__file__).parent.parent


def test_sound_files_pass_and_advice_does_not_fail_them(capsys: pytest.CaptureFixture[str]) -> None:
    """The last line counts what was read; advice is listed only when asked for."""
    assert main(["check", str(SMALL)]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == 1
    assert "no faults" in printed[0]
    assert printed[0].endswith(", which --advice lists")


def test_advice_is_listed_on_request(capsys: pytest.CaptureFixture[str]) -> None:
    """Each piece is one line with its place."""
    assert main(["check", str(SMALL), "--advice"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert all(line.split(": ")[1] == "advice" for line in printed[:-1])
    assert printed[-1].endswith(f"no faults, advice: {len(printed) - 1}")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('cites: ["6.2"]', "cites: [9.9]", "there is no paragraph '9.9'"),
        ("[who proofreads AI text]", "[whom does the policy apply to]", "also stands under check"),
    ],
)
def test_a_fault_fails_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, said: str
) -> None:
    """Whether the loader or a rule finds it, the owner reads file, line and column, and the exit code is 1."""
    assert main(["check", str(spoilt(tmp_path, "faq.yaml", old, new))]) == 1
    printed = capsys.readouterr().out
    assert said in printed
    assert printed.startswith("faq.yaml:")
    assert "1 fault" in printed.splitlines()[-1]


def test_other_programs_get_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every finding has its file, line, column, value, fault, mend and severity."""
    folder = spoilt(tmp_path, "faq.yaml", "[who proofreads AI text]", "[whom does the policy apply to]")
    assert main(["check", "--json", str(folder)]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["faults"] == 1
    fault = next(found for found in report["findings"] if found["severity"] == "fault")
    assert fault == {
        "file": "faq.yaml",
        "line": 33,
        "column": 17,
        "value": "whom does the policy apply to",
        "fault": "this way of asking also stands under check (faq.yaml line 24)",
        "mend": "Keep it where its answer is better.",
        "severity": "fault",
    }


def test_words_in_square_brackets_are_printed_as_they_stand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What an owner wrote is no colour code."""
    folder = spoilt(tmp_path, "faq.yaml", "id: check", "id: '[red]Check'")
    assert main(["check", str(folder)]) == 1
    assert "[red]Check" in capsys.readouterr().out


def test_the_schemas_are_written_beside_the_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One command renews them all after a change of the fields."""
    assert main(["schema", str(tmp_path)]) == 0
    assert {file.name for file in tmp_path.iterdir()} == set(schemas())
    assert len(capsys.readouterr().out.splitlines()) == len(schemas())


def test_without_a_file_the_entries_own_test_questions_are_scored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As typed and with typos, each under its field; what must never match is no question to score."""
    golden = (
        "    no: [can i use any AI tool i like]\n    asks_no: [may i use any AI tool i like]\n    never: [who pays]"
    )
    folder = spoilt(tmp_path, "faq.yaml", "    no: [can i use any AI tool i like]", golden)
    assert main(["score", "--knowledge", str(folder)]) == 0
    printed = capsys.readouterr().out
    assert "as typed" in printed
    assert "with typos added" in printed
    assert re.search(r"asks_no\W+1\W+100\.0\W+100\.0\W+100\.0", printed)
    assert "never" not in printed


def test_a_reader_that_has_gone_ends_the_answers_quietly() -> None:
    """`python -m knowledge ask --json | head -1` shows one line and no traceback."""
    command = [sys.executable, "-m", "knowledge", "ask", "--json", "--knowledge", str(SMALL)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, cwd=ROOT, text=True) as asking:
        assert asking.stdin and asking.stdout and asking.stderr
        asking.stdin.write("may I use ChatGPT\n")
        asking.stdin.flush()
        assert json.loads(asking.stdout.readline())["tool"] == "chatgpt"
        asking.stdout.close()
        asking.stdin.write("may I use ChatGPT\n")
        asking.stdin.close()
        assert asking.stderr.read() == ""
    assert asking.returncode == 1
