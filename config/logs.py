"""What the logs look like: lines for people, or JSON for machines, one object a line (`ASPOKTATAS_LOG=json`).

The program's lines name mails, replies, folders and requests by their keys ("mail 12: …"). In JSON each such key is a
field as well (`"mail": 12`): what happened to one mail is found by it, in whichever process it happened.
"""

from __future__ import annotations

import logging
import re
from typing import Any

from config.variables import Variables

STYLES = ("text", "json")
SUBJECT = re.compile(r"\b(mail|reply|folder|request|replay) %d")


def read_style(read: Variables) -> str:
    """`text` or `json`; raises ConfigurationError."""
    return read.choice("LOG", "text", STYLES)


class Subjects(logging.Filter):
    """Gives each record of ours the keys that its message names, as attributes."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always True: nothing is left out."""
        if isinstance(record.args, tuple) and isinstance(record.msg, str):
            keys = [value for value in record.args if isinstance(value, int)]
            for name, key in zip(SUBJECT.findall(record.msg), keys, strict=False):
                setattr(record, name, key)
        return True


def logging_settings(style: str) -> dict[str, Any]:
    """Django's LOGGING in this style."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"subjects": {"()": Subjects}},
        "formatters": {
            "text": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
            "json": {"()": "config.logs.json_formatter"},
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": style, "filters": ["subjects"]}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {  # every bell and tick at INFO would hide what became of the mails
            name: {"level": "WARNING"} for name in ("celery.worker.strategy", "celery.app.trace", "celery.beat")
        }
        | {"kombu.connection": {"level": "ERROR"}},  # it warns that memory:// names no host
    }


def json_formatter() -> logging.Formatter:
    """One JSON object a record: `timestamp` (UTC), `level`, `logger`, `event`, keys of subjects, `exception`."""
    import structlog  # noqa: PLC0415  # 20 ms that only installations with JSON logs shall pay

    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(allow=["mail", "reply", "folder", "request", "replay"]),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
