"""The rows that leads leave when they are stored together, beside those that each leaves by itself."""

import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import models

from compliance.models import Certificate, CertificateCheck
from conversations.models import Conversation
from leadping.models import Event
from leads.bulk import receive
from leads.bulk.statement import KEYS, pointers, store_many
from leads.intake.arrival import Arrival
from leads.intake.case import Provenance
from leads.intake.statement import SHARED
from leads.models import Lead, Submission
from tests.integration.test_bulk import line, person
from tests.integration.test_statement import COMBINATIONS, Rows, row_of, stored
from tests.integration.test_statement import plain as plain_value
from tests.senders import Sender, certificate
from tests.situations import BusinessFactory, SenderFactory

NOW = datetime(2026, 6, 14, 12, 0, tzinfo=UTC)
TABLES: tuple[type[models.Model], ...] = (
    *(Certificate, CertificateCheck, Conversation, Lead, Event, Submission),
)
POINTERS = ("lead", "conversation", "certificate")
PUBLIC_ID = re.compile(r"\b(?:lead|sub|source)_[0-9a-z]{26}\b")
# How long the certificate service took.
TIMED = {"elapsed_ms"}


@pytest.mark.parametrize(
    "models_stored", COMBINATIONS, ids=lambda stored: "+".join(m.__name__ for m in stored)
)
@pytest.mark.parametrize("blank", [False, True], ids=["full", "blank"])
def test_rows_equal_what_the_orm_reads_back_column_by_column(
    sender: Sender, models_stored: tuple[type[models.Model], ...], blank: bool
) -> None:
    rows: Rows = {model: row_of(model, sender, blank=blank) for model in models_stored}
    assert store_many([rows], source_id=sender.source.pk, source_version=sender.source.version)
    for model in models_stored:
        for name, target in pointers(model):
            if target in rows:
                rows[model][name] = rows[target]["id"]
        assert stored(model, rows[model]["id"]) == rows[model]


def test_nothing_is_kept_of_what_was_judged_by_an_older_version(sender: Sender) -> None:
    rows = {Submission: row_of(Submission, sender, blank=True)}
    assert not store_many([rows], source_id=sender.source.pk, source_version=sender.source.version - 1)


def test_the_tables_that_are_shared_are_those_of_the_single_statement() -> None:
    assert KEYS.keys() == SHARED.keys()
    for model, key in KEYS.items():
        assert [
            [model._meta.get_field(name).column for name in rule.fields]
            for rule in model._meta.constraints
            if isinstance(rule, models.UniqueConstraint)
        ] == [list(key)]


def take_in_together(arrivals: Sequence[Arrival], provenances: Sequence[Provenance], sender: Sender) -> None:
    receive.take_in_many(arrivals, sender.source, sender.issued.credential, provenances)


def take_in_alone(arrivals: Sequence[Arrival], provenances: Sequence[Provenance], sender: Sender) -> None:
    bringer = receive.Bringer(sender.source, sender.issued.credential)
    for arrival, provenance in zip(arrivals, provenances, strict=True):
        receive.alone(arrival, provenance, bringer)


def lines() -> list[Any]:
    """One of each kind, each of which leaves other rows."""
    url = certificate("valid")
    first = person(1, trustedFormUrl=url, zip="78701", price=18.5, birthDate="1970-01-15", utmSource="a")
    return [
        first,
        person(2, trustedFormUrl=url, phone=None, sourceMetadata={"a": [1, 2.5, None, "é😀"]}),
        person(3, trustedFormUrl=certificate("mismatch"), state="Texas", landingPage="https://example.com/"),
        person(4, trustedFormUrl=certificate("error")),
        person(5, trustedFormUrl=certificate("expired")),
        person(6, trustedFormUrl=certificate("valid"), phone="+15125550001", email=None),
        person(7, trustedFormUrl=None, password="secret", ipAddress="2001:db8::7"),
        first,
        b"{nonsense \xff",
        {"metadata": {"externalId": "s", "trustedFormUrl": url}, "contact": {"email": "a@example.com"}},
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rule", ["off", "keep", "refuse"])
def test_leads_leave_together_what_they_leave_alone(sandbox: str, rule: str) -> None:
    sent = lines()
    left = [left_behind(take, sent, rule) for take in (take_in_together, take_in_alone)]
    for model in TABLES:
        assert left[0][model.__name__] == left[1][model.__name__]


def left_behind(take: Callable[..., None], sent: list[Any], rule: str) -> dict[str, list[Any]]:
    """All rows of a source of its own, without what differs by nature."""
    # What was used in the first business would count as used elsewhere in the second.
    settings = {"duplicate_rule": rule, "certificate_reuse": "off"}
    sender = SenderFactory.create(business=BusinessFactory.create(), settings=settings)
    arrivals = [line(one, at=NOW) for one in sent]
    take(arrivals, [Provenance(row_number=number) for number, _ in enumerate(sent, 1)], sender)
    return {model.__name__: sorted(map(plain, rows_of(model, sender))) for model in TABLES}


def rows_of(model: type[models.Model], sender: Sender) -> models.QuerySet[Any]:
    found = model._base_manager.filter(business_id=sender.source.business_id)
    return found.filter(kind="lead.created") if model is Event else found


def plain(row: models.Model) -> str:
    """The row as text, with what it points at told by its content in place of its id."""
    told = {
        field.attname: str(plain_value(getattr(row, field.attname)))
        for field in row._meta.concrete_fields
        if field.attname not in TIMED and not field.is_relation and not field.primary_key
    }
    told["points at"] = str([content(getattr(row, name, None)) for name in POINTERS])
    return PUBLIC_ID.sub("an id", json.dumps(told, default=str))


def content(pointed_at: Any) -> str:
    names = ("external_id", "address", "url")
    return str([getattr(pointed_at, name, "") for name in names])
