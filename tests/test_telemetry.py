"""Log lines are JSON and hold nothing personal; metrics have a registry of their own."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from bot.telemetry import Metrics, configure_logging


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield io.StringIO()
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_is_one_json_line_with_its_activity(stream: io.StringIO) -> None:
    """What happened in one turn can be found by the activity's id."""
    configure_logging("INFO", stream)
    with structlog.contextvars.bound_contextvars(activity_id="17"):
        structlog.get_logger().info("turn.answered", kind="message")
    (line,) = lines(stream)
    assert (line["event"], line["activity_id"], line["level"], line["kind"]) == (
        "turn.answered",
        "17",
        "info",
        "message",
    )
    assert line["timestamp"].endswith("Z")


def test_an_error_is_logged_without_its_words(stream: io.StringIO) -> None:
    """An exception's message may quote what somebody typed; its type and place do not."""
    configure_logging("INFO", stream)
    try:
        raise ValueError("Anna typed this")
    except ValueError as error:
        structlog.get_logger().error("turn.failed", exc_info=error)
        structlog.get_logger().exception("turn.failed")
        logging.getLogger("library").exception("it broke")
    assert "Anna" not in stream.getvalue()
    for line in lines(stream):
        assert line["error"] == "ValueError"
        assert line["frames"][0].startswith("test_telemetry.py:")


def test_libraries_log_in_json_too(stream: io.StringIO) -> None:
    """From warnings on."""
    configure_logging("INFO", stream)
    logging.getLogger("library").info("chatter")
    logging.getLogger("library").warning("odd")
    assert [line["event"] for line in lines(stream)] == ["odd"]


def test_the_level_is_kept(stream: io.StringIO) -> None:
    """LOG_LEVEL=WARNING hides information."""
    configure_logging("WARNING", stream)
    structlog.get_logger().info("turn.answered")
    assert lines(stream) == []


def test_two_bots_in_one_process_count_apart() -> None:
    """Nothing is registered globally."""
    one, other = Metrics(), Metrics()
    one.turns.labels("message", "answered").inc()
    assert other.registry.get_sample_value("turns_total", {"kind": "message", "outcome": "answered"}) is None
