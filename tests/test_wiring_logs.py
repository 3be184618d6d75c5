"""Logs are one line an event, and quote nobody's exception."""

import io
import json
import logging
import threading
from collections.abc import Iterator

import pytest
import structlog

from dsar_export.settings import LogFormat
from dsar_export.wiring.logs import set_up_logs

MARKER = "sam@example.org"


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    yield io.StringIO()
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def events(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def failing() -> None:
    raise ValueError(MARKER)


@pytest.mark.parametrize("log_format", [LogFormat.JSON, LogFormat.AUTO])
def test_without_a_terminal_each_event_is_an_object_with_what_it_is_about(
    stream: io.StringIO, log_format: LogFormat
) -> None:
    set_up_logs(log_format, stream)
    structlog.get_logger("dsar_export.worker").info("work done", reference="DSAR-1", tries=2)
    (event,) = events(stream)
    assert event.pop("timestamp")
    assert event == {
        "event": "work done",
        "reference": "DSAR-1",
        "tries": 2,
        "level": "info",
        "logger": "dsar_export.worker",
    }


def test_people_read_the_same_in_words(stream: io.StringIO) -> None:
    set_up_logs(LogFormat.CONSOLE, stream)
    structlog.get_logger("dsar_export.worker").info("work done", reference="DSAR-1")
    assert "work done" in stream.getvalue()
    assert "{" not in stream.getvalue()


def test_of_an_exception_there_is_only_its_kind(stream: io.StringIO) -> None:
    set_up_logs(LogFormat.JSON, stream)
    try:
        failing()
    except ValueError:
        logging.getLogger("a.library").exception("it failed")
        structlog.get_logger("dsar_export.worker").exception("we failed")
    first, second = events(stream)
    assert (first["event"], first["exception"], first["logger"]) == ("it failed", "ValueError", "a.library")
    assert second["event"] == "we failed"
    assert MARKER not in stream.getvalue()
    assert "Traceback" not in stream.getvalue()


def test_a_thread_that_ends_unexpectedly_shows_no_text_either(
    stream: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    set_up_logs(LogFormat.JSON, stream)
    thread = threading.Thread(target=failing, name="lease-7")
    thread.start()
    thread.join()
    (event,) = events(stream)
    assert (event["event"], event["thread"], event["exception"]) == (
        "a thread ended",
        "lease-7",
        "ValueError",
    )
    assert MARKER not in capfd.readouterr().err


def test_what_libraries_log_in_detail_is_left_out(stream: io.StringIO) -> None:
    set_up_logs(LogFormat.JSON, stream)
    logging.getLogger("pika").error("amqp://user:secret@broker")
    logging.getLogger("sqlalchemy.engine").debug(MARKER)
    assert stream.getvalue() == ""
