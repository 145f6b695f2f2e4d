"""Ranking: the right entry first, and a confidence that can be relied on."""

from collections.abc import Iterator
from time import process_time

import pytest

from knowledge.bench import Adapter
from knowledge.matcher import Matcher
from knowledge.typos import with_typos

GARDEN = {
    "water": ["how often do i water the tomatoes", "when should tomatoes be watered", "watering times for tomatoes"],
    "prune": ["when do i prune the apple tree", "best month for pruning apples", "how do i cut back an apple tree"],
    "slugs": ["how do i get rid of slugs", "slugs are eating my lettuce", "what keeps slugs away"],
    "compost": ["what may go on the compost heap", "can i compost eggshells", "is citrus peel fine for composting"],
}


@pytest.fixture(scope="module")
def garden() -> Matcher:
    return Matcher(GARDEN)


@pytest.mark.parametrize(
    ("question", "entry"),
    [
        ("tomatoes - how much watering do they want", "water"),
        ("prunning my aple tree, which month", "prune"),
        ("SLUGS!!! lettuce gone", "slugs"),
        ("may eggshels go on teh compost", "compost"),
    ],
)
def test_the_right_entry_comes_first(garden: Matcher, question: str, entry: str) -> None:
    """In other words, in another order, shouted or misspelt."""
    first, *others = garden.rank(question)
    assert first.entry == entry
    assert first.confidence > 0.5
    assert all(other.confidence < first.confidence / 2 for other in others)


def test_a_phrasing_itself_is_certain(garden: Matcher) -> None:
    """What an owner wrote as a way of asking is answered with full confidence, punctuation aside."""
    best = garden.rank("Slugs are eating my lettuce!")[0]
    assert (best.entry, best.confidence) == ("slugs", 1.0)
    assert best.nearest == 1
    assert max(best.likenesses) == pytest.approx(1)


@pytest.mark.parametrize("question", ["", "???", "\u0433\u0434\u0435 \u0441\u0430\u0434", "   "])
def test_a_question_without_words_matches_nothing(garden: Matcher, question: str) -> None:
    """There is nothing to go by."""
    assert garden.rank(question) == []


@pytest.mark.parametrize("question", ["asdfghjkl", "which bus goes to the station", "my laptop will not start", "42"])
def test_strange_questions_get_little_confidence(garden: Matcher, question: str) -> None:
    """Nonsense and other subjects are not answered from a garden book."""
    assert all(match.confidence < 0.3 for match in garden.rank(question))


def test_unknown_words_lower_the_confidence(garden: Matcher) -> None:
    """The more of a question nobody wrote about, the less the match is worth."""
    plain = garden.rank("get rid of slugs")[0].confidence
    strange = garden.rank("get rid of a parking ticket from last november")
    assert all(match.confidence < plain - 0.2 for match in strange)


def test_confidence_survives_a_growing_faq() -> None:
    """Forty more entries about other things change neither the winner nor much of its confidence."""
    others = {f"other-{n}": [f"subject{n} question{n} about thing{n}", f"tell me of matter{n}"] for n in range(40)}
    small, large = Matcher(GARDEN), Matcher(GARDEN | others)
    question = "how do i keep slugs off the lettuce"
    before, after = small.rank(question)[0], large.rank(question)[0]
    assert before.entry == after.entry == "slugs"
    assert abs(before.confidence - after.confidence) < 0.15


def test_many_phrasings_do_not_swallow_a_neighbour() -> None:
    """An entry with forty phrasings leaves a question to the entry with three that says it best."""
    greedy = {"greedy": [f"how do i plant bed number {n} in the garden" for n in range(40)]}
    assert Matcher(GARDEN | greedy).rank("when do i water the tomatoes in the garden")[0].entry == "water"


def test_misspelt_questions_find_what_clean_ones_find(garden: Matcher) -> None:
    """A slip or two in every phrasing seldom changes the winner."""

    def hits() -> Iterator[bool]:
        for entry, ways in GARDEN.items():
            for way in ways:
                yield garden.rank(with_typos(way))[0].entry == entry

    assert sum(hits()) >= 11


def test_spelling_is_mended_with_the_words_of_the_faq(garden: Matcher) -> None:
    """What is unknown becomes the nearest known word; the rest stays."""
    assert garden.spelt("Watr teh tomatos on Tuesday") == "water the tomatoes on tuesday"


def test_an_entry_without_rivals_still_ranks() -> None:
    """A FAQ of one entry is a small one, not a broken one."""
    assert Matcher({"only": ["how do i open the door"]}).rank("open the door")[0].entry == "only"
    assert Matcher({}).rank("anything") == []


def test_a_long_pasted_text_costs_little(garden: Matcher) -> None:
    """Six thousand letters of mail are read in a moment."""
    text = "the tomatoes and the slugs and the minutes of the annual meeting " * 90
    started = process_time()
    garden.rank(text)
    assert process_time() - started < 1


def test_the_bench_sees_ids_with_confidences() -> None:
    """The adapter has the two methods that the retrieval bench calls."""
    adapter = Adapter()
    adapter.fit(GARDEN)
    ranked = adapter.rank("slugs on lettuce")
    assert ranked[0][0] == "slugs"
    assert [confidence for _, confidence in ranked] == sorted((confidence for _, confidence in ranked), reverse=True)
