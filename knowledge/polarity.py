"""Which way round a question is put, so that nobody is given the opposite verdict."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.words import AUXILIARIES, stem, word_set, words

_NEGATING = word_set(
    """not no never without nor none nobody nothing neither hardly unless except skip avoid ignore unchecked unapproved
    unsupervised banned ban forbidden prohibited disallowed against optional refuse stop exempt excluded dodge bypass"""
)
_TURNING = word_set(
    """outside inside leave stay keep public private only always everything anything all any other another different
    instead replace support unsafe dangerous wrong false less fewer more before after already until opposite hide
    secretly myself alone anyway still"""
)
_OBLIGING = word_set("must need obliged required mandatory compulsory supposed responsible")
_PERMITTING = word_set("can may could allowed permitted okay fine alright acceptable able free")
_OPENING = word_set("what which who whom whose how why when where")
_HAVE_TO = re.compile(r"\b(have|has|had|got|ought) to\b")
_TAG = re.compile(r"\b(?:yes or no|or not|right)\W*$", re.IGNORECASE)

_NOT_SPELT = sorted({"not", "nt", "never", "without", "cant", "wont", *(f"{auxiliary}nt" for auxiliary in AUXILIARIES)})

TELLING = _NEGATING | _TURNING | _OBLIGING | _PERMITTING | _OPENING
"""Words on which a verdict hangs: they must never be taken for misspelt ones."""

_NEGATIONS = frozenset(map(stem, _NEGATING))
_TURNS = frozenset(map(stem, _TURNING))


@dataclass(frozen=True, slots=True, kw_only=True)
class Polarity:
    """How a question is turned."""

    negated: bool
    mood: str
    """obliged ("must I"), permitted ("may I"), open ("who", "how": no verdict at all) or plain ("does it", "is it")."""
    turns: frozenset[str]
    """Stems on which the truth of an answer turns, such as outside, only, before."""

    def agrees(self, other: "Polarity") -> bool:
        """Whether two questions are put the same way round, so that one verdict is right for both."""
        moods = {self.mood, other.mood}
        if "open" in moods or moods == {"obliged", "permitted"}:
            return False
        return self.negated == other.negated and self.turns == other.turns


def polarity(text: str) -> Polarity:
    """Return which way round a question is put."""
    asked = words(_TAG.sub("", text))
    return Polarity(
        negated=sum(stem(word) in _NEGATIONS for word in asked) % 2 == 1,
        mood=_mood(asked),
        turns=frozenset(map(stem, asked)) & _TURNS,
    )


def may_hide_negation(typed: str, is_known: Callable[[str], bool]) -> bool:
    """Whether a strange word of what was typed could be a misspelt `not` or `don't`."""
    return any(
        process.extractOne(
            word, _NOT_SPELT, scorer=OSA.distance, processor=None, score_cutoff=2 if len(word) > 5 else 1
        )
        for word in words(typed)
        if not is_known(word)
    )


def _mood(asked: Sequence[str]) -> str:
    if not asked or _OPENING & set(asked[:2]):
        return "open"
    if _OBLIGING & set(asked) or _HAVE_TO.search(" ".join(asked)):
        return "obliged"
    return "permitted" if _PERMITTING & set(asked) else "plain"
