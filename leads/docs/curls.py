"""The commands that the guide shows. Pure. They are meant for a shell in which $SOURCE_ID, $SOURCE_KEY and
$USER_TOKEN are set."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from leads.api import examples
from leads.intake.envelope import FORM, JSON, LINES

SOURCE = {"X-Leadping-Source-Id": "$SOURCE_ID", "X-Leadping-Source-Key": "$SOURCE_KEY"}
USER = {"Authorization": "Bearer $USER_TOKEN"}


def post_structured(address: str) -> str:
    return post(f"{address}/leads", JSON, pretty(examples.STRUCTURED))


def post_flat(address: str) -> str:
    return post(f"{address}/leads/intake", JSON, pretty(examples.FLAT))


def post_form(address: str) -> str:
    return post(f"{address}/leads/intake", FORM, urlencode(examples.SHORT))


def get_flat(address: str) -> str:
    return curl(f"{address}/leads/intake?{urlencode(examples.SHORT)}", SOURCE)


def post_batch(address: str) -> str:
    return post(f"{address}/leads/batch", LINES, examples.BATCH.strip())


def read_source(address: str) -> str:
    return curl(f"{address}/source", SOURCE)


def read_submission(address: str) -> str:
    return curl(f"{address}/submissions/{examples.ACCEPTED['submissionId']}", SOURCE)


def list_leads(address: str) -> str:
    return curl(f"{address}/leads?{urlencode({'status': 'audit', 'pageSize': 20})}", USER)


def post_opt_out(address: str) -> str:
    said = {"text": "Please stop texting me", "heardBy": "sms", "phone": "+15125550123"}
    return curl(f"{address}/opt-outs", {**USER, "Content-Type": JSON}, pretty(said))


def check_suppression(address: str) -> str:
    asked = {"phone": "+15125550123"}
    return curl(f"{address}/suppressions/check", {**USER, "Content-Type": JSON}, pretty(asked))


def post(address: str, content_type: str, body: str) -> str:
    return curl(address, {**SOURCE, "Content-Type": content_type}, body)


def curl(address: str, headers: Mapping[str, str], body: str | None = None) -> str:
    lines = [f"curl -sS '{address}'", *(f'-H "{name}: {value}"' for name, value in headers.items())]
    if body is not None:
        lines.append(f"-d '{body}'")
    return " \\\n  ".join(lines)


def pretty(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
