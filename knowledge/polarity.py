"""Which way round a question is put, so that nobody is given the opposite verdict."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.words import stem, word_set, words

_NEGATIONS = frozenset(
    stem(word)
    for word in word_set(
        """not no never without nor none nobody nothing neither hardly unless except skip avoid ignore unchecked
        unapproved unsupervised banned ban forbidden prohibited disallowed against optional refuse stop exempt excluded
        dodge bypass"""
    )
)
_OBLIGATION = word_set("must need obliged required mandatory compulsory supposed responsible")
_PERMISSION = word_set("can may could allowed permitted okay fine alright acceptable able free")
_OPEN_QUESTIONS = word_set("what which who whom whose how why when where")
_OBLIGING = re.compile(r"\b(have|has|had|got|ought) to\b")
_TAG = re.compile(r"\b(?:yes or no|or not|right)\W*$", re.IGNORECASE)
_TURNING = frozenset(
    stem(word)
    for word in word_set(
        """outside inside leave stay keep public private only always everything anything all any other another
        different instead replace support unsafe dangerous wrong false less fewer more before after already until
        opposite hide secretly myself alone anyway still"""
    )
)


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
        turns=frozenset(map(stem, asked)) & _TURNING,
    )


def _mood(asked: Sequence[str]) -> str:
    if not asked or _OPEN_QUESTIONS & set(asked[:2]):
        return "open"
    if _OBLIGATION & set(asked) or _OBLIGING.search(" ".join(asked)):
        return "obliged"
    return "permitted" if _PERMISSION & set(asked) else "plain"
