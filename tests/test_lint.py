"""The rules that good knowledge keeps, each broken once in a copy of the small files."""

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

import pytest

from knowledge.assistant import Assistant
from knowledge.check import Report, check, refuse_broken, refuse_faults
from knowledge.findings import Finding, KnowledgeError
from knowledge.golden import golden_questions
from knowledge.loader import FILES, load
from tests.knowledge_files import SMALL

TODAY = date(2026, 11, 23)
FOLDER = Path(__file__).parent.parent / "knowledge"
NO_TOOL_I_LIKE = "    no: [can i use any AI tool i like]"
PROOFREADS = "    phrasings: [who proofreads AI text]"


def changed(tmp_path: Path, *edits: tuple[str, str, str], source: Path = SMALL) -> Path:
    """Copy knowledge files, make some edits (file, old, new), and return the folder."""
    for name in FILES:
        shutil.copy(source / name, tmp_path)
    for file, old, new in edits:
        path = tmp_path / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return tmp_path


def is_explained(fault: str) -> bool:
    """Whether the owners' README explains a message in its table."""
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    cells = [line.split("|")[1] for line in readme.splitlines() if line.startswith("| ")]
    messages = [re.escape(part.strip()).replace(r"\.\.\.", ".*") for cell in cells for part in cell.split(" / ")]
    return any(re.search(message, fault) for message in messages if " " in message)


def report(tmp_path: Path, *edit: str, today: date = TODAY) -> Report:
    """Check the small knowledge with one change."""
    file, old, new = edit
    return check(changed(tmp_path, (file, old, new)), today)


def fault(tmp_path: Path, file: str, old: str, new: str) -> Finding:
    """Return the first fault of the small knowledge with one change; it has a line, and the README explains it."""
    found = report(tmp_path, file, old, new).faults
    assert found
    assert found[0].file == file
    assert found[0].line
    assert is_explained(found[0].fault), found[0].fault
    return found[0]


def test_sound_files_have_no_faults() -> None:
    """What the tests begin with is in order."""
    assert check(SMALL, TODAY).faults == []


def test_the_council_s_files_have_no_faults() -> None:
    """What is published is in order: readable, without collisions, every golden question answered."""
    assert [str(found) for found in check(FOLDER, TODAY).faults] == []


def test_a_file_that_cannot_be_read_is_one_report(tmp_path: Path) -> None:
    """The loader's faults come out as the rules' do."""
    found = report(tmp_path, "faq.yaml", 'cites: ["6.2"]', "cites: [9.9]")
    assert found.knowledge is None
    assert found.faults[0].fault == "there is no paragraph"


def test_a_way_of_asking_stands_under_one_entry_only(tmp_path: Path) -> None:
    """The second home is named with the line of the first, whatever the case and the stops."""
    found = fault(tmp_path, "faq.yaml", "[who proofreads AI text]", "[Whom does the policy apply to?]")
    assert found.fault.startswith("this way of asking also stands under check (faq.yaml line ")


def test_a_way_of_asking_has_one_verdict(tmp_path: Path) -> None:
    """Yes and No to the same words cannot both be right."""
    found = fault(tmp_path, "faq.yaml", NO_TOOL_I_LIKE, "    no: [Can I use Copilot?]")
    assert "under both yes and no" in found.fault


def test_a_swapped_verdict_breaks_its_golden_question(tmp_path: Path) -> None:
    """A way of asking that moves from no to yes turns the answer round, and the golden question tells."""
    golden = ("faq.yaml", NO_TOOL_I_LIKE, NO_TOOL_I_LIKE + "\n    asks_no: [may i use any AI tool i like]")
    assert check(changed(tmp_path, golden), TODAY).faults == []
    swap = ("faq.yaml", NO_TOOL_I_LIKE, "")
    into = ("faq.yaml", "    yes: [can i use copilot,", "    yes: [can i use any AI tool i like,")
    found = check(changed(tmp_path, golden, swap, into), TODAY).faults[0]
    assert found.fault == "this golden question of only-copilot must be answered No, but is answered Yes"
    assert found.value == "may i use any AI tool i like"
    assert "“can i use any AI tool i like” under yes of only-copilot (faq.yaml line 7)" in found.mend


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("answer: Only **Microsoft Copilot** is permitted", "answer: You may use any tool", "answered No"),
        ("answer: Only **Microsoft Copilot** is permitted", "answer: You must not use any tool", "answered Yes"),
    ],
)
def test_an_answer_s_opening_agrees_with_its_verdicts(tmp_path: Path, old: str, new: str, said: str) -> None:
    """Nobody reads "No. You may use any tool"."""
    found = fault(tmp_path, "faq.yaml", old, new)
    assert said in found.fault
    assert "begins with words that it" in found.fault


