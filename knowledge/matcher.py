"""A question -> the entries it may mean, best first, with a confidence that means what it says. No I/O, no clock."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from math import exp, log, sqrt

from knowledge.features import LETTERS, STEM, WORDS, Vector, Weights, letter_features, word_features
from knowledge.repair import Repair
from knowledge.words import stem, words

_SMOOTHING = 0.0066
_CENTRE = 8.0
"""Weight of the likeness to an entry's centre beside its naive Bayes score."""
_CROWDING = 0.7
"""A sum over n phrasings is divided by n to this power, so that long entries do not swallow short ones."""
_KEPT = 10
_REMEMBERED = 500
"""How many entries' phrasings are kept as vectors, once they were compared."""
_LETTERS_COMMON = 300
"""Runs of letters that more entries hold say nothing; so a large FAQ costs hardly more to ask than a small one."""
_LONGEST_LEAD = 8.0
_CONFIDENCE = (-3.97, 2.88, 0.49, 0.64, 0.83, 1.58)
"""Logistic weights of: one, likeness to the centre, lead in log-odds, likeness to the nearest phrasing, part of the
question's words that the entry holds, part of the question that any entry holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An entry a question may mean."""

    entry: str
    confidence: float
    likenesses: tuple[float, ...] = ()
    """How near each way of asking comes (the cosine, 1 for the same words); only for the first match."""

    @property
    def nearest(self) -> int:
        """The number of the way of asking that comes nearest."""
        return max(range(len(self.likenesses)), key=self.likenesses.__getitem__, default=0)


