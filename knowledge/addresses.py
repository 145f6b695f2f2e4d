"""Postal addresses of the United Kingdom in what people type.

A house number and a street make an address, and so does either beside a postcode. A bare postcode does not: some
fifteen homes share it. Nor does a street alone: "Wigston Road" is a place and nobody's home.
"""

import re
from collections.abc import Iterator

_POSTCODE = r"[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}\b"
_NOT_IN_NAMES = (
    r"(?:in|on|at|to|for|from|with|and|or|is|are|was|were|about|that|this|these|which|my|our|your|can|could|may|i|we|you|it"
    r"|per|more|new|other|different|percent|mph|miles?|years?|months?|weeks?|days?|hours?|minutes?|times|people|staff"
    r"|residents|tenants|officers|councillors|teams|tools|files|bus|cycle|google|one|hard|shared|network|usb)\b"
)
_S = r"\s{1,3}"
_NAME = rf"(?!{_NOT_IN_NAMES})[A-Z][\w'\u2019.-]*"
_STREET = r"(?:street|road|rd|avenue|ave|lane|crescent|cres|terrace|gardens|gdns|grove|mews|boulevard)\b"
_NOT_A_HOME = rf"(?!{_S}(?:lights?|lighting|lamps?|signs?|shops?|sweep|clean|works?|cameras?|repairs?|safety|scene)\w*)"
_CAPITAL = rf"(?!{_NOT_IN_NAMES})(?-i:[A-Z][\w'\u2019.-]*)"
_ALSO_A_WORD = r"(?-i:St|Dr|Way|Close|Drive|Court|Place|Park|Square|View|Green|Hill|Walk|Row|Rise|End|Gate)\b"
"""Street words that are words of every day too, and so count with a capital letter or beside a postcode alone."""
_NO_STREET = rf"(?!(?:crown|county|supreme|high|youth|family|magistrates\W?){_S}court\b)"
_HOUSE = r"(?<![\w.£$€])\d{1,3}[A-Z]?(?:[-/]\d{1,3}[A-Z]?)?"
_TOWN = rf"(?:,?{_S}(?:{_NAME},?{_S}){{0,4}}{_POSTCODE})?"

_WITH_STREET = re.compile(
    rf"{_HOUSE},?{_S}{_NO_STREET}"
    rf"(?:(?:{_NAME}{_S}){{1,3}}?{_STREET}{_NOT_A_HOME}|(?:{_CAPITAL}{_S}){{1,3}}?{_ALSO_A_WORD}){_TOWN}",
    re.IGNORECASE,
)
_WITH_POSTCODE = re.compile(rf"{_HOUSE},?{_S}(?:{_NAME},?{_S}){{0,6}}{_POSTCODE}", re.IGNORECASE)
_POSTCODE_ALONE = re.compile(rf"(?<!\w){_POSTCODE}(?:,?{_S}(?:house|flat|number|no\.?)\s*\d+\w?\b)?", re.IGNORECASE)
_STREET_WORD = re.compile(rf"{_STREET}|{_ALSO_A_WORD}", re.IGNORECASE)
_STREET_BEFORE = re.compile(
    rf"\b(?:{_NAME}{_S}){{1,2}}(?:{_STREET}|{_ALSO_A_WORD}),?{_S}(?:{_NAME},?{_S}){{0,4}}$", re.IGNORECASE
)
_REACH = 80
"""Characters before a postcode in which its street is looked for."""


def addresses(text: str) -> Iterator[tuple[int, int]]:
    """Where addresses stand, as first and last of text[first:last]; places may overlap."""
    for pattern in (_WITH_STREET, _WITH_POSTCODE):
        yield from (match.span() for match in pattern.finditer(text))
    for match in _POSTCODE_ALONE.finditer(text):
        start = max(0, match.start() - _REACH)
        has_street = _STREET_WORD.search(text, start, match.start())
        if has_street and (street := _STREET_BEFORE.search(text, start, match.start())):
            yield street.start(), match.end()
        elif not match[0][-1].isalpha():
            yield match.span()
