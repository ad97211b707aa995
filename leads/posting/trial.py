"""The form by which a vendor's developer sends a dry run with their own key, from the page itself."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django import forms

from leadping.middleware import ScopedRequest
from leadping.redaction import redact_text
from leads.intake.answers import Reply
from leads.intake.arrival import Arrival, DryRun
from leads.intake.envelope import JSON
from leads.intake.receive import receive
from leads.models import Submission
from leads.pages import wording
from leads.pages.stored import gravity, indent
from leads.pages.wording import Badge, CheckLine, describe_check
from leads.posting.answers import REASONS
from sources.models import Source

SHAPES = {"flat": Submission.Door.FLAT, "structured": Submission.Door.STRUCTURED}
MODES = {"local": DryRun.LOCAL, "full": DryRun.FULL}


class Unstripped(forms.CharField):
    """What is sent is judged as it is, by intake and nobody before it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(strip=False, required=False, **options)
        self.validators = []


class TrialForm(forms.Form):
    key = Unstripped(
        label="Source key",
        widget=forms.PasswordInput({"autocomplete": "off", "spellcheck": "false", "placeholder": "lp_…"}),
        help_text="It is used for this one request, and neither stored nor shown again.",
    )
    shape = forms.ChoiceField(
        label="Shape",
        choices=[("flat", "Flat: POST /leads/intake"), ("structured", "Structured: POST /leads")],
        widget=forms.RadioSelect,
        initial="flat",
        help_text="Both take the same fields; choose the one that you will post.",
    )
    mode = forms.ChoiceField(
        label="Dry run",
        choices=[
            ("local", "All our own rules"),
            ("full", "Full: asks TrustedForm about the certificate too"),
        ],
        widget=forms.RadioSelect,
        initial="local",
        help_text="Neither stores a lead. The full one needs the certificate of a real visit to your form.",
    )
    payload = Unstripped(
        label="The lead, as JSON",
        widget=forms.Textarea({"rows": 18, "spellcheck": "false", "autocomplete": "off"}),
        help_text="At most 64 KiB. Use invented people.",
    )


@dataclass(frozen=True, slots=True)
class Result:
    """What the door answered. `would` is what a real request would have come to."""

    status: str
    would: Badge
    body: str
    headers: dict[str, str]
    faults: list[CheckLine]
    passes: list[CheckLine]
    submission_id: str = ""


UNKNOWN = "This key does not open this source: it was mistyped or revoked, or it belongs to another source."


def try_out(form: TrialForm, request: ScopedRequest, source: Source) -> Result:
    """Through the door itself, so that a wrong key is counted as one there."""
    sent = form.cleaned_data
    arrival = arrive(
        request, source, sent["key"], sent["payload"], SHAPES[sent["shape"]], MODES[sent["mode"]]
    )
    return describe(receive(arrival), source)


def arrive(
    request: ScopedRequest, source: Source, key: str, payload: str, door: Submission.Door, dry_run: DryRun
) -> Arrival:
    sent = payload.encode("utf-8", "surrogatepass")
    return Arrival(
        door=door,
        headers={"X-Leadping-Source-Id": source.public_id, "X-Leadping-Source-Key": key},
        query=[],
        content_type=JSON,
        sent=sent,
        sent_sha256=sha256(sent).digest(),
        ip=request.client_ip,
        user_agent=request.META.get("HTTP_USER_AGENT", ""),
        request_id=request.request_id,
        received_at=datetime.now(UTC),
        idempotency_key=None,
        dry_run=dry_run,
    )


def describe(reply: Reply, source: Source) -> Result:
    body = json.loads(reply.body)
    submission = Submission.named(body.get("submissionId", "")).filter(source=source).first()
    rows = submission.verdicts if submission else []
    lines = [describe_check(row) for row in sorted(rows, key=gravity)]
    return Result(
        status=f"{reply.status} {REASONS.get(reply.status, '')}".strip(),
        would=would_be(reply, body),
        body=indent(reply.body),
        headers={"Content-Type": reply.content_type, **reply.headers},
        faults=[line for line in lines if line.badge is not wording.PASSED],
        passes=[line for line in lines if line.badge is wording.PASSED],
        submission_id=body.get("submissionId", ""),
    )


def would_be(reply: Reply, body: dict[str, Any]) -> Badge:
    if reply.status == 401:
        return Badge("Not judged: the key is wrong", "bad")
    if reply.status >= 300:
        return Badge("A real request would be refused", "bad")
    outcome = Submission.Outcome(body["status"])
    said = {
        Submission.Outcome.ACCEPTED: "A real request would be accepted",
        Submission.Outcome.AUDIT: "A real request would be held",
        Submission.Outcome.DUPLICATE: "A real request would be kept as a duplicate",
    }
    return Badge(said[outcome], wording.OUTCOMES[outcome].tone)


def shown_again(form: TrialForm) -> TrialForm:
    """What was entered, to be mended, without the key, wherever it was put."""
    kept = {name: form.data.get(name, "") for name in ("shape", "mode", "payload")}
    return TrialForm(initial={**kept, "payload": redact_text(kept["payload"])})
