"""What the logs look like: lines for people, or JSON for machines, one object a line (`ASPOKTATAS_LOG=json`).

Whatever concerns a mail can be found by the mail's number, in whichever process it happened: in JSON as the field
`mail`, in text as "mail 12", where the message does not say so as `[mail 12]` at its end. The number comes from what is
in hand (worker.following), or from the message itself ("mail 12: …", "reply 7: …").

Of an error its types and its way through the program are logged, never its message: a database quotes values there.
"""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Iterator
from typing import Any

from config.variables import Variables
from worker.following import KEYS, in_hand

STYLES = ("text", "json")
SUBJECT = re.compile(rf"\b({'|'.join(KEYS)}) %d")


def read_style(read: Variables) -> str:
    """`text` or `json`; raises ConfigurationError."""
    return read.choice("LOG", "text", STYLES)


class Subjects(logging.Filter):
    """Gives each record the keys of what is in hand and of what its message names, as attributes."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always True: nothing is left out."""
        held, named = in_hand(), _named(record)
        vars(record).update({**held, **named}, unsaid=held.keys() - named.keys())
        return True


def _named(record: logging.LogRecord) -> dict[str, int]:
    if not isinstance(record.args, tuple) or not isinstance(record.msg, str):
        return {}
    keys = [value for value in record.args if isinstance(value, int)]
    return dict(zip(SUBJECT.findall(record.msg), keys, strict=False))


def tell_error(error: BaseException) -> str:
    """A traceback without messages: each error with what led to it first."""
    told = [
        f"Traceback (most recent call last):\n{''.join(traceback.format_tb(one.__traceback__))}{type(one).__name__}"
        for one in _led_to(error)
    ]
    return "\n\n".join(reversed(told))


def _led_to(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        yield one
        seen.add(id(one))
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)


class Lines(logging.Formatter):
    """Lines for people, with the keys that the message does not name itself: `… reply 7: sent [mail 12]`."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # the library's name
        """The line without its traceback."""
        line = super().formatMessage(record)
        unsaid = [f"{name} {vars(record)[name]}" for name in sorted(getattr(record, "unsaid", ()))]
        return f"{line} [{', '.join(unsaid)}]" if unsaid else line

    def formatException(self, ei: tuple[Any, ...]) -> str:  # noqa: N802  # the library's name
        """Without messages."""
        return tell_error(ei[1]) if ei[1] else ""


def logging_settings(style: str) -> dict[str, Any]:
    """Django's LOGGING in this style."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"subjects": {"()": Subjects}},
        "formatters": {
            "text": {"()": Lines, "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s"},
            "json": {"()": "config.logs.json_formatter"},
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": style, "filters": ["subjects"]}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {  # every bell and tick at INFO would hide what became of the mails
            name: {"level": "WARNING"} for name in ("celery.worker.strategy", "celery.app.trace", "celery.beat")
        }
        | {"kombu.connection": {"level": "ERROR"}}  # it warns that memory:// names no host
        | {"waitress.queue": {"level": "ERROR"}}  # it warns of each page that waits a moment for the one before
        | {"opentelemetry.exporter": {"level": "ERROR"}},  # it warns of every try while the collector is away
    }


def json_formatter() -> logging.Formatter:
    """One JSON object a record: `timestamp` (UTC), `level`, `logger`, `event`, keys of subjects, `exception`."""
    import structlog  # noqa: PLC0415  # 80 ms that only installations with JSON logs shall pay

    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(allow=KEYS),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.ExceptionRenderer(lambda exc_info: tell_error(exc_info[1])),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
