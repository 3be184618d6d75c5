"""Logs of workers and pages: one line an event, for people or as JSON, with references and counts only."""

import logging
import sys
import threading
from typing import Final, TextIO

import structlog

from dsar_export.settings import LogFormat

_SHARED: Final[list[structlog.typing.Processor]] = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def set_up_logs(log_format: LogFormat, stream: TextIO | None = None) -> None:
    """Sends our own events and those of libraries to standard error, in one form."""
    out = stream or sys.__stderr__
    as_json = log_format is LogFormat.JSON or (
        log_format is LogFormat.AUTO and not (out is not None and out.isatty())
    )
    last: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer()
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _without_trace, last],
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    # httpx logs addresses, which name people where an API is asked for them.
    asking = (("httpx", logging.WARNING), ("httpcore", logging.WARNING))
    for noisy, level in (("pika", logging.CRITICAL), ("alembic", logging.WARNING), *asking):
        logging.getLogger(noisy).setLevel(level)
    threading.excepthook = _thread_ended
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _thread_ended(ended: threading.ExceptHookArgs) -> None:
    name = None if ended.thread is None else ended.thread.name
    structlog.get_logger(__name__).error("a thread ended", thread=name, exception=ended.exc_type.__name__)


def _without_trace(
    _: structlog.typing.WrappedLogger, __: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Only the kind of an exception: its text may quote what it was about."""
    caught = event.pop("exc_info", None)
    if isinstance(caught, tuple) and caught[0] is not None:
        event["exception"] = caught[0].__name__
    return event
