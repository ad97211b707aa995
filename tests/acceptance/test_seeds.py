"""The samples in what the user gave us to build, as they stand."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

from leads.models import Lead
from tests.senders import FORM, Answer, Sender
from tests.situations import SenderFactory

STRUCTURED = """{
"metadata": {
"externalId": "partner-lead-88391",
"sellerLeadId": "seller-4471",
"utmSource": "partner-site",
"utmCampaign": "june-campaign",
"product": "Example product",
"trustedFormUrl": "https://cert.trustedform.com/example",
"sourceMetadata": {
"placement": "homepage-form",
"publisher": "example-publisher"
}
},
"contact": {
"firstName": "Jordan",
"lastName": "Example",
"email": "jordan@example.com",
"phone": {
"number": "+15555550123"
},
"streetAddress": {
"address1": "100 Main St",
"address2": "Suite 200",
"city": "Austin",
"state": "TX",
"postalCode": "78701"
}
},
"customer": {
"birthDate": "1970-01-15",
"gender": "Unknown"
}
}"""

FLAT = """{
"firstName": "Jordan",
"lastName": "Example",
"email": "jordan@example.com",
"phone": "+15555550123",
"address1": "100 Main St",
"address2": "Suite 200",
"city": "Austin",
"state": "TX",
"zip": "78701",
"birthDate": "1970-01-15",
"subId": "affiliate-22",
"sellerLeadId": "seller-4471",
"price": 18.5,
"utmSource": "partner-site",
"utmCampaign": "june-campaign",
"landingPage": "https://example.com/quote",
"referrer": "https://example.com",
"trustedFormUrl": "https://cert.trustedform.com/example",
"externalId": "partner-lead-88391",
"sourceMetadata": {
"placement": "homepage-form"
}
}"""

STRUCTURED_IN_SHORT = """{
  "metadata": {
    "trustedFormUrl": "https://cert.trustedform.com/example"
  },
  "contact": {
    "email": "jordan@example.com",
    "phone": {
      "number": "+15555550123"
    }
  },
  "customer": {}
}"""

FLAT_IN_SHORT = """{
  "firstName": "Jordan",
  "phone": "+15555550123",
  "trustedFormUrl": "https://cert.trustedform.com/example"
}"""


def as_pairs(text: str) -> list[tuple[str, str]]:
    """The flat sample as a form or a query string writes it."""
    fields: dict[str, Any] = json.loads(text)
    return [(name, value if isinstance(value, str) else json.dumps(value)) for name, value in fields.items()]


def in_query(sender: Sender, text: str) -> Answer:
    """With the certificate under the name that the sample gives it at this door."""
    pairs = [
        ("TrustedFormUrl" if name == "trustedFormUrl" else name, value) for name, value in as_pairs(text)
    ]
    return sender.get(pairs)


Door = Callable[[Sender, str], Answer]
STRUCTURED_DOOR: Door = lambda sender, text: sender.send(text, path="/leads")  # noqa: E731
FLAT_DOORS: dict[str, Door] = {
    "json": lambda sender, text: sender.send(text),
    "form": lambda sender, text: sender.send(urlencode(as_pairs(text)), content_type=FORM),
    "query": in_query,
}


@pytest.fixture
def strict(business: object, sandbox: str) -> Sender:
    """A source approved for the state and product of the sample alone, TrustedForm required."""
    return SenderFactory.create(business=business, terms__states=["TX"], terms__products=["Example product"])


def test_the_structured_sample_is_accepted(strict: Sender) -> None:
    response = STRUCTURED_DOOR(strict, STRUCTURED)
    assert response.status_code == 201
    lead = Lead.objects.get()
    assert response.json() == {
        "id": lead.public_id,
        "status": "accepted",
        "submissionId": lead.submissions.get().public_id,
        "createdAt": lead.created_at.isoformat().replace("+00:00", "Z"),
        "sourceId": strict.source.public_id,
        "externalId": "partner-lead-88391",
        "sellerLeadId": "seller-4471",
        "test": False,
        "contact": {"phone": {"number": "+15555550123"}, "email": "jordan@example.com"},
        "trustedForm": {"outcome": "verified", "expiresAt": None},
        "held": [],
        "warnings": [],
    }


@pytest.mark.parametrize("door", FLAT_DOORS.values(), ids=FLAT_DOORS.keys())
def test_the_flat_sample_is_accepted(sender: Sender, sandbox: str, door: Door) -> None:
    response = door(sender, FLAT)
    assert (response.status_code, response.json()["status"], response.json()["warnings"]) == (
        201,
        "accepted",
        [],
    )


def test_the_flat_sample_is_the_same_lead_at_each_door(sender: Sender, sandbox: str) -> None:
    for door in FLAT_DOORS.values():
        door(sender, FLAT)
    leads = Lead.objects.values(
        *("first_name", "last_name", "email", "phone", "address1", "address2", "city", "state"),
        *("postal_code", "birth_date", "sub_id", "seller_lead_id", "price", "utm", "landing_page"),
        *("referrer", "trusted_form_url", "external_id", "source_metadata", "extra", "conversation_id"),
    )
    assert len(leads) == 3
    assert leads[0] == leads[1] == leads[2]


def test_the_short_structured_sample_is_accepted(sender: Sender, sandbox: str) -> None:
    assert STRUCTURED_DOOR(sender, STRUCTURED_IN_SHORT).status_code == 201


@pytest.mark.parametrize("door", FLAT_DOORS.values(), ids=FLAT_DOORS.keys())
def test_the_short_flat_sample_is_accepted(sender: Sender, sandbox: str, door: Door) -> None:
    assert door(sender, FLAT_IN_SHORT).status_code == 201


def test_the_sample_of_the_sources_page_sends_its_credentials_in_the_query(
    sender: Sender, sandbox: str
) -> None:
    query = urlencode({"sourceId": sender.source.public_id, "apiKey": sender.issued.api_key})
    response = sender.client.post(f"/leads/intake?{query}", FLAT, content_type="application/json")
    assert response.status_code == 201
    assert [item["code"] for item in response.json()["warnings"]] == ["credentials_in_query"]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        (None, "certificate_missing"),
        ("example", "certificate_malformed"),
        ("https://example.com/example", "certificate_wrong_host"),
        ("https://screenshots.example.com/88391.png", "certificate_wrong_host"),
    ],
)
def test_the_mistakes_that_the_seeds_name_are_refused(sender: Sender, url: str | None, code: str) -> None:
    sent = {name: value for name, value in {**json.loads(FLAT), "trustedFormUrl": url}.items() if value}
    response = sender.post(sent)
    assert (response.status_code, [error["code"] for error in response.json()["errors"]]) == (400, [code])


def test_the_field_under_the_wrong_name_of_the_seeds_gets_a_hint(sender: Sender) -> None:
    sent = json.loads(FLAT)
    sent["trusted_form"] = sent.pop("trustedFormUrl")
    body = sender.post(sent).json()
    [error] = body["errors"]
    assert (error["code"], error["field"]) == ("certificate_missing", "trustedFormUrl")
    assert error["hint"] == "Rename “trusted_form” to “trustedFormUrl”."
