"""What people and their programs read: pages of the workspace with a session, the user API with a token."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlencode

import psycopg
import requests

from leadping.ids import public_id
from leads.models import Lead
from sources.models import Source
from tests.bench.cast import Cast, Headers
from tests.bench.database import connect
from tests.bench.figures import Aim, Line, Run, sum_up
from tests.bench.load import read_paths
from tests.bench.pace import Pace
from tests.bench.product import Product

# More than there are cores here would measure the queue.
READERS = 2
AIM = Aim("p95", most=200)
LIST, API = "/workspace/leads/", "/leads"
# Each path is asked for with this many leads in turn, from all over the table.
SAMPLES = 10
SAMPLE = """
    SELECT id, source_id, phone, email, external_id, created_at FROM leads_lead
    WHERE business_id = %s AND status = 'accepted' ORDER BY random() LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Question:
    """Answers to `paths` must hold the text beside each: what was asked for, or at least a lead."""

    what: str
    headers: Headers
    paths: dict[str, str]


@dataclass(frozen=True, slots=True)
class KnownLead:
    public_id: str
    source: str
    phone: str
    email: str
    external_id: str
    created_at: datetime


def measure_reading(product: Product, cast: Cast, pace: Pace) -> list[Line]:
    with connect(product.database) as server:
        leads = list(find_leads(server, cast.business_id))
    questions = [*ask_pages(leads, cast.person), *ask_api(leads, cast.program)]
    return [sum_up(question.what, READERS, [run(product, question, pace)], AIM) for question in questions]


def find_leads(server: psycopg.Connection, business_id: str) -> Iterator[KnownLead]:
    for lead_id, source_id, *facts in server.execute(SAMPLE, [business_id, SAMPLES]):
        yield KnownLead(public_id(Lead.PREFIX, lead_id), public_id(Source.PREFIX, source_id), *facts)


def ask_pages(leads: list[KnownLead], person: Headers) -> list[Question]:
    def pages(what: str, paths: dict[str, str]) -> Question:
        return Question(f"page: {what}", person, paths)

    return [
        pages("lead list", {LIST: "lead_"}),
        pages("lead list of a source", {address(LIST, source=lead.source): "lead_" for lead in leads}),
        pages("lead list, held", {address(LIST, status="audit"): "lead_"}),
        pages("lead list of a rare state", {address(LIST, state="WY"): "lead_"}),
        pages("lead list until a day", {address(LIST, until=day(lead)): "lead_" for lead in leads}),
        pages("search by phone", {address(LIST, q=lead.phone): lead.public_id for lead in leads}),
        pages("search by email", {address(LIST, q=lead.email): lead.public_id for lead in leads}),
        pages("search by external id", {address(LIST, q=lead.external_id): lead.public_id for lead in leads}),
        pages("search by lead id", {address(LIST, q=lead.public_id): lead.public_id for lead in leads}),
        pages("lead page", {f"{LIST}{lead.public_id}/": lead.external_id for lead in leads}),
    ]


def ask_api(leads: list[KnownLead], program: Headers) -> list[Question]:
    def calls(what: str, paths: dict[str, str]) -> Question:
        return Question(f"user API: {what}", program, paths)

    return [
        calls("GET /leads", {API: "lead_"}),
        calls("by source", {address(API, source=lead.source): "lead_" for lead in leads}),
        calls("by status", {address(API, status="audit"): "lead_"}),
        calls("by time", {address(API, createdTo=lead.created_at.isoformat()): "lead_" for lead in leads}),
        calls("by phone", {address(API, phone=lead.phone): lead.public_id for lead in leads}),
        calls("by email", {address(API, email=lead.email): lead.public_id for lead in leads}),
        calls(
            "by external id", {address(API, externalId=lead.external_id): lead.public_id for lead in leads}
        ),
        calls("GET /leads/{id}", {f"{API}/{lead.public_id}": lead.external_id for lead in leads}),
    ]


def address(path: str, **parameters: str) -> str:
    return f"{path}?{urlencode(parameters)}"


def day(lead: KnownLead) -> str:
    return lead.created_at.astimezone(UTC).date().isoformat()


def run(product: Product, question: Question, pace: Pace) -> Run:
    done = read_paths(
        product, question.headers, list(question.paths), senders=READERS, seconds=max(1, pace.seconds // 2)
    )
    return replace(done, faults=(*done.faults, *find_wrong_answers(product, question)))


def find_wrong_answers(product: Product, question: Question) -> Iterator[str]:
    for path, expected in question.paths.items():
        answer = requests.get(
            product.address + path, headers=question.headers, allow_redirects=False, timeout=10
        )
        # A search for the id of one lead leads to its page.
        if expected not in answer.text + answer.headers.get("Location", ""):
            yield f"{path} does not show {expected}"
            return