def test_a_golden_question_that_is_stolen_names_the_thief(tmp_path: Path) -> None:
    """The owner reads which entry wins now, by which way of asking, in which line, and by which words."""
    golden = ("faq.yaml", PROOFREADS, PROOFREADS + "\n    asks: [who has to proofread texts by AI]")
    assert check(changed(tmp_path, golden), TODAY).faults == []
    thief = "[whom does the policy apply to, who has to proofread the texts by AI]"
    theft = ("faq.yaml", "[whom does the policy apply to]", thief)
    found = check(changed(tmp_path, golden, theft), TODAY).faults[0]
    assert found.fault == "this golden question of check is now answered by covered"
    assert found.value == "who has to proofread texts by AI"
    assert "“who has to proofread the texts by AI” under phrasings of covered (faq.yaml line" in found.mend
    assert "proofread" in found.mend.rsplit("which also has", 1)[1]


def test_what_must_never_match_is_watched(tmp_path: Path) -> None:
    """A question under `never` that its entry answers is a fault."""
    never = PROOFREADS + "\n    never: [who proofreads AI texts]"
    found = fault(tmp_path, "faq.yaml", PROOFREADS, never)
    assert found.fault == "this golden question of check is answered by it, and never should be"


def test_copilot_never_means_github_copilot(tmp_path: Path) -> None:
    """An alias that moves the bare word to another product is refused, though no name stands twice."""
    folder = changed(
        tmp_path,
        ("tools.yaml", "aliases: [copilot, co-pilot, copilot in word]", "aliases: [word helper]"),
        ("tools.yaml", "name: GitHub Copilot,", "name: GitHub Copilot, aliases: [copilot],"),
    )
    found = {found.value: found for found in check(folder, TODAY).faults}["copilot"]
    assert is_explained(found.fault)
    assert found.fault == "it now means GitHub Copilot, which is not the permitted tool"
    assert (found.file, found.line) == ("tools.yaml", 4)


def test_a_name_belongs_to_one_tool(tmp_path: Path) -> None:
    """The second tool with a name is told of the first, however the name is spaced."""
    found = fault(tmp_path, "tools.yaml", "name: Midjourney,", "name: Midjourney, aliases: [Chat-GPT],")
    assert (found.fault, found.value) == ("this name also stands under the tool chatgpt", "Chat-GPT")


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/x",
        "http://www.gov.uk/x",
        "javascript://gov.uk/%0aalert(1)",
        "[here](//gov.uk.evil.example)",
    ],
)
def test_a_link_leads_to_known_hosts_only(tmp_path: Path, link: str) -> None:
    """A strange, unsafe or disguised address is refused."""
    found = fault(tmp_path, "faq.yaml", "People decide; AI only supports them", f"See {link} and decide")
    assert found.fault == "this link may not be here"


def test_a_link_to_the_government_is_fine(tmp_path: Path) -> None:
    """The council's own pages and those it relies on may be linked."""
    link = "People decide, as [the guidance](https://www.gov.uk/ai) has it"
    assert report(tmp_path, "faq.yaml", "People decide; AI only supports them", link).faults == []


def test_a_running_bot_refuses_the_same_faults(tmp_path: Path) -> None:
    """A shared folder has no one to run the check, so the bot does: the rules first, then the golden questions."""
    collision = ("faq.yaml", "[who proofreads AI text]", "[whom does the policy apply to]")
    stolen = ("faq.yaml", PROOFREADS, PROOFREADS + "\n    never: [who proofreads AI texts]")
    sound = load(SMALL)
    refuse_faults(SMALL, sound)
    refuse_broken(SMALL, sound, Assistant(sound))
    folder = changed(tmp_path, collision)
    with pytest.raises(KnowledgeError, match="also stands under check"):
        refuse_faults(folder, load(folder))
    knowledge = load(changed(tmp_path, stolen))
    with pytest.raises(KnowledgeError, match="is answered by it, and never should be"):
        refuse_broken(tmp_path, knowledge, Assistant(knowledge))


def swapped(faq: str) -> str:
    """Turn the verdicts of one entry round."""
    before, entry = faq.split("  - id: check-before-use\n", 1)
    turned = entry.replace("    yes:\n", "    NO:\n", 1).replace("    no:\n", "    yes:\n", 1).replace("NO:", "no:", 1)
    return f"{before}  - id: check-before-use\n{turned}"


