"""Loading the knowledge files, and what their owners read when something is wrong."""

import random
from datetime import date
from pathlib import Path

import pytest

from knowledge.entries import Outcome, Permission
from knowledge.findings import Finding, KnowledgeError
from knowledge.loader import FILES, load
from tests.knowledge_files import SMALL, spoilt


def findings(folder: Path) -> tuple[Finding, ...]:
    with pytest.raises(KnowledgeError) as caught:
        load(folder)
    return caught.value.findings


def test_the_files_become_plain_data() -> None:
    """Entries, paragraphs, tools, contacts and sentences come out as the owners wrote them."""
    knowledge = load(SMALL)
    entry = knowledge.entries["only-copilot"]
    assert entry.cites == ("4.2",)
    assert entry.ways[0] == entry.question
    assert entry.yes == ("can i use copilot", "is Microsoft Copilot allowed")
    assert entry.follow_ups == ("approval",)
    assert entry.reviewed == date(2026, 3, 24)
    assert knowledge.tools["chatgpt"].permitted is Permission.EXCEPTION
    assert knowledge.tools["personal-copilot"].note == "Nobody says."
    assert knowledge.policy.contacts[0].phone == "(0116) 000 0000"
    assert knowledge.policy.clauses["3.2"].heading == "Principles"
    assert knowledge.messages["none"].startswith("I do not know")


def test_outcomes_follow_from_what_the_owners_wrote() -> None:
    """A gap asserts nothing, an incident is a kind of help that goes before everything else."""
    entries = load(SMALL).entries
    assert entries["gap-cost"].outcome is Outcome.NONE
    assert entries["check"].outcome is Outcome.ANSWER
    assert entries["request"].outcome is Outcome.REQUEST_FORM
    assert entries["incident"].outcome is Outcome.HELP
    assert entries["incident"].urgent
    assert not entries["help"].urgent


def test_the_version_follows_the_content(tmp_path: Path) -> None:
    """The same files give the same version; a changed word gives another."""
    changed = spoilt(tmp_path, "faq.yaml", "People decide", "Humans decide")
    assert load(SMALL).version == load(SMALL).version
    assert load(SMALL).version != load(changed).version


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("faq.yaml", "id: check", "id: approval", "this id stands twice"),
        ("faq.yaml", "id: check", "id: Check It", "not a proper id"),
        ("faq.yaml", 'cites: ["6.2"]', "cites: [9.9]", "there is no paragraph"),
        ("faq.yaml", "follow_ups: [approval]", "follow_ups: [aproval]", "there is no entry"),
        (
            "faq.yaml",
            "follow_ups: [approval]",
            "follow_ups: [check, covered, training, approval]",
            "too many follow-ups",
        ),
        ("faq.yaml", 'cites: ["6.2"]', "", "this answer cites no paragraph"),
        ("faq.yaml", "owner: Head of Tests", "ownr: Head of Tests", "unknown field"),
        ("faq.yaml", "owner: Head of Tests", "", "the field owner is missing"),
        ("faq.yaml", "reviewed: 2026-03-24", "reviewed: last spring", "is not a date"),
        ("faq.yaml", "answer: All AI", "answer: Yes, all AI", "answer begins with Yes or No"),
        ("faq.yaml", "answer: All AI", "answer: No. All AI", "answer begins with Yes or No"),
        ("faq.yaml", "says: nothing", "says: little", "says cannot be"),
        (
            "faq.yaml",
            "phrasings: [who proofreads AI text]",
            "phrasings: [{who: text}]",
            "each line of this list must be text",
        ),
        ("faq.yaml", "phrasings: [who proofreads AI text]", "phrasings:", "the list phrasings is missing"),
        ("faq.yaml", "who proofreads AI text", "who " * 100, "this text has"),
        ("faq.yaml", "question: Who must check", "question: {who: must}\n    x: Who must check", "must be text"),
        ("policy.yaml", "text: Only Copilot.", "text: " + "long " * 40, "this text has 199 characters"),
        ("policy.yaml", "id: front", "id: Front", "not a proper id"),
        ("policy.yaml", "contacts:", "contact:", "unknown field"),
        ("tools.yaml", "permitted: unclear", "permitted: perhaps", "permitted cannot be"),
        ("talk.yaml", "outcome: human", "outcome: humane", "outcome cannot be"),
        ("talk.yaml", "id: help", "id: helping", "the entry is missing"),
        ("talk.yaml", "{tool} needs approval", "{product} needs approval", "unknown placeholder"),
        ("talk.yaml", "  privacy: Please leave personal details out.\n", "", "the field privacy is missing"),
        ("talk.yaml", "tool_exception: Only", "tool_exception: No, only", "begins with Yes or No"),
    ],
)
def test_each_fault_is_named_with_its_place_and_mend(tmp_path: Path, file: str, old: str, new: str, fault: str) -> None:
    """A policy owner reads the file, the line, the column, what is wrong and what to do."""
    found = findings(spoilt(tmp_path, file, old, new))
    (finding,) = [each for each in found if fault in each.fault]
    assert finding.file == file
    assert finding.line > 0
    assert finding.column > 0
    assert finding.mend


def test_a_misspelt_field_gets_a_suggestion(tmp_path: Path) -> None:
    """The owner who wrote `phrasngs` reads what was meant."""
    found = findings(spoilt(tmp_path, "faq.yaml", "phrasings: [who proof", "phrasngs: [who proof"))
    assert any(each.value == "phrasngs" and "Did you mean phrasings?" in each.mend for each in found)


def test_all_faults_are_reported_at_once(tmp_path: Path) -> None:
    """Nobody wants to mend one fault to be told the next."""
    folder = spoilt(tmp_path, "faq.yaml", 'cites: ["6.2"]', "cites: [9.9, 8.8]")
    path = folder / "talk.yaml"
    path.write_text(path.read_text().replace("outcome: human", "outcome: humane"))
    assert [(each.file, each.value) for each in findings(folder)] == [
        ("faq.yaml", "9.9"),
        ("faq.yaml", "8.8"),
        ("talk.yaml", "humane"),
    ]


def test_an_endless_list_is_refused_as_one_fault(tmp_path: Path) -> None:
    """Sixty thousand empty entries are one mistake, not three hundred thousand."""
    folder = spoilt(tmp_path, "tools.yaml", "tools:", "tools:\n" + "  - {id: x}\n" * 60_000)
    assert any(each.fault == "the list tools has 60,009 items" for each in findings(folder))


def test_missing_files_are_all_named(tmp_path: Path) -> None:
    """An empty folder is told what it lacks."""
    assert [each.file for each in findings(tmp_path)] == list(FILES)


def test_a_mutated_file_loads_or_is_refused_with_findings(tmp_path: Path) -> None:
    """Whatever an accident does to a file, the loader never ends in any other way."""
    folder = spoilt(tmp_path, "faq.yaml", "People decide", "People decide")
    path = folder / "faq.yaml"
    good = path.read_bytes()
    chance = random.Random(2026)
    for _ in range(150):
        data = bytearray(good)
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(data))
            data[at : at + chance.randint(0, 9)] = bytes(
                chance.choices(b"[]{}:-&*!#|>'\"\n\t x\xff\x00", k=chance.randint(0, 5))
            )
        path.write_bytes(data)
        try:
            load(folder)
        except KnowledgeError as error:
            assert error.findings
