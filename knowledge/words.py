"""What people type -> words: folded, spelt out, and reduced to stems."""

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[a-z0-9]+")
_VOWEL = re.compile(r"[aeiouy]")


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text as a set: for lists of words that people can still read."""
    return frozenset(text.split())


AUXILIARIES = word_set("can could do does did is are was were has have had may might must need should will would")
SHORTHAND = {f"{auxiliary}nt": f"{auxiliary} not" for auxiliary in AUXILIARIES} | {
    "u": "you", "ur": "your", "r": "are", "y": "why", "pls": "please", "plz": "please", "thx": "thanks",
    "wanna": "want to", "gonna": "going to", "gotta": "got to", "gimme": "give me", "lemme": "let me",
    "cannot": "can not", "cant": "can not", "wont": "will not", "aint": "is not", "dnt": "do not", "musnt": "must not",
    "im": "i am", "ive": "i have", "id": "i would", "ill": "i will", "whats": "what is", "hows": "how is",
    "wheres": "where is", "whos": "who is", "whens": "when is", "thats": "that is", "theres": "there is",
    "its": "it is", "lets": "let us",
    "youre": "you are", "theyre": "they are", "weve": "we have", "youve": "you have", "b4": "before", "coz": "because",
    "cos": "because", "ppl": "people", "msg": "message", "thru": "through", "info": "information",
    "docs": "documents", "doc": "document", "ok": "okay", "w": "with", "aloud": "allowed",
}  # fmt: skip
"""How chat shorthand and contractions are spelt out; apostrophes are dropped before looking here."""


FUNCTION_WORDS = word_set(
    """a about after all also am an and any are as at be because been before being but by can could did do does
    doing done for from get give got had has have having he her here him his how i if in into is it just know let like
    may me might more most must my need no not now of off on one or our out over please shall she should show so some
    tell than that the their them then there these they this those to too up us use want was we were what when where
    which while who whom why will with would you your yours okay thanks yes"""
)
"""Words of grammar rather than of a subject: they weigh less, and never carry a match alone."""

_ENDINGS = (
    ("ational", "ate"), ("ization", "ize"), ("isation", "ize"), ("fulness", "ful"), ("iveness", "ive"),
    ("ation", "ate"), ("ement", ""), ("ment", ""), ("ness", ""), ("ally", "al"),
    ("ise", "ize"), ("ly", ""), ("our", "or"),
)  # fmt: skip


def words(text: str) -> list[str]:
    """Return the words of a text: lower case, without accents and apostrophes, shorthand spelt out."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower().replace("'", "")
    found: list[str] = []
    for word in _WORD.findall(plain):
        found += SHORTHAND[word].split() if word in SHORTHAND else (word,)
    return found


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return a word without its common English endings, so that `checks`, `checked` and `checking` meet."""
    if len(word) <= 3 or word.isdigit():
        return word
    return _tidied(_without_suffix(_without_tense(_singular(word))))


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + ("y" if len(word) > 4 else "ie")
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _without_tense(word: str) -> str:
    for ending in ("ing", "ed"):
        root = word.removesuffix(ending)
        if root != word and (len(root) > 2 or root == "us") and _VOWEL.search(root) and not word.endswith("eed"):
            if root == "us":
                return "use"
            doubled = root[-1] == root[-2] and root[-1] not in "lsz"
            return root[:-1] if doubled else root
    return word


def _without_suffix(word: str) -> str:
    for ending, instead in _ENDINGS:
        root = word.removesuffix(ending)
        if root != word and len(root) >= 4:
            return root + instead
    return word


def _tidied(word: str) -> str:
    """Drop what differs between forms of one word: a final e, and y for i."""
    if len(word) > 4 and word.endswith("e"):
        word = word[:-1]
    return word[:-1] + "i" if len(word) > 3 and word[-1] == "y" and word[-2] not in "aeiou" else word
