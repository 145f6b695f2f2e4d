"""`python -m knowledge.bench`: how well and how fast questions find their entries.

The public questions do not belong to the project: RETRIEVAL_DIR names the folder that holds them and their `bench.py`.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from time import thread_time

from rapidfuzz import fuzz, process
from rich.console import Console
from rich.table import Table

from knowledge.assistant import Assistant
from knowledge.entries import Outcome
from knowledge.loader import load
from knowledge.matcher import Matcher
from knowledge.typos import with_typos
from knowledge.words import words

HERE = Path(__file__).parent
POLICY = frozenset({Outcome.ANSWER, Outcome.REGISTER, Outcome.REQUEST_FORM})
"""Outcomes that say something of the policy."""
SIZES = (100, 1_000, 10_000)
WAYS = 10
ASKED = 200
WIDTH = 120
SETS = ("clinc150", "stackfaq", "stackfaq-k1", "hint3_curekart_v2")
REFERENCE: Mapping[str, tuple[str, str, str, str]] = {
    "clinc150": ("72.8 / 71.4", "45.4 / 43.0", "85.3 / 71.3", "49.9 / 21.5"),
    "stackfaq": ("94.7 / 94.2", "63.3 / 64.8", "99.5 / 97.2", "90.5 / 64.9"),
    "hint3_curekart_v2": ("76.7 / 74.5", "15.0 / 11.5", "84.3 / 67.1", "18.3 / 4.8"),
}
"""Published with the sets, top-1 and share answered: an earlier experiment, and MiniLM sentence embeddings."""


class Adapter:
    """The matcher with the two methods that the retrieval bench calls."""

    def fit(self, entries: Mapping[str, Sequence[str]]) -> None:
        """Build the matcher from entry ids and their phrasings."""
        self._matcher = Matcher(entries)

    def rank(self, question: str) -> list[tuple[str, float]]:
        """Return entry ids with confidences, best first."""
        return [(match.entry, match.confidence) for match in self._matcher.rank(question)]


def main() -> None:
    """Measure and print; nothing is asserted."""
    console = Console(highlight=False, width=WIDTH)
    folder = os.environ.get("RETRIEVAL_DIR", "")
    show_quality(console, folder)
    show_out_of_scope(console, folder)
    show_speed(console, SIZES)
    show_load(console)


def show_quality(console: Console, folder: str) -> None:
    """Print top-1 and the share answered at 95 % precision beside the published figures; needs the bench's folder."""
    console.print("Matching on public questions, per cent, clean / with typos")
    if not folder:
        console.print("not measured: set RETRIEVAL_DIR")
        return
    table = Table("set", "top-1", "answered", "experiment: top-1", "answered", "MiniLM: top-1", "answered")
    for name, figures in _measured(Path(folder)).items():
        clean, typos = figures["clean"], figures["typos"]
        ours = [f"{100 * clean[key]:.1f} / {100 * typos[key]:.1f}" for key in ("acc", "cov95")]
        table.add_row(name, *ours, *REFERENCE.get(name, ("-", "-", "-", "-")))
    console.print(table)


def show_out_of_scope(console: Console, folder: str) -> None:
    """Print how many public questions about anything else get an answer from the policy."""
    if not folder:
        return
    asked = json.loads((Path(folder) / "data" / "clinc150.json").read_text(encoding="utf-8"))["oos_test"]
    assistant = Assistant(load(HERE))
    answered = [question for question in asked if assistant.answer(question).outcome in POLICY]
    console.print(f"Out of scope: {len(answered)} of {len(asked)} questions about other things get a policy answer")


def _measured(folder: Path) -> dict[str, dict[str, dict[str, float]]]:
    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / "figures.json"
        command = [sys.executable, str(folder / "bench.py"), "--matcher", "knowledge.bench:Adapter"]
        command += ["--sets", ",".join(SETS), "--out", str(out)]
        environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
        sets: dict[str, dict[str, dict[str, float]]] = json.loads(out.read_text(encoding="utf-8"))["sets"]
        return sets


def show_speed(console: Console, sizes: Sequence[int]) -> None:
    """Print how long a question takes once warm, at each number of entries, beside rapidfuzz's usual first choice."""
    title = f"A question, {WAYS} phrasings an entry, milliseconds of CPU, p50 / p99"
    table = Table("entries", "index (s)", "matcher", "process.extract(WRatio)", title=title)
    for size in sizes:
        entries = made_up(size)
        ways = [way for each in entries.values() for way in each]
        questions = [with_typos(way) for way in random.Random(7).choices(ways, k=ASKED)]
        started = thread_time()
        matcher = Matcher(entries)
        indexed = thread_time() - started
        timed(matcher.rank, ways[:ASKED])
        few = questions[: max(5, ASKED * SIZES[0] // size)]
        table.add_row(
            f"{size:,}",
            f"{indexed:.2f}",
            timed(matcher.rank, questions),
            timed(partial(process.extract, choices=ways, scorer=fuzz.WRatio), few),
        )
    console.print(table)


def made_up(size: int) -> dict[str, list[str]]:
    """Return entries with phrasings made of the FAQ's words, a few of them the entry's own; the same every time."""
    knowledge = load(HERE)
    known = sorted({word for entry in knowledge.entries.values() for way in entry.ways for word in words(way)})
    chance = random.Random(size)

    def phrasings() -> Iterator[str]:
        own = [*chance.choices(known, k=3), "".join(chance.choices("bcdfglmnprst", k=4))]
        for _ in range(WAYS):
            yield " ".join(chance.sample(own, k=3) + chance.choices(known, k=chance.randint(2, 6)))

    return {f"entry-{number}": list(phrasings()) for number in range(size)}


def timed(ask: Callable[[str], object], questions: Sequence[str]) -> str:
    """Return the median and the 99th percentile of asking, in milliseconds of this thread's CPU."""
    spent = []
    for question in questions:
        started = thread_time()
        ask(question)
        spent.append(1_000 * (thread_time() - started))
    spent.sort()
    return f"{spent[len(spent) // 2]:.2f} / {spent[int(0.99 * (len(spent) - 1))]:.2f}"


def show_load(console: Console) -> None:
    """Print how long the project's own files take from disk to the first answer."""
    started = thread_time()
    knowledge = load(HERE)
    loaded = thread_time()
    assistant = Assistant(knowledge)
    ready = thread_time()
    pasted = " ".join(entry.answer for entry in knowledge.entries.values())
    console.print(
        f"The FAQ itself: {len(knowledge.entries)} entries, loaded in {loaded - started:.2f} s, "
        f"indexed in {ready - loaded:.2f} s; {len(pasted):,} letters pasted: {timed(assistant.answer, [pasted])} ms"
    )


if __name__ == "__main__":
    main()
