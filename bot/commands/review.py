"""The yearly pack for the policy's review (5.1): what was asked, how it ended, and what the owners should look at."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from bot.questions.asked import Asked, Ending
from bot.questions.gaps import Gap, gaps
from bot.requests.request import ExceptionRequest, Verdict
from knowledge.entries import Entry, Knowledge, Outcome
from knowledge.findings import shortened
from knowledge.lint import REVIEW_EVERY

NAMED_TOOLS = "Named AI tools"
TALK = "Greetings and help"
NO_ANSWER = "No answer found"
CHOICE = "A choice was offered"
NOT_SAID = "What the report does not say"
GONE = "Answers that were retired"
CHARTS = {"topics.svg": "Questions by topic and month", "endings.svg": "How questions ended, by month"}
_FIRST = (Ending.ANSWERED, Ending.UNANSWERED, Ending.OFFERED)
"""How a question can end at once; the other endings are what became of it, counted beside it."""
_MOST = 25
_Key = TypeVar("_Key", bound=str)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedTool:
    """A tool that was asked for more than once."""

    tool: str
    asked: int
    approved: int
    rejected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """The figures of a period, its last day included."""

    start: date
    end: date
    months: tuple[str, ...]
    topics: Mapping[str, Mapping[str, int]]
    """How many questions a topic had in each month."""
    endings: Mapping[Ending, Mapping[str, int]]
    """How many questions ended so in each month."""
    entries: tuple[tuple[str, int], ...]
    """The answers most asked for."""
    gaps: tuple[Gap, ...]
    """What was asked most and not answered, or answered badly, near-duplicates together; personal data is masked."""
    thumbs: Mapping[str, int]
    tools: tuple[RepeatedTool, ...]
    overdue: tuple[Entry, ...]

    @property
    def asked(self) -> int:
        """How many questions there were."""
        return sum(self.count(ending) for ending in _FIRST)

    @property
    def answered(self) -> int:
        """How many of them got an answer, at once or by a choice."""
        return self.count(Ending.ANSWERED) + self.count(Ending.PICKED)

    def count(self, ending: Ending) -> int:
        """How many ended so."""
        return sum(self.endings.get(ending, {}).values())


def review(
    knowledge: Knowledge,
    asked: Mapping[Asked, int],
    thumbs: Mapping[str, int],
    requests: Iterable[ExceptionRequest],
    start: date,
    end: date,
) -> Review:
    """Count what was kept of a period."""
    within = {each: times for each, times in asked.items() if start <= each.day <= end}
    first = {each: times for each, times in within.items() if each.ending in _FIRST}
    return Review(
        start=start,
        end=end,
        months=tuple(_months(start, end)),
        topics=_by_month((_topic(each, knowledge), each.day, times) for each, times in first.items()),
        endings=_by_month((each.ending, each.day, times) for each, times in within.items()),
        entries=_most(((_question(each.entry, knowledge), times) for each, times in first.items() if each.entry)),
        gaps=gaps(within)[:_MOST],
        thumbs=thumbs,
        tools=_repeated([each for each in requests if start <= each.submitted.date() <= end]),
        overdue=tuple(each for each in knowledge.entries.values() if _is_overdue(each, end)),
    )


def _months(start: date, end: date) -> Iterator[str]:
    for month in range(start.year * 12 + start.month - 1, end.year * 12 + end.month):
        yield f"{month // 12}-{month % 12 + 1:02d}"


def _by_month(counted: Iterable[tuple[_Key, date, int]]) -> dict[_Key, Counter[str]]:
    table: dict[_Key, Counter[str]] = {}
    for key, day, times in counted:
        table.setdefault(key, Counter())[f"{day:%Y-%m}"] += times
    return table


def _most(counted: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    total: Counter[str] = Counter()
    for what, times in counted:
        total[what] += times
    return tuple(total.most_common(_MOST))


def _topic(asked: Asked, knowledge: Knowledge) -> str:
    """Return the heading of the first paragraph that the answer cites."""
    if asked.ending is Ending.OFFERED:
        return CHOICE
    if asked.entry in knowledge.tools:
        return NAMED_TOOLS
    entry = knowledge.entries.get(asked.entry)
    if entry is None:
        return GONE if asked.entry else NO_ANSWER
    if entry.outcome is Outcome.NONE and entry.owner:
        return NOT_SAID
    return knowledge.policy.clauses[entry.cites[0]].heading if entry.cites else TALK


def _question(entry_id: str, knowledge: Knowledge) -> str:
    if entry_id in knowledge.tools:
        return knowledge.tools[entry_id].name
    return knowledge.entries[entry_id].question if entry_id in knowledge.entries else entry_id


def _repeated(requests: Sequence[ExceptionRequest]) -> tuple[RepeatedTool, ...]:
    by_tool: dict[str, list[ExceptionRequest]] = {}
    for request in requests:
        by_tool.setdefault(request.tool_id or request.form.tool.casefold(), []).append(request)
    found = [_repeated_tool(group) for group in by_tool.values() if len(group) > 1]
    return tuple(sorted(found, key=lambda tool: (-tool.asked, tool.tool)))


def _repeated_tool(group: Sequence[ExceptionRequest]) -> RepeatedTool:
    verdicts = Counter(request.decision.verdict for request in group if request.decision)
    return RepeatedTool(
        tool=group[0].form.tool,
        asked=len(group),
        approved=verdicts[Verdict.APPROVED],
        rejected=verdicts[Verdict.REJECTED],
    )


def _is_overdue(entry: Entry, today: date) -> bool:
    return entry.reviewed is not None and entry.reviewed + REVIEW_EVERY < today


def markdown(review: Review, version: str) -> str:
    """Return the pack as Markdown; the charts lie beside it."""
    parts = [
        f"# The AI policy's assistant from {review.start:%-d %B %Y} to {review.end:%-d %B %Y}",
        f"For the annual review of the policy (5.1). Knowledge version {version}. Nobody's name stands here.",
        _key_figures(review),
        *(f"![{title}]({file})" for file, title in CHARTS.items()),
        "## Questions by topic and month",
        _table(("topic", *review.months, "all"), _month_rows(review)),
        "## Asked most",
        _table(("answer", "questions"), review.entries),
        "## Gaps: asked without an answer, or with one that did not help",
        _table(("question", "times"), ((shortened(gap.phrasing), gap.times) for gap in review.gaps)),
        "## Tools asked for more than once",
        _table(("tool", "requests", "approved", "rejected"), map(_tool_row, review.tools)),
        "## Answers whose review is overdue",
        _table(("answer", "owner", "last reviewed"), map(_entry_row, review.overdue)),
    ]
    return "\n\n".join(parts) + "\n"


def _key_figures(review: Review) -> str:
    share = f"{100 * review.answered / review.asked:.0f} %" if review.asked else "no questions"
    rows = [
        ("questions", review.asked),
        ("answered", f"{review.answered} ({share})"),
        ("without an answer", review.count(Ending.UNANSWERED)),
        ("offered a choice", review.count(Ending.OFFERED)),
        ("of these, one was picked", review.count(Ending.PICKED)),
        ("of these, none was right", review.count(Ending.REFUSED)),
        ("thumbs up", review.thumbs.get("like", 0)),
        ("thumbs down", review.thumbs.get("dislike", 0)),
    ]
    return _table(("figure", "value"), rows)


def _month_rows(review: Review) -> Iterator[tuple[object, ...]]:
    for topic, months in sorted(review.topics.items(), key=lambda pair: -sum(pair[1].values())):
        yield (topic, *(months.get(month, 0) for month in review.months), sum(months.values()))


def _tool_row(tool: RepeatedTool) -> tuple[object, ...]:
    return tool.tool, tool.asked, tool.approved, tool.rejected


def _entry_row(entry: Entry) -> tuple[object, ...]:
    return entry.question, entry.owner, entry.reviewed


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [" | ".join(map(_cell, row)) for row in rows]
    if not lines:
        return "None."
    head = [" | ".join(header), " | ".join("---" for _ in header)]
    return "\n".join(f"| {line} |" for line in [*head, *lines])


def _cell(value: object) -> str:
    """Return a value that can break neither the table nor into Markdown or HTML of its own."""
    return re.sub(r"([\\|`*_\[\]<>&!])", r"\\\1", str(value))
