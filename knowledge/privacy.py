"""Personal data in what people type: found by its shape, its check digits or the words before it, and masked.

Names are not looked for: most of those that people type here are officers', and no shape tells them apart.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from knowledge.addresses import addresses
from knowledge.shapes import EMAILS, NUMBERS, PHONES, Kind, digits

_AS_TYPED = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000", " "),
        **dict.fromkeys("\n\r\t\u00ad\u200b\u200c\u200d\u2060\ufeff", " "),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **{chr(0xFEE0 + code): chr(code) for code in range(0x21, 0x7F)},
    }
)
"""Blanks, dashes and full-width letters as a keyboard has them: one for one, so that places stay."""

_MASK = re.compile(rf"\[(?:{'|'.join(Kind)})\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Personal data at text[first:last]."""

    kind: Kind
    first: int
    last: int


class Guard:
    """Finds and masks personal data; never changed, safe in threads."""

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        """`allowed` are the phone numbers and e-mail addresses that the Council itself prints."""
        self._allowed = frozenset(map(_canonical, allowed))

    def find(self, text: str) -> tuple[Finding, ...]:
        """Everything found, from left to right; what overlaps is one finding, of the kind that begins first."""
        found: list[Finding] = []
        for finding in sorted(self._all(text.translate(_AS_TYPED)), key=lambda each: each.first):
            if found and finding.first < found[-1].last:
                before = found.pop()
                finding = Finding(kind=before.kind, first=before.first, last=max(before.last, finding.last))
            found.append(finding)
        return tuple(found)

    def masked(self, text: str) -> str:
        """The text with "[phone number]" and the like in the place of what was found."""
        for finding in reversed(self.find(text)):
            text = f"{text[: finding.first]}[{finding.kind}]{text[finding.last :]}"
        return text

    def _all(self, text: str) -> Iterator[Finding]:
        for shape in NUMBERS:
            yield from _findings(shape.kind, shape.places(text))
        for shape in (PHONES, EMAILS):
            yield from (each for each in _findings(shape.kind, shape.places(text)) if not self._is_printed(each, text))
        yield from _findings(Kind.ADDRESS, addresses(text))

    def _is_printed(self, finding: Finding, text: str) -> bool:
        return bool(self._allowed) and _canonical(text[finding.first : finding.last]) in self._allowed


def unmasked(text: str) -> str:
    """A masked text without its masks, which say nothing about what is asked."""
    return _MASK.sub("", text)


def _findings(kind: Kind, places: Iterable[tuple[int, int]]) -> Iterator[Finding]:
    return (Finding(kind=kind, first=first, last=last) for first, last in places)


def _canonical(contact: str) -> str:
    """A phone number or an e-mail address in the one spelling of all that mean the same."""
    return contact.casefold() if "@" in contact else digits(contact)[-10:]
