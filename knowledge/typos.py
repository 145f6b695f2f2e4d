"""Slips of the thumb, for measuring: one or two a question, the same every time."""

import random
import re
from hashlib import sha256

_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_LONG_WORD = re.compile(r"[A-Za-z]{3,}")


def with_typos(text: str) -> str:
    """Return the text with one or two letters of its longer words hit beside, lost, doubled or swapped."""
    choice = random.Random(sha256(text.encode()).digest())
    for _ in range(choice.randint(1, 2)):
        places = [place for word in _LONG_WORD.finditer(text) for place in range(word.start(), word.end())]
        if not places:
            break
        at = choice.choice(places)
        text = text[:at] + _slip(text, at, choice) + text[at + 2 :]
    return text


def _slip(text: str, at: int, choice: random.Random) -> str:
    """Return what stands for the two characters from `at` on after one slip."""
    letter, following = text[at], text[at + 1 : at + 2]
    slips = [_beside(letter, choice) + following, following, letter * 2 + following]
    if following.isalpha():
        slips.append(following + letter)
    return choice.choice(slips)


def _beside(letter: str, choice: random.Random) -> str:
    for number, row in enumerate(_KEYS):
        column = row.find(letter.lower())
        if column >= 0:
            rows = _KEYS[max(0, number - 1) : number + 2]
            near = [each[i] for each in rows for i in (column - 1, column, column + 1) if 0 <= i < len(each)]
            return choice.choice([key for key in near if key != letter.lower()])
    return letter