class Matcher:
    """Ranks entries for a question by mended words and letters; made in closed form, never changed."""

    def __init__(self, phrasings: Mapping[str, Sequence[str]], kept: Iterable[str] = ()) -> None:
        """Index the phrasings of each entry; `kept` words are known though no phrasing holds them."""
        self._ids = list(phrasings)
        texts = [[words(phrasing) for phrasing in ways] for ways in phrasings.values()]
        self._repair = Repair(Counter(word for ways in texts for way in ways for word in way), kept)
        self._texts = texts
        self._ways: dict[int, list[Vector]] = {}
        self._same = {
            " ".join(way): (entry, number)
            for entry, ways in reversed(list(enumerate(texts)))
            for number, way in reversed(list(enumerate(ways)))
        }
        counted = [[self._counted(way) for way in ways] for ways in texts]
        self._word_weights = Weights([[pair[0] for pair in ways] for ways in counted], len(counted))
        self._letter_weights = Weights([[pair[1] for pair in ways] for ways in counted], _LETTERS_COMMON)
        self._centres = [_pooled([self._weighed(*pair) for pair in ways]) for ways in counted]
        self._lengths = [sqrt(_dot(centre, centre)) or 1.0 for centre in self._centres]
        self._index, self._scarcity = self._indexed()

    def spelt(self, question: str) -> str:
        """Return the question's words, those that no entry knows mended where one known word is meant."""
        return " ".join(map(self._repair.best, words(question)))

    def knows(self, word: str) -> bool:
        """Whether a word is known as it was typed."""
        return self._repair.has(word)

    def rank(self, question: str) -> list[Match]:
        """Return up to ten matches, best first; none when the question shares nothing with any entry."""
        asked = words(question)
        vector = self._weighed(*self._counted(asked))
        scores = self._scores(vector)
        same = self._same.get(" ".join(asked)) if asked else None
        best = nlargest(_KEPT, range(len(scores)), key=scores.__getitem__)
        if same:
            best = [same[0], *(entry for entry in best if entry != same[0])]
        elif not best or not _dot(vector, self._centres[best[0]]):
            return []
        return self._matches(vector, best, scores, exact=same is not None)

    def nearest(self, question: str, entry: str) -> int:
        """Return the number of the entry's way of asking that comes nearest to a question."""
        vector = self._weighed(*self._counted(words(question)))
        likenesses = self._likenesses(vector, self._ids.index(entry))
        return likenesses.index(max(likenesses))

    def carried(self, question: str, entry: str) -> list[str]:
        """Return the words of a question that speak for an entry, the most telling first."""
        number = self._ids.index(entry)
        weights: dict[str, float] = {}
        for word in words(question):
            key = STEM + stem(self._repair.best(word))
            held = next((weight for each, weight in self._index.get(key, ()) if each == number), 0.0)
            weights[word] = held * self._word_weights.rarity(key)
        return [word for word in sorted(weights, key=weights.__getitem__, reverse=True) if weights[word] > 0]

    def _matches(self, vector: Vector, best: list[int], scores: list[float], exact: bool) -> list[Match]:
        top = max(scores[entry] for entry in best)
        shares = [exp(scores[entry] - top) for entry in best]
        likenesses = self._likenesses(vector, best[0])
        confidence = 1.0 if exact else self._confidence(vector, best[0], shares, max(likenesses))
        first = Match(entry=self._ids[best[0]], confidence=confidence, likenesses=likenesses)
        others = zip(best[1:], shares[1:], strict=True)
        return [first, *(Match(entry=self._ids[entry], confidence=confidence * share) for entry, share in others)]

    def _confidence(self, vector: Vector, entry: int, shares: list[float], likeness: float) -> float:
        part = shares[0] / sum(shares)
        lead = min(log(part + 1e-9) - log(1 - part + 1e-9), _LONGEST_LEAD)
        evidence = (
            1.0,
            _dot(vector, self._centres[entry]) / self._lengths[entry],
            lead,
            likeness,
            self._held(vector, entry),
            sqrt(_dot(vector, vector)),
        )
        return 1 / (1 + exp(-sum(weight * value for weight, value in zip(_CONFIDENCE, evidence, strict=True))))

    def _held(self, vector: Vector, entry: int) -> float:
        weights = {key: value * value for key, value in vector.items() if key[0] == STEM}
        held = sum(weight for key, weight in weights.items() if key in self._centres[entry])
        return held / sum(weights.values()) if held else 0.0

    def _likenesses(self, vector: Vector, entry: int) -> tuple[float, ...]:
        ways = self._ways.get(entry)
        if ways is None:
            if len(self._ways) >= _REMEMBERED:
                self._ways.clear()
            ways = self._ways[entry] = [self._weighed(*self._counted(way)) for way in self._texts[entry]]
        return tuple(_dot(vector, way) for way in ways)

    def _scores(self, vector: Vector) -> list[float]:
        mass = sum(vector.values())
        scores = [mass * scarcity for scarcity in self._scarcity]
        for key, value in vector.items():
            for entry, weight in self._index.get(key, ()):
                scores[entry] += value * weight
        return scores

    def _counted(self, asked: Sequence[str]) -> tuple[Vector, Vector]:
        readings = [self._repair.readings(word) for word in asked]
        return word_features(readings), letter_features(asked, readings)

    def _weighed(self, by_word: Vector, by_letter: Vector) -> Vector:
        vector = self._word_weights.weigh(by_word, WORDS)
        vector.update(self._letter_weights.weigh(by_letter, LETTERS))
        return vector

    def _indexed(self) -> tuple[dict[str, list[tuple[int, float]]], list[float]]:
        """Return each feature's weight for each entry that holds it, and each entry's weight for any other feature."""
        index: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        scarcity = []
        kinds = len(self._word_weights) + len(self._letter_weights)
        for entry, (centre, length) in enumerate(zip(self._centres, self._lengths, strict=True)):
            scarcity.append(-log(sum(centre.values()) + _SMOOTHING * kinds))
            for key, value in centre.items():
                index[key].append((entry, log(value / _SMOOTHING + 1) + _CENTRE * value / length))
        return dict(index), scarcity


def _pooled(ways: Sequence[Vector]) -> Vector:
    """Return the sum of an entry's phrasings, held near their mean."""
    share = len(ways) ** -_CROWDING
    mass: defaultdict[str, float] = defaultdict(float)
    for way in ways:
        for key, value in way.items():
            mass[key] += value * share
    return mass


def _dot(first: Vector, second: Vector) -> float:
    return sum([value * second[key] for key, value in first.items() if key in second])
