"""The source that the sample leads come through: made on the first start, its keys kept."""

import io
import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command

from leadping.http import HttpAnswer, fetch
from leadping.run.samples import STATES, SampleRequest, sample_requests

KEPT_IN = ".leadping/sample-source.json"
# Longer than any answer of the certificate service is waited for.
SECONDS_TO_ANSWER = 30.0
# An idle connection of ours would hold up the web server when it is to end.
HANG_UP = {"Connection": "close"}


@dataclass(frozen=True, slots=True)
class SampleSource:
    """`lead_id` is the last sample lead that was accepted; empty until the samples were posted."""

    source_id: str
    api_key: str
    api_secret: str
    lead_id: str = ""


def ask_command(command: str, **options: Any) -> dict[str, Any]:
    """The answer of a command of ours that has --json."""
    answer = io.StringIO()
    call_command(command, json=True, stdout=answer, **options)
    told: dict[str, Any] = json.loads(answer.getvalue())
    return told


def create_source(business: str) -> SampleSource:
    made = ask_command(
        "createsource",
        business=business,
        account="Sample account",
        name="Sample quote form",
        states=",".join(STATES),
    )
    source = SampleSource(made["sourceId"], made["apiKey"], made["apiSecret"])
    keep(source)
    return source


def keep(source: SampleSource) -> None:
    """For the owner's eyes alone. The product shows a key only once, and the samples need theirs again."""
    kept = Path(settings.BASE_DIR, KEPT_IN)
    with open(kept, "w", opener=lambda path, flags: os.open(path, flags, mode=0o600)) as file:
        json.dump(asdict(source), file)


def load_source() -> SampleSource | None:
    kept = Path(settings.BASE_DIR, KEPT_IN)
    return SampleSource(**json.loads(kept.read_text())) if kept.exists() else None


def is_known(source: SampleSource, address: str) -> bool:
    """Whether the database in use is the one that the credentials are from."""
    return send(source, SampleRequest("GET", "/source", {}, None), address).status == 200


def post_samples(source: SampleSource, address: str) -> SampleSource:
    """After an interrupted start it is called again; what was accepted before is then replayed."""
    answers = [send(source, sample, address) for sample in sample_requests()]
    taken_in = [json.loads(answer.body) for answer in answers if answer.status == 201]
    accepted = [lead["id"] for lead in taken_in if lead["status"] == "accepted"]
    source = replace(source, lead_id=accepted[-1])
    keep(source)
    return source


def send(source: SampleSource, request: SampleRequest, address: str) -> HttpAnswer:
    credentials = {"X-Leadping-Source-Id": source.source_id, "X-Leadping-Source-Key": source.api_key}
    return fetch(
        request.method,
        address + request.path,
        headers={**request.headers, **credentials, **HANG_UP},
        body=request.body,
        read_timeout=SECONDS_TO_ANSWER,
        allow_loopback=True,
    )
