"""A record of any logger as one JSON line."""

import json
import logging
from typing import Any

import pytest

from leadping.logs import RedactingFormatter

KEY = "lp_AbCd0123_" + "0" * 38
CERTIFICATE = "https://cert.trustedform.com/0123456789abcdef0123456789abcdef01234567"


def line_of(message: str, *arguments: object, error: BaseException | None = None, **extra: Any) -> str:
    """What the root logger's handler would write."""
    formatter = next(
        handler.formatter
        for handler in logging.getLogger().handlers
        if isinstance(handler.formatter, RedactingFormatter)
    )
    cause = (type(error), error, error.__traceback__) if error else None
    record = logging.getLogger("tests").makeRecord(
        "tests", logging.ERROR, __file__, 1, message, arguments, cause, extra=extra
    )
    return formatter.format(record)


def test_a_line_is_one_json_object_with_level_logger_and_time() -> None:
    line = json.loads(line_of("hello %s", "you"))
    assert {**line, "timestamp": "…"} == {
        "event": "hello you",
        "level": "error",
        "logger": "tests",
        "timestamp": "…",
    }


def test_a_line_has_no_line_breaks_whatever_was_logged() -> None:
    assert "\n" not in line_of("a\nb\r\nc")


@pytest.mark.parametrize(("status", "written"), [(403, False), (404, False), (500, True)])
def test_only_a_failure_of_ours_leaves_a_traceback(status: int, written: bool) -> None:
    error = RuntimeError("zqx")
    record = logging.getLogger("django.request").makeRecord(
        *("django.request", logging.WARNING, __file__, 1, "told", ()),
        (type(error), error, None),
        extra={"status_code": status},
    )
    passes = all(one.filter(record) for one in logging.getLogger("django.request").filters)  # type: ignore[union-attr]
    assert passes is written


@pytest.mark.parametrize("secret", [KEY, CERTIFICATE])
def test_a_secret_is_taken_out_of_message_arguments_and_extras(secret: str) -> None:
    line = line_of(f"{secret} %s", secret, note={"deep": [secret]})
    assert secret.rpartition("/")[2] not in line


@pytest.mark.parametrize("secret", [KEY, CERTIFICATE])
def test_a_secret_is_taken_out_of_a_traceback(secret: str) -> None:
    try:
        raise ValueError(secret)
    except ValueError as error:
        line = line_of("it failed", error=error)
    assert "ValueError" in line
    assert secret.rpartition("/")[2] not in line


def test_the_request_itself_is_never_written() -> None:
    assert json.loads(line_of("x", request="<WSGIRequest: GET '/leads?apiKey=…'>")).get("request") is None
