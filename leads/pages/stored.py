"""A request as it is stored, and our answer to it, laid out for reading. Pure."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from leadping.verdicts import Effect
from leads.models import Submission
from leads.pages.moments import Moment, describe, exact
from leads.pages.wording import OUTCOMES, Badge, CheckLine, describe_check

NO_ADDRESS = "an address that is not kept any more"


@dataclass(frozen=True, slots=True)
class StoredRequest:
    public_id: str
    when: Moment
    door: str
    outcome: Badge
    http_status: int
    checks: list[CheckLine]
    body: str
    redacted: bool
    purged: str
    sha256: str
    answer: str
    content_type: str
    ip: str
    user_agent: str
    request_id: str
    dry_run: bool


def describe_request(submission: Submission, *, now: datetime) -> StoredRequest:
    purged = submission.body_purged_at
    return StoredRequest(
        public_id=submission.public_id,
        when=describe(submission.received_at, now=now),
        door=door_of(submission),
        outcome=OUTCOMES[Submission.Outcome(submission.outcome)],
        http_status=submission.http_status,
        checks=[describe_check(verdict) for verdict in sorted(submission.verdicts, key=gravity)],
        body=lay_out_body(submission),
        redacted=submission.body_redacted,
        purged=exact(purged) if purged else "",
        sha256=bytes(submission.body_sha256).hex(),
        answer=indent(submission.answer),
        content_type=submission.content_type,
        ip=submission.ip or NO_ADDRESS,
        user_agent=submission.user_agent,
        request_id=submission.request_id,
        dry_run=submission.dry_run,
    )


def door_of(submission: Submission) -> str:
    door = Submission.Door(submission.door).label
    return f"{door}, line {submission.row_number}" if submission.row_number else door


def gravity(verdict: Mapping[str, Any]) -> int:
    """Sorts what weighs most to the front, and what passed to the end."""
    return -list(Effect).index(Effect(verdict["effect"])) if not verdict["passed"] else 1


# A string, an empty object or list, one sign, or whatever stands between signs.
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|\{\s*\}|\[\s*\]|[{}\[\],:]|[^\s{}\[\],:"]+')


def lay_out_body(submission: Submission) -> str:
    """JSON indented, a form one field a line, and anything else as it is."""
    if submission.door == Submission.Door.QUERY or "form" in submission.content_type:
        return "\n".join(f"{name} = {value}" for name, value in parse_qsl(submission.body, True))
    return indent(submission.body)


def indent(text: str) -> str:
    """JSON with other white space and nothing else changed: this is evidence, and a repeated name shows."""
    if not is_json(text):
        return text
    depth, written = 0, []
    for token in TOKEN.findall(text):
        if token in {"{", "["}:
            depth += 1
            written.append(token + new_line(depth))
        elif token in {"}", "]"}:
            depth -= 1
            written.append(new_line(depth) + token)
        else:
            written.append({",": "," + new_line(depth), ":": ": "}.get(token, token))
    return "".join(written)


def new_line(depth: int) -> str:
    return "\n" + "  " * depth


def is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
