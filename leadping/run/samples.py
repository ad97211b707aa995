"""Sample leads, as senders post them on an ordinary day: good ones, doubtful ones and bad ones.

Pure: requests are made here and sent elsewhere. The people are invented, their 555-01xx numbers belong to
nobody, and the certificate ids are those that our sandbox answers to.
"""

import functools
import hashlib
import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

STATES = ("TX", "OK", "FL", "GA", "NC", "AZ")
PRODUCTS = ("Medicare Advantage", "Final expense", "Auto insurance")

CERTIFICATES = "https://cert.trustedform.com/"
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
# Flat names whose structured place is not `metadata`.
PLACES = {
    "firstName": "contact.firstName",
    "lastName": "contact.lastName",
    "email": "contact.email",
    "phone": "contact.phone.number",
    "address1": "contact.streetAddress.address1",
    "city": "contact.streetAddress.city",
    "state": "contact.streetAddress.state",
    "zip": "contact.streetAddress.postalCode",
    "birthDate": "customer.birthDate",
    "gender": "customer.gender",
}

# First name, last name, area code, street, city, state, ZIP, birth date, gender.
PEOPLE = """
Maria|Alvarez|512|2204 Oltorf St|Austin|TX|78704|1954-03-11|Female
James|Whitfield|405|918 NW 23rd St|Oklahoma City|OK|73106|1951-09-02|Male
Denise|Okafor|404|77 Ponce De Leon Ave|Atlanta|GA|30308|1956-12-19|Female
Robert|Nguyen|713|3815 Westheimer Rd|Houston|TX|77027|1949-07-30|Male
Linda|Castillo|305|1450 Brickell Ave|Miami|FL|33131|1958-01-08|Female
Walter|Higgins|919|610 Glenwood Ave|Raleigh|NC|27603|1947-05-21|Male
Patricia|Yazzie|602|4133 N 7th St|Phoenix|AZ|85014|1953-10-14|Female
Samuel|Brooks|817|509 Magnolia Ave|Fort Worth|TX|76104|1955-02-27|Male
Gloria|Mendez|210|1122 Broadway|San Antonio|TX|78215|1950-08-05|Female
Harold|Jensen|918|2021 S Lewis Ave|Tulsa|OK|74104|1952-04-17|Male
Yvonne|Baptiste|407|38 E Pine St|Orlando|FL|32801|1957-06-23|Female
Eugene|Takahashi|520|2905 E Speedway Blvd|Tucson|AZ|85716|1948-11-09|Male
Carol|Simmons|704|1310 South Blvd|Charlotte|NC|28203|1954-07-01|Female
Frank|DiMaggio|813|701 S Howard Ave|Tampa|FL|33606|1951-03-29|Male
Rosa|Delgado|915|2400 N Mesa St|El Paso|TX|79902|1956-09-12|Female
George|Patterson|912|208 Bull St|Savannah|GA|31401|1949-12-03|Male
Janet|Kowalski|480|7001 E Main St|Mesa|AZ|85207|1953-05-15|Female
Leroy|Jackson|214|2616 Swiss Ave|Dallas|TX|75204|1950-10-26|Male
Susan|Whitehorse|580|1214 W Gore Blvd|Lawton|OK|73501|1955-01-31|Female
Daniel|Friedman|561|301 Clematis St|West Palm Beach|FL|33401|1947-08-18|Male
Angela|Reyes|361|4020 S Padre Island Dr|Corpus Christi|TX|78411|1958-04-04|Female
Thomas|O'Neal|336|502 N Elm St|Greensboro|NC|27401|1952-02-11|Male
Beverly|Grant|706|1032 Broad St|Augusta|GA|30901|1954-11-28|Female
Victor|Salazar|956|1400 N 10th St|McAllen|TX|78501|1951-06-07|Male
Dorothy|Price|828|88 Haywood St|Asheville|NC|28801|1948-03-16|Female
Kenneth|Adeyemi|904|1534 Oak St|Jacksonville|FL|32204|1956-08-22|Male
Teresa|Vu|972|1717 N Central Expy|Plano|TX|75075|1953-12-30|Female
Arthur|Begay|928|120 W Birch Ave|Flagstaff|AZ|86001|1949-09-25|Male
Nancy|Fitzgerald|910|401 Princess St|Wilmington|NC|28401|1957-05-09|Female
Charles|Moreau|850|115 E Park Ave|Tallahassee|FL|32301|1950-01-13|Male
Irene|Lindqvist|806|1901 University Ave|Lubbock|TX|79410|1955-07-20|Female
Raymond|Tucker|478|540 Cherry St|Macon|GA|31201|1952-10-08|Male
Sylvia|Ortega|432|300 W Wall St|Midland|TX|79701|1954-02-19|Female
Bernard|Cole|239|2200 First St|Fort Myers|FL|33901|1948-06-14|Male
Evelyn|Harper|254|712 Austin Ave|Waco|TX|76701|1956-04-27|Female
Stanley|Novak|623|9500 W Bell Rd|Sun City|AZ|85351|1951-11-05|Male
Marjorie|Singh|252|400 Evans St|Greenville|NC|27834|1953-08-31|Female
Philip|Romero|409|2501 Calder Ave|Beaumont|TX|77702|1949-04-10|Male
"""

