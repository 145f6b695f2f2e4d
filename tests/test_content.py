"""What the council's own knowledge files must hold, whoever edits them."""

import re
from collections import Counter
from pathlib import Path

import pytest

from knowledge.assistant import Assistant
from knowledge.entries import Entry, Knowledge, Outcome, Permission
from knowledge.loader import load

FOLDER = Path(__file__).parent.parent / "knowledge"
SECTIONS = {1: 3, 2: 3, 3: 3, 4: 3, 5: 2, 6: 3}
PARAGRAPHS = ["front", *(f"{section}.{n}" for section, last in SECTIONS.items() for n in range(1, last + 1))]
NUMBER = re.compile(r"\b\d\.\d\b")
BRACKETS = re.compile(r"\(([^()]*)\)")
DOMAIN_WORDS = {"ai", "genai", "copilot", "policy", "council", "tool", "data"}


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    """The files as they are published."""
    return load(FOLDER)


@pytest.fixture(scope="module")
def assistant(knowledge: Knowledge) -> Assistant:
    """What answers from the published files."""
    return Assistant(knowledge)


@pytest.fixture(scope="module")
def answers(knowledge: Knowledge) -> list[Entry]:
    """The entries of faq.yaml: answers and gaps."""
    return [entry for entry in knowledge.entries.values() if entry.owner]


@pytest.fixture(scope="module")
def gaps(answers: list[Entry]) -> list[Entry]:
    """The entries that say that the report says nothing."""
    return [entry for entry in answers if entry.outcome is Outcome.NONE]


def _named(entry: Entry) -> set[str]:
    """Return the paragraphs that an answer's text names in brackets."""
    inside = " ".join(BRACKETS.findall(entry.answer))
    return set(NUMBER.findall(inside)) | ({"front"} if "front page" in inside else set())


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def test_the_policy_has_every_paragraph_of_the_report(knowledge: Knowledge) -> None:
    """Nothing of the report is left out, and nothing is made up."""
    assert sorted(knowledge.policy.clauses) == sorted(PARAGRAPHS)


def test_every_paragraph_is_cited_by_an_answer(answers: list[Entry]) -> None:
    """Whatever the report says, somebody can find out by asking."""
    cited = {clause for entry in answers if entry.outcome is Outcome.ANSWER for clause in entry.cites}
    assert sorted(cited) == sorted(PARAGRAPHS)


def test_the_status_is_honest(knowledge: Knowledge) -> None:
    """The report recommends approval; that it was approved stands nowhere."""
    assert "recommended that it be approved" in " ".join(knowledge.policy.status.split())
    assert "minute" in knowledge.policy.status


def test_an_answer_names_exactly_the_paragraphs_it_cites(answers: list[Entry]) -> None:
    """The number in the text is the number of the citation below it."""
    wrong = {entry.id: (_named(entry), set(entry.cites)) for entry in answers if _named(entry) != set(entry.cites)}
    assert wrong == {}


def test_an_answer_is_short(answers: list[Entry]) -> None:
    """People read answers on a phone."""
    assert [entry.id for entry in answers if len(entry.answer) > 480] == []


def test_an_answer_states_and_leaves_the_verdict_to_the_assistant(answers: list[Entry]) -> None:
    """ "Yes." and "No." come from the way the question was asked, never from the text."""
    assert [entry.id for entry in answers if re.match(r"\W*(yes|no)\b", entry.answer, re.IGNORECASE)] == []


def test_every_answer_can_be_asked_for_in_eight_ways(answers: list[Entry]) -> None:
    """Ways of asking are what finds an answer."""
    assert {entry.id: len(entry.ways) for entry in answers if len(entry.ways) < 9} == {}


def test_no_way_of_asking_stands_under_two_entries(knowledge: Knowledge) -> None:
    """The same words cannot lead to two answers."""
    homes: dict[str, set[str]] = {}
    for entry in knowledge.entries.values():
        for way in entry.ways:
            homes.setdefault(_plain(way), set()).add(entry.id)
    assert {way: ids for way, ids in homes.items() if len(ids) > 1} == {}


def test_no_way_of_asking_is_a_word_of_the_whole_subject(answers: list[Entry]) -> None:
    """ "Copilot" alone would draw every question to one entry."""
    assert [way for entry in answers for way in entry.ways if way.lower() in DOMAIN_WORDS] == []


def test_no_question_has_both_verdicts(answers: list[Entry]) -> None:
    """What stands under yes does not stand under no."""
    assert {entry.id for entry in answers if {*map(_plain, entry.yes)} & {*map(_plain, entry.no)}} == set()


def test_a_gap_says_so_and_names_somebody_to_ask(knowledge: Knowledge, gaps: list[Entry]) -> None:
    """An honest "the report does not say" comes with a person and a number."""
    phones = {contact.phone for contact in knowledge.policy.contacts if contact.phone}
    assert len(gaps) >= 15
    for entry in gaps:
        assert entry.answer.startswith("The report does not "), entry.id
        assert any(phone in " ".join(entry.answer.split()) for phone in phones), entry.id


