"""Rules that good knowledge keeps beyond being readable: pure functions from Knowledge to findings."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain
from urllib.parse import urlsplit

from knowledge.assistant import Assistant
from knowledge.entries import Entry, Knowledge, Permission
from knowledge.findings import Finding
from knowledge.golden import broken, winner
from knowledge.places import Places
from knowledge.polarity import polarity
from knowledge.reading import reading_age, sentences
from knowledge.tools import Toolbox
from knowledge.words import stem, words

LEAST_WAYS = 8
READING_AGE = 12
REVIEW_EVERY = timedelta(days=365)
"""The policy is reviewed annually (5.1), and its answers with it."""
LINK_HOSTS = ("gov.uk", "microsoft.com")
"""Where a link may lead: to these hosts and those below them, over https."""
COPILOT = ("copilot", "co-pilot", "microsoft copilot")
"""Names that must mean the tool that 4.2 permits; GitHub's Copilot is another product."""

_WIDE_SHARE = 0.1
_WIDE_LEAST = 5
_WAYS = ("question", "phrasings", "yes", "no")
_LINK = re.compile(r"\]\(\s*([^)\s]+)|\b([a-z][a-z0-9+.-]*://[^\s)>\]]+)", re.IGNORECASE)
_WHO = r"(?:you|staff|everyone|anyone|users|people|we)"
_ALLOWS = re.compile(rf"{_WHO} (?:may|can)\b(?! (?:not|only|never))", re.IGNORECASE)
_FORBIDS = re.compile(
    rf"(?:{_WHO} (?:(?:must|may|can) (?:not|never)|cannot)|(?:no one|nobody) (?:may|can|must))\b", re.IGNORECASE
)


def lint(knowledge: Knowledge, assistant: Assistant, places: Places, today: date) -> list[Finding]:
    """Return every finding of every rule, faults first."""
    found = chain(
        faults(knowledge, places),
        broken(knowledge, assistant, places),
        unreachable(knowledge, assistant, places),
        too_few_ways(knowledge, places),
        unwatched(knowledge, places),
        too_wide(knowledge, places),
        hard_to_read(knowledge, places),
        overdue(knowledge, places, today),
    )
    return list(found)


def faults(knowledge: Knowledge, places: Places) -> Iterator[Finding]:
    """Return what keeps knowledge from being used, broken golden questions aside: it would mislead somebody."""
    yield from colliding(knowledge, places)
    yield from contradicting(knowledge, places)
    yield from misnamed(knowledge, places)
    yield from strange_links(knowledge, places)


def colliding(knowledge: Knowledge, places: Places) -> Iterator[Finding]:
    """The same words cannot lead to two answers, nor to both Yes and No."""
    first: dict[tuple[str, ...], tuple[Entry, str]] = {}
    for entry, field, way in _ways(knowledge):
        home, side = first.setdefault(tuple(words(way)), (entry, field))
        if home.id != entry.id:
            where = places.of("entries", home.id, side, way)
            fault = f"this way of asking also stands under {home.id} ({where})"
            yield places.fault(("entries", entry.id, field, way), fault, "Keep it where its answer is better.")
        elif {side, field} == {"yes", "no"}:
            fault = "this way of asking stands under both yes and no"
            yield places.fault(("entries", entry.id, field, way), fault, "Keep it where the answer is right.")


def contradicting(knowledge: Knowledge, places: Places) -> Iterator[Finding]:
    """An answer that begins by allowing cannot follow "No." to "may I", nor one that forbids follow "Yes."."""
    for entry in knowledge.entries.values():
        for field, opening, does in (("no", _ALLOWS, "allows"), ("yes", _FORBIDS, "forbids")):
            if not opening.match(entry.answer.strip(" *\n")):
                continue
            for way in getattr(entry, field):
                asked = polarity(way)
                if asked.mood == "permitted" and not asked.negated:
                    fault = f"this is answered {field.title()}, but the answer begins with words that it {does}"
                    mend = f"Move it to {'no' if field == 'yes' else 'yes'}, or correct the answer's beginning."
                    yield places.fault(("entries", entry.id, field, way), fault, mend)


def misnamed(knowledge: Knowledge, places: Places) -> Iterator[Finding]:
    """A name means one tool, and "copilot" the one that is permitted (4.2)."""
    first: dict[str, str] = {}
    for tool in knowledge.tools.values():
        for field, name in (("name", tool.name), *(("aliases", alias) for alias in tool.aliases)):
            home = first.setdefault("".join(words(name)), tool.id)
            if home != tool.id:
                fault = f"this name also stands under the tool {home}"
                yield places.fault(("tools", tool.id, field, name), fault, "Keep it under one of the two.")
    yield from _copilot_misnamed(knowledge, places)


def _copilot_misnamed(knowledge: Knowledge, places: Places) -> Iterator[Finding]:
    toolbox = Toolbox(knowledge.tools.values())
    for name in COPILOT:
        found = [mention.tool for mention in toolbox.find(name)]
        if any(tool.permitted is not Permission.YES for tool in found) or not found:
            means = f"means {found[0].name}, which is not the permitted tool" if found else "names no tool"
            way = ("tools", found[0].id, "aliases", name) if found else ("tools", name)
            yield places.fault(way, f"it now {means}", "Copilot alone must mean Microsoft Copilot (4.2).")


