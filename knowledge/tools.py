"""Finding named AI tools in what people type: under aliases, joined, split or misspelt."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.entries import Tool
from knowledge.repair import Repair
from knowledge.words import FUNCTION_WORDS, word_set

_TOKEN = re.compile(r"[a-z0-9]+(?:['\u2019][a-z]+)?")
_POSSESSIVE = re.compile(r"['\u2019]s?")
_LONGEST_NAME = 6
_LONGEST_SLIP = 3
_LONGEST_TAIL = 2
"""A name of several words that ends in "AI" or "Q" is never read into a slip: nearly all of it is another word."""
_LONGEST_ECHO = 60
"""How many characters of an unlisted tool's name are repeated to whoever typed it."""
_MEMORY = 20_000
_ONE_SLIP, _TWO_SLIPS = 5, 10
"""From how many letters on a name may be misspelt by one letter, and by two."""

_GOVERNING = word_set(
    "use uses using used try trying tried install installing download downloading via allow allowing approve approving "
    "permit permitting request requesting called named buy buying having getting like than vs versus"
)
_BESIDE = word_set("and or with for on in to is are about get have want need allowed permitted okay ok banned approved")
_PRODUCT = word_set("licence license subscription account app ai tool plugin extension bot chatbot pro premium")
_USING = (
    _GOVERNING | _PRODUCT | word_set("access allowed permitted approved approval permission exception banned ok okay")
)
_AI_TALK = re.compile(r"\b(ai|chat ?bots?|assistant|gpt|llm|gen ?ai|tool|app|software)\b", re.IGNORECASE)
_CALLED = re.compile(r"\b(?:called|named)\W+([A-Za-z][\w.-]*(?: [A-Z][\w-]*)*)")
_UNLISTED = re.compile(
    r"\b([A-Za-z][\w-]+\.ai|[A-Za-z]{2,}(?:GPT|gpt))\b|(?<=\w )([A-Z]\w+ AI)\b|"
    r"\b(?:use|using|try|trying|install|request) ([A-Z][\w-]+(?: [A-Z][\w-]*)?)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A tool named in a text, and the words (numbered from 0) that name it."""

    tool: Tool
    first: int
    last: int


class Toolbox:
    """Recognises tools; the words of `vocabulary` mean other things and are never read as a misspelt name."""

    def __init__(self, tools: Iterable[Tool], vocabulary: Iterable[str] = ()) -> None:
        self._names: dict[str, Tool] = {}
        self._everyday: set[str] = set()
        self._slippery: list[str] = []
        for tool in tools:
            for tokens in map(spoken, (tool.name, *tool.aliases)):
                name = _joined(tokens)
                self._names.setdefault(name, tool)
                if len(name) >= _ONE_SLIP and (len(tokens) == 1 or len(tokens[-1]) > _LONGEST_TAIL):
                    self._slippery.append(name)
            self._everyday |= {_joined(spoken(name)) for name in tool.everyday}
        self._known = FUNCTION_WORDS | _USING | set(vocabulary)
        self._repair = Repair(Counter(self._known))
        self._memory: dict[str, str | None] = {}

    def find(self, text: str) -> tuple[Mention, ...]:
        """Return the tools a text names, in its order; of overlapping names the longest counts."""
        tokens = spoken(text)
        mentions: list[Mention] = []
        position = 0
        while position < len(tokens):
            mention = self._longest_at(tokens, position)
            if mention:
                mentions.append(mention)
            position = mention.last + 1 if mention else position + 1
        return tuple(mentions)

    def _longest_at(self, tokens: Sequence[str], first: int) -> Mention | None:
        for last in range(min(first + _LONGEST_NAME, len(tokens)) - 1, first - 1, -1):
            name = self._name(tokens[first : last + 1])
            if name and (name not in self._everyday or self._is_about_using(tokens, first, last)):
                return Mention(tool=self._names[name], first=first, last=last)
        return None

    def _name(self, tokens: Sequence[str]) -> str | None:
        """Return the name that these words spell, or misspell where one of them is no known word."""
        joined = _joined(tokens)
        if joined in self._names:
            return joined
        if len(joined) < _ONE_SLIP or len(tokens) > _LONGEST_SLIP or not self._may_be_misspelt(tokens):
            return None
        if joined not in self._memory:
            if len(self._memory) >= _MEMORY:
                self._memory.clear()
            self._memory[joined] = self._nearest(joined)
        return self._memory[joined]

    def _nearest(self, typed: str) -> str | None:
        slips = 2 if len(typed) >= _TWO_SLIPS else 1
        found = process.extractOne(typed, self._slippery, scorer=OSA.distance, processor=None, score_cutoff=slips)
        return found[0] if found and _is_slip(typed, found[0]) else None

    def _may_be_misspelt(self, tokens: Sequence[str]) -> bool:
        return FUNCTION_WORDS.isdisjoint(tokens) and any(token not in self._known for token in tokens)

    def _is_about_using(self, tokens: Sequence[str], first: int, last: int) -> bool:
        """Whether an everyday word stands as a product would: alone, after `use`, before `app`, or beside such talk."""
        before, after = map(self._repair.best, tokens[:first]), map(self._repair.best, tokens[last + 1 :])
        return _is_about_using([*before], [*after])

    def unlisted(self, text: str) -> str:
        """Return the name of an AI product that no file lists, as it was typed; empty where none is named."""
        called = _CALLED.search(text) if _AI_TALK.search(text) else None
        if called and not all(map(self._repair.has, spoken(called[1]))):
            return called[1].rstrip(".")[:_LONGEST_ECHO]
        found = _UNLISTED.search(text)
        name = next(filter(None, found.groups()), "") if found else ""
        return "" if all(map(self._repair.knows, spoken(name))) else name.rstrip(".")[:_LONGEST_ECHO]


def spoken(text: str) -> list[str]:
    """Return the words of a text as typed, in lower case, apostrophes included."""
    return _TOKEN.findall(text.lower())


def _joined(tokens: Iterable[str]) -> str:
    return "".join(_POSSESSIVE.sub("", token) for token in tokens)


def replaced(text: str, mentions: Sequence[Mention], stand_in: Callable[[Tool], str]) -> str:
    """Return a text's words, in lower case, with every named tool replaced by its stand-in."""
    tokens = spoken(text)
    for mention in reversed(mentions):
        tokens[mention.first : mention.last + 1] = [stand_in(mention.tool)]
    return " ".join(tokens)


def _is_slip(typed: str, name: str) -> bool:
    """Whether a word is likely a slip: canvas is not Canva, and room not Zoom."""
    if typed.startswith(name) or len(typed) < len(name) - 1:
        return False
    return typed[0] == name[0] or len(name) > _ONE_SLIP + 1


def _is_about_using(before: Sequence[str], after: Sequence[str]) -> bool:
    if not before and not after:
        return True
    if (before and before[-1] in _GOVERNING) or (after and after[0] in _PRODUCT):
        return True
    beside = not before or before[-1] in _BESIDE or (after and after[0] in _BESIDE)
    return bool(beside) and not _USING.isdisjoint([*before, *after])
