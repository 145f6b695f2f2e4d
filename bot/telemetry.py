"""Logs and metrics: structured JSON lines without personal text, and one registry of Prometheus metrics."""

import logging
import sys
from types import TracebackType
from typing import TextIO

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from structlog.typing import EventDict, Processor


class Metrics:
    """Everything that is counted, in a registry of its own; labels never name a person."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        counter, gauge = self._counter, self._gauge
        self.refused = counter(
            "refused_activities", "Activities not let in, by HTTP status and reason", "status", "reason"
        )
        self.turns = counter("turns", "Turns, by kind and outcome", "kind", "outcome")
        self.sends = counter(
            "connector_calls", "Calls to the Connector, by operation and outcome", "operation", "outcome"
        )
        self.tokens = counter("token_fetches", "Access tokens asked for at the login endpoint", "outcome")
        self.keys = counter("key_fetches", "Fetches of the channel's signing keys", "outcome")
        self.outbox_depth = gauge("outbox_depth", "Messages owed and not yet sent")
        self.outbox_parked = gauge("outbox_parked", "Messages set aside that could not be delivered")
        self.outbox_age = gauge("outbox_age_seconds", "Age of the oldest message owed")
        self.turn_seconds = Histogram("turn_seconds", "Time from request to answer", registry=self.registry)

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(name, what, labels, registry=self.registry)

    def _gauge(self, name: str, what: str) -> Gauge:
        return Gauge(name, what, registry=self.registry)


def configure_logging(level: str, stream: TextIO | None = None) -> None:
    """Write every log line, the libraries' too, as one JSON object to `stream` (standard output)."""
    stream = stream or sys.stdout
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _frames,
    ]
    as_json = structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[*shared, as_json],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.WriteLoggerFactory(file=stream),
        cache_logger_on_first_use=True,
    )
    libraries = logging.StreamHandler(stream)
    drop_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    libraries.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[drop_meta, as_json])
    )
    logging.basicConfig(
        level=max(logging.WARNING, logging.getLevelNamesMapping()[level]), handlers=[libraries], force=True
    )


def _frames(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Replace an exception by its type and the lines it passed: its message may quote what somebody typed."""
    found = event.pop("exc_info", None)
    error = sys.exc_info()[1] if found is True else found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["frames"] = _lines(error.__traceback__)
    return event


def _lines(traceback: TracebackType | None) -> list[str]:
    lines = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        lines.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{traceback.tb_lineno} {code.co_name}")
        traceback = traceback.tb_next
    return lines
