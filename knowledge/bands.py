"""The three bands of a ranking: an answer, a choice of entries, or nothing."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from enum import Enum, auto

from knowledge.entries import Entry, Outcome
from knowledge.matcher import Match
from knowledge.words import FUNCTION_WORDS, stem, words

SURE = 0.55
"""From this confidence on, an entry is the answer;"""
SURE_AT_HOME = 0.4
"""from this one on, where the question speaks the FAQ's own language;"""
POSSIBLE = 0.2
"""and from this one on, an entry is worth offering."""
CERTAIN = 0.8
"""From this confidence on, an entry is the answer even when another is close."""
CLOSE = 0.6
"""Another entry is close when its confidence is at least this share of the first's."""
_HOME_SHARE = 0.25
_NO_SUBJECT = FUNCTION_WORDS | {"copilot"}
_POLICY = frozenset({Outcome.ANSWER, Outcome.NONE})


class Band(Enum):
    """What a ranking is good for."""

    ANSWER = auto()
    CHOICE = auto()
    NOTHING = auto()


class Bands:
    """Tells the bands apart; made once for a set of entries."""

    def __init__(self, entries: Mapping[str, Entry], normal: Callable[[str], str]) -> None:
        """Learn the FAQ's own words: those that a quarter of its policy entries hold once `normal` has read them."""
        self._entries = entries
        policy = [entry for entry in entries.values() if entry.outcome in _POLICY]
        holders = Counter(
            each for entry in policy for each in {stem(w) for way in entry.ways for w in words(normal(way))}
        )
        self._home = {
            word for word, count in holders.items() if count >= _HOME_SHARE * len(policy) and word not in FUNCTION_WORDS
        }

    def band(self, asked: str, matches: Sequence[Match], bar: float | None = None) -> Band:
        """Return the band of a ranking; `bar` replaces the confidence from which on an entry is the answer."""
        if not matches or (matches[0].confidence < 1 and not has_subject(asked)):
            return Band.NOTHING
        if bar is None:
            bar = SURE_AT_HOME if self._is_at_home(asked) else SURE
        if matches[0].confidence >= CERTAIN or (self._backing(matches) >= bar and not self._is_close(matches)):
            return Band.ANSWER
        return Band.CHOICE if matches[0].confidence >= POSSIBLE else Band.NOTHING

    def _is_at_home(self, asked: str) -> bool:
        return not self._home.isdisjoint(map(stem, words(asked)))

    def _backing(self, matches: Sequence[Match]) -> float:
        """Return the confidence in the best match, with that of others that rest on the same paragraphs."""
        return min(1.0, sum(match.confidence for match in matches if self._are_kin(matches[0], match)))

    def _is_close(self, matches: Sequence[Match]) -> bool:
        rivals = (match.confidence for match in matches if not self._are_kin(matches[0], match))
        return max(rivals, default=0.0) >= CLOSE * matches[0].confidence

    def _are_kin(self, first: Match, second: Match) -> bool:
        """Whether two matches are one entry, or rest on a common paragraph, so that either answers the question."""
        cites = self._entries[first.entry].cites, self._entries[second.entry].cites
        return first.entry == second.entry or not set(cites[0]).isdisjoint(cites[1])


def has_subject(asked: str) -> bool:
    """Whether a question says more than grammar, a number or a tool's name, which never carry a match alone."""
    return any(word not in _NO_SUBJECT and not word.isdigit() for word in words(asked))
