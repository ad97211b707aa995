"""People with a mark in everything that a sender can say of them, and where the mark is found afterwards."""

import json
from typing import Any

from django.db import connection
from django.utils import timezone

from leadping.accounts.models import Business
from leads.models import Erasure, Lead
from leads.retention.people import Person, read_person
from leads.retention.requests import erase_person
from tests.senders import JSON, Sender, certificate
from tests.situations import BY

PHONE = "+15125550177"
EMAIL = "zqxmark@example.com"
# In every text that is sent; the phone, which can hold no letters, as its last seven digits in every writing.
MARKS = ("zqxmark", "5550177", "555-0177", "555%200177")
ASKED = "Asked by letter."


def marked(**fields: Any) -> dict[str, Any]:
    """A flat lead in which whatever can be marked is."""
    lead = {
        "firstName": "Zqxmark",
        "lastName": "Zqxmarkson",
        "email": "ZqxMark@Example.com",
        "phone": "(512) 555-0177",
        "address1": "1 Zqxmark Street",
        "address2": "Zqxmark House",
        "city": "Zqxmarkville",
        "state": "TX",
        "zip": "zqxmark",
        "birthDate": "1971-02-03",
        "gender": "zqxmark",
        "product": "Zqxmark",
        "vertical": "zqxmark",
        "externalId": "zqxmark-1",
        "sellerLeadId": "zqxmark-2",
        "subId": "zqxmark-3",
        "utmSource": "zqxmark",
        "utmCampaign": "zqxmark",
        "landingPage": "https://example.com/?zqxmark",
        "referrer": "https://example.org/zqxmark",
        "sourceMetadata": {"zqxmark": "zqxmark", "spouse": {"name": "zqxmark"}},
        "ipAddress": "198.51.100.177",
        "userAgent": "Zqxmark/1.0",
        "zqxmarkField": "zqxmark",
        "trustedFormUrl": certificate(),
    }
    return {name: value for name, value in {**lead, **fields}.items() if value is not None}


def structured(**metadata: Any) -> dict[str, Any]:
    flat = marked(**metadata)
    address = {name: flat[name] for name in ("address1", "address2", "city", "state")}
    mine = {
        *("firstName", "lastName", "email", "phone", "zip", "birthDate", "gender", "address1", "address2"),
        *("city", "state"),
    }
    return {
        "metadata": {name: value for name, value in flat.items() if name not in mine},
        "contact": {
            **{name: flat[name] for name in ("firstName", "lastName", "email")},
            "phone": {"number": flat["phone"]},
            "streetAddress": {**address, "postalCode": flat["zip"]},
        },
        "customer": {"birthDate": flat["birthDate"], "gender": flat["gender"]},
    }


def as_query(lead: dict[str, Any]) -> dict[str, str]:
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in lead.items()}


def send_batch(sender: Sender, leads: list[dict[str, Any]]) -> None:
    lines = "".join(json.dumps(lead) + "\n" for lead in leads)
    answer: Any = sender.send(lines, path="/leads/batch", content_type="application/x-ndjson")
    assert b"summary" in b"".join(answer.streaming_content)


def send_from(sender: Sender, lead: dict[str, Any], **headers: str) -> Any:
    """With a mark in every header that is kept."""
    sent = {"User-Agent": "Zqxmark/2.0", "X-Forwarded-For": "198.51.100.177", **headers}
    return sender.send(json.dumps(lead), content_type=f"{JSON}; zqxmark=1", headers=sent)


def person() -> Person:
    return read_person(PHONE, EMAIL)


def erase(business: Business, who: Person | None = None) -> Erasure:
    return erase_person(business, who or person(), by=BY, reason=ASKED, now=timezone.now())


def where_marked(*marks: str) -> list[str]:
    """Table and column of everything stored that shows one of the marks, hexadecimal or not."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        )
        for table, column in cursor.fetchall():
            for mark in marks or MARKS:
                text = f'"{column}"::text'
                cursor.execute(
                    f'SELECT {text} FROM "{table}" WHERE {text} ILIKE %s OR {text} ILIKE %s LIMIT 1',
                    [f"%{mark.replace('%', '%%')}%", f"%{mark.encode().hex()}%"],
                )
                found += [f"{table}.{column}: {row[0][:300]}" for row in cursor.fetchall()]
    return found


def lead_of(answer: Any) -> Lead:
    return Lead.named(answer.json()["id"]).get()
