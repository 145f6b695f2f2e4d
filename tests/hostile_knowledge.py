"""`python -m tests.hostile_knowledge`: 60 hostile and 1,000 mutated knowledge files against a bot that is answering.

Each file is saved over a good one in a child process, so that a crash, its CPU and its memory are its own.
"""

import argparse
import asyncio
import os
import random
import re
import resource
import shutil
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import structlog
from rich.console import Console
from rich.progress import Progress

from bot.live_knowledge import LiveKnowledge
from knowledge.loader import FILES

COUNCIL = Path(__file__).parent.parent / "knowledge"
MAX_SECONDS, MAX_MEGABYTES = 1.0, 100.0
ACCEPTED, REFUSED, REFUSED_WHOLE, LOST, RAISED = 0, 10, 11, 12, 13
_ENDS = {
    ACCEPTED: "accepted",
    REFUSED: "refused with line and column",
    REFUSED_WHOLE: "refused as a whole (missing, empty or too large)",
    LOST: "LAST GOOD ANSWERS LOST",
    RAISED: "CRASHED",
}
_GOOD_ENDS = frozenset({_ENDS[ACCEPTED], _ENDS[REFUSED], _ENDS[REFUSED_WHOLE]})
_PLACE = re.compile(r"\w+\.yaml:\d+:\d+: ")
_ASKED = "can i use copilot"
_PIECES = b"[]{}:-&*!#|>'\"\n\t x\xff\x00?,%@`~\xc3"
_CPU_LIMIT = 20


