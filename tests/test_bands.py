"""When an entry is the answer, when there is a choice, and when a verdict stands before the answer."""

import pytest

from knowledge.bands import CERTAIN, POSSIBLE, SURE, SURE_AT_HOME, Band, Bands
from knowledge.entries import Entry
from knowledge.matcher import Match
from knowledge.verdicts import CLEAR, PLAIN, entry_verdict


def entry(name: str, *cites: str, way: str = "what about AI") -> Entry:
    return Entry(id=name, question=way, answer="An answer.", cites=cites)


ENTRIES = {
    each.id: each
    for each in (
        entry("first", "4.2"),
        entry("kin", "4.2", "5.2"),
        entry("rival", "6.1"),
        entry("third", "3.1", way="what about decisions"),
    )
}
BANDS = Bands(ENTRIES, str)


def ranking(**confidences: float) -> list[Match]:
    return [Match(entry=name, confidence=confidence) for name, confidence in confidences.items()]


@pytest.mark.parametrize(
    ("asked", "confidences", "band"),
    [
        ("lamp", {"first": SURE}, Band.ANSWER),
        ("lamp", {"first": SURE - 0.01}, Band.CHOICE),
        ("lamp and AI", {"first": SURE_AT_HOME}, Band.ANSWER),
        ("lamp and AI", {"first": SURE_AT_HOME - 0.01}, Band.CHOICE),
        ("lamp", {"first": POSSIBLE - 0.01}, Band.NOTHING),
        ("lamp", {}, Band.NOTHING),
        ("lamp", {"first": 0.6, "rival": 0.5}, Band.CHOICE),
        ("lamp", {"first": 0.6, "rival": 0.3}, Band.ANSWER),
        ("lamp", {"first": 0.6, "kin": 0.5}, Band.ANSWER),
        ("lamp", {"first": 0.3, "kin": 0.28}, Band.ANSWER),
        ("lamp", {"first": CERTAIN, "rival": CERTAIN - 0.01}, Band.ANSWER),
    ],
)
def test_the_bands_of_a_ranking(asked: str, confidences: dict[str, float], band: Band) -> None:
    """Sure alone, sure with those on the same paragraph, certain in spite of a rival; else a choice or nothing."""
    assert BANDS.band(asked, ranking(**confidences)) is band


@pytest.mark.parametrize("asked", ["copilot", "5 2", "what is the", "copilot 365", ""])
def test_grammar_a_number_or_a_tools_name_never_carries(asked: str) -> None:
    """However high the confidence, unless an owner wrote exactly this as a way of asking."""
    assert BANDS.band(asked, ranking(first=0.99)) is Band.NOTHING
    assert BANDS.band(asked, ranking(first=1.0)) is Band.ANSWER


def test_a_caller_may_set_the_bar() -> None:
    """The second question of a message needs less than a message of its own."""
    assert BANDS.band("lamp", ranking(first=0.25), bar=POSSIBLE) is Band.ANSWER


CHECK = Entry(
    id="check",
    question="Who checks?",
    answer="Everything is checked.",
    phrasings=("checking the output",),
    yes=("must i check it",),
    no=("can i send it without checking",),
)
"""Its ways of asking are, in this order: headline, neutral, yes, no."""


def match(*likenesses: float) -> Match:
    return Match(entry="check", confidence=0.9, likenesses=likenesses)


@pytest.mark.parametrize(
    ("likenesses", "asked", "verdict"),
    [
        ((0.1, 0.1, 0.9, 0.1), "do i have to check it", "Yes. "),
        ((0.1, 0.1, 0.1, 0.9), "may i send it unchecked", "No. "),
        ((0.1, 0.9, 0.2, 0.1), "do i have to check it", ""),
        ((0.9, 0.1, 0.2, 0.1), "do i have to check it", ""),
        ((0.1, 0.1, PLAIN - 0.01, 0.1), "do i have to check it", ""),
        ((0.1, 0.1, 0.9, 0.9 - CLEAR / 2), "do i have to check it", ""),
        ((0.1, 0.1, 0.9, 0.1), "is it ok not to check it", ""),
        ((0.1, 0.1, 0.1, 0.9), "may i send it after checking", ""),
        ((0.1, 0.1, 0.9, 0.1), "who must check it", ""),
    ],
)
def test_a_verdict_needs_a_near_phrasing_put_the_same_way(
    likenesses: tuple[float, ...], asked: str, verdict: str
) -> None:
    """Near enough, clearly nearer than the opposite, and not turned round; else the statement stands alone."""
    assert entry_verdict(CHECK, match(*likenesses), asked, str) == verdict
