"""Whether a message asks what one numbered paragraph says."""

import re

from knowledge.words import FUNCTION_WORDS, word_set, words

_NUMBER = re.compile(r"\b\d\.\d\b")
_ASKING = word_set("what say says said mean means meaning paragraph para section clause read state states")
_AROUND = FUNCTION_WORDS | _ASKING | word_set("number policy report explain summarise text point under meant")


def asked_paragraph(text: str) -> str:
    """Return the number of the paragraph whose wording is asked for; empty where more, or something else, is asked."""
    numbers = _NUMBER.findall(text)
    rest = words(_NUMBER.sub(" ", text))
    is_asked = len(numbers) == 1 and not _ASKING.isdisjoint(rest) and _AROUND.issuperset(rest)
    return numbers[0] if is_asked else ""
