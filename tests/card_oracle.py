"""Microsoft's own template engine, run once for all tests: the oracle our small one is measured against."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

SCRIPT = Path(__file__).parent / "data" / "oracle.cjs"
INSTALLED = Path(__file__).parents[1] / "bot" / "rehearsal" / "node_modules" / "adaptivecards-templating"


class Oracle:
    """Fills one template after another in one node process."""

    def __init__(self, questions: IO[str], answers: IO[str]) -> None:
        self._questions = questions
        self._answers = answers

    def expand(self, template: object, data: object) -> object:
        """Return what the npm library makes of them, without the nulls it leaves where `$when` dropped an object."""
        self._questions.write(json.dumps({"template": template, "data": data}) + "\n")
        self._questions.flush()
        return without_nulls(json.loads(self._answers.readline()))


@contextmanager
def running_oracle() -> Iterator[Oracle]:
    """Start node and stop it again; fails where `npm ci --prefix bot/rehearsal` has not been run."""
    if shutil.which("node") is None or not INSTALLED.is_dir():
        pytest.fail("needs node and `npm ci --prefix bot/rehearsal` (make test does both)")
    with subprocess.Popen(
        ["node", str(SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        yield Oracle(process.stdin, process.stdout)
        process.stdin.close()


def without_nulls(value: object) -> object:
    """Return the value with every null property left out, at any depth."""
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    return value
