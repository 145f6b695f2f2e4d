"""How personal numbers and e-mail addresses are written, and what tells them from other numbers."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from stdnum import luhn
from stdnum.gb import nhs

MOST_CHECKED = 50
"""Numbers of one shape whose digits are checked; further ones count by shape alone, so that no text takes long."""
_LABEL_REACH = 40
"""Characters before a number in which the words that name it are looked for."""


class Kind(StrEnum):
    """What was found, in the words that stand for it afterwards."""

    INSURANCE = "NI number"
    HEALTH = "NHS number"
    CARD = "card number"
    BANK = "bank details"
    BIRTH = "date of birth"
    EMAIL = "e-mail address"
    PHONE = "phone number"
    ADDRESS = "address"


def _never(_: str) -> bool:
    return False


def _always(_: str) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Words that name the number after them, and what may stand between."""

    words: re.Pattern[str]
    before: re.Pattern[str]

    def names(self, text: str, first: int) -> bool:
        """Whether these words name the number that begins at `first`."""
        return bool(self.before.search(text, max(0, first - _LABEL_REACH), first))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How data of a kind is written; it counts when `holds` says so, or when `label` stands before it."""

    kind: Kind
    pattern: re.Pattern[str]
    holds: Callable[[str], bool] = _never
    label: Label | None = None

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Where such data stands, as first and last of text[first:last]; places may overlap."""
        label = self.label if self.label and self.label.words.search(text) else None
        if label is None and self.holds is _never:
            return
        checked = 0
        for match in self.pattern.finditer(text):
            if label and label.names(text, match.start()):
                yield match.span(1)
                continue
            checked += self.holds is not _never
            if checked > MOST_CHECKED or self.holds(match[1]):
                yield match.span(1)


def _written(shape: str, after: str = r"(?<![^\W_])") -> re.Pattern[str]:
    """A shape with no letter or digit at either end; places may overlap, so that no number hides the next."""
    return re.compile(rf"{after}(?=({shape})(?![^\W_]))", re.IGNORECASE)


def _named(words: str, between: str = r"[^\d\]]{0,25}") -> Label:
    """A label by its words; the bracket of a mask between them and a number says that they named that."""
    named = rf"\b(?:{words})"
    return Label(words=re.compile(named, re.IGNORECASE), before=re.compile(rf"{named}{between}$", re.IGNORECASE))


def digits(text: str) -> str:
    """The digits of a text."""
    return "".join(filter(str.isdigit, text))


_ISSUERS: tuple[tuple[re.Pattern[str], range], ...] = (
    (re.compile(r"4"), range(13, 20, 3)),
    (re.compile(r"5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|70|71|720)"), range(16, 17)),
    (re.compile(r"3[47]"), range(15, 16)),
    (re.compile(r"3(?:0[0-5]|[689])"), range(14, 20)),
    (re.compile(r"35(?:2[89]|[3-8])"), range(16, 20)),
    (re.compile(r"50|5[6-8]|6"), range(13, 20)),
)
"""How the card numbers of an issuer begin, and how many digits they have (ISO/IEC 7812)."""


def _is_card(text: str) -> bool:
    number = digits(text)
    return any(begin.match(number) and len(number) in sizes for begin, sizes in _ISSUERS) and luhn.is_valid(number)


def _is_health(text: str) -> bool:
    return bool(nhs.is_valid(digits(text)))


def _is_phone(text: str) -> bool:
    """Whether a number is as long as its country's numbers, or longer, since another number may stand behind it."""
    try:
        reason = phonenumbers.is_possible_number_with_reason(phonenumbers.parse(text, "GB"))
    except phonenumbers.NumberParseException:
        return False
    return reason in (phonenumbers.ValidationResult.IS_POSSIBLE, phonenumbers.ValidationResult.TOO_LONG)


