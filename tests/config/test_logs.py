"""Logs as lines or as JSON; whatever is logged about a mail can be found by its key."""

from __future__ import annotations

import io
import json
import logging
import logging.config
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from config.logs import STYLES, logging_settings
from worker.following import following, in_hand

Start = Callable[[str], tuple[logging.Logger, io.StringIO]]


@pytest.fixture
def start() -> Iterator[Start]:
    """A logger that writes in a style, beside the tests' own logging."""
    handlers: list[logging.Handler] = []

    def begin(style: str) -> tuple[logging.Logger, io.StringIO]:
        config = logging.config.DictConfigurator(logging_settings(style))
        written = io.StringIO()
        handler = logging.StreamHandler(written)
        handler.setFormatter(config.configure_formatter(config.config["formatters"][style]))
        handler.addFilter(config.configure_filter(config.config["filters"]["subjects"]))
        log = logging.getLogger("worker.tests")
        log.setLevel(logging.INFO)
        log.addHandler(handler)
        handlers.append(handler)
        return log, written

    yield begin
    for handler in handlers:
        logging.getLogger("worker.tests").removeHandler(handler)


def objects(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_a_line_of_json_has_the_keys_that_its_message_names(start: Start) -> None:
    log, written = start("json")
    log.warning("mail %d: attempt %d failed (%s)", 12, 3, "ValueError")
    log.error("reply %d: refused for good", 7)
    first, second = objects(written)
    assert (first["mail"], first["level"], first["logger"]) == (12, "warning", "worker.tests")
    assert first["event"] == "mail 12: attempt 3 failed (ValueError)"
    assert first["timestamp"].endswith("Z")
    assert second["reply"] == 7
    assert "mail" not in second


def test_an_exception_is_one_line_of_json(start: Start) -> None:
    log, written = start("json")
    try:
        raise RuntimeError("first\nsecond")
    except RuntimeError:
        log.exception("it failed")
    (line,) = objects(written)
    assert line["event"] == "it failed"
    assert line["exception"].startswith("Traceback (most recent call last):\n")
    assert line["exception"].endswith("\nRuntimeError")


@pytest.mark.parametrize("style", STYLES)
def test_what_an_error_says_is_not_logged(start: Start, style: str) -> None:
    """A database names the values that it refuses, a parser those that it cannot read."""
    log, written = start(style)
    key, value = KeyError("Minta Márta"), ValueError("minta.marta@example.hu")
    try:
        try:
            raise key
        except KeyError as first:
            raise value from first
    except ValueError:
        log.exception("it failed")
    assert not [word for word in ("Márta", "example.hu") if word in written.getvalue()]
    assert written.getvalue().index("KeyError") < written.getvalue().index("ValueError")
    assert written.getvalue().count("test_logs.py") == 2


def test_nothing_but_known_fields_gets_in(start: Start) -> None:
    log, written = start("json")
    log.warning("hello", extra={"address": "minta.marta@example.hu"})
    assert "example.hu" not in written.getvalue()


def test_what_is_in_hand_is_on_every_line_of_json(start: Start) -> None:
    log, written = start("json")
    with following("decide", 12):
        log.warning("a table without columns")
        with following("deliver", 12, reply=7):
            log.info("reply %d: sent", 8)
        log.warning("mail %d is its twin", 3)
    log.warning("nobody's")
    first, second, third, last = objects(written)
    assert first["mail"] == 12
    assert (second["mail"], second["reply"]) == (12, 8)  # what a message says itself counts
    assert third["mail"] == 3
    assert "mail" not in last


def test_what_is_in_hand_ends_lines_that_do_not_say_it(start: Start) -> None:
    log, written = start("text")
    with following("deliver", 12, reply=7):
        log.warning("reply %d: sent", 7)
        log.warning("mail %d: sent", 12)
        log.warning("a mail %s", "12")
    log.warning("nobody's")
    ends = [line.partition("worker.tests ")[2] for line in written.getvalue().splitlines()]
    assert ends == [
        "reply 7: sent [mail 12]",
        "mail 12: sent [reply 7]",
        "a mail 12 [mail 12, reply 7]",
        "nobody's",
    ]


def test_the_number_stands_before_a_traceback(start: Start) -> None:
    log, written = start("text")
    with following("decide", 12):
        try:
            raise RuntimeError("why")
        except RuntimeError:
            log.exception("it failed")
    first, *_, last = written.getvalue().splitlines()
    assert first.endswith("it failed [mail 12]")
    assert last == "RuntimeError"


def test_each_thread_has_its_own_in_hand() -> None:
    seen: list[object] = []
    with following("decide", 12):
        thread = threading.Thread(target=lambda: seen.append(dict(in_hand())))
        thread.start()
        thread.join()
        assert in_hand() == {"mail": 12}
    assert seen == [{}]
    assert in_hand() == {}


@pytest.mark.parametrize("style", STYLES)
def test_a_message_without_keys_is_written_too(start: Start, style: str) -> None:
    log, written = start(style)
    log.warning("100 %")
    log.warning("%s of %s", "one", "two")
    assert "100 %" in written.getvalue()
    assert "one of two" in written.getvalue()