def strange_links(knowledge: Knowledge, places: Places) -> Iterator[Finding]:
    """A link leads to the council, the government or Microsoft, over https, or stays out."""
    texts = [("entries", entry.id, "answer", entry.answer) for entry in knowledge.entries.values()]
    texts += [("clauses", clause.id, "text", clause.text) for clause in knowledge.policy.clauses.values()]
    texts += [("tools", tool.id, "note", tool.note) for tool in knowledge.tools.values()]
    texts += [("messages", name, "", text) for name, text in knowledge.messages.items()]
    for *way, text in texts:
        for target in map("".join, _LINK.findall(text)):
            if not _is_allowed(target):
                allowed = " and ".join(LINK_HOSTS)
                yield places.fault(
                    (*way, target), "this link may not be here", f"Link to https pages of {allowed} only."
                )


def unreachable(knowledge: Knowledge, assistant: Assistant, places: Places) -> Iterator[Finding]:
    """A way of asking should find its own entry when it is asked word for word."""
    for entry, field, way in _ways(knowledge):
        given = assistant.answer(way)
        if given.entry != entry.id:
            advice = f"this way of asking does not find {entry.id} but {winner(given)}"
            yield places.advice(("entries", entry.id, field, way), advice, "Say it in other words, or leave it out.")


def too_few_ways(knowledge: Knowledge, places: Places) -> Iterator[Finding]:
    """Ways of asking are what finds an answer."""
    for entry in knowledge.entries.values():
        if entry.owner and len(entry.ways) <= LEAST_WAYS:
            advice = f"this entry has {len(entry.ways) - 1} ways of asking beside its question"
            yield places.advice(("entries", entry.id), advice, f"Add some, to {LEAST_WAYS} or more.")


def unwatched(knowledge: Knowledge, places: Places) -> Iterator[Finding]:
    """Without a golden question nobody notices that an answer, or its verdict, is lost."""
    for entry in knowledge.entries.values():
        if entry.owner and (entry.yes or entry.no) and not (entry.asks_yes or entry.asks_no):
            mend = "Add a question under asks_yes or asks_no."
            yield places.advice(("entries", entry.id), "no test question watches the verdict of this entry", mend)
        elif entry.owner and not (entry.asks or entry.asks_yes or entry.asks_no):
            yield places.advice(("entries", entry.id), "no test question watches this entry", "Add one under asks.")


def too_wide(knowledge: Knowledge, places: Places) -> Iterator[Finding]:
    """A word alone that stands in the ways of asking of many entries draws other questions to itself."""
    ways = [{stem(word) for way in entry.ways for word in words(way)} for entry in knowledge.entries.values()]
    holders = Counter(chain.from_iterable(ways))
    wide = max(_WIDE_LEAST, _WIDE_SHARE * len(knowledge.entries))
    for entry, field, way in _ways(knowledge):
        told = words(way)
        if entry.cites and len(told) == 1 and holders[stem(told[0])] >= wide:
            advice = f"this word alone stands in {holders[stem(told[0])]} entries"
            yield places.advice(("entries", entry.id, field, way), advice, "Add the word that makes the difference.")


def hard_to_read(knowledge: Knowledge, places: Places) -> Iterator[Finding]:
    """An answer should be read with ease at the age of twelve."""
    for entry in knowledge.entries.values():
        age = reading_age(entry.answer)
        if age > READING_AGE:
            hardest = max(sentences(entry.answer), key=reading_age)
            yield places.advice(
                ("entries", entry.id, "answer", hardest),
                f"the answer of {entry.id} reads as for the age of {age:.0f}, its hardest sentence",
                f"Shorten it or use plainer words; aim at {READING_AGE}.",
            )


def overdue(knowledge: Knowledge, places: Places, today: date) -> Iterator[Finding]:
    """An answer is held against the policy once a year (5.1)."""
    for entry in knowledge.entries.values():
        if entry.reviewed and entry.reviewed + REVIEW_EVERY < today:
            advice = f"the review of {entry.id} is overdue since {entry.reviewed + REVIEW_EVERY}, last"
            way = ("entries", entry.id, "reviewed", entry.reviewed.isoformat())
            yield places.advice(way, advice, f"{entry.owner or 'Its owner'} reads it again and sets the date.")
    due = knowledge.policy.next_review_due
    if due < today:
        mend = "Set next_review_due once the review is done (5.1)."
        yield places.advice(("next_review_due", due.isoformat()), "the policy's own review is overdue since", mend)


def _ways(knowledge: Knowledge) -> Iterator[tuple[Entry, str, str]]:
    for entry in knowledge.entries.values():
        yield entry, "question", entry.question
        for field in _WAYS[1:]:
            for way in getattr(entry, field):
                yield entry, field, way


def _is_allowed(target: str) -> bool:
    parts = urlsplit(target)
    host = (parts.hostname or "").rstrip(".")
    return parts.scheme == "https" and any(host == allowed or host.endswith(f".{allowed}") for allowed in LINK_HOSTS)
