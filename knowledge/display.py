"""Answers and scores on a terminal, readable there and plain when piped."""

from collections.abc import Sequence

from rich.console import Console
from rich.markdown import Markdown
from rich.panel import Panel
from rich.table import Table

from knowledge.answers import Answer, Reason
from knowledge.score import Mark, misses, shares

WORST = 25


def show_answer(console: Console, answer: Answer, reasons: Sequence[Reason]) -> None:
    """Print what a person would read, and why."""
    title = f"{answer.outcome} · {answer.question or answer.tool_name or 'no entry'} · {answer.confidence:.0%}"
    console.print(Panel(Markdown(answer.text), title=title, title_align="left"))
    for label, choices in (("or did you mean", answer.suggestions), ("follow-ups", answer.follow_ups)):
        if choices:
            console.print(f"{label}: " + " | ".join(choice.question for choice in choices), highlight=False)
    if answer.citations:
        console.print("cites: " + ", ".join(f"{each.id} {each.heading}" for each in answer.citations), highlight=False)
    table = Table("entry", "confidence", "nearest phrasing", "words that carried it", title="The nearest entries")
    for reason in reasons:
        table.add_row(reason.entry, f"{reason.confidence:.0%}", reason.phrasing, ", ".join(reason.words))
    console.print(table)


def show_score(console: Console, title: str, results: Sequence[Mark]) -> None:
    """Print the shares by kind and the worst misses."""
    table = Table("kind", "questions", "outcome %", "citation %", "facts %", "forbidden", title=title)
    for share in shares(results):
        table.add_row(
            share.kind,
            str(share.questions),
            f"{share.outcome:.1f}",
            f"{share.citation:.1f}",
            f"{share.facts:.1f}",
            str(share.forbidden),
        )
    console.print(table)
    for miss in misses(results)[:WORST]:
        answer = miss.answer
        found = answer.entry or answer.tool or ", ".join(each.entry for each in answer.suggestions) or "nothing"
        text = f"{miss.question.id}: {miss.question.text[:90]!r} -> {found} ({answer.confidence:.0%}): "
        console.print(text + "; ".join(miss.flaws), highlight=False, markup=False, soft_wrap=True)