class Hostile(NamedTuple):
    """A way to spoil a file."""

    name: str
    file: str
    spoil: Callable[[bytes], bytes | None]
    """The new content, or None to delete the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """How one spoilt file ended, in seconds of CPU and megabytes beyond what the bot held before."""

    name: str
    end: str
    seconds: float
    megabytes: float

    @property
    def is_sound(self) -> bool:
        """Whether the bot kept its last good answers or got better ones."""
        return self.end in _GOOD_ENDS

    @property
    def is_quick(self) -> bool:
        """Whether it kept to the limits."""
        return self.seconds <= MAX_SECONDS and self.megabytes <= MAX_MEGABYTES


def added(text: str | bytes) -> Callable[[bytes], bytes]:
    """Put something at the end."""
    tail = text.encode() if isinstance(text, str) else text
    return lambda data: data + b"\n" + tail


def instead(text: str | bytes) -> Callable[[bytes], bytes]:
    """Put something in the place of everything."""
    whole = text.encode() if isinstance(text, str) else text
    return lambda data: whole


def changed(old: str, new: str | bytes) -> Callable[[bytes], bytes]:
    """Replace the first `old`, which must be there."""

    def spoil(data: bytes) -> bytes:
        assert old.encode() in data, old
        return data.replace(old.encode(), new.encode() if isinstance(new, str) else new, 1)

    return spoil


def entry(**fields: str) -> str:
    """Write one more entry of faq.yaml; each field as YAML."""
    plain = {"id": "one-more", "question": "One more?", "answer": "More (4.2).", "cites": "['4.2']"}
    plain |= {"phrasings": "[one more thing]", "owner": "Head of Tests", "reviewed": "2026-03-24"} | fields
    return "  - " + "\n    ".join(f"{name}: {value}" for name, value in plain.items()) + "\n"


def _many_entries(count: int) -> str:
    return "".join(entry(id=f"one-{n}", phrasings=f"[what about thing {n}, may i do thing {n}]") for n in range(count))


def _bomb() -> str:
    grown = (f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in pairwise("abcdefgh"))
    return "a: &a [x]\n" + "".join(grown)


_ID = "  - id: "

FIXED: tuple[Hostile, ...] = (
    Hostile("missing file", "faq.yaml", lambda data: None),
    Hostile("empty", "faq.yaml", instead("")),
    Hostile("spaces only", "faq.yaml", instead(" \n \n")),
    Hostile("a comment only", "tools.yaml", instead("# nothing\n")),
    Hostile("null", "faq.yaml", instead("null")),
    Hostile("a list at the top", "faq.yaml", instead("- a\n- b\n")),
    Hostile("a text at the top", "faq.yaml", instead("hello")),
    Hostile("UTF-16", "faq.yaml", lambda data: data.decode().encode("utf-16")),
    Hostile("Latin-1", "faq.yaml", changed("entries:", "# caf\xe9\nentries:".encode("latin-1"))),
    Hostile("a byte order mark", "faq.yaml", lambda data: b"\xef\xbb\xbf" + data),
    Hostile("a zero byte", "faq.yaml", changed(_ID, "  - id: \0")),
    Hostile("a control character", "faq.yaml", changed(_ID, "  - id: \x07")),
    Hostile("half a character at the end", "faq.yaml", added(b"# \xe2\x82")),
    Hostile("a lone surrogate", "faq.yaml", added(b"# \xed\xa0\x80")),
    Hostile("all bytes", "faq.yaml", instead(bytes(range(256)) * 40)),
    Hostile("two megabytes of line ends", "faq.yaml", instead("\n" * 2_000_000)),
    Hostile("a gigabyte of promise", "faq.yaml", instead("entries: [" + "x," * 499_000 + "]")),
    Hostile("just under a megabyte of one word", "faq.yaml", added("#" * 800_000)),
    Hostile("a quarter of a million values", "faq.yaml", instead("entries: [" + "a," * 250_000 + "a]")),
    Hostile("a hundred thousand brackets", "faq.yaml", instead("entries: " + "[" * 100_000)),
    Hostile("a hundred thousand braces", "faq.yaml", instead("entries: " + "{a: " * 100_000)),
    Hostile("nested dashes", "faq.yaml", instead("entries:\n" + "- " * 20_000 + "a")),
    Hostile("nested indentation", "faq.yaml", instead("".join(" " * n + "a:\n" for n in range(900)))),
    Hostile("an anchor", "faq.yaml", changed("entries:", "entries: &all")),
    Hostile("an alias bomb", "faq.yaml", instead(_bomb())),
    Hostile("an alias to itself", "faq.yaml", instead("entries: &e [*e]")),
    Hostile("a merge key", "faq.yaml", changed(_ID, "  - <<: {id: x}\n    id: ")),
    Hostile("a Python tag", "faq.yaml", changed("entries:", "entries: !!python/object/apply:os.system [ls]\nx:")),
    Hostile("an unknown tag", "faq.yaml", changed("entries:", "x: !include /etc/passwd\nentries:")),
    Hostile("a directive", "faq.yaml", lambda data: b"%YAML 9.9\n---\n" + data),
    Hostile("a second document", "faq.yaml", added("---\nentries: []")),
    Hostile("a tab", "faq.yaml", changed(_ID, "\t- id: ")),
    Hostile("an open quote", "faq.yaml", added('x: "never closed')),
    Hostile("an open bracket", "faq.yaml", added("x: [never closed")),
    Hostile("a colon in a text", "faq.yaml", changed("    question: ", "    question: well: ")),
    Hostile("a list as a field's name", "faq.yaml", added("? [a, b]\n: c")),
    Hostile("a name of half a megabyte", "faq.yaml", added("k" * 500_000 + ": v")),
    Hostile("a text of half a megabyte", "faq.yaml", added(entry(answer="x" * 500_000))),
    Hostile("the same field twice", "faq.yaml", changed("    question: ", "    question: Q\n    question: ")),
    Hostile("entries twice", "faq.yaml", added("entries: []")),
    Hostile("no entries", "faq.yaml", instead("entries: []")),
    Hostile("entries as a record", "faq.yaml", instead("entries: {id: x}")),
    Hostile("entries of texts", "faq.yaml", instead("entries: [a, b]")),
    Hostile("an id twice", "faq.yaml", added(entry() + entry())),
    Hostile("an id with a path", "faq.yaml", added(entry(id="../../etc/passwd"))),
    Hostile("an unknown field", "faq.yaml", added(entry(colour="red"))),
    Hostile("a text where a list should be", "faq.yaml", added(entry(phrasings="{a: b}"))),
    Hostile("a paragraph that does not exist", "faq.yaml", added(entry(cites="['9.9']"))),
    Hostile("a follow-up that does not exist", "faq.yaml", added(entry(follow_ups="[nowhere]"))),
    Hostile("a date that does not exist", "faq.yaml", added(entry(reviewed="2026-02-30"))),
    Hostile("an answer that begins with No", "faq.yaml", added(entry(answer="No, never (4.2)."))),
    Hostile("a link to a stranger", "faq.yaml", added(entry(answer="See https://evil.example (4.2)."))),
    Hostile("a text that tires expressions", "faq.yaml", added(entry(answer="(" * 3000 + "](" * 1400))),
    Hostile("a phrasing without end", "faq.yaml", added(entry(phrasings=f"['{'no not ' * 5000}']"))),
    Hostile("ten thousand phrasings", "faq.yaml", added(entry(phrasings=str([f"thing {n}" for n in range(10_000)])))),
    Hostile("a golden question of another entry", "faq.yaml", added(entry(asks="[who is covered by the policy]"))),
    Hostile("four hundred entries alike", "faq.yaml", added(_many_entries(400))),
    Hostile(
        "writing from right to left",
        "faq.yaml",
        added(entry(question="\u202eeslaf\u202c?", answer="\u200b\u202e (4.2).")),
    ),
    Hostile("an unknown permission", "tools.yaml", changed("permitted: exception", "permitted: always")),
    Hostile(
        "a hundred thousand aliases",
        "tools.yaml",
        changed("permitted: exception", "aliases: [" + "ab," * 100_000 + "]"),
    ),
    Hostile("copilot as another tool", "tools.yaml", added("  - {id: x, name: Copilot, permitted: exception}")),
    Hostile("a paragraph without end", "policy.yaml", changed("text: ", "text: " + "long " * 1000)),
    Hostile("a sentence with a strange word", "talk.yaml", changed("{tool}", "{tool.__class__}")),
    Hostile("no sentences", "talk.yaml", changed("messages:", "massages:")),
)


def mutated(number: int, seed: int = 2026) -> Hostile:
    """Return what one accident does to one file: bytes and lines lost, doubled, moved or made up."""
    chance = random.Random(seed * 100_000 + number)

    def spoil(data: bytes) -> bytes:
        for _ in range(chance.randint(1, 6)):
            at, size = chance.randrange(len(data)), chance.choice((1, 3, 20, 400))
            piece = data[at : at + size]
            made_up = bytes(chance.choices(_PIECES, k=chance.randint(1, 6)))
            data = data[:at] + chance.choice((b"", piece * 2, made_up, made_up + piece)) + data[at + size :]
        return data or b"x"

    return Hostile(f"accident {number}", chance.choice(FILES), spoil)


def trials(source: Path, hostile: Iterable[Hostile]) -> Iterator[Trial]:
    """Spoil a copy of `source` in each way, under a bot that answers from it."""
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    with tempfile.TemporaryDirectory() as folder:
        for name in FILES:
            shutil.copy(source / name, folder)
        live = LiveKnowledge(Path(folder))
        for each in hostile:
            yield _trial(live, Path(folder), each)


def _trial(live: LiveKnowledge, folder: Path, hostile: Hostile) -> Trial:
    path = folder / hostile.file
    good = path.read_bytes()
    spoilt = hostile.spoil(good)
    if spoilt is None:
        path.unlink()
    else:
        path.write_bytes(spoilt)
    held = _resident_bytes()
    child = os.fork()
    if child == 0:
        os._exit(_outcome(live))
    _, status, used = os.wait4(child, 0)
    path.write_bytes(good)
    code = os.waitstatus_to_exitcode(status)
    return Trial(
        name=f"{hostile.name} ({hostile.file})",
        end=_ENDS.get(code, f"CRASHED ({code})"),
        seconds=used.ru_utime + used.ru_stime,
        megabytes=max(0, used.ru_maxrss * 1024 - held) / 1e6,
    )


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()


def _outcome(live: LiveKnowledge) -> int:
    """Reload in the child and return the number of how it ended; the CPU limit ends what would never end."""
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_LIMIT, _CPU_LIMIT))
    try:
        good = live.edition()
        asyncio.run(live.reload())
        if not live.fault:
            return ACCEPTED if live.edition().assistant.answer(_ASKED).text else LOST
        if live.edition() is not good or not good.assistant.answer(_ASKED).text:
            return LOST
        return REFUSED if all(map(_PLACE.match, live.fault.splitlines())) else REFUSED_WHOLE
    except Exception:
        traceback.print_exc()
        return RAISED


def main(arguments: list[str] | None = None) -> int:
    """Try every file and print how they ended; the exit code is 1 where the bot lost its answers or its life."""
    options = _parser().parse_args(arguments)
    hostile = [*FIXED, *map(mutated, range(options.mutated))]
    console = Console(highlight=False, markup=False, soft_wrap=True)
    bar = Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())
    with bar:
        ended = list(bar.track(trials(options.knowledge, hostile), total=len(hostile), description="Spoiling files"))
    for title, part in (("fixed", ended[: len(FIXED)]), ("mutated", ended[len(FIXED) :])):
        if part:
            console.print(_summary(title, part))
    for trial in ended:
        if trial.is_sound and trial.is_quick:
            continue
        console.print(f"  {trial.name}: {trial.end}, {trial.seconds:.2f} s of CPU, {trial.megabytes:.0f} MB")
    return 0 if all(trial.is_sound for trial in ended) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.hostile_knowledge", description=__doc__)
    parser.add_argument("--mutated", type=int, default=1000, help="how many files an accident has been over (1000)")
    parser.add_argument("--knowledge", type=Path, default=COUNCIL, help="the good files (the council's)")
    return parser


def _summary(title: str, ended: list[Trial]) -> str:
    ends = ", ".join(f"{count} {end}" for end, count in Counter(trial.end for trial in ended).most_common())
    slowest, largest = max(trial.seconds for trial in ended), max(trial.megabytes for trial in ended)
    good = sum(trial.is_sound for trial in ended)
    figures = (
        f"at most {slowest:.2f} s of CPU (limit {MAX_SECONDS:.0f}) and {largest:.0f} MB (limit {MAX_MEGABYTES:.0f})"
    )
    return f"{good} of {len(ended)} {title} files ended well: {ends}; {figures}"


if __name__ == "__main__":
    sys.exit(main())
