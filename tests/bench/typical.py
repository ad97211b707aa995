"""The rows of one lead that the product took in, as SQL that writes more of their kind.

The floor and the big table are made of it, so they are what intake writes, and stay so when it changes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import psycopg
from django.db import models

from compliance.models import Certificate, CertificateCheck
from conversations.models import Conversation
from leadping.ids import public_id
from leadping.models import Event
from leads.models import Lead, Submission
from sources.models import Source
from tests.bench.database import connect

Model = type[models.Model]

LAST_LEAD = "SELECT id, phone FROM leads_lead WHERE status = 'accepted' ORDER BY id DESC LIMIT 1"
# Where the rows are that belong to a lead; %s is its id.
BELONGING: dict[Model, str] = {
    Certificate: "id = (SELECT certificate_id FROM leads_lead WHERE id = %s)",
    CertificateCheck: "certificate_id = (SELECT certificate_id FROM leads_lead WHERE id = %s)",
    Conversation: "id = (SELECT conversation_id FROM leads_lead WHERE id = %s)",
    Lead: "id = %s",
    Event: "subject = %s ORDER BY id",
    Submission: "lead_id = %s",
    Source: "id = (SELECT source_id FROM leads_lead WHERE id = %s)",
}


@dataclass(frozen=True, slots=True)
class TypicalLead:
    """Of each table the one row that belongs to the lead, every value as text, by column."""

    number: str
    public_id: str
    rows: Mapping[Model, Mapping[str, str | None]]

    def expression(self, model: Model, column: str) -> str:
        """The value in SQL. What makes the lead one of its own, its phone number and its id, is taken from
        columns named `number` and `subject`."""
        text = self.rows[model][column]
        if text is None:
            return "NULL"
        own = {self.number: "number", self.public_id: "subject"}
        parts = re.split("|".join(f"({part})" for part in own), text)
        return " || ".join(own.get(part) or literal(part) for part in parts if part) or "''"


def read_typical_lead(database: str) -> TypicalLead:
    """The last lead that was accepted."""
    with connect(database) as server:
        row = server.execute(LAST_LEAD).fetchone()
        assert row
        lead_id, phone = row
        name = public_id(Lead.PREFIX, lead_id)
        rows = {
            model: read_row(server, model, where, name if model is Event else lead_id)
            for model, where in BELONGING.items()
        }
    return TypicalLead(phone.removeprefix("+1"), name, rows)


def read_row(server: psycopg.Connection, model: Model, where: str, key: object) -> dict[str, str | None]:
    """Empty where the lead has no such row, as one without a certificate."""
    columns = [field.column for field in model._meta.concrete_fields]
    texts = ", ".join(f'"{column}"::text' for column in columns)
    query = f"SELECT {texts} FROM {model._meta.db_table} WHERE {where}"
    row = server.execute(query.encode(), [key]).fetchone()
    return dict(zip(columns, row, strict=True)) if row else {}


def literal(text: str) -> str:
    """Without a colon, which would begin a variable of pgbench."""
    escaped = text.replace("\\", "\\\\").replace("'", "''").replace(":", "\\x3a")
    return f"E'{escaped}'"
