"""From a message to an answer, on the small knowledge."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from knowledge.assistant import MAX_SUGGESTIONS, Assistant
from knowledge.entries import Outcome
from knowledge.loader import load
from tests.knowledge_files import SMALL

KNOWLEDGE = load(SMALL)
ASSISTANT = Assistant(KNOWLEDGE)


@pytest.mark.parametrize(
    ("message", "entry", "clause"),
    [
        ("which chatbot are we supposed to use?", "only-copilot", "4.2"),
        ("hi, whihc AI tols are alowed here, thanks", "only-copilot", "4.2"),
        ("who has to give the go ahead for another AI tool", "approval", "5.2"),
        ("do I have to chekc the output before I send it", "check", "6.2"),
        ("does it apply to agency staff", "covered", "1.3"),
        ("is what we type used to train the model", "training", "4.3"),
    ],
)
def test_a_question_gets_the_answer_with_its_paragraph(message: str, entry: str, clause: str) -> None:
    """The entry, its headline, its citation, its follow-ups and the knowledge version come back."""
    answer = ASSISTANT.answer(message)
    assert (answer.outcome, answer.entry, answer.clauses) == (Outcome.ANSWER, entry, (clause,))
    assert answer.question == KNOWLEDGE.entries[entry].question
    assert KNOWLEDGE.entries[entry].answer in answer.text
    assert answer.citations[0].text == KNOWLEDGE.policy.clauses[clause].text
    assert [choice.entry for choice in answer.follow_ups] == list(KNOWLEDGE.entries[entry].follow_ups)
    assert answer.version == KNOWLEDGE.version
    assert 0.5 <= answer.confidence <= 1


@pytest.mark.parametrize(
    ("message", "start"),
    [
        ("do I have to check what Copilot writes?", "Yes. All AI-generated"),
        ("must i check the output before i send it", "Yes. All AI-generated"),
        ("can I send what co-pilot writes without checking it?", "No. All AI-generated"),
        ("does copilot train on our data", "No. Copilot does not"),
        ("is Microsoft Copilot allowed", "Yes. Only **Microsoft Copilot**"),
        ("are contractors exempt from the policy", "No. Employees"),
    ],
)
def test_a_plain_question_gets_the_verdict_first(message: str, start: str) -> None:
    """Yes or No stands before the reason."""
    assert ASSISTANT.answer(message).text.startswith(start)


def test_a_verdict_is_given_though_the_same_words_also_stand_without_one() -> None:
    """An owner who repeats the headline under `yes` means it."""
    entry = KNOWLEDGE.entries["check"]
    way = entry.yes[0]
    entries = {**KNOWLEDGE.entries, entry.id: replace(entry, question=way, phrasings=(way, *entry.phrasings))}
    assert Assistant(replace(KNOWLEDGE, entries=entries)).answer(way).text.startswith("Yes.")


@pytest.mark.parametrize(
    "message",
    [
        "is it ok not to check what copilot writes",
        "do i not have to check what copilot writes",
        "can i check what copilot writes before i send it",
        "who must check what copilot writes",
        "can i send what copilot writes after checking it",
        "is copilot banned",
        "are contractors not exempt from the policy",
        "must i use copilot",
        "does it apply only to agency workers",
        "does copilot not train on our data",
        "does copilot nto train on our data",
        "dosnt copilot train on our data",
        "can i nott use chatgpt",
    ],
)
def test_a_question_turned_round_gets_no_verdict(message: str) -> None:
    """The statement alone is right whichever way the question is put."""
    assert not re.match(r"(Yes|No)\.", ASSISTANT.answer(message).text)


@pytest.mark.parametrize(
    ("message", "start", "clauses"),
    [
        ("can i use chatgpt?", "No. Only **Microsoft Copilot** is permitted (4.2); ChatGPT needs", {"4.2", "5.2"}),
        ("Midjurney for a flyer, yes or no", "No. Only **Microsoft Copilot**", {"4.2", "5.2"}),
        ("canva", "Only **Microsoft Copilot**", {"4.2", "5.2"}),
        ("do i need approval for chat gpt", "Yes. For ChatGPT you need approval", {"5.2"}),
        ("is github copilot ok", "No. Only **Microsoft Copilot** is permitted (4.2); GitHub Copilot", {"4.2", "5.2"}),
        ("can i use consumer copilot", "The report does not say whether Personal Copilot", {"4.2", "5.2"}),
        ("is it okay not to use chatgpt", "Only **Microsoft Copilot**", {"4.2", "5.2"}),
        ("can i use an AI app called Zibble", "I do not know Zibble", {"4.2", "5.2"}),
        ("copilot", "Microsoft Copilot is permitted (4.2).", {"4.2"}),
    ],
)
def test_a_named_tool_is_answered_from_the_rules(message: str, start: str, clauses: set[str]) -> None:
    """Only Copilot is permitted, others need approval; nothing is said about approvals in force."""
    answer = ASSISTANT.answer(message)
    assert answer.outcome is Outcome.REGISTER
    assert answer.text.startswith(start)
    assert set(answer.clauses) == clauses
    assert answer.tool_name


def test_a_tools_note_is_part_of_the_answer() -> None:
    """GitHub Copilot is said to be another product, a personal Copilot to be unclear."""
    assert "It is not Microsoft Copilot." in ASSISTANT.answer("may we use github copilot").text
    assert ASSISTANT.tool("personal-copilot").text.endswith("Nobody says.")


def test_the_rule_for_what_a_tool_is_used_for_is_added() -> None:
    """Who asks about a tool and a decision hears about both."""
    answer = ASSISTANT.answer("can chatgpt make the final decision")
    assert answer.outcome is Outcome.REGISTER
    assert "People decide" in answer.text
    assert set(answer.clauses) == {"4.2", "5.2", "3.2"}


@pytest.mark.parametrize(
    ("message", "tool"),
    [
        ("request an exception for chatgpt", "chatgpt"),
        ("i need midjourney for a project, how do i get permission", ""),
        ("apply for a chat gpt licence", "chatgpt"),
        ("new request", ""),
        ("seek approval", ""),
        ("I want to use canva for posters", "canva"),
    ],
)
def test_a_request_opens_the_form_with_the_tool_in_it(message: str, tool: str) -> None:
    """The bot can fill in what was named."""
    answer = ASSISTANT.answer(message)
    assert (answer.outcome, answer.entry) == (Outcome.REQUEST_FORM, "request")
    assert answer.tool == tool or (not tool and answer.tool == "midjourney")
    assert answer.clauses == ("5.2",)


@pytest.mark.parametrize(
    ("message", "outcome"),
    [
        ("hi", Outcome.SMALLTALK),
        ("Good morning!", Outcome.SMALLTALK),
        ("thx", Outcome.SMALLTALK),
        ("help", Outcome.HELP),
        ("", Outcome.HELP),
        ("   ", Outcome.HELP),
        ("speak to a humn", Outcome.HUMAN),
        ("status of my request", Outcome.STATUS),
    ],
)
def test_talk_is_answered_as_talk(message: str, outcome: Outcome) -> None:
    """Greetings, thanks, help, a person, where a request stands."""
    assert ASSISTANT.answer(message).outcome is outcome


@pytest.mark.parametrize(
    "message",
    [
        "I pasted personal data into chatgpt",
        "oh no, i accidentally uploaded a confidential file to a chatbot. can i use copilot?",
        "we pasted personal data into another AI tool by mistake",
        "a colleague typed a child's name in midjourney yesterday",
    ],
)
def test_an_incident_goes_before_everything_else(message: str) -> None:
    """Who tells of a mistake is told what to do now, not which tools are allowed."""
    answer = ASSISTANT.answer(message)
    assert (answer.outcome, answer.entry) == (Outcome.HELP, "incident")


@pytest.mark.parametrize(
    "message",
    [
        "5.2",
        "42",
        "...",
        "the of and",
        "asdfghjkl",
        "my laptop will not start",
        "gdzie jest parking",
        "\U0001f600",
        "how",
        "when is the bin collected",
        "apply for a blue badge and a bus pass",
    ],
)
def test_what_nobody_wrote_about_is_not_answered(message: str) -> None:
    """A number, a word of grammar, nonsense and other subjects assert nothing."""
    answer = ASSISTANT.answer(message)
    assert answer.outcome in (Outcome.NONE, Outcome.SUGGESTIONS)
    assert not answer.clauses


def test_a_known_gap_says_so_and_cites_nothing() -> None:
    """The report does not say, and neither do we."""
    answer = ASSISTANT.answer("how much does a copilot licence cost")
    assert (answer.outcome, answer.entry, answer.clauses) == (Outcome.NONE, "gap-cost", ())
    assert answer.text.startswith("The report does not say")


def test_a_vague_question_offers_choices_that_can_be_picked() -> None:
    """Up to three, best first, each with the entry that picking it answers."""
    answer = ASSISTANT.answer("who decides data")
    assert answer.outcome is Outcome.SUGGESTIONS
    assert 1 <= len(answer.suggestions) <= MAX_SUGGESTIONS
    assert not answer.clauses
    picked = ASSISTANT.entry(answer.suggestions[0].entry)
    assert picked.question == answer.suggestions[0].question
    assert picked.outcome is Outcome.ANSWER


def test_two_questions_get_two_answers() -> None:
    """Each under its headline, the paragraphs together."""
    answer = ASSISTANT.answer("Does it apply to agency workers, and do i have to check what copilot writes?")
    assert answer.outcome is Outcome.ANSWER
    assert set(answer.clauses) == {"1.3", "6.2"}
    assert "**Who has to follow the policy?**" in answer.text
    assert "**Who must check what AI has written?**" in answer.text


def test_it_means_copilot_where_copilot_was_named() -> None:
    """The second question is about what the first one named."""
    answer = ASSISTANT.answer("Does Copilot train on our data, and can it decide an application?")
    assert set(answer.clauses) == {"4.3", "3.2"}


def test_the_question_in_a_long_mail_is_answered() -> None:
    """What is told around it does not hide it."""
    mail = "Dear all, we moved offices last week and the printers still jam. " * 20
    answer = ASSISTANT.answer(mail + "Anyway: do councillors have to follow the policy? Regards, Pat")
    assert (answer.outcome, answer.clauses) == (Outcome.ANSWER, ("1.3",))


def test_unknown_ids_are_refused() -> None:
    """A forged button names an entry that does not exist."""
    with pytest.raises(KeyError):
        ASSISTANT.entry("nonsense")
    with pytest.raises(KeyError):
        ASSISTANT.tool("nonsense")


def test_one_assistant_serves_many_threads() -> None:
    """The bot answers in worker threads."""
    messages = ["can i use chatgpt", "who gives the go-ahead for other tools", "thx", "mispelt qestion on aproval"] * 25
    alone = [ASSISTANT.answer(message) for message in messages]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ASSISTANT.answer, messages)) == alone
