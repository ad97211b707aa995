"""An outside system that knows a source's credentials and posts leads, as senders do."""

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client

from sources.credentials import Issued
from sources.models import Source

if TYPE_CHECKING:
    # As django-stubs call what the test client gives back, with its json() and context.
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer
else:
    Answer = HttpResponse

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
CERTIFICATES = "https://cert.trustedform.com/"

Lead = dict[str, Any]


def certificate(scenario: str = "valid") -> str:
    """A certificate's URL that no test used before; the scenario chooses the sandbox's answer."""
    return f"{CERTIFICATES}{scenario}-{uuid4().hex}"


def flat_lead(**fields: Any) -> Lead:
    """A small lead in the flat shape; a field given as None is left out."""
    lead = {
        "firstName": "Jordan",
        "lastName": "Example",
        "email": "jordan@example.com",
        "phone": "+15125550123",
        "state": "TX",
        "product": "Final expense",
        "trustedFormUrl": certificate(),
    }
    return {name: value for name, value in {**lead, **fields}.items() if value is not None}


def structured_lead(**metadata: Any) -> Lead:
    """The same lead in the structured shape; `metadata` replaces or adds fields of that object."""
    fields = {"product": "Final expense", "trustedFormUrl": certificate(), **metadata}
    return {
        "metadata": {name: value for name, value in fields.items() if value is not None},
        "contact": {
            "firstName": "Jordan",
            "lastName": "Example",
            "email": "jordan@example.com",
            "phone": {"number": "+15125550123"},
            "streetAddress": {"state": "TX"},
        },
        "customer": {},
    }


def without(lead: Lead, path: str) -> Lead:
    """A copy of the lead that lacks what is at the dotted path."""
    copied = deepcopy(lead)
    *above, last = path.split(".")
    parent = copied
    for name in above:
        parent = parent[name]
    del parent[last]
    return copied


@dataclass(frozen=True)
class Sender:
    """Posts through Django's test client with the documented headers.

    Further headers are given by name, such as `{"Idempotency-Key": "1"}`.
    """

    source: Source
    issued: Issued
    client: Client = field(default_factory=Client)

    def __deepcopy__(self, memo: dict[int, Any]) -> "Sender":
        """With a client that remembers nothing."""
        return Sender(deepcopy(self.source, memo), self.issued)

    @property
    def credentials(self) -> dict[str, str]:
        return {
            "X-Leadping-Source-Id": self.source.public_id,
            "X-Leadping-Source-Key": self.issued.api_key,
        }

    def send(
        self,
        body: str | bytes,
        *,
        path: str = "/leads/intake",
        content_type: str = JSON,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Posts any body."""
        return self.client.post(
            path, body, content_type=content_type, headers={**self.credentials, **(headers or {})}
        )

    def post(self, lead: Lead | None = None, **headers: str) -> Answer:
        """To the flat door as JSON. Headers are named with underscores here: `Idempotency_Key="1"`."""
        return self.send(json.dumps(lead or flat_lead()), headers=named(headers))

    def post_form(self, lead: Lead | list[tuple[str, str]], **headers: str) -> Answer:
        return self.send(urlencode(lead), content_type=FORM, headers=named(headers))

    def post_structured(self, lead: Lead | None = None, **headers: str) -> Answer:
        return self.send(json.dumps(lead or structured_lead()), path="/leads", headers=named(headers))

    def get(self, lead: Lead | list[tuple[str, str]], **headers: str) -> Answer:
        """Through the query string."""
        return self.client.get(
            f"/leads/intake?{urlencode(lead)}", headers={**self.credentials, **named(headers)}
        )


def named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def codes(response: Answer) -> list[str]:
    """The codes of a refusal, in the order told."""
    return [error["code"] for error in response.json()["errors"]]


def faults(response: Answer) -> set[tuple[str, str | None]]:
    """Code and field of each fault of a refusal."""
    return {(error["code"], error["field"]) for error in response.json()["errors"]}
