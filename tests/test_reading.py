"""Reading ages, held against texts whose ease anybody can judge."""

from knowledge.reading import reading_age, sentences


def test_short_words_in_short_sentences_suit_a_child() -> None:
    """A primer reads easily below the age of eight."""
    assert reading_age("The cat sat on the mat. It was a fat cat.") < 8


def test_the_language_of_committees_asks_for_more() -> None:
    """Long words in one long sentence ask for an adult."""
    assert reading_age("Notwithstanding organisational considerations, accountability necessitates documentation.") > 18


def test_names_and_paragraph_numbers_do_not_count() -> None:
    """Nobody can make "IT Operations & Security Manager (5.2)" shorter."""
    plain = reading_age("Ask him first.")
    assert abs(reading_age("Ask the IT Operations & Security Manager first (4.2, 5.2).") - plain) < 4


def test_each_item_of_a_list_is_a_sentence() -> None:
    """A list is read item by item."""
    assert sentences("You may:\n- write\n- read (4.2)\nStop.") == ["You may:", "write", "read \nStop."]


def test_a_text_without_words_has_no_age() -> None:
    """Nothing to read is nothing to complain about."""
    assert reading_age("... 5.2 ...") == 0
