"""What lies around the submissions of watched sources: terms, keys, leads, certificates and complaints.

The first page has a notice for each of them, and every notice has something to find here.
"""

from django.db.models import Model

from compliance.models import Certificate, CertificateCheck
from leads.models import Complaint, Lead
from sources.models import Credential, Source, Terms

# One in so many submissions that were taken has its lead; more would only fill the disk.
LEADS_EACH = 10
COMPLAINTS = 5_000
OWN_LEAD = f"get_byte(uuid_send(id), 15) < 256 / {LEADS_EACH}"
AGO = "now() - interval '91 days' *"


def copy(model: type[Model], own: dict[str, str], rows: str, like: str = "kind") -> str:
    """Rows of the model like `like`, but for the columns that are their own."""
    columns = [field.column for field in model._meta.concrete_fields]
    values = ", ".join(own.get(column, f"{like}.{column}") for column in columns)
    return f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) SELECT {values} FROM {rows}"


def copy_sources(business_id: str, number: int) -> list[str]:
    """Every second promises to retain its certificates, every 40th has no approval, every 50th is paused."""
    where = f"business_id = '{business_id}' AND terms_in_force_id IS NOT NULL"
    one = f"SELECT * FROM sources_source WHERE {where}"
    turn = "substr(source.name, 9)::int"
    return [
        copy(
            Source,
            {
                "id": "uuidv7()",
                "name": "'Watched ' || turn",
                "paused_at": f"CASE WHEN turn % 50 = 0 THEN {AGO} turn / {number} END",
                "paused_reason": "CASE WHEN turn % 50 = 0 THEN 'Too many bad certificates.' ELSE '' END",
            },
            f"generate_series(1, {number}) AS turn, ({one} LIMIT 1) AS kind",
        ),
        copy(
            Terms,
            {
                "id": "uuidv7()",
                "source_id": "source.id",
                "certificate_retention": f"CASE {turn} % 2 WHEN 0 THEN 'retain' ELSE 'none' END",
                "expires_at": f"now() + interval '1 day' * ({turn} % 300)",
            },
            "sources_source AS source JOIN sources_terms AS kind ON kind.id = source.terms_in_force_id"
            f" WHERE source.name LIKE 'Watched %' AND {turn} % 40 <> 1",
        ),
        "UPDATE sources_source AS source SET terms_in_force_id = (SELECT id FROM sources_terms AS terms "
        "WHERE terms.source_id = source.id) WHERE name LIKE 'Watched %'",
        copy(
            Credential,
            {
                "id": "uuidv7()",
                "source_id": "source.id",
                "prefix": f"to_hex(268435456 + {turn})",
                "created_at": f"{AGO} {turn} / 200",
                "exposed_at": f"CASE WHEN {turn} % 100 = 0 THEN now() END",
            },
            "sources_source AS source, (SELECT * FROM sources_credential LIMIT 1) AS kind"
            " WHERE source.name LIKE 'Watched %'",
        ),
    ]


# Some of what was taken, each with a certificate of its own, of which TrustedForm told an end or did not.
CHOSEN = f"""
    CREATE UNLOGGED TABLE bench_lead AS
    SELECT taken.source_id, taken.business_id, taken.received_at AS at, outcome AS status,
        terms_in_force_id,
        uuidv7(taken.received_at - clock_timestamp()) AS lead_id,
        uuidv7(taken.received_at - clock_timestamp()) AS certificate_id,
        row_number() OVER () AS place
    FROM (SELECT * FROM leads_submission WHERE {OWN_LEAD}) AS taken
    JOIN sources_source AS source ON source.id = taken.source_id AND source.terms_in_force_id IS NOT NULL
    WHERE outcome IN ('accepted', 'audit') AND NOT dry_run
"""


def copy_leads() -> list[str]:
    like = "CROSS JOIN LATERAL (SELECT * FROM {table} WHERE {where} ORDER BY id DESC LIMIT 1) AS kind"
    return [
        CHOSEN,
        copy(
            Certificate,
            {
                "id": "certificate_id",
                "business_id": "lead.business_id",
                "url": "'https://cert.trustedform.com/' || certificate_id",
                "first_seen_at": "at",
            },
            "bench_lead AS lead " + like.format(table="compliance_certificate", where="true"),
        ),
        copy(
            CertificateCheck,
            {
                "id": "uuidv7(lead.at - clock_timestamp())",
                "certificate_id": "lead.certificate_id",
                "business_id": "lead.business_id",
                "at": "lead.at",
                # Some stay for years, of others was told that they go soon, and of most nothing.
                "expires_at": "lead.at + CASE lead.place % 10 WHEN 0 THEN interval '5 years' "
                "WHEN 1 THEN interval '3 days' END",
                "raw": "'{}'",
            },
            "bench_lead AS lead " + like.format(table="compliance_certificatecheck", where="true"),
        ),
        *(
            copy(
                Lead,
                {
                    "id": "lead.lead_id",
                    "business_id": "lead.business_id",
                    "source_id": "lead.source_id",
                    "terms_id": "lead.terms_in_force_id",
                    "certificate_id": "lead.certificate_id",
                    "created_at": "lead.at",
                    "phone": "'+1' || (2122000000 + lead.place)",
                    "email_key": "''",
                    "external_id": "''",
                },
                f"bench_lead AS lead {like.format(table='leads_lead', where='status = lead.status')} "
                f"WHERE lead.status = '{status}'",
            )
            for status in ("accepted", "audit")
        ),
        "DROP TABLE bench_lead",
    ]


def copy_complaints() -> str:
    """Every tenth is open."""
    own = {
        "id": "uuidv7(at - clock_timestamp())",
        "business_id": "sender.business_id",
        "source_id": "sender.id",
        "lead_id": "NULL",
        "kind": "'complaint'",
        "raised_by": "''",
        "details": "'Called after nine.'",
        "opened_at": "at",
        "opened_by": "'bench'",
        "outcome": "CASE WHEN open THEN '' ELSE 'settled' END",
        "outcome_reason": "''",
        "closed_at": "CASE WHEN open THEN NULL ELSE at + interval '1 hour' END",
        "closed_by": "''",
        "erased_at": "NULL",
    }
    numbered = (
        f"SELECT place, {AGO} ({COMPLAINTS} - place) / {COMPLAINTS} AS at, place % 10 = 0 AS open "
        f"FROM generate_series(1, {COMPLAINTS}) AS place"
    )
    return copy(
        Complaint, own, f"({numbered}) AS raised JOIN bench_sender AS sender ON turn = place * 7 % 5000"
    )
