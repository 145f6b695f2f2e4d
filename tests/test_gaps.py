"""What owners learn from questions: gaps with near-duplicates together, drafts to paste, a file to compare by."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml

from bot.questions.asked import Asked, Ending
from bot.questions.drafts import drafts
from bot.questions.gaps import gaps, lines
from bot.questions.question import OwnerReply, Question
from bot.questions.recent import recent
from knowledge.assistant import Assistant
from knowledge.check import check
from knowledge.loader import load
from knowledge.score import questions
from tests.examples import HELEN, NOW, TODAY
from tests.test_questions import settled

KNOWLEDGE = Path(__file__).parents[1] / "knowledge"


def bad(text: str, ending: Ending = Ending.UNANSWERED, entry: str = "") -> Asked:
    """A question that went without its answer."""
    return Asked(day=TODAY, ending=ending, knowledge="v1", entry=entry, text=text)


COUNTS: Mapping[Asked, int] = {
    bad("can i use copilot to mark essays"): 3,
    bad("May I use Copilot for marking an essay?", Ending.DISLIKED, "judgement"): 1,
    bad("who pays for vrimps", Ending.REFUSED): 2,
    Asked(day=TODAY, ending=Ending.ANSWERED, knowledge="v1", entry="essays"): 99,
    bad("vrimps?", Ending.OFFERED): 5,
    bad("which vrimps", Ending.PICKED, "vrimps"): 4,
}


def test_near_duplicates_are_one_gap() -> None:
    """Counted together, the most asked way proposed; what was answered, offered or picked is no gap."""
    first, second = gaps(COUNTS)
    assert (first.times, first.phrasing) == (4, "Can i use copilot to mark essays?")
    assert (first.endings[Ending.DISLIKED], first.entries) == (1, ("judgement",))
    assert first.ways == ("May I use Copilot for marking an essay?",)
    assert (second.times, second.phrasing) == (2, "Who pays for vrimps?")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("can i use copilot for hr", "can i use copilot for cvs"),
        ("who pays for copilot", "who owns copilot"),
        ("may i record a call", "may i record minutes"),
    ],
)
def test_questions_that_only_share_their_grammar_stay_apart(one: str, other: str) -> None:
    """Two subjects are two gaps, however alike the rest reads."""
    assert len(gaps({bad(one): 1, bad(other): 1})) == 2


def test_the_table_has_a_head_where_there_is_nothing() -> None:
    """An empty list still says what its columns are."""
    assert list(lines(())) == ["times\tunanswered\trefused\tdisliked\tshown\tphrasing\talso"]
    assert list(lines(gaps(COUNTS)))[1].startswith("4\t3\t0\t1\tjudgement\tCan i use copilot to mark essays?")


def test_thousands_of_questions_are_grouped() -> None:
    """A year's gaps come in one go."""
    many = {bad(f"question about subject{number % 700} number{number % 700}"): 1 for number in range(1400)}
    assert sum(gap.times for gap in gaps(many)) == len(many)


def reply(question: str, text: str, reason: str = "") -> Question:
    """A question that Helen replied to."""
    said = OwnerReply(by=HELEN, at=NOW, text=text, reason=reason)
    return replace(settled(), text=question, reply=said)


ANSWERED = (
    replace(reply("Who may blorf the vrimps?", "Anybody (6.2, 4.2).\n- first check\n- then blorf"), reference="Q-0001"),
    replace(reply("can i quoffle", "No. Nobody quoffles at work."), reference="Q-0002"),
    replace(reply("glim: [yes] {no} & *a !b # 'c' \"d\"", "Yes you may glim (3.2)"), reference="Q-0003"),
    replace(reply("🤖", "Null is not a value, nor is 012."), reference="Q-0004"),
    replace(reply("what about me", "Ask your manager.", "elsewhere"), reference="Q-0005"),
)


def test_drafts_pass_the_check_where_they_are_pasted(tmp_path: Path) -> None:
    """What the command prints is pasted under the FAQ, loads without a fault, and answers the question."""
    for path in KNOWLEDGE.glob("*.yaml"):
        shutil.copy(path, tmp_path)
    before = check(tmp_path, date(2026, 11, 23)).faults
    faq = tmp_path / "faq.yaml"
    faq.write_text(faq.read_text(encoding="utf-8") + "\n" + "\n".join(drafts(ANSWERED)) + "\n", encoding="utf-8")
    assert check(tmp_path, date(2026, 11, 23)).faults == before
    given = Assistant(load(tmp_path)).answer("Who may blorf the vrimps?")
    assert given.text.strip() == "Anybody (6.2, 4.2).\n- first check\n- then blorf"
    assert given.clauses == ("6.2", "4.2")


def test_a_verdict_stays_in_the_answer() -> None:
    """An answer may not begin with Yes or No, and never loses which of them it was; a closed question is no draft."""
    found = yaml.safe_load("\n".join(drafts(ANSWERED)))
    assert [entry["id"] for entry in found][:2] == ["blorf-vrimps-q-0001", "quoffle-q-0002"]
    assert found[1]["answer"] == "In short, no. Nobody quoffles at work."
    assert found[2]["answer"] == "In short, yes. You may glim (3.2)"
    assert (found[1]["says"], found[2]["cites"], found[0]["owner"]) == (
        "nothing",
        ["3.2"],
        "Head of Policy, Performance & Transformation",
    )
    assert len(found) == 4


@pytest.mark.parametrize("text", ["No licence is needed (4.2).", "Nobody may.", "Yesterday it was allowed."])
def test_a_word_that_only_looks_like_a_verdict_is_none(text: str) -> None:
    """No licence is needed is a statement."""
    assert yaml.safe_load("\n".join(drafts((reply("who", text),))))[0]["answer"] == text


def test_nothing_to_draft_is_said() -> None:
    """An empty list is a comment."""
    assert list(drafts(())) == [
        "# 0 drafts from questions answered in chat: paste under `entries:` in faq.yaml, then run the check."
    ]


def test_recent_questions_are_read_by_score(tmp_path: Path) -> None:
    """Each text once, the most asked first; what was answered has no text and is not there."""
    path = tmp_path / "questions.yaml"
    path.write_text("\n".join(recent(COUNTS)) + "\n", encoding="utf-8")
    found = questions(path)
    assert [question.text for question in found][:2] == ["which vrimps", "can i use copilot to mark essays"]
    assert {question.kind for question in found} == {"picked", "unanswered", "disliked", "refused"}
    assert all({"answer", "none"} <= question.expect for question in found)
