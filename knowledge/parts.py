"""A message -> the questions in it: greetings and courtesies left out, two questions in one taken apart."""

import re

from knowledge.privacy import unmasked
from knowledge.words import words

MAX_LENGTH = 6_000
MAX_PARTS = 8
MAX_WORDS = 40
_LEAST_WORDS = 3

_ASKING = (
    r"(?:do|does|did|is|are|was|were|can|could|may|must|should|shall|will|would|has|have|"
    r"who|whom|whose|what|whats|which|when|where|why|how)"
)
_SENTENCE_END = re.compile(r"(?<=[?!])\s+|(?<=[a-z0-9)\]])\.\s+|[\n;]+")
_NEXT_QUESTION = re.compile(
    rf"(?:,\s*(?:and\s+)?(?:also\s+)?|\band\s+(?:also\s+)?|\balso\s+|\bplus\s+)(?={_ASKING}\b)", re.I
)
_LEAD_IN = r"(?:so|and|but|also|or|well|just|now|then|please|first|firstly|second|secondly|ok|okay|if|whether)"
_ASKS = re.compile(
    rf"\?\s*$|^\W*(?:{_LEAD_IN}\W+){{0,2}}{_ASKING}\b|\b(?:am i|are we|can we|can i|may i|do i|do we)\b", re.IGNORECASE
)
_COURTESY = re.compile(
    r"^\W*(?:hi|hiya|hello|hey|dear|good\s+(?:morning|afternoon|evening)|morning|afternoon|evening)\b"
    r"(?:\s+(?:there|all|both|team|everyone|folks|bot|again|up))?+[\s,.!:-]+"
    r"|(?<!^many)(?<![\s,.!-])[\s,.!-]+(?:many\s+thanks|thanks(?:\s+(?:in\s+advance|a\s+lot|very\s+much))?|thank\s+you|thx|cheers|ta|please|"
    r"kind\s+regards|regards)\W*$",
    re.IGNORECASE,
)


def window(message: str) -> str:
    """Return what is read of a message: at most 6,000 characters, of a longer one the beginning and the end."""
    if len(message) <= MAX_LENGTH:
        return message
    half = (MAX_LENGTH - 1) // 2
    return f"{message[:half]}\n{message[-half:]}"


def cleared(message: str) -> str:
    """Return what is read of a message: without masks, and the greeting before and the thanks after a question."""
    text = window(unmasked(message).strip())
    rest = _COURTESY.sub("", text)
    return rest if len(words(rest)) >= 1 else text


def parts(text: str) -> list[str]:
    """Return the single questions of a message, or its statements where it asks nothing; at most eight."""
    pieces = [piece for sentence in _SENTENCE_END.split(text) for piece in _NEXT_QUESTION.split(sentence)]
    pieces = [ends(piece)[-1] for piece in map(str.strip, pieces) if len(piece.split()) >= _LEAST_WORDS]
    questions = [piece for piece in pieces if asks(piece)]
    chosen = questions or pieces
    return chosen[: MAX_PARTS // 2] + chosen[max(MAX_PARTS // 2, len(chosen) - MAX_PARTS // 2) :]


def ends(text: str) -> list[str]:
    """Return the text itself, or the first and the last forty words of a longer one: people tell first and ask last."""
    found = text.split()
    return [text] if len(found) <= MAX_WORDS else [" ".join(found[:MAX_WORDS]), " ".join(found[-MAX_WORDS:])]


def asks(text: str) -> bool:
    """Whether a text is put as a question."""
    return bool(_ASKS.search(text))
