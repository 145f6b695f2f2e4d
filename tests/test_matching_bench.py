"""The tables of `python -m knowledge.bench`."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from knowledge.bench import Adapter, made_up, show_load, show_out_of_scope, show_quality, show_speed, timed

FAKE_BENCH = """
import json, sys
from knowledge.bench import Adapter
adapter = Adapter()
adapter.fit({"a": ["open the door"]})
assert adapter.rank("open the door")[0][0] == "a"
figures = {"acc": 0.5, "cov95": 0.25}
out = sys.argv[sys.argv.index("--out") + 1]
both = {"clean": figures, "typos": figures}
with open(out, "w") as file:
    json.dump({"sets": {"clinc150": both, "own": both}}, file)
"""


@pytest.fixture
def console() -> Console:
    return Console(file=io.StringIO(), width=140)


def printed(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_without_the_public_questions_the_bench_says_so(console: Console) -> None:
    """A fresh clone has none of them."""
    show_quality(console, "")
    assert "not measured: set RETRIEVAL_DIR" in printed(console)


def test_with_them_our_figures_stand_beside_the_published_ones(console: Console, tmp_path: Path) -> None:
    """The bench of the given folder measures our adapter; sets without published figures show a dash."""
    (tmp_path / "bench.py").write_text(FAKE_BENCH, encoding="utf-8")
    show_quality(console, str(tmp_path))
    text = printed(console)
    assert "50.0 / 50.0" in text
    assert "25.0 / 25.0" in text
    assert "85.3 / 71.3" in text
    assert "own" in text


def test_speed_is_printed_for_each_size(console: Console) -> None:
    """Ours and rapidfuzz's, at every number of entries."""
    show_speed(console, (5, 20))
    lines = printed(console).splitlines()
    assert [line.split()[1] for line in lines if line.startswith("│")] == ["5", "20"]


def test_load_is_printed_for_the_projects_own_files(console: Console) -> None:
    """Entries, seconds, and what a long paste costs."""
    show_load(console)
    assert "entries, loaded in" in printed(console)


def test_made_up_entries_are_the_same_every_time() -> None:
    """Speeds of two days can be compared."""
    assert made_up(3) == made_up(3)
    assert all(len(ways) == 10 for ways in made_up(3).values())


def test_times_are_a_median_and_a_worst_case() -> None:
    """Of what was asked, each once."""
    asked: list[str] = []
    median, worst = timed(asked.append, ["a", "b", "c"]).split(" / ")
    assert asked == ["a", "b", "c"]
    assert float(median) <= float(worst)


def test_the_adapter_ranks_ids() -> None:
    """The shape the bench calls."""
    adapter = Adapter()
    adapter.fit({"door": ["open the door"], "window": ["clean the window"]})
    assert adapter.rank("opne teh door")[0][0] == "door"


def test_questions_about_other_things_are_counted(console: Console, tmp_path: Path) -> None:
    """One question about the policy among three others is the one that is answered."""
    (tmp_path / "data").mkdir()
    others = ["how do i cook rice", "which ai tools may i use for work", "what is the capital of peru"]
    (tmp_path / "data" / "clinc150.json").write_text(f'{{"oos_test": {others}}}'.replace("'", '"'))
    show_out_of_scope(console, str(tmp_path))
    assert "1 of 3 questions" in printed(console)
