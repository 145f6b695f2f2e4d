"""Whether "Yes." or "No." may stand before an entry's answer."""

from collections.abc import Callable

from knowledge.entries import Entry
from knowledge.matcher import Match
from knowledge.polarity import polarity

PLAIN = 0.55
"""How near a phrasing must come before its verdict is given, and"""
CLEAR = 0.1
"""by how much nearer than any phrasing with the opposite verdict."""


def entry_verdict(entry: Entry, match: Match, asked: str, normal: Callable[[str], str]) -> str:
    """Return "Yes. " or "No. " where the nearest phrasing has it and is put the same way round as the question.

    Of phrasings that are equally near, one with a verdict counts. `normal` turns a phrasing into the words the matcher
    sees, as `asked` is already.
    """
    neutral = len(entry.ways) - len(entry.yes) - len(entry.no)
    sides = [""] * neutral + ["Yes. "] * len(entry.yes) + ["No. "] * len(entry.no)
    nearest = max(range(len(sides)), key=lambda way: (match.likenesses[way], bool(sides[way])))
    side, likeness = sides[nearest], match.likenesses[nearest]
    if not side or likeness < PLAIN:
        return ""
    opposite = [near for near, other in zip(match.likenesses, sides, strict=True) if other not in ("", side)]
    if likeness - max(opposite, default=0.0) < CLEAR:
        return ""
    return side if polarity(asked).agrees(polarity(normal(entry.ways[nearest]))) else ""
