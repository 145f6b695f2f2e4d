"""What the knowledge files lack: questions that went without an answer, near-duplicates together."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from bot.questions.asked import Asked, Ending
from knowledge.words import FUNCTION_WORDS, stem, words

ALIKE = 75.0
"""From this likeness of their subject words on (0 to 100), two questions are one gap."""
_NO_SUBJECT = FUNCTION_WORDS | {"copilot"}
_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One thing people ask in vain: how often, how it ended, and as what."""

    phrasing: str
    """The way it was asked most, tidied: a proposal for the headline of a new entry, or a phrasing of an old one."""
    endings: Mapping[Ending, int]
    entries: tuple[str, ...]
    """The entries that were shown and did not fit."""
    ways: tuple[str, ...]
    """Other ways in which it was asked."""

    @property
    def times(self) -> int:
        """How often it was asked."""
        return sum(self.endings.values())


def gaps(counts: Mapping[Asked, int]) -> tuple[Gap, ...]:
    """Every gap, what was asked most first."""
    bad = {asked: times for asked, times in counts.items() if asked.ending.is_bad and asked.text}
    found = [_gap({each: bad[each] for each in group}) for group in _groups(bad)]
    return tuple(sorted(found, key=lambda gap: (-gap.times, gap.phrasing)))


def lines(found: tuple[Gap, ...]) -> Iterator[str]:
    """A table for a terminal or a spreadsheet, columns parted by tabs."""
    yield "\t".join(("times", *(ending.value for ending in Ending if ending.is_bad), "shown", "phrasing", "also"))
    for gap in found:
        endings = (str(gap.endings.get(ending, 0)) for ending in Ending if ending.is_bad)
        also = " | ".join(gap.ways[:_SHOWN])
        yield "\t".join((str(gap.times), *endings, " ".join(gap.entries), gap.phrasing, also))


def subject(text: str) -> list[str]:
    """The stems of the words that say what a question is about; all of its words where none does."""
    every = words(text)
    return [stem(word) for word in every if word not in _NO_SUBJECT] or every


def tidied(text: str) -> str:
    """A question as it would be printed: one line, a capital letter, a question mark."""
    line = " ".join(text.split()).rstrip("?.! ")
    return f"{line[:1].upper()}{line[1:]}?"


def _groups(asked: Mapping[Asked, int]) -> list[list[Asked]]:
    """Each question joins the first group whose most asked question is like it."""
    groups: list[tuple[str, list[Asked]]] = []
    for each in sorted(asked, key=lambda each: (-asked[each], each.day, each.text)):
        about = " ".join(subject(each.text))
        alike = (group for key, group in groups if fuzz.token_sort_ratio(key, about) >= ALIKE)
        if (group := next(alike, None)) is not None:
            group.append(each)
        else:
            groups.append((about, [each]))
    return [group for _, group in groups]


def _gap(counts: Mapping[Asked, int]) -> Gap:
    texts: Counter[str] = Counter()
    endings: Counter[Ending] = Counter()
    for asked, times in counts.items():
        texts[asked.text] += times
        endings[asked.ending] += times
    most, *others = (text for text, _ in sorted(texts.items(), key=lambda pair: (-pair[1], len(pair[0]), pair[0])))
    entries = dict.fromkeys(asked.entry for asked in counts if asked.entry)
    return Gap(phrasing=tidied(most), endings=endings, entries=tuple(entries), ways=tuple(others))
