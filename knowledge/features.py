"""What a text is compared by: stems, pairs of stems and short runs of letters, each weighed by how telling it is."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from math import log, sqrt

from knowledge.repair import Readings
from knowledge.words import FUNCTION_WORDS, stem

Vector = dict[str, float]

_FUNCTION_WORD = 0.7
_PAIR = 0.5
_PAIR_WITH_GAP = 0.3
WORDS, LETTERS = 0.8, 0.6
"""Lengths of the two parts of a vector of length one; letters forgive what repair cannot mend."""
STEM = "="
"""The mark before a stem; pairs hold an underscore, runs of letters neither."""
_RUNS = (2, 3, 4)
_COMMON_SHARE = 0.5
_COMMON_LEAST = 3


def word_features(readings: Sequence[Readings]) -> Vector:
    """Return stems, neighbouring stems and stems with one word between, with their counts."""
    counts: defaultdict[str, float] = defaultdict(float)
    stems = ["^"]
    for meanings in readings:
        for word, belief in meanings:
            counts[STEM + stem(word)] += belief * _weight(word)
        stems.append(stem(meanings[0][0]))
    stems.append("$")
    for first, second in pairwise(stems):
        counts[f"{first}_{second}"] += _PAIR
    for first, third in zip(stems, stems[2:], strict=False):
        counts[f"{first}__{third}"] += _PAIR_WITH_GAP
    return counts


def letter_features(words: Sequence[str], readings: Sequence[Readings]) -> Vector:
    """Return runs of two to four letters of every word; a mended word counts half as typed, half as mended."""
    counts: defaultdict[str, float] = defaultdict(float)
    for word, meanings in zip(words, readings, strict=True):
        spellings: Iterable[tuple[str, float]] = meanings
        if meanings[0][0] != word:
            spellings = chain([(word, 0.5)], ((meaning, belief / 2) for meaning, belief in meanings))
        for spelling, share in spellings:
            share *= _weight(spelling)
            for run in _runs(spelling):
                counts[run] += share
    return counts


def _weight(word: str) -> float:
    return _FUNCTION_WORD if word in FUNCTION_WORDS else 1.0


@lru_cache(maxsize=20_000)
def _runs(word: str) -> tuple[str, ...]:
    framed = f"#{word}#"
    return tuple(framed[i : i + size] for size in _RUNS for i in range(len(framed) - size + 1))


class Weights:
    """How telling each feature is: the fewer entries hold it, the more; what most entries hold says nothing."""

    def __init__(self, entries: Sequence[Sequence[Vector]], limit: int) -> None:
        """Count in how many entries each feature stands; more than half of them, or than `limit`, is too common."""
        holders = Counter(key for phrasings in entries for key in set(chain.from_iterable(phrasings)))
        common = max(_COMMON_LEAST, min(limit, _COMMON_SHARE * len(entries)))
        self._rarity = {
            key: log((1 + len(entries)) / (1 + count)) + 1 if count <= common else 0.0 for key, count in holders.items()
        }
        self._unknown = max(self._rarity.values(), default=1.0)

    def __len__(self) -> int:
        return len(self._rarity)

    def rarity(self, key: str) -> float:
        """Return how telling a feature is; 0 for one that no entry, or nearly every one, holds."""
        return self._rarity.get(key, 0.0)

    def weigh(self, counts: Mapping[str, float], scale: float) -> Vector:
        """Return a vector of length `scale`; unknown stems and letters lengthen it, so that nonsense scores low."""
        vector: Vector = {}
        known = unknown = 0.0
        for key, count in counts.items():
            rarity = self._rarity.get(key)
            if rarity is None:
                if "_" not in key:
                    unknown += (_damped(count) * self._unknown) ** 2
            elif rarity:
                value = vector[key] = _damped(count) * rarity
                known += value * value
        length = sqrt(known + unknown) or 1.0
        return {key: value * scale / length for key, value in vector.items()}


def _damped(count: float) -> float:
    return 1 + log(count) if count > 1 else count
