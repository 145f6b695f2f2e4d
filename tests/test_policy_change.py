"""What a new version of the policy touches, as its owner asks before it is put in force."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.commands.policy_change import changed_clauses, impact, lines, rests_on
from bot.requests.form import Form
from bot.requests.request import Condition, ExceptionRequest, State
from bot.store.database import Database
from knowledge.loader import load, load_policy
from tests.knowledge_files import SMALL, spoilt
from tests.samples import FORM, OMAR, a_request, decided, saving

KNOWLEDGE = load(SMALL)
POLICY = KNOWLEDGE.policy
ENTRIES = tuple(KNOWLEDGE.entries.values())


def in_force(number: int = 1, form: Form = FORM) -> ExceptionRequest:
    """An approval whose requester has accepted it."""
    return replace(decided(a_request(number, form=form)), state=State.ACTIVE)


def test_the_same_policy_touches_nothing() -> None:
    """Nothing changed, nobody is told."""
    found = impact(POLICY, load_policy(SMALL), ENTRIES, [in_force()])
    assert (found.clauses, found.entries, found.approvals, found.owners) == ((), (), (), ())


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("text: People decide.", "text: Machines help people to decide.", (True, True)),
        ("{id: 3.2, heading: Principles, text: People decide.}", "{id: 3.9, heading: New, text: New.}", (False, True)),
    ],
)
def test_changed_new_and_lost_paragraphs_are_found(tmp_path: Path, old: str, new: str, kind: tuple[bool, bool]) -> None:
    """A paragraph that reads differently, one that came and one that went; a single file will do."""
    changed = load_policy(spoilt(tmp_path, "policy.yaml", old, new) / "policy.yaml")
    first = changed_clauses(POLICY, changed)[0]
    assert (first.old is not None, first.new is not None) == kind


def test_the_answers_on_a_changed_paragraph_are_listed_with_their_owners(tmp_path: Path) -> None:
    """The owner's details come from the new policy."""
    changed = load_policy(spoilt(tmp_path, "policy.yaml", "text: People decide.", "text: Nobody decides."))
    found = impact(POLICY, changed, ENTRIES, [])
    assert [(each.entry.id, each.clauses) for each in found.entries] == [("decisions", ("3.2",))]
    assert [owner.email for owner in found.owners] == ["ann@example.org"]


def test_every_approval_rests_on_the_rule_it_is_an_exception_to(tmp_path: Path) -> None:
    """A change of 5.2 concerns whoever holds an approval, and the post that gave it."""
    changed = load_policy(spoilt(tmp_path, "policy.yaml", "text: Approval for other tools.", "text: Two must approve."))
    told = "\n".join(lines(impact(POLICY, changed, ENTRIES, [in_force()]))).split("## Whom to tell")[1]
    assert "- Mary Okafor: AI-2026-0001" in told
    assert "- Head of IT: AI-2026-0001" in told
    assert "- Head of Tests, Ann Example, ann@example.org: the answers above" in told


def test_an_approval_rests_on_its_risks_and_on_what_its_decision_names() -> None:
    """Personal data makes 4.1 matter; a condition that names a paragraph rests on it."""
    harmless = replace(FORM, information=("public",), plan="business", audience="team", decisions="drafts")
    plain = in_force(form=harmless)
    assert rests_on(plain) == {"4.2", "5.2"}
    assert "4.1" in rests_on(in_force(form=replace(harmless, information=("personal",))))
    decision = plain.decision
    assert decision is not None
    named = replace(plain, decision=replace(decision, conditions=(Condition(text="Check all output (6.2)"),)))
    assert "6.2" in rests_on(named)


async def _stored(url: str, *writes: Callable[..., None]) -> None:
    with Database.open(url) as database:
        for write in writes:
            await database.transact(write)


async def test_the_command_reads_the_approvals_in_force(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is rejected or still waits is nobody's concern here."""
    url = f"sqlite:///{tmp_path}/bot.db"
    requests = [a_request(2), a_request(1, OMAR)]
    await _stored(url, *map(saving, requests), saving(replace(decided(a_request(2)), state=State.ACTIVE)))
    monkeypatch.setenv("DATABASE_URL", url)
    changed = spoilt(tmp_path, "policy.yaml", "text: Approval for other tools.", "text: Two must approve.")
    arguments = ["policy-change", str(SMALL), str(changed), "--knowledge", str(SMALL)]
    assert await asyncio.to_thread(main, arguments) == 0
    printed = capsys.readouterr().out
    assert "- AI-2026-0002 (5.2): " in printed
    assert "AI-2026-0001" not in printed
    assert "- approval (5.2): Who approves another AI tool?" in printed


def test_a_broken_policy_is_told_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The new version is checked like any other file."""
    broken = spoilt(tmp_path, "policy.yaml", "text: People decide.", f"text: {'x' * 161}")
    assert main(["policy-change", str(SMALL), str(broken)]) == 1
    assert "policy.yaml:8:" in capsys.readouterr().err
