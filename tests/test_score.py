"""Scoring a file of questions, and the command line that does it."""

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.__main__ import main
from knowledge.answers import Answer
from knowledge.entries import Clause, Outcome
from knowledge.findings import KnowledgeError
from knowledge.score import Question, mark, misses, mistyped, questions, shares
from tests.knowledge_files import SMALL

QUESTIONS = """
- id: q1
  text: who gives the go-ahead for other tools
  kind: in_scope
  clauses: ['5.2']
  facts: [head of it]
  expect: answer
- id: q2
  text: can i use chatgpt
  kind: tool
  clauses: ['4.2', '5.2']
  facts: [copilot, approv]
  expect: register
  forbid: ['^\\W*yes\\b']
- id: q3
  text: when is the bin collected
  kind: out_of_scope
  clauses: []
  facts: []
  expect: none
- id: q4
  text: does it apply to agency workers, and do i have to check what copilot writes
  kind: multi
  clauses: ['1.3', '6.2']
  facts: [agency, checked]
  expect: answer
  parts: [['1.3'], ['3.3', '6.2']]
- id: q5
  text: thanks
  kind: chat
  clauses: []
  facts: []
  expect: help
  also_ok: [smalltalk]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "questions.yaml"
    path.write_text(QUESTIONS, encoding="utf-8")
    return path


QUESTION = Question(
    id="q",
    text="may I?",
    kind="in_scope",
    expect=frozenset({"answer"}),
    clauses=frozenset({"4.2"}),
    facts=("copilot",),
    forbid=(),
    parts=(),
)


def answer(text: str, *clauses: str, outcome: Outcome = Outcome.ANSWER, confidence: float = 0.5) -> Answer:
    citations = tuple(Clause(id=each, heading="", text="") for each in clauses)
    return Answer(outcome=outcome, text=text, citations=citations, confidence=confidence, version="v")


def test_a_right_answer_has_no_flaws() -> None:
    """Outcome, paragraph and facts are as expected."""
    assert mark(QUESTION, answer("Only Copilot.", "4.2", "5.2")).right


def test_each_flaw_is_named() -> None:
    """Another outcome, no paragraph, no fact, and something that must not be said."""
    wrong = mark(replace(QUESTION, forbid=("^yes",)), answer("Yes, whatever.", "6.2", outcome=Outcome.HELP))
    assert wrong.flaws == [
        "outcome help instead of answer",
        "cites 6.2",
        "facts missing",
        "says what it must not: ^yes",
    ]


def test_every_part_of_a_double_question_must_be_cited() -> None:
    """One of two answers is not both."""
    double = replace(QUESTION, parts=(frozenset({"1.3"}), frozenset({"3.3", "6.2"})), facts=())
    assert mark(double, answer("x", "1.3", "6.2")).citation
    assert not mark(double, answer("x", "1.3")).citation


@pytest.mark.parametrize(
    ("outcome", "expect"), [(Outcome.SUGGESTIONS, "none"), (Outcome.STATUS, "help"), (Outcome.NONE, "none")]
)
def test_choices_count_as_none_and_status_as_help(outcome: Outcome, expect: str) -> None:
    """Question files know neither word: choices assert nothing, and a status is a kind of help."""
    assert mark(
        replace(QUESTION, expect=frozenset({expect}), clauses=frozenset(), facts=()), answer("x", outcome=outcome)
    ).right


def test_where_no_answer_was_needed_no_fact_is_asked_for() -> None:
    """A question that may also be left open is right when it is."""
    either = replace(QUESTION, expect=frozenset({"answer", "none"}))
    assert mark(either, answer("I do not know.", outcome=Outcome.NONE)).right
    assert not mark(either, answer("Something else.", "6.2")).right


def test_the_most_confident_misses_come_first() -> None:
    """They do the most harm."""
    marks = [mark(QUESTION, answer("x", confidence=share)) for share in (0.2, 0.9, 0.5)]
    assert [miss.answer.confidence for miss in misses(marks)] == [0.9, 0.5, 0.2]


def test_shares_are_given_by_kind_and_for_all() -> None:
    """Half of one kind right, all of the other."""
    right, wrong = answer("copilot", "4.2"), answer("nothing")
    marks = [
        mark(replace(QUESTION, kind="tool"), right),
        mark(replace(QUESTION, kind="tool"), wrong),
        mark(replace(QUESTION, kind="chat"), right),
    ]
    assert [(share.kind, share.questions, round(share.citation)) for share in shares(marks)] == [
        ("tool", 2, 50),
        ("chat", 1, 100),
        ("all", 3, 67),
    ]


def test_a_questions_file_is_read_with_all_its_fields(file: Path) -> None:
    """Ids, texts, kinds and what is right."""
    read = questions(file)
    assert [each.id for each in read] == ["q1", "q2", "q3", "q4", "q5"]
    assert read[1].forbid == (r"^\W*yes\b",)
    assert read[3].parts == (frozenset({"1.3"}), frozenset({"3.3", "6.2"}))
    assert read[4].expect == {"help", "smalltalk"}
    assert mistyped(read[0]).text != read[0].text


@pytest.mark.parametrize("text", ["", "a: b\n", "- text: no id\n  kind: x\n  expect: none\n"])
def test_a_faulty_questions_file_is_refused(tmp_path: Path, text: str) -> None:
    """With a finding, as for the knowledge files."""
    path = tmp_path / "questions.yaml"
    path.write_text(text)
    with pytest.raises(KnowledgeError, match=r"questions\.yaml"):
        questions(path)


def test_score_prints_shares_and_misses(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The owner sees a table as typed and one with typos added."""
    assert main(["score", str(file), "--knowledge", str(SMALL)]) == 0
    printed = capsys.readouterr().out
    assert "as typed" in printed
    assert "with typos added" in printed
    assert "out_of_scope" in printed


def test_ask_prints_answer_and_reasons(capsys: pytest.CaptureFixture[str]) -> None:
    """What a person would read, the nearest entries, and the words that carried them."""
    assert main(["ask", "who gives the go ahead for other tools", "--knowledge", str(SMALL)]) == 0
    printed = capsys.readouterr().out
    assert "Head of IT approves" in printed
    assert "approval" in printed
    assert "5.2 Monitoring" in printed
    assert "ahead" in printed


def test_ask_json_answers_line_by_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """One question a line in, one object a line out, in the published shape, blank lines included."""
    monkeypatch.setattr("sys.stdin", io.StringIO("can i use chatgpt\n\nwho decides data\r\n"))
    assert main(["ask", "--json", "--knowledge", str(SMALL)]) == 0
    first, second, third = map(json.loads, capsys.readouterr().out.splitlines())
    assert list(first) == ["question", "outcome", "entry", "clauses", "text", "confidence", "suggestions", "tool"]
    assert (first["question"], first["outcome"], first["tool"]) == ("can i use chatgpt", "register", "chatgpt")
    assert first["clauses"] == ["4.2", "5.2"]
    assert second["outcome"] == "help"
    assert third["suggestions"][0].keys() == {"entry", "confidence"}
    assert third["question"] == "who decides data"


def test_ask_without_a_question_says_how(capsys: pytest.CaptureFixture[str]) -> None:
    """Wrong usage ends with 2 and a hint."""
    assert main(["ask", "--knowledge", str(SMALL)]) == 2
    assert "in quotes" in capsys.readouterr().err


def test_a_folder_that_cannot_be_read_ends_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And names the files."""
    assert main(["ask", "anything", "--knowledge", str(tmp_path)]) == 1
    assert "faq.yaml: the file cannot be read" in capsys.readouterr().err
