"""The one recording statement, beside what Django's ORM would have written."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from compliance.models import Certificate, CertificateCheck
from conversations.models import Conversation
from leadping.ids import new_id
from leadping.models import Event
from leads.intake.statement import SHARED, store
from leads.models import CertificateUse, Lead, Submission
from sources.models import Source
from tests.senders import Sender

HOSTILE = "O'Neal \"quoted\" \\ back\\\\slash {brace, comma} 'é' 😀 $1 %s NULL\n\ttab"
MOMENT = datetime(2026, 6, 14, 12, 30, 15, 123456, tzinfo=UTC)

# Each combination of rows that intake stores.
WITH_LEAD: tuple[type[models.Model], ...] = (Conversation, Lead, Event, Submission)
WITH_CERTIFICATE: tuple[type[models.Model], ...] = (Certificate, *WITH_LEAD)
COMBINATIONS: tuple[tuple[type[models.Model], ...], ...] = (
    (Submission,),
    WITH_LEAD,
    WITH_CERTIFICATE,
    (Certificate, CertificateCheck, *WITH_LEAD),
    (Certificate, CertificateCheck, *WITH_LEAD, CertificateUse),
    # Asked about, and refused for what was answered.
    (Certificate, CertificateCheck, Submission),
)

Row = dict[str, Any]
Rows = dict[type[models.Model], Row]


def value_for(field: models.Field) -> Any:
    """Something that this kind of column may hold and that a careless writer would spoil."""
    if isinstance(field, ArrayField):
        return [HOSTILE[:40], "", "NULL", "a,b"]
    if isinstance(field, models.JSONField):
        return {"quote": HOSTILE, "list": [1, 1.5, None, True], "empty": {}}
    kinds: dict[type[models.Field], Any] = {
        models.DateTimeField: MOMENT,
        models.DateField: date(1970, 1, 15),
        models.DecimalField: Decimal("12345678.00000000000000000001"),
        models.BinaryField: bytes(range(32)),
        models.BooleanField: True,
        models.GenericIPAddressField: "2001:db8::7",
        models.PositiveSmallIntegerField: 32767,
        models.PositiveIntegerField: 2147483647,
        models.PositiveBigIntegerField: 9223372036854775807,
    }
    for kind, value in kinds.items():
        if isinstance(field, kind):
            return value
    return HOSTILE[: field.max_length] if field.max_length else HOSTILE


def row_of(model: type[models.Model], sender: Sender, *, blank: bool) -> Row:
    """A value for each column; `blank` leaves out what may be absent."""
    source, lead_id = sender.source, new_id()
    ids = {
        "business_id": source.business_id,
        "account_id": source.account_id,
        "source_id": source.pk,
        "terms_id": source.terms_in_force_id,
        "credential_id": sender.issued.credential.pk,
        # The ledger of certificates outlives the leads that it names.
        "lead_id": new_id() if model is CertificateUse else None,
        "certificate_id": None,
        "conversation_id": None,
        "imported_in_id": None,
        "repeats_id": None,
        # What is erased names nobody, says the table.
        "erased_at": None,
    }
    row: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.primary_key:
            row[field.column] = lead_id
        elif field.column in ids:
            row[field.column] = ids[field.column]
        elif blank and field.null:
            row[field.column] = None
        elif field.choices:
            row[field.column] = str(field.choices[0][0])
        else:
            row[field.column] = value_for(field)
    return row


def stored(model: type[models.Model], row_id: UUID) -> Row:
    """The row as the ORM reads it, by column."""
    found = model._base_manager.get(pk=row_id)
    return {field.column: plain(getattr(found, field.attname)) for field in model._meta.concrete_fields}


def plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def write(rows: Rows, source: Source) -> bool:
    return store(rows, source_id=source.pk, source_version=source.version)


@pytest.mark.parametrize(
    "models_stored", COMBINATIONS, ids=lambda models: "+".join(m.__name__ for m in models)
)
@pytest.mark.parametrize("blank", [False, True], ids=["full", "blank"])
def test_rows_equal_what_the_orm_reads_back_column_by_column(
    sender: Sender, models_stored: tuple[type[models.Model], ...], blank: bool
) -> None:
    rows = {model: row_of(model, sender, blank=blank) for model in models_stored}
    assert write(rows, sender.source)
    for model in models_stored:
        for field in model._meta.concrete_fields:
            for shared in SHARED.keys() & rows.keys():
                if field.related_model is shared:
                    rows[model][field.column] = rows[shared]["id"]
        assert stored(model, rows[model]["id"]) == rows[model]


def test_a_row_that_is_there_already_is_pointed_at(sender: Sender) -> None:
    first = {model: row_of(model, sender, blank=False) for model in WITH_CERTIFICATE}
    again = {
        model: {**row, "id": new_id()}
        | ({"replay_token": None} if model is Submission else {})
        | ({"fold_key": None, "chain_number": None, "chain_hash": None} if model is Event else {})
        for model, row in first.items()
    }
    assert write(first, sender.source)
    assert write(again, sender.source)
    lead = Lead.objects.get(pk=again[Lead]["id"])
    assert (lead.certificate_id, lead.conversation_id) == (
        first[Certificate]["id"],
        first[Conversation]["id"],
    )
    assert (Certificate.objects.count(), Conversation.objects.count()) == (1, 1)


def test_nothing_is_written_once_the_source_has_moved_on(sender: Sender) -> None:
    rows = {model: row_of(model, sender, blank=True) for model in WITH_CERTIFICATE}
    assert not store(rows, source_id=sender.source.pk, source_version=sender.source.version - 1)
    assert [model._default_manager.filter(pk=row["id"]).count() for model, row in rows.items()] == [0] * len(
        rows
    )


def test_the_statement_is_really_prepared(sender: Sender) -> None:
    for _ in range(2):
        assert write({Submission: row_of(Submission, sender, blank=True)}, sender.source)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans + custom_plans FROM pg_prepared_statements "
            "WHERE statement LIKE 'WITH guard AS%%leads_submission%%' AND statement NOT LIKE '%%leads_lead%%'"
        )
        # Other tests may have prepared another one on this connection.
        assert max(uses for (uses,) in cursor.fetchall()) >= 2
