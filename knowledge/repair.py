"""Mending what was mistyped: an unknown word -> the words of the FAQ it most likely stands for."""

from collections.abc import Iterable, Mapping
from math import sqrt

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.words import FUNCTION_WORDS

Readings = tuple[tuple[str, float], ...]
"""What a typed word may mean: known words, likeliest first, and how far each is believed; together at most 1."""

_BELIEF = {1: 0.9, 2: 0.75}
_OTHER_INITIAL = 0.3
_MEMORY = 20_000


class Repair:
    """Reads misspelt words as known ones, by optimal string alignment distance: 1 up to six letters, else 2."""

    def __init__(self, frequencies: Mapping[str, int], kept: Iterable[str] = ()) -> None:
        """Know words by how often they stand in the FAQ; `kept` words are known, too, and grammar is never mended."""
        self._frequencies = dict.fromkeys(kept, 1) | dict(frequencies)
        self._words = sorted(self._frequencies)
        self._memory: dict[str, Readings] = {}

    def readings(self, word: str) -> Readings:
        """Return what a typed word may mean; a known word, a number, or a word like no other means itself."""
        if self.has(word) or len(word) < 2 or word.isdigit():
            return ((word, 1.0),)
        found = self._memory.get(word)
        if found is None:
            if len(self._memory) >= _MEMORY:
                self._memory.clear()
            found = self._memory[word] = self._nearest(word) or ((word, 1.0),)
        return found

    def best(self, word: str) -> str:
        """Return the known word that a typed word most likely means, or the word itself."""
        return self.readings(word)[0][0]

    def has(self, word: str) -> bool:
        """Whether a word is known as it was typed."""
        return word in self._frequencies or word in FUNCTION_WORDS

    def knows(self, word: str) -> bool:
        """Whether a word is known, as typed or mended."""
        return self.has(self.best(word))

    def _nearest(self, word: str) -> Readings:
        near = process.extract(
            word, self._words, scorer=OSA.distance, processor=None, score_cutoff=1 if len(word) <= 6 else 2, limit=8
        )
        likely = [(known, distance) for known, distance, _ in near if _plausible(word, known, distance)]
        if not likely:
            return ()
        best = min(distance for _, distance in likely)
        votes = sorted(
            ((self._vote(word, known), known) for known, distance in likely if distance == best), reverse=True
        )
        total = sum(vote for vote, _ in votes)
        return tuple((known, _BELIEF[best] * vote / total) for vote, known in votes)

    def _vote(self, word: str, known: str) -> float:
        """Typists seldom miss the first letter, and mean common words more often."""
        return (1.0 if known[0] == word[0] else _OTHER_INITIAL) * sqrt(self._frequencies[known])


def _plausible(word: str, known: str, distance: int) -> bool:
    """Whether a slip is likely: the first letter is seldom wrong in a short word, unless it was swapped."""
    if len(known) < 3:
        return False
    swapped = word[1::-1] + word[2:] == known
    return known[0] == word[0] or swapped or (distance == 1 and len(word) > 3) or len(word) > 9
