"""Words, stems and slips: what people type on a phone."""

import pytest

from knowledge.repair import Repair
from knowledge.typos import with_typos
from knowledge.words import stem, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Can I use Copilot?", ["can", "i", "use", "copilot"]),
        ("Don\u2019t u think it's OK?", ["do", "not", "you", "think", "it", "is", "okay"]),
        ("caf\u00e9 \uff23opilot", ["cafe", "copilot"]),
        ("5.2", ["5", "2"]),
        ("\u043f\u0440\u0438\u0432\u0435\u0442 \U0001f600", []),
        ("", []),
    ],
)
def test_words_are_folded_and_spelt_out(text: str, expected: list[str]) -> None:
    """Capitals, accents, apostrophes and chat shorthand make no difference."""
    assert words(text) == expected


@pytest.mark.parametrize(
    "family",
    [
        ["check", "checks", "checked", "checking"],
        ["policy", "policies"],
        ["apply", "applies", "applied", "applying"],
        ["generate", "generated", "generating", "generation"],
        ["licence", "licences"],
        ["judgement", "judgment"],
        ["organise", "organize"],
    ],
)
def test_forms_of_a_word_meet_in_one_stem(family: list[str]) -> None:
    """`checking` finds what was written as `checked`."""
    assert len({stem(word) for word in family}) == 1


@pytest.mark.parametrize("pair", [("policy", "police"), ("bias", "bin"), ("its", "it"), ("data", "date")])
def test_different_words_keep_different_stems(pair: tuple[str, str]) -> None:
    """Stems must not throw together what people tell apart."""
    assert stem(pair[0]) != stem(pair[1])


KNOWN = Repair(
    {"the": 9, "copilot": 9, "policy": 5, "risk": 3, "rise": 1, "approval": 4, "you": 3, "confidentiality": 1}
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("copilto", "copilot"),
        ("vopilot", "copilot"),
        ("coplt", "coplt"),
        ("rsik", "risk"),
        ("hte", "the"),
        ("yu", "you"),
        ("aproval", "approval"),
        ("apporvl", "approval"),
        ("konfidenciality", "confidentiality"),
        ("policy", "policy"),
        ("42", "42"),
        ("x", "x"),
        ("zebra", "zebra"),
    ],
)
def test_a_slip_is_read_as_the_word_that_was_meant(typed: str, meant: str) -> None:
    """One slip up to six letters, two in longer words; what is like no known word stays as it is."""
    assert KNOWN.best(typed) == meant


def test_beliefs_in_a_mended_word_add_up_to_less_than_one() -> None:
    """A word that had to be mended counts for less than one typed right, shared among its readings."""
    readings = KNOWN.readings("rise" + "k")
    assert KNOWN.readings("risk") == (("risk", 1.0),)
    assert 0 < sum(belief for _, belief in readings) < 1
    assert [belief for _, belief in readings] == sorted((belief for _, belief in readings), reverse=True)


def test_known_words_are_told_from_strange_ones() -> None:
    """A slip of a known word is known, nonsense is not."""
    assert KNOWN.knows("copilto")
    assert not KNOWN.knows("blancmange")


def test_added_typos_are_slight_and_repeatable() -> None:
    """A score with typos must not change from run to run."""
    text = "can councillors use copilot for ward work?"
    assert with_typos(text) == with_typos(text) != text
    assert abs(len(with_typos(text)) - len(text)) <= 2


@pytest.mark.parametrize("text", ["", "5.2", "a b", "?!"])
def test_texts_without_long_words_get_no_typos(text: str) -> None:
    """There is nothing to slip on."""
    assert with_typos(text) == text
