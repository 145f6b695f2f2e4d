"""What happens to a bot that is answering when its knowledge files are spoilt, by accident or on purpose."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.live_knowledge import LiveKnowledge
from knowledge.loader import FILES
from tests.hostile_knowledge import FIXED, mutated
from tests.knowledge_files import SMALL, spoilt

ROOT = Path(__file__).parent.parent


def test_spoilt_files_never_reach_anybody() -> None:
    """Sixty hostile files and fifty accidents: the last good answers stay, each fault has its line, nothing crashes."""
    options = ["--mutated", "50", "--knowledge", str(SMALL)]
    command = [sys.executable, "-m", "tests.hostile_knowledge", *options]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "CRASHED" not in run.stdout


def test_the_hostile_files_are_of_many_kinds() -> None:
    """At least sixty, each with a name of its own, over all four files."""
    assert len(FIXED) >= 60
    assert len({each.name for each in FIXED}) == len(FIXED)
    assert {each.file for each in FIXED} == set(FILES)


def test_an_accident_can_be_played_again() -> None:
    """The same number spoils the same bytes, so that a failure can be looked into."""
    data = (SMALL / "faq.yaml").read_bytes()
    assert mutated(7).spoil(data) == mutated(7).spoil(data)
    assert len({mutated(number).spoil(data) for number in range(20)}) == 20


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[who proofreads AI text]", "[who proofreads AI text", "this is not valid YAML"),
        ("[who proofreads AI text]", "[whom does the policy apply to]", "also stands under check"),
        ("[who proofreads AI text]", "[who proofreads AI text]\n    never: [who proofreads AI]", "never should be"),
    ],
)
async def test_a_running_bot_keeps_its_answers_until_the_fault_is_mended(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    """A broken file, a broken rule and a broken golden question are refused alike; the mended file is taken."""
    folder = spoilt(tmp_path, "faq.yaml", "People decide", "Humans decide")
    live, file = LiveKnowledge(folder), folder / "faq.yaml"
    good, first = file.read_text(encoding="utf-8"), live.edition()
    file.write_text(good.replace(old, new), encoding="utf-8")
    await live.reload()
    assert said in live.fault
    assert live.edition() is first
    file.write_text(good.replace("Humans decide", "People decide"), encoding="utf-8")
    await live.reload()
    assert live.fault == ""
    assert live.edition() is not first
