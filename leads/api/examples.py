"""The leads that the documentation shows, as the doors' first users were given them."""

import json
from typing import Any

STRUCTURED: dict[str, Any] = {
    "metadata": {
        "externalId": "partner-lead-88391",
        "sellerLeadId": "seller-4471",
        "utmSource": "partner-site",
        "utmCampaign": "june-campaign",
        "product": "Example product",
        "trustedFormUrl": "https://cert.trustedform.com/example",
        "sourceMetadata": {"placement": "homepage-form", "publisher": "example-publisher"},
    },
    "contact": {
        "firstName": "Jordan",
        "lastName": "Example",
        "email": "jordan@example.com",
        "phone": {"number": "+15555550123"},
        "streetAddress": {
            "address1": "100 Main St",
            "address2": "Suite 200",
            "city": "Austin",
            "state": "TX",
            "postalCode": "78701",
        },
    },
    "customer": {"birthDate": "1970-01-15", "gender": "Unknown"},
}

FLAT: dict[str, Any] = {
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
    "sourceMetadata": {"placement": "homepage-form"},
}

# What a form or a query string needs at least; there the certificate's address is percent-encoded.
SHORT = {
    "firstName": "Jordan",
    "lastName": "Example",
    "phone": "+15555550123",
    "state": "TX",
    "trustedFormUrl": "https://cert.trustedform.com/example",
}

ACCEPTED: dict[str, Any] = {
    "id": "lead_01kv301hg3e6jrv97szgy6v9eq",
    "status": "accepted",
    "submissionId": "sub_01kv301hg3eymtas0jn6wa3ayd",
    "createdAt": "2026-06-14T12:00:00Z",
    "sourceId": "source_01kkv88vg0e489e46facktrgtt",
    "externalId": "partner-lead-88391",
    "sellerLeadId": "seller-4471",
    "test": False,
    "contact": {"phone": {"number": "+15555550123"}, "email": "jordan@example.com"},
    "trustedForm": {"outcome": "verified", "expiresAt": "2026-09-12T12:00:00Z"},
    "held": [],
    "warnings": [],
}

REQUEST_ID = "req_01kv301hg0f34tdknb6r2h5f8k"
REFUSED: dict[str, Any] = {
    "type": "/docs/errors/phone_invalid",
    "title": "Phone invalid",
    "status": 400,
    "code": "phone_invalid",
    "detail": "There are 2 faults; see errors.",
    "requestId": REQUEST_ID,
    "submissionId": "sub_01kv301hg3eymtas0jn6wa3ayd",
    "warnings": [],
    "errors": [
        {
            "code": "phone_invalid",
            "field": "phone",
            "message": "The phone number has too few digits.",
            "hint": "Send ten digits or E.164, for example +15125550123.",
        },
        {
            "code": "state_not_allowed",
            "field": "state",
            "message": "CA is not allowed; allowed: TX, OK.",
            "hint": None,
        },
    ],
}

BATCH = "".join(
    json.dumps({**SHORT, "phone": phone, "externalId": external_id}) + "\n"
    for phone, external_id in (("+15555550123", "partner-lead-88391"), ("555", "partner-lead-88392"))
)
BATCH_ANSWER = "".join(
    json.dumps(line) + "\n"
    for line in (
        {"line": 1, "status": 201, "answer": ACCEPTED},
        {"line": 2, "status": 400, "answer": REFUSED},
        {
            "summary": {
                **{"lines": 2, "accepted": 1, "held": 0, "duplicates": 0, "refused": 1, "replayed": 0},
                **{"failed": 0, "complete": True},
            }
        },
    )
)
