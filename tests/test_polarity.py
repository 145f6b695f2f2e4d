"""Which way round a question is put: the guard against the opposite verdict."""

import pytest

from knowledge.entries import Permission, Tool
from knowledge.permission import Wish, message_for, verdict, wish
from knowledge.polarity import may_hide_negation, polarity


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("must i check it", "do i have to check it"),
        ("can i use it", "am i allowed to use it"),
        ("can i send it unchecked", "may i send it without checking"),
        ("does it apply to members", "does the policy cover councillors"),
        ("is it forbidden", "isn't it allowed"),
    ],
)
def test_questions_put_the_same_way_round_share_a_verdict(first: str, second: str) -> None:
    """Other words, the same question."""
    assert polarity(first).agrees(polarity(second))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("must i check it", "is it ok not to check it"),
        ("can i use it", "can't i use it"),
        ("can i send it", "can i send it unchecked"),
        ("can i use copilot", "must i use copilot"),
        ("am i allowed to use it", "am i banned from using it"),
        ("does data stay inside", "does data go outside"),
        ("does it apply to members", "does it apply only to members"),
        ("can i use copilot", "who can use copilot"),
        ("do i need approval", "can i skip approval"),
        ("may i check it before sending", "may i check it after sending"),
    ],
)
def test_questions_turned_round_never_share_a_verdict(first: str, second: str) -> None:
    """A negation, another mood or a word that turns the sense keeps the verdict away."""
    assert not polarity(first).agrees(polarity(second))
    assert not polarity(second).agrees(polarity(first))


KNOWN = {"is", "it", "allowed", "what", "bot", "do", "i", "check", "have", "to", "use"}


@pytest.mark.parametrize(
    "typed", ["is it nto allowed", "is it jot allowed", "idnt it allowed", "do i nt have to check"]
)
def test_a_misspelt_negation_is_noticed(typed: str) -> None:
    """A slip in `not` must not turn the verdict round."""
    assert may_hide_negation(typed, KNOWN.__contains__)


@pytest.mark.parametrize("typed", ["is it allowed", "is the bot allowed", "is it alowed", "what is blancmange", ""])
def test_other_slips_hide_no_negation(typed: str) -> None:
    """A known word is what it is, and most strange ones are like no negation."""
    assert not may_hide_negation(typed.replace("the ", ""), KNOWN.__contains__)


@pytest.mark.parametrize("question", ["", "who decides", "how do i ask", "so what happens then"])
def test_open_questions_have_no_verdict(question: str) -> None:
    """Nobody answers `who` with yes."""
    assert not polarity(question).agrees(polarity(question))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("can i use tool", Wish.USE),
        ("is tool allowed for a flyer", Wish.USE),
        ("tool yes or no", Wish.USE),
        ("could our contractors use tool", Wish.USE),
        ("does tool need approval", Wish.APPROVAL),
        ("do i have to ask before using tool", Wish.APPROVAL),
        ("request tool", Wish.FORM),
        ("i need to use tool how do i get permission", Wish.FORM),
        ("can i get permission for tool", Wish.FORM),
        ("we would like to try tool", Wish.FORM),
        ("apply for tool licence", Wish.FORM),
        ("tool", Wish.OTHER),
        ("can tool be used for minutes", Wish.USE),
        ("i put a letter with names into tool yesterday", Wish.MISHAP),
        ("my colleague uploaded a file to another ai tool", Wish.MISHAP),
        ("what if i pasted a letter into tool", Wish.OTHER),
        ("is it okay that i put it in tool", Wish.USE),
        ("can tool see our data", Wish.OTHER),
        ("why was tool banned", Wish.OTHER),
        ("is tool approved", Wish.OTHER),
    ],
)
def test_what_people_want_about_a_tool(asked: str, expected: Wish) -> None:
    """To use it, to know whether approval is needed, or the form."""
    assert wish(asked) is expected


def tool(permitted: Permission) -> Tool:
    return Tool(id="x", name="X", permitted=permitted)


@pytest.mark.parametrize(
    ("permitted", "asked", "expected"),
    [
        (Permission.EXCEPTION, "can i use tool", "No. "),
        (Permission.EXCEPTION, "do i need approval for tool", "Yes. "),
        (Permission.EXCEPTION, "is it ok not to use tool", ""),
        (Permission.EXCEPTION, "do i not need approval for tool", ""),
        (Permission.EXCEPTION, "tool", ""),
        (Permission.UNCLEAR, "can i use tool", ""),
        (Permission.YES, "can i use copilot", "Yes. "),
        (Permission.YES, "can i not use copilot", ""),
        (Permission.YES, "must i use copilot as allowed", ""),
    ],
)
def test_the_verdict_on_a_tool(permitted: Permission, asked: str, expected: str) -> None:
    """Plain where the policy is plain and the question is not turned round, else none."""
    assert verdict(tool(permitted), wish(asked), asked) == expected


def test_an_unlisted_product_gets_no_verdict() -> None:
    """We do not know what it is."""
    assert verdict(None, Wish.USE, "can i use foobar") == ""


@pytest.mark.parametrize(
    ("permitted", "wished", "message"),
    [
        (Permission.YES, Wish.FORM, "tool_permitted"),
        (Permission.YES, Wish.USE, "tool_permitted"),
        (Permission.UNCLEAR, Wish.USE, "tool_unclear"),
        (Permission.UNCLEAR, Wish.FORM, "request"),
        (Permission.EXCEPTION, Wish.USE, "tool_exception"),
        (Permission.EXCEPTION, Wish.OTHER, "tool_exception"),
        (Permission.EXCEPTION, Wish.APPROVAL, "tool_approval"),
        (Permission.EXCEPTION, Wish.FORM, "request"),
    ],
)
def test_each_wish_has_its_sentence(permitted: Permission, wished: Wish, message: str) -> None:
    """The owners' sentence follows from the tool and the wish."""
    assert message_for(tool(permitted), wished) == message


def test_an_unlisted_product_has_sentences_too() -> None:
    """It can be asked for like any other."""
    assert message_for(None, Wish.USE) == "tool_unknown"
    assert message_for(None, Wish.FORM) == "request"