def misquoted(faq: str) -> str:
    """Cite a paragraph that the report does not have."""
    return faq.replace('cites: ["6.3"]', 'cites: ["6.4"]', 1)


def stolen(faq: str) -> str:
    """Give a golden question of another entry to the first."""
    golden = load(FOLDER).entries["check-before-use"].asks[0]
    return faq.replace("    phrasings:\n", f"    phrasings:\n      - {json.dumps(golden)}\n", 1)


def renamed(tools: str) -> str:
    """Move the bare word from Microsoft's product to GitHub's."""
    taken = tools.replace("aliases: [copilot, ", "aliases: [", 1)
    return taken.replace("aliases: [git hub copilot,", "aliases: [copilot, git hub copilot,", 1)


@pytest.mark.parametrize(
    ("file", "plant", "said"),
    [
        ("faq.yaml", swapped, "this golden question of check-before-use must be answered"),
        ("faq.yaml", misquoted, "there is no paragraph"),
        ("faq.yaml", stolen, "this golden question of check-before-use is now answered by"),
        ("tools.yaml", renamed, "this name also stands under the tool microsoft-copilot"),
    ],
)
def test_a_mistake_planted_in_the_council_s_files_makes_the_check_fail(
    tmp_path: Path, file: str, plant: Callable[[str], str], said: str
) -> None:
    """The four mistakes that would do most harm: verdict, citation, theft and the name of the permitted tool."""
    text = (FOLDER / file).read_text(encoding="utf-8")
    assert plant(text) != text
    found = check(changed(tmp_path, (file, text, plant(text)), source=FOLDER), TODAY).faults
    assert any(said in each.fault and each.line for each in found)


def test_every_verdict_of_the_council_s_files_is_watched() -> None:
    """Whichever entry's yes and no are swapped, a golden question of that entry breaks."""
    knowledge = load(FOLDER)
    entries = {id: replace(entry, yes=entry.no, no=entry.yes) for id, entry in knowledge.entries.items()}
    turned = replace(knowledge, entries=MappingProxyType(entries))
    answer = Assistant(turned).answer
    noticed = {golden.entry.id for golden in golden_questions(turned) if not golden.is_met(answer(golden.text))}
    assert {entry.id for entry in entries.values() if entry.yes or entry.no} - noticed == set()


def advice(found: Report, words: str) -> list[Finding]:
    """Return the advice that holds these words."""
    return [each for each in found.advice if words in each.fault]


def test_few_ways_of_asking_are_advice() -> None:
    """The small files are small: each answer is told how many ways it has."""
    found = advice(check(SMALL, TODAY), "ways of asking beside its question")
    assert {each.value for each in found} >= {"only-copilot", "approval", "check"}
    assert str(found[0]).startswith("faq.yaml:2:5: advice: this entry has 5 ways of asking")


def test_a_lone_word_of_the_whole_subject_is_advice(tmp_path: Path) -> None:
    """ "Copilot" alone would draw every question to one entry."""
    found = advice(
        report(tmp_path, "faq.yaml", "[who proofreads AI text]", "[who proofreads AI text, copilot]"), "alone"
    )
    assert [each.value for each in found] == ["copilot"]


def test_a_way_of_asking_that_finds_something_else_is_advice(tmp_path: Path) -> None:
    """Asked word for word it gives another answer, because it names a tool."""
    found = advice(report(tmp_path, "faq.yaml", "[who proofreads AI text]", "[can i use chatgpt]"), "does not find")
    assert [each.value for each in found] == ["can i use chatgpt"]
    assert "what tools.yaml says about ChatGPT" in found[0].fault


def test_hard_sentences_are_advice(tmp_path: Path) -> None:
    """The hardest sentence of an answer is shown, with the age it asks for."""
    hard = "Notwithstanding organisational considerations, accountability necessitates comprehensive documentation"
    found = advice(report(tmp_path, "faq.yaml", "People decide; AI only supports them", hard), "reads as for the age")
    assert any(each.value.startswith("Notwithstanding") for each in found)


def test_an_overdue_review_is_advice_from_the_day_after(tmp_path: Path) -> None:
    """A year after the last review the owner is named; the policy's own review counts, too."""
    assert advice(check(SMALL, date(2027, 3, 24)), "overdue") == []
    found = advice(check(SMALL, date(2027, 3, 25)), "overdue")
    assert len(found) == 8
    assert "Head of Tests reads it again" in found[1].mend
    assert found[0].file == "policy.yaml"
    assert all(each.line for each in found)
