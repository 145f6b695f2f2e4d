"""Taking a message apart."""

import pytest

from knowledge.parts import MAX_LENGTH, MAX_PARTS, asks, cleared, parts


@pytest.mark.parametrize(
    ("message", "rest"),
    [
        ("Hi, can i use copilot?", "can i use copilot?"),
        ("Good morning all - is it allowed? Many thanks", "is it allowed"),
        ("hello", "hello"),
        ("thanks", "thanks"),
        ("  who approves it, please ", "who approves it"),
        ("history of the policy", "history of the policy"),
    ],
)
def test_courtesies_are_left_out_of_a_question(message: str, rest: str) -> None:
    """A greeting before and thanks after it say nothing about the question; alone they are the message."""
    assert cleared(message).rstrip("?") == rest.rstrip("?")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Is it allowed? Who approves it?", ["Is it allowed?", "Who approves it?"]),
        ("does it store data and can members use it", ["does it store data", "can members use it"]),
        ("who decides it, and how long does it take", ["who decides it", "how long does it take"]),
        ("I started in May. Do I need to follow the policy?", ["Do I need to follow the policy?"]),
        ("what does 5.2 say about otter.ai", ["what does 5.2 say about otter.ai"]),
        ("the pros and cons of it", ["the pros and cons of it"]),
        ("no", []),
    ],
)
def test_a_message_is_taken_apart_at_its_questions(text: str, expected: list[str]) -> None:
    """Two questions become two; what is only told is left out where something is asked."""
    assert parts(text) == expected


def test_statements_are_kept_where_nothing_is_asked() -> None:
    """Somebody may only tell what happened."""
    assert parts("I pasted a letter. It had names in it.") == ["I pasted a letter", "It had names in it."]


def test_a_long_mail_keeps_its_first_and_last_questions() -> None:
    """A mail of a hundred questions is cut to twelve, its end included."""
    found = parts("\n".join(f"is number {n} allowed?" for n in range(100)))
    assert len(found) == MAX_PARTS
    assert found[0] == "is number 0 allowed?"
    assert found[-1] == "is number 99 allowed?"


def test_a_huge_paste_is_cut_in_the_middle() -> None:
    """Both ends stay, where people put what they want."""
    text = cleared("first words " + "x" * 30_000 + " last words")
    assert len(text) <= MAX_LENGTH + 1
    assert text.startswith("first words")
    assert text.endswith("last words")


@pytest.mark.parametrize(
    "text", ["is it", "so can we", "what now", "tell me, can i use it", "really?", "and also who decides"]
)
def test_questions_are_recognised_without_a_mark(text: str) -> None:
    """On a phone nobody types the question mark."""
    assert asks(text)


@pytest.mark.parametrize("text", ["I pasted a letter", "it did get me thinking", "my form", ""])
def test_statements_are_no_questions(text: str) -> None:
    """Somebody only tells something."""
    assert not asks(text)