def test_only_the_printed_contacts_appear(knowledge: Knowledge) -> None:
    """Every e-mail address and telephone number is one that the report prints."""
    known = {contact.email for contact in knowledge.policy.contacts} | {c.phone for c in knowledge.policy.contacts}
    texts = [entry.answer for entry in knowledge.entries.values()] + list(knowledge.messages.values())
    found = re.findall(r"[\w.]+@[\w.-]+\w|\(\d{4}\) \d{3} \d{4}", " ".join(" ".join(texts).split()))
    assert set(found) <= known
    assert len(found) > 10


def test_no_answer_invents_a_figure(answers: list[Entry]) -> None:
    """The report gives no sums, percentages or weights."""
    assert [entry.id for entry in answers if re.search(r"£|%|\d\s*(g|kg|kwh)\b", entry.answer.lower())] == []


def test_copilot_means_microsoft_copilot(knowledge: Knowledge) -> None:
    """The bare word is the permitted tool; GitHub's and a private Copilot are other things."""
    homes = [tool.id for tool in knowledge.tools.values() if "copilot" in {_plain(alias) for alias in tool.aliases}]
    assert homes == ["microsoft-copilot"]
    assert knowledge.tools["github-copilot"].permitted is Permission.EXCEPTION
    assert knowledge.tools["personal-copilot"].permitted is Permission.UNCLEAR
    assert knowledge.tools["bing-chat"].permitted is Permission.UNCLEAR


def test_only_microsoft_copilot_is_permitted(knowledge: Knowledge) -> None:
    """Paragraph 4.2 permits one tool."""
    permitted = [tool.id for tool in knowledge.tools.values() if tool.permitted is Permission.YES]
    assert permitted == ["microsoft-copilot"]


def test_a_tool_name_belongs_to_one_tool(knowledge: Knowledge) -> None:
    """No alias is shared, however it is spaced or spelt."""
    names = Counter(
        name for tool in knowledge.tools.values() for name in {_plain(way) for way in (tool.name, *tool.aliases)}
    )
    assert len(knowledge.tools) >= 60
    assert [name for name, count in names.items() if count > 1] == []


def test_every_test_question_finds_its_answer(knowledge: Knowledge) -> None:
    """What stands under `asks` leads to its entry, and what stands under `never` leads elsewhere."""
    answer = Assistant(knowledge).answer
    for entry in knowledge.entries.values():
        asked = (*entry.asks, *entry.asks_yes, *entry.asks_no)
        assert [ask for ask in asked if answer(ask).entry != entry.id] == [], entry.id
        assert [ask for ask in entry.never if answer(ask).entry == entry.id] == [], entry.id


def test_every_test_question_gets_its_verdict(knowledge: Knowledge) -> None:
    """What stands under `asks_yes` is answered with "Yes.", what stands under `asks_no` with "No."."""
    answer = Assistant(knowledge).answer
    for entry in knowledge.entries.values():
        assert [ask for ask in entry.asks_yes if not answer(ask).text.startswith("Yes.")] == [], entry.id
        assert [ask for ask in entry.asks_no if not answer(ask).text.startswith("No.")] == [], entry.id


def test_no_way_of_asking_gets_the_opposite_verdict(knowledge: Knowledge) -> None:
    """Whoever types the very words of the file never reads "Yes." for "No." or the reverse."""
    answer = Assistant(knowledge).answer
    for entry in knowledge.entries.values():
        assert [way for way in entry.yes if answer(way).text.startswith("No.")] == []
        assert [way for way in entry.no if answer(way).text.startswith("Yes.")] == []


@pytest.mark.parametrize("said", ["the form", "my requests", "request an exception"])
def test_what_the_answers_tell_people_to_type_exists(knowledge: Knowledge, said: str) -> None:
    """A command that an answer names is a way of asking of some entry."""
    ways = " ".join(way.lower() for entry in knowledge.entries.values() for way in entry.ways)
    assert said in ways


def test_an_incident_comes_first_and_gives_the_number(knowledge: Knowledge) -> None:
    """Somebody who pasted something learns at once whom to ring."""
    incident = knowledge.entries["incident"]
    assert incident.urgent
    assert "(0116) 257 2669" in incident.answer


def test_the_assistant_admits_what_it_is(knowledge: Knowledge) -> None:
    """It never passes for a person or a language model."""
    assert "no language model" in knowledge.entries["are-you-ai"].answer


@pytest.mark.parametrize("said", ["hi there", "hello bot", "hey up", "many thanks"])
def test_a_courtesy_that_is_the_whole_message_is_answered(assistant: Assistant, said: str) -> None:
    """Nothing is left of it once courtesies are cut off, so it is not cut off."""
    assert assistant.answer(said).outcome is Outcome.SMALLTALK


@pytest.mark.parametrize("asked", ["must i use copilot", "how do i get copilot"])
def test_a_known_gap_about_copilot_stays_a_gap(assistant: Assistant, asked: str) -> None:
    """That Copilot is permitted is no answer to what the report leaves open."""
    assert assistant.answer(asked).outcome is Outcome.NONE


