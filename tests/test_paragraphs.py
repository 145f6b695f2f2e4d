"""Asking for one numbered paragraph."""

import pytest

from knowledge.assistant import Assistant
from knowledge.entries import Outcome
from knowledge.loader import load
from knowledge.paragraphs import asked_paragraph
from tests.knowledge_files import SMALL


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("what does 4.3 say", "4.3"),
        ("What does section 4.3 mean?", "4.3"),
        ("paragraph 5.2", "5.2"),
        ("explain para 6.2 of the policy", "6.2"),
        ("what's in 3.3", "3.3"),
    ],
)
def test_a_paragraph_is_asked_for_by_its_number(text: str, number: str) -> None:
    """One number, and a word that asks for what stands there."""
    assert asked_paragraph(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "5.2",
        "section 4",
        "what do 4.2 and 5.2 say",
        "what does 5.2 say about otter",
        "is version 5.2 of the app what we use",
        "",
    ],
)
def test_what_asks_for_more_or_for_less_asks_for_no_paragraph(text: str) -> None:
    """A bare number asks nothing, and a subject beside the number is what the question is about."""
    assert asked_paragraph(text) == ""


def test_the_answer_is_the_paragraph_and_cites_it() -> None:
    """Its words, its number, and the citation."""
    knowledge = load(SMALL)
    answer = Assistant(knowledge).answer("what does 5.2 say?")
    assert (answer.outcome, answer.clauses) == (Outcome.ANSWER, ("5.2",))
    assert answer.text == f"{knowledge.policy.clauses['5.2'].text} (5.2)"
    assert answer.question.startswith("Paragraph 5.2")


def test_a_paragraph_that_does_not_exist_is_not_made_up() -> None:
    """The small policy has no 7.1, so that the number says nothing."""
    assert not Assistant(load(SMALL)).answer("what does 7.1 say").question.startswith("Paragraph")