# What is special about some of them, by their place in the list.
PECULIARITIES: dict[int, dict[str, Any]] = {
    # The certificate shows somebody else, or too many have claimed it: held.
    6: {"trustedFormUrl": CERTIFICATES + "mismatch-6"},
    15: {"trustedFormUrl": CERTIFICATES + "overclaimed-15"},
    24: {"trustedFormUrl": CERTIFICATES + "mismatch-24"},
    # Outside the source's terms: refused.
    4: {"state": "CA", "city": "Fresno", "zip": "93721"},
    # No certificate, or not one: refused.
    8: {"trustedFormUrl": ""},
    13: {"trustedFormUrl": "", "trusted_form": CERTIFICATES + "valid-13"},
    17: {"trustedFormUrl": "https://screenshots.example.com/opt-in/88391.png"},
    20: {"trustedFormUrl": CERTIFICATES + "expired-20"},
    27: {"trustedFormUrl": CERTIFICATES + "sandbox-27"},
    # Not to be read, with one fault or several: refused.
    11: {"birthDate": "1970-02-30"},
    22: {"phone": "555-01", "email": "beverly.grant@", "birthDate": "1954-02-30"},
    29: {"phone": "+44 20 7946 0018"},
    31: {"phone": "", "email": ""},
    33: {"state": "Texass", "sourceMetadata": {"api_key": "do-not-send-this"}},
    # Taken, with a warning.
    2: {"zip": "73301"},
    19: {"leadSource": "call center"},
}


@dataclass(frozen=True, slots=True)
class SampleRequest:
    """`path` carries the query, if any; credentials are for the sender to add."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes | None


def sample_requests() -> Iterator[SampleRequest]:
    """One for each of the people, through the doors in turn; then a replay and a dry run."""
    doors = itertools.cycle((to_structured_door, to_flat_door, to_flat_door_as_form, to_query_door))
    requests = [door(lead) for door, lead in zip(doors, sample_leads(), strict=False)]
    yield from requests
    first = requests[0]
    yield first
    yield replace(first, headers={**first.headers, "Leadping-Dry-Run": "true"})


def sample_leads() -> Iterator[dict[str, Any]]:
    for number, line in enumerate(PEOPLE.strip().splitlines()):
        yield sample_lead(number, *line.split("|")) | PECULIARITIES.get(number, {})


def sample_lead(number: int, first: str, last: str, area: str, street: str, *rest: str) -> dict[str, Any]:
    city, state, zip_code, birth_date, gender = rest
    handle = f"{first}.{last}".lower().replace("'", "")
    return {
        "firstName": first,
        "lastName": last,
        "email": f"{handle}@example.com",
        "phone": f"+1{area}55501{number:02}",
        "address1": street,
        "city": city,
        "state": state,
        "zip": zip_code,
        "birthDate": birth_date,
        "gender": gender,
        "product": PRODUCTS[number % len(PRODUCTS)],
        "externalId": f"sample-{number:03}",
        "subId": f"affiliate-{number % 5}",
        "price": f"{18 + number % 9}.50",
        "utmSource": ("search", "social", "partner-site")[number % 3],
        "utmCampaign": "annual-enrollment",
        "landingPage": "https://quotes.example.com/compare",
        "ipAddress": f"203.0.113.{number}",
        "userAgent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Gecko/20100101 Firefox/140.0",
        "trustedFormUrl": CERTIFICATES + hashlib.sha1(handle.encode(), usedforsecurity=False).hexdigest(),
        "sourceMetadata": {"placement": "comparison-form"},
    }


def to_structured_door(lead: Mapping[str, Any]) -> SampleRequest:
    body: dict[str, Any] = {"metadata": {}, "contact": {}, "customer": {}}
    for name, value in lead.items():
        *parents, last = PLACES.get(name, f"metadata.{name}").split(".")
        functools.reduce(lambda parent, key: parent.setdefault(key, {}), parents, body)[last] = value
    return SampleRequest("POST", "/leads", {"Content-Type": JSON}, json.dumps(body).encode())


def to_flat_door(lead: Mapping[str, Any]) -> SampleRequest:
    return SampleRequest("POST", "/leads/intake", {"Content-Type": JSON}, json.dumps(lead).encode())


def to_flat_door_as_form(lead: Mapping[str, Any]) -> SampleRequest:
    return SampleRequest(
        "POST", "/leads/intake", {"Content-Type": FORM}, urlencode(text_fields(lead)).encode()
    )


def to_query_door(lead: Mapping[str, Any]) -> SampleRequest:
    return SampleRequest("GET", f"/leads/intake?{urlencode(text_fields(lead))}", {}, None)


def text_fields(lead: Mapping[str, Any]) -> dict[str, str]:
    """A form knows only text, so an object travels as its JSON."""
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in lead.items()}