_CARD_LENGTHS = (13, 14, 15, 16, 19)
"""Each is looked for by itself: the digits of whatever stands behind a card must not make it a longer number."""
_PREFIX = r"(?:QQ|(?!BG|GB|NK|KN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z])"
"""How a National Insurance number begins (HMRC's manual NIM39110); QQ is what its examples begin with."""
_SEP = r"[ .-]{0,2}"
_SIX = rf"{_SEP}\d\d{_SEP}\d\d{_SEP}\d\d"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_YEAR = r"(?:19|20)?\d\d"
_DAY = r"\d\d?(?:st|nd|rd|th)?"
_DATE = (
    rf"\d{{4}}-\d\d-\d\d|\d\d?[ ./-]{{1,2}}\d\d?[ ./-]{{1,2}}{_YEAR}"
    rf"|{_DAY} ?(?:of )?{_MONTH}[ ,]{{0,2}}{_YEAR}|{_DAY},? {_YEAR}|\d{{6}}|\d{{8}}"
)
_GAP = r"[ ().-]{0,3}"
_NO_DATE = r"(?!\d\d?([ ./-])\d\d?\2\d{4}(?!\d))"
_ABROAD = rf"\+[1-9](?:{_GAP}\d){{6,13}}"
_AT_HOME = rf"(?:(?:\+|00) ?44{_GAP}(?:\(?0\)?)?|44(?={_SEP}7)|\(?0(?![.-]))(?:{_GAP}\d){{9,10}}"
_BETWEEN = r"[^\w\]+]{1,3}"

NUMBERS: tuple[Shape, ...] = (
    Shape(kind=Kind.INSURANCE, pattern=_written(rf"{_PREFIX}{_SIX}{_SEP}[A-D]"), holds=_always),
    Shape(
        kind=Kind.INSURANCE,
        pattern=_written(rf"[A-Z]{{2}}{_SIX}(?:{_SEP}[A-Z])?"),
        label=_named("national insurance|nino|ni"),
    ),
    Shape(
        kind=Kind.HEALTH, pattern=_written(r"\d{3}[ -]{0,2}\d{3}[ -]{0,2}\d{4}"), holds=_is_health, label=_named("nhs")
    ),
    *(
        Shape(
            kind=Kind.CARD,
            pattern=_written(rf"\d(?:[ -]{{0,2}}\d){{{length - 1}}}"),
            holds=_is_card,
            label=_named("card|visa|mastercard|amex"),
        )
        for length in _CARD_LENGTHS
    ),
    Shape(kind=Kind.BANK, pattern=_written(r"\d\d-\d\d-\d\d[ ,/]{1,3}\d{8}"), holds=_always),
    Shape(kind=Kind.BANK, pattern=_written(r"\d\d[ -]{0,2}\d\d[ -]{0,2}\d\d"), label=_named("sort ?code")),
    Shape(kind=Kind.BANK, pattern=_written(r"\d{8}"), label=_named("account|acct?|a/c")),
    Shape(kind=Kind.BIRTH, pattern=_written(_DATE), label=_named(r"born|birth|birth ?(?:day|date)|d\.?o\.?b\.?")),
    Shape(
        kind=Kind.PHONE,
        pattern=_written(rf"{_NO_DATE}[1-9](?:[ -]{{0,2}}\d){{5,9}}"),
        label=_named(
            "tel|telephone|phone|mobile|mob|whatsapp|ring|call",
            rf"{_BETWEEN}(?:(?:me|us|him|her|them|number|no|is|on|at){_BETWEEN}){{0,3}}",
        ),
    ),
)
PHONES = Shape(
    kind=Kind.PHONE,
    pattern=_written(rf"{_NO_DATE}(?:{_AT_HOME}|{_ABROAD})", r"(?:(?<![^\W_])|(?<=tel|mob))"),
    holds=_is_phone,
)
EMAILS = Shape(
    kind=Kind.EMAIL,
    pattern=_written(r"[\w.+'-]++(?:@| ?[(\[]at[)\]] ?)(?:[\w-]++\.)+[A-Z]{2,24}", r"(?<![\w.+'-])"),
    holds=_always,
)
