"""The review's charts as SVG, drawn by pygal: small, without numpy, and its files need no network to be shown."""

from collections.abc import Mapping

import pygal
from pygal.style import CleanStyle

from bot.commands.review import Review
from bot.questions.asked import Ending

_ENDINGS = {
    Ending.ANSWERED: "answered",
    Ending.OFFERED: "offered a choice",
    Ending.UNANSWERED: "without an answer",
    Ending.DISLIKED: "thumb down",
}


def charts(review: Review) -> dict[str, bytes]:
    """Return each chart by the name of its file."""
    topics = sorted(review.topics.items(), key=lambda pair: -sum(pair[1].values()))
    endings = {words: review.endings.get(ending, {}) for ending, words in _ENDINGS.items()}
    return {
        "topics.svg": _stacked("Questions by topic and month", review.months, dict(topics)),
        "endings.svg": _stacked("How questions ended, by month", review.months, endings),
    }


def _stacked(title: str, months: tuple[str, ...], series: Mapping[str, Mapping[str, int]]) -> bytes:
    chart = pygal.StackedBar(
        js=[], title=title, x_labels=months, x_label_rotation=45, style=CleanStyle, legend_at_bottom=True,
        legend_at_bottom_columns=2, truncate_legend=-1, disable_xml_declaration=True, width=900, height=480,
    )  # fmt: skip
    for name, counts in series.items():
        chart.add(name, [counts.get(month, 0) for month in months])
    drawn = chart.render(is_unicode=True)
    assert isinstance(drawn, str)
    return drawn.encode()
