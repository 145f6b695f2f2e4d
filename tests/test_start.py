"""How the bot starts, and what it says when it cannot."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture
def taken() -> Iterator[str]:
    """A port of this machine on which somebody listens already."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield str(listening.getsockname()[1])


def start(folder: Path, *command: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the project in an empty folder until it ends."""
    given = {**os.environ, "PYTHONPATH": str(ROOT), "KNOWLEDGE_DIR": str(ROOT / "knowledge"), **environ}
    return subprocess.run(
        [sys.executable, *command], cwd=folder, env=given, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize("arguments", [("--nonsense",), ("--playground", "--nonsense"), ("playground",)])
def test_an_unknown_argument_starts_nothing(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """A slip in --playground must not begin the bot that serves the council."""
    ended = start(tmp_path, str(ROOT / "app.py"), *arguments)
    assert ended.returncode == 1
    said = f"app.py does not know {' '.join(arguments)!r}; it takes nothing, or --playground alone"
    assert ended.stderr.splitlines() == [said]


def test_a_taken_port_is_said_in_one_line(tmp_path: Path, taken: str) -> None:
    """Somebody started the bot twice."""
    url = f"sqlite:///{tmp_path}/bot.db"
    ended = start(tmp_path, str(ROOT / "app.py"), "--playground", PORT=taken, DATABASE_URL=url)
    assert ended.returncode == 1
    (line,) = ended.stderr.splitlines()
    assert taken in line
    assert "already in use" in line


def test_a_taken_port_ends_a_rehearsal_with_one_line(tmp_path: Path, taken: str) -> None:
    """The same for the rehearsal's page."""
    ended = start(tmp_path, "-m", "bot", "rehearse", "--port", taken)
    assert ended.returncode == 1
    (line,) = ended.stderr.splitlines()
    assert taken in line


@pytest.mark.parametrize("port", ["99999", "-1"])
def test_a_port_that_is_none_is_said_in_one_line(tmp_path: Path, port: str) -> None:
    """Ports end at 65535."""
    ended = start(tmp_path, "-m", "bot", "rehearse", "--port", port)
    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [
        f"--port is {port!r}, expected a number from 0 (any free port) to 65535",
    ]