@pytest.mark.parametrize(
    "asked", ["can i use chatgpt in my own time", "can i use chatgpt if IT approves it", "can i use chatgpt privately"]
)
def test_use_outside_work_or_once_approved_gets_no_verdict(assistant: Assistant, asked: str) -> None:
    """The report speaks of work purposes, and allows what is approved (5.2)."""
    assert not assistant.answer(asked).text.startswith("No.")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("can i use chatgpt at home for personal stuff", "does not mention private use"),
        ("is it wrong to use chatgpt for my own cv", "does not mention private use"),
        ("can i use chatgpt for personal use", "does not mention private use"),
        ("will i get sacked for using chatgpt", "does not mention penalties"),
        ("can i get fired for using gemini", "does not mention penalties"),
        ("somebody in my team is using chatgpt secretly", "how to report a breach"),
        ("is it illegal to use chatgpt", "(6.1)"),
    ],
)
def test_a_tool_does_not_hide_what_is_asked_about_it(assistant: Assistant, asked: str, told: str) -> None:
    """The rule for the tool stands beside the answer or the known gap, and no verdict before a gap."""
    text = assistant.answer(asked).text
    assert told in text
    assert "only with approval" in text
    assert not text.startswith(("Yes.", "No."))


@pytest.mark.parametrize(
    "asked",
    ["does the policy ban chatgpt", "is it against the policy to use chatgpt", "chatgpt without personal data tho?"],
)
def test_a_question_about_the_plain_rule_gets_the_plain_rule(assistant: Assistant, asked: str) -> None:
    """Neither penalties nor anything else is added that nobody asked for."""
    assert assistant.answer(asked).text.startswith("Only **Microsoft Copilot** is permitted")
    assert "\n\n" not in assistant.answer(asked).text


@pytest.mark.parametrize("asked", ["do i not need approval for gemini?", "do i need approval for chatgpt"])
def test_a_tool_answer_says_nothing_twice(assistant: Assistant, asked: str) -> None:
    """That approval is needed is said once."""
    assert assistant.answer(asked).text.count("must seek approval") == 1


def test_a_gap_is_told_before_the_rule_for_the_tool(assistant: Assistant) -> None:
    """Who asks about being sacked reads about that first."""
    assert assistant.answer("will i get sacked for using chatgpt").text.startswith(
        "The report does not mention penalties"
    )


def test_a_verdict_on_a_tool_stands_before_a_gap(assistant: Assistant) -> None:
    """That meetings are not mentioned does not allow the tool."""
    text = assistant.answer("can i use otter to transcribe a meeting").text
    assert text.startswith("No. Only **Microsoft Copilot**")
    assert "does not mention recording" in text


def test_whose_case_the_report_leaves_open_is_told_so(assistant: Assistant) -> None:
    """What is said first about oneself counts where the question after it would find a general rule."""
    assert assistant.answer("im a volunteer. do i have to follow the policy").entry == "gap-others-covered"


def test_a_colleagues_mishap_with_a_named_tool_is_an_incident(assistant: Assistant) -> None:
    """Whatever the tool, what counts is whom to ring."""
    assert assistant.answer("my colleague put case notes in chatgpt").entry == "incident"


@pytest.mark.parametrize(
    "asked",
    [
        "can i use the free copilot",
        "can i use free version of copilot on my phone",
        "can I use copilot in edge with my hotmail",
        "is copilot with my personal account ok",
    ],
)
def test_a_free_or_private_copilot_is_not_said_to_be_permitted(assistant: Assistant, asked: str) -> None:
    """The report describes Copilot in our tenant (4.3), and names no other."""
    answer = assistant.answer(asked)
    assert answer.tool == "personal-copilot"
    assert answer.text.startswith("The report does not say")


@pytest.mark.parametrize("asked", ["can I put AI in our website chatbot", "can we put AI in the newsletter"])
def test_what_somebody_wants_to_do_is_no_incident(assistant: Assistant, asked: str) -> None:
    """Nothing has happened yet."""
    assert assistant.answer(asked).entry != "incident"


def test_what_is_kept_of_a_question_is_told_in_full(knowledge: Knowledge) -> None:
    """Without a name where there was no answer, under the name where it was left or requested, masked in any case."""
    told = " ".join(knowledge.entries["about-my-questions"].answer.split())
    for part in ("without your name", "policy owners may read it", "under your name", "masked before anything is kept"):
        assert part in told


def test_one_near_answer_is_offered_in_the_singular(assistant: Assistant, knowledge: Knowledge) -> None:
    """ "One of these" would promise more than one button."""
    answer = assistant.answer("what does section 4.3 say about logging")
    assert len(answer.suggestions) == 1
    assert answer.text == knowledge.messages["suggestion"]


def test_turning_somebody_away_is_never_offered(assistant: Assistant, knowledge: Knowledge) -> None:
    """A button that leads to "I cannot help with that" helps nobody."""
    asked = [
        f"{way} please now" for entry in knowledge.entries.values() for way in entry.ways if "elsewhere" in entry.id
    ]
    offered = {choice.entry for each in asked for choice in assistant.answer(each).suggestions}
    assert {entry for entry in offered if entry.startswith("elsewhere")} == set()
