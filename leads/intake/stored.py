"""Requests that came before, as intake reads them again. Pure.

What is stored is what was sent but for credentials, so nearly all of it can be read again. What cannot says
why, for nobody must take a guess for a judgement.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Protocol

from leadping.redaction import REDACTED
from leadping.verdicts import Effect, Verdict
from leads.intake.arrival import Arrival, DryRun
from leads.intake.case import Case
from leads.models import Submission

# Sentences for a person, in the order in which they are looked for.
PURGED = "purged"
OVER_LIMIT = "over_limit"
NOT_KEPT = "not_kept"
BROKEN = "broken"
NOT_TEXT = "not_text"
UNCLEAR = "unclear"
CUT = "cut"
WHY_NOT = {
    PURGED: "The body was deleted: its time to be kept had ended, or the person asked for it.",
    OVER_LIMIT: "The body was over the limit and was not kept.",
    NOT_KEPT: "The body was of a type that cannot be read and was not kept.",
    BROKEN: "The body broke off before its end.",
    NOT_TEXT: "The body held bytes that are no text, which are not stored.",
    UNCLEAR: "Its header left open whether it was a dry run.",
    CUT: "Credentials were taken out of the body before it was read, and with them what made it readable.",
}

UNREADABLE = frozenset({"json_malformed", "form_malformed", "characters_not_allowed"})
# Found in headers, which are not stored; their faults are stated again as they were.
HEADER_FAULTS = frozenset(
    {"body_broken", "idempotency_key_invalid", "idempotency_key_reused", "dry_run_invalid"}
)
SECRETS = frozenset({"secret_in_metadata", "secret_in_payload"})
KEY_IN_QUERY = "credentials_in_query"


class Stored(Protocol):
    """A submission, or as much of one as this needs."""

    door: str
    received_at: datetime
    content_type: str
    body: str
    body_sha256: Any
    body_redacted: bool
    body_purged_at: datetime | None
    ip: str | None
    user_agent: str
    codes: Any
    verdicts: Any


def why_not(stored: Stored) -> str:
    """A key of WHY_NOT, or nothing where it can be judged again."""
    codes = stored.codes
    reasons = {
        PURGED: stored.body_purged_at is not None,
        OVER_LIMIT: "body_too_large" in codes,
        NOT_KEPT: "content_type_unsupported" in codes and not stored.body,
        BROKEN: "body_broken" in codes,
        UNCLEAR: "dry_run_invalid" in codes,
    }
    found = next((why for why, holds in reasons.items() if holds), "")
    if not found and not UNREADABLE.isdisjoint(codes) and not stored.body_redacted and not is_whole(stored):
        return NOT_TEXT
    return found


def is_whole(stored: Stored) -> bool:
    """Whether the text is all that was sent."""
    return sha256(stored.body.encode()).digest() == bytes(stored.body_sha256)


def arrival_of(
    stored: Stored, *, at: datetime | None = None, request_id: str = "", user_agent: str | None = None
) -> Arrival:
    """As it came, or as it would come `at` another moment. Its key and its headers are not stored."""
    return Arrival(
        door=Submission.Door(stored.door),
        headers={},
        query=[],
        content_type=stored.content_type,
        sent=stored.body.encode(),
        sent_sha256=bytes(stored.body_sha256),
        ip=stored.ip or "",
        user_agent=stored.user_agent if user_agent is None else user_agent,
        request_id=request_id,
        received_at=at or stored.received_at,
        idempotency_key=None,
        dry_run=DryRun.NO,
    )


def shows_key(stored: Stored) -> bool:
    return KEY_IN_QUERY in stored.codes


def is_cut(stored: Stored, case: Case) -> bool:
    """Whether it could not be read because of what was taken out of it, unlike when it came.

    What is not read, say of a source that is paused, is redacted as text, which may no longer be JSON.
    """
    return case.reading is None and stored.body_redacted and UNREADABLE.isdisjoint(stored.codes)


def stated_again(stored: Stored, found: Iterable[Verdict], *, codes: frozenset[str]) -> list[Verdict]:
    """Failed checks of these codes, as they were stored, which reading the stored text cannot find."""
    if codes.isdisjoint(stored.codes):
        return []
    known = {(verdict.code, verdict.field) for verdict in found}
    rows = [row for row in stored.verdicts if row["code"] in codes and not row["passed"]]
    return [as_verdict(row) for row in rows if (row["code"], row.get("field")) not in known]


def hidden_secrets(stored: Stored, found: Iterable[Verdict]) -> list[Verdict]:
    """The faults of credentials that were replaced: what stands in their place is nobody's fault."""
    if not stored.body_redacted or REDACTED not in stored.body.replace("%5B", "[").replace("%5D", "]"):
        return []
    return stated_again(stored, found, codes=SECRETS)


def as_verdict(row: Mapping[str, Any]) -> Verdict:
    return Verdict(
        row["code"],
        row["passed"],
        Effect(row.get("effect", Effect.REFUSE)),
        row.get("detail", ""),
        row.get("field"),
        row.get("hint"),
    )
