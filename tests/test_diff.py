"""Which questions change their answer between two editions of the knowledge."""

from pathlib import Path

import pytest

from knowledge.__main__ import main
from knowledge.assistant import Assistant
from knowledge.diff import Change, changes, entries, questions, questions_in
from knowledge.loader import load
from tests.knowledge_files import SMALL, spoilt

DECIDES = "answer: People decide; AI only supports them (3.2)."
ASKED = ["can AI make the final decision", "whom does the policy apply to", "do i have to check what copilot writes"]


def changed(folder: Path, asked: list[str]) -> list[Change]:
    """Ask the small knowledge and a changed copy."""
    return list(changes(asked, Assistant(load(SMALL)).answer, Assistant(load(folder)).answer))


def test_the_same_files_change_nothing() -> None:
    """Two copies of one edition answer alike."""
    assert changed(SMALL, ASKED) == []


def test_a_reworded_answer_is_a_changed_text(tmp_path: Path) -> None:
    """Entry, verdict and paragraphs stay; only the words differ."""
    (found,) = changed(spoilt(tmp_path, "faq.yaml", DECIDES, "answer: Only people decide (3.2)."), ASKED)
    assert found.question == "can AI make the final decision"
    assert found.aspects == {}
    assert found.new.text == "No. Only people decide (3.2)."


def test_a_swapped_verdict_is_shown_as_one(tmp_path: Path) -> None:
    """Moving ways of asking from no to yes shows before it is published."""
    (found,) = changed(spoilt(tmp_path, "faq.yaml", "    no: [can AI make", "    yes: [can AI make"), ASKED)
    assert found.aspects == {"verdict": ("No", "Yes")}


def test_a_question_that_moves_shows_both_entries_and_their_paragraphs(tmp_path: Path) -> None:
    """A way of asking taken by another entry is named with where it goes."""
    moved = spoilt(tmp_path, "faq.yaml", "[whom does the policy apply to]", "[nothing in particular]")
    file = moved / "faq.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("[who proofreads AI text]", "[whom does the policy apply to]"), encoding="utf-8")
    (found,) = changed(moved, ASKED)
    assert found.aspects["entry"] == ("covered", "check")
    assert found.aspects["paragraphs"] == ("1.3", "6.2")


def test_the_entries_themselves_are_compared(tmp_path: Path) -> None:
    """What came, what went and what says something else."""
    other = spoilt(tmp_path, "faq.yaml", DECIDES, "answer: Only people decide (3.2).")
    file = other / "faq.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("id: training", "id: learning"), encoding="utf-8")
    found = entries(load(SMALL), load(other))
    assert (found.added, found.removed, found.reworded) == (("learning",), ("training",), ("decisions",))


def test_the_questions_of_both_editions_are_asked_once(tmp_path: Path) -> None:
    """A golden question or a way of asking that was taken out still counts; given questions come first."""
    golden = spoilt(tmp_path, "faq.yaml", "[who proofreads AI text]", "[who reads it]\n    asks: [who looks at it]")
    asked = questions(load(golden), load(SMALL), ["hello", "who reads it"])
    assert asked[:3] == ["hello", "who reads it", "who looks at it"]
    assert asked.count("who reads it") == 1
    assert {"who proofreads AI text", "Who has to follow the policy?"} <= set(asked)


def test_questions_come_one_a_line_or_as_a_list(tmp_path: Path) -> None:
    """A plain list typed by hand does, and so does a questions file."""
    plain, listed = tmp_path / "asked.txt", tmp_path / "asked.yaml"
    plain.write_text("can i use it\n\n who decides \n", encoding="utf-8")
    listed.write_text("- {id: a, text: can i use it}\n- text: who decides\n", encoding="utf-8")
    assert questions_in(plain) == questions_in(listed) == ["can i use it", "who decides"]


def test_the_command_prints_plain_lines_when_piped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No colours, no boxes, no broken lines; the exit code is 0 because a change is no fault."""
    asked = tmp_path / "asked.txt"
    asked.write_text("\n".join(ASKED), encoding="utf-8")
    other = spoilt(tmp_path, "faq.yaml", DECIDES, "answer: Only people decide (3.2).")
    assert main(["diff", str(SMALL), str(other), "--questions", str(asked)]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "Entries reworded: decisions"
    assert printed[2:5] == [
        "can AI make the final decision (and 3 more that are answered with decisions)",
        "  - No. People decide; AI only supports them (3.2).",
        "  + No. Only people decide (3.2).",
    ]
    assert printed[-1].startswith("4 of 55 questions change their answer (")


def test_new_words_of_one_answer_are_shown_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Questions with the same new answer are one thing to read; a changed verdict stands alone."""
    asked = tmp_path / "asked.txt"
    asked.write_text("can AI make the final decision\nmay copilot decide an application", encoding="utf-8")
    reworded = spoilt(tmp_path, "faq.yaml", DECIDES, "answer: Only people decide (3.2).")
    main(["diff", str(SMALL), str(reworded), "--questions", str(asked)])
    printed = capsys.readouterr().out
    assert "can AI make the final decision (and 3 more that are answered with decisions)" in printed
    assert "\nmay copilot" not in printed
    file = reworded / "faq.yaml"
    text = file.read_text(encoding="utf-8").replace("    no: [can AI make", "    yes: [can AI make")
    file.write_text(text, encoding="utf-8")
    main(["diff", str(SMALL), str(reworded), "--questions", str(asked)])
    assert capsys.readouterr().out.count("verdict: No -> Yes") == 2  # the two ways of asking that moved


def test_a_folder_that_cannot_be_read_is_told_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A diff of a broken edition says what to mend first."""
    broken = spoilt(tmp_path, "faq.yaml", 'cites: ["6.2"]', "cites: [9.9]")
    assert main(["diff", str(SMALL), str(broken)]) == 1
    assert "there is no paragraph '9.9'" in capsys.readouterr().err
