"""The pack for the yearly review of the policy (5.1): what it counts and how it reads."""

import asyncio
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.commands.charts import charts
from bot.commands.review import CHOICE, NAMED_TOOLS, NO_ANSWER, NOT_SAID, TALK, RepeatedTool, Review, markdown, review
from bot.questions.asked import Asked, Ending
from bot.requests.request import ExceptionRequest, Verdict
from bot.store.database import Database
from knowledge.loader import load
from tests.knowledge_files import SMALL
from tests.samples import FORM, MARY, NOW, OMAR, a_request, decided, saving

KNOWLEDGE = load(SMALL)
START, END = date(2026, 1, 1), date(2026, 4, 30)


def asked(ending: Ending, entry: str = "", text: str = "", day: date = date(2026, 2, 3)) -> Asked:
    """A question of February, if nothing else is said."""
    return Asked(day=day, ending=ending, knowledge="v1", entry=entry, text=text)


ASKED = {
    asked(Ending.ANSWERED, "check"): 5,
    asked(Ending.ANSWERED, "check", day=date(2026, 3, 1)): 2,
    asked(Ending.ANSWERED, "chatgpt"): 3,
    asked(Ending.ANSWERED, "help"): 1,
    asked(Ending.UNANSWERED, "gap-cost", "what does it cost"): 2,
    asked(Ending.UNANSWERED, text="who won | <b>the</b> match"): 1,
    asked(Ending.OFFERED, text="can i use it"): 4,
    asked(Ending.PICKED, "only-copilot", "can i use it"): 3,
    asked(Ending.REFUSED, text="can i use it"): 1,
    asked(Ending.DISLIKED, "check", "must i check"): 1,
    asked(Ending.ANSWERED, "check", day=date(2025, 12, 31)): 90,
    asked(Ending.ANSWERED, "check", day=date(2026, 5, 1)): 90,
}


def of(requests: list[ExceptionRequest] | None = None, thumbs: dict[str, int] | None = None, end: date = END) -> Review:
    """Review the questions above."""
    return review(KNOWLEDGE, ASKED, thumbs or {}, requests or [], START, end)


def test_each_question_counts_once_and_only_within_the_period() -> None:
    """A choice offered and then picked is one question, and an answered one; a thumb counts beside."""
    found = of()
    assert (found.asked, found.answered) == (18, 14)
    assert found.count(Ending.DISLIKED) == 1
    assert found.months == ("2026-01", "2026-02", "2026-03", "2026-04")


def test_a_period_may_cross_a_year() -> None:
    """December is followed by January."""
    found = review(KNOWLEDGE, {}, {}, [], date(2025, 11, 30), date(2026, 2, 1))
    assert found.months == ("2025-11", "2025-12", "2026-01", "2026-02")
    assert (found.asked, found.topics) == (0, {})


def test_topics_are_the_headings_of_the_report() -> None:
    """An answer belongs to the paragraph it cites first; tools, talk, gaps and the unanswered stand apart."""
    found = {topic: sum(months.values()) for topic, months in of().topics.items()}
    assert found == {"Ethics": 7, NAMED_TOOLS: 3, TALK: 1, NOT_SAID: 2, NO_ANSWER: 1, CHOICE: 4}
    assert of().topics["Ethics"] == {"2026-02": 5, "2026-03": 2}


def test_gaps_are_what_was_not_or_badly_answered_the_most_frequent_first() -> None:
    """Questions without a text, and those that were answered, are no gaps."""
    found = [(gap.phrasing, gap.times) for gap in of().gaps]
    assert found[0] == ("What does it cost?", 2)
    assert {phrasing for phrasing, _ in found[1:]} == {"Who won | <b>the</b> match?", "Can i use it?", "Must i check?"}


def test_tools_asked_for_again_and_again_are_named() -> None:
    """Two requests for one tool make it worth a decision of principle."""
    other = replace(a_request(3), tool_id="", form=replace(FORM, tool="Once Only"))
    requests = [decided(a_request(1, MARY), Verdict.REJECTED), decided(a_request(2, OMAR)), other]
    tool = requests[0].form.tool
    assert of(requests).tools == (RepeatedTool(tool=tool, asked=2, approved=1, rejected=1),)


def test_overdue_answers_are_listed_a_year_after_their_review() -> None:
    """The day itself is still in time."""
    assert of(end=date(2027, 3, 24)).overdue == ()
    assert len(of(end=date(2027, 3, 25)).overdue) == 7


def test_the_pack_reads_as_markdown_and_takes_nothing_typed_for_markup() -> None:
    """A question's bars and tags stay words; every chart is shown; empty tables say so."""
    pack = markdown(of(thumbs={"like": 6, "dislike": 1}), "abc123")
    assert pack.startswith("# The AI policy's assistant from 1 January 2026 to 30 April 2026\n")
    assert "| answered | 14 (78 %) |" in pack
    assert "| thumbs up | 6 |" in pack
    assert "| Ethics | 0 | 5 | 2 | 0 | 7 |" in pack
    assert r"Who won \| \<b\>the\</b\> match?" in pack
    assert "## Tools asked for more than once\n\nNone." in pack
    for chart in charts(of()):
        assert f"]({chart})" in pack


def test_charts_are_whole_and_ask_for_nothing_from_elsewhere() -> None:
    """Each is well-formed SVG with every topic in it, and loads no script, font or picture from the network."""
    drawn = charts(of())
    for chart in drawn.values():
        assert ET.fromstring(chart).tag.endswith("svg")
        assert not any(loader in chart for loader in (b" src=", b"@import", b"url(http", b"<link", b"<image"))
    assert all(topic.encode() in drawn["topics.svg"] for topic in of().topics)


async def test_the_command_writes_the_pack_from_what_is_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Questions, thumbs and requests of the period come out of the database."""
    url = f"sqlite:///{tmp_path}/bot.db"
    with Database.open(url) as database:
        await database.transact(lambda tx: tx.count_asked(ASKED))
        await database.transact(lambda tx: tx.keep_feedback("a1", "mary", "like", NOW + timedelta(days=1)))
        for request in (a_request(1), a_request(2, OMAR)):
            await database.transact(saving(request))
    monkeypatch.setenv("DATABASE_URL", url)
    target = tmp_path / "pack"
    period = ["--since", START.isoformat(), "--until", END.isoformat()]
    assert await asyncio.to_thread(main, ["review", str(target), *period, "--knowledge", str(SMALL)]) == 0
    pack = (target / "review.md").read_text(encoding="utf-8")
    assert "| questions | 18 |" in pack
    assert "| thumbs up | 1 |" in pack
    assert "| 2 | 0 | 0 |" in pack
    assert {file.name for file in target.iterdir()} == {"review.md", "topics.svg", "endings.svg"}
    assert "review.md is written" in capsys.readouterr().out
