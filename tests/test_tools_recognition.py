"""Recognising AI tools in what people type."""

import pytest

from knowledge.entries import Permission, Tool
from knowledge.loader import load
from knowledge.tools import Toolbox, replaced
from tests.knowledge_files import SMALL

VOCABULARY = {"other", "meeting", "minutes", "policy", "word", "check", "room"}
TOOLBOX = Toolbox(load(SMALL).tools.values(), VOCABULARY)


def named(text: str) -> list[str]:
    return [mention.tool.id for mention in TOOLBOX.find(text)]


@pytest.mark.parametrize(
    ("text", "tools"),
    [
        ("can i use ChatGPT", ["chatgpt"]),
        ("chat gpt, chat-gpt or CHATGPT", ["chatgpt", "chatgpt", "chatgpt"]),
        ("is chatgtp okay", ["chatgpt"]),
        ("can i use chat gbt", ["chatgpt"]),
        ("may we use OpenAI's models", ["chatgpt"]),
        ("copilot", ["microsoft-copilot"]),
        ("is co pilot in word all right", ["microsoft-copilot"]),
        ("can vopilot read my mail", ["microsoft-copilot"]),
        ("coplilot", ["microsoft-copilot"]),
        ("mid journey for a flyer", ["midjourney"]),
        ("Mijdourney", ["midjourney"]),
        ("using canva's picture maker", ["canva"]),
        ("chatgpt or copilot", ["chatgpt", "microsoft-copilot"]),
        ("what is the policy", []),
        ("", []),
    ],
)
def test_a_tool_is_found_however_it_is_written(text: str, tools: list[str]) -> None:
    """Under aliases, joined, split, with a hyphen, possessive or misspelt."""
    assert named(text) == tools


@pytest.mark.parametrize(
    "text", ["github copilot", "GitHub Co-Pilot for my scripts", "can i have githubcopilot", "gitub copilot"]
)
def test_github_copilot_is_not_microsoft_copilot(text: str) -> None:
    """The longer name counts, so the permitted tool is not read into it."""
    assert named(text) == ["github-copilot"]


def test_copilot_alone_is_microsoft_copilot() -> None:
    """Only Microsoft's product goes by the bare name, and a personal one is kept apart."""
    assert named("is copilot allowed") == ["microsoft-copilot"]
    assert named("is consumer copilot allowed") == ["personal-copilot"]


@pytest.mark.parametrize(
    "text",
    [
        "other meetings",
        "the annual canvass",
        "canvas bags",
        "i have no notion what this means",
        "an otter in the park pond",
        "where can i read ai policy",
        "is there room for midday meetings",
    ],
)
def test_everyday_words_are_no_tools(text: str) -> None:
    """A word is a tool only where people use it as one."""
    assert named(text) == []


@pytest.mark.parametrize("text", ["can we use otter", "otter", "is otter allowed", "otter for our meetings, is it ok"])
def test_everyday_names_are_tools_where_they_are_used(text: str) -> None:
    """After `use`, before `allowed`, or when nothing else is said."""
    assert named(text) == ["otter"]


def test_tools_are_replaced_by_their_stand_ins() -> None:
    """The FAQ is asked about another tool, whatever its name."""

    def stand_in(tool: Tool) -> str:
        return "copilot" if tool.permitted is Permission.YES else "another tool"

    text = "Why can't I use Chat GPT, don't you trust Co-Pilot's rival?"
    assert replaced(text, TOOLBOX.find(text), stand_in) == "why can't i use another tool don't you trust copilot rival"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("is there an AI app called Foobar Notes i could use", "Foobar Notes"),
        ("an AI notetaker called Meetingz", "Meetingz"),
        ("can i use zibble.ai for letters", "zibble.ai"),
        ("is PlanGPT allowed", "PlanGPT"),
        ("could we have Zibble AI for planning", "Zibble AI"),
        ("can I use Zibble for letters", "Zibble"),
        ("a meeting called Budget", ""),
        ("can i use annual leave", ""),
        ("is Word allowed", ""),
        ("can I use Word", ""),
    ],
)
def test_products_nobody_listed_are_named_as_they_were_typed(text: str, name: str) -> None:
    """An unknown product is answered honestly, so it has to be noticed."""
    assert TOOLBOX.unlisted(text) == name


@pytest.mark.parametrize("text", ["can I use a tool called Z{}", "can I use {}GPT", "can I use {}.ai"])
def test_only_so_much_of_an_unlisted_name_is_repeated(text: str) -> None:
    """Three thousand letters are no name; an answer and a form show the first sixty."""
    name = TOOLBOX.unlisted(text.format("q" * 3_000))
    assert len(name) == 60
    assert set(name.lower()) <= {"z", "q"}
