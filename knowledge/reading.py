"""How old a reader must be for a text: Flesch-Kincaid, counted over its sentences."""

import re

_ASIDE = re.compile(r"\([^()]*\)|[*_`#]")
_SENTENCE_END = re.compile(r"(?<=[.!?:;])\s+(?:[-•]\s+)?|\n\s*(?:[-•]|\d+\.)\s+")
_WORD = re.compile(r"[A-Za-z][A-Za-z'\u2019-]*")
_NAME = re.compile(r"(?<=[a-z,&] )[A-Z][\w'\u2019&-]*(?: (?:&|of|and|[A-Z][\w'\u2019-]*))*")
_SILENT = re.compile(r"(?<![aeiouyl])e$|(?<![aeiouydt])ed$|(?<=[aeiouy][^aeiouy])e(?=s$|ly$|ment)")
_VOWELS = re.compile(r"[aeiouy]+")
_SCHOOL_AGE = 5


def sentences(text: str) -> list[str]:
    """Return the sentences of a Markdown text, without what stands in brackets."""
    return [part.strip() for part in _SENTENCE_END.split(_ASIDE.sub("", text)) if _WORD.search(part)]


def reading_age(text: str) -> float:
    """Return the age, in years, at which a text reads easily; a name counts as one plain word (0 for no words)."""
    parts = [_WORD.findall(_NAME.sub("name", part)) for part in sentences(text)]
    total = sum(map(len, parts))
    if not total:
        return 0.0
    syllables = sum(_syllables(word) for part in parts for word in part)
    return 0.39 * total / len(parts) + 11.8 * syllables / total - 15.59 + _SCHOOL_AGE


def _syllables(word: str) -> int:
    return max(1, len(_VOWELS.findall(_SILENT.sub("", word.lower()))))
