"""JSON lines on stdout, each with the request's id and each redacted as a whole."""

import logging.config
import sys
from typing import Any

import structlog

from leadping.redaction import redact_log_line

SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]


class Stdout:
    """Where our own lines go, past Python's logging, which would double what the line of a request costs."""

    def __init__(self, name: str) -> None:
        self.name = name

    def write(self, line: str) -> None:
        sys.stdout.write(redact_log_line(line) + "\n")
        sys.stdout.flush()

    debug = info = warning = error = write


class RedactingFormatter(structlog.stdlib.ProcessorFormatter):
    """Redacts the finished line, so that nothing that reached it by any way escapes: message,
    arguments, traceback or context."""

    def format(self, record: logging.LogRecord) -> str:
        return redact_log_line(super().format(record))


def drop_request(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Django attaches the request object, whose repr names the whole address."""
    event.pop("request", None)
    event.pop("server_time", None)
    return event


def configure(*, debug: bool) -> None:
    level = logging.DEBUG if debug else logging.INFO
    logging.captureWarnings(True)
    structlog.configure(
        processors=[*SHARED, structlog.processors.JSONRenderer()],
        logger_factory=Stdout,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "json": {
                    "()": RedactingFormatter,
                    "foreign_pre_chain": [*SHARED, structlog.stdlib.ExtraAdder()],
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        drop_request,
                        structlog.processors.JSONRenderer(),
                    ],
                }
            },
            "filters": {
                "failures": {
                    "()": "django.utils.log.CallbackFilter",
                    # A refusal is told by its status in the line of the request; it is no failure of ours.
                    "callback": lambda record: (
                        record.exc_info is not None and getattr(record, "status_code", 500) >= 500
                    ),
                }
            },
            "handlers": {
                "stdout": {
                    "class": "logging.StreamHandler",
                    "stream": "ext://sys.stdout",
                    "formatter": "json",
                }
            },
            "root": {"handlers": ["stdout"], "level": level},
            "loggers": {
                # Our own middleware writes the one line a request; these would repeat it, but for tracebacks.
                "django.security.DisallowedHost": {"level": "CRITICAL"},
                "django.request": {"filters": ["failures"]},
                "django.server": {"level": "WARNING"},
                "urllib3": {"level": "ERROR"},
                "procrastinate": {"level": "WARNING"},
                "psycopg.pool": {"level": "ERROR"},
                "django.db.backends": {"level": "INFO"},
            },
        }
    )
