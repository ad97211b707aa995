"""The rule about certificates that were used before: with another person, or through another source.

The same phone or the same email is the same person, so a lead that is posted again is no finding. Uses of
other businesses of this installation count, and nothing is told of them but that there was one.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from django.db import connection
from psycopg import RawCursor

from compliance.certificates import FIELD
from compliance.trustedform.url import CertificateUrl, read_certificate_url
from leadping.contact_hash import contact_hash, contact_hashes
from leadping.database import borrowed_connection
from leadping.ids import new_id
from leadping.locks import hold_back
from leadping.verdicts import Effect, Verdict, failed, passed
from leads.intake.case import Case
from leads.intake.known import Uses
from leads.intake.payload.draft import LeadDraft
from leads.models import Lead
from sources.models import Source

PERSON, SOURCE = "certificate_reused_person", "certificate_reused_source"
# What was refused or withdrawn may be sent again, also by somebody else.
NOT_COUNTED = (Lead.Status.REFUSED.value, Lead.Status.WITHDRAWN.value)
# So many uses of one certificate are looked at, the newest.
MOST = 1_000


def is_watched(source: Source) -> bool:
    return source.settings.certificate_reuse != Effect.OFF


def is_settled(source: Source) -> bool:
    """Whether so much hangs on it that senders of the same instant have to wait for each other."""
    return source.settings.certificate_reuse in {Effect.HOLD, Effect.REFUSE}


def is_judged(case: Case) -> bool:
    """Under an approved exception nothing about a certificate counts."""
    return case.asks and is_watched(case.source)


def judge_reuse(source: Source, uses: Uses) -> list[Verdict]:
    effect = Effect(source.settings.certificate_reuse)
    return [
        failed(
            PERSON,
            "This certificate came before with another phone and email.",
            field=FIELD,
            hint="Send the certificate of the page view in which this person opted in.",
            effect=effect,
        )
        if uses.by_others
        else passed(PERSON, "No other person came with this certificate."),
        failed(
            SOURCE,
            "This certificate was used elsewhere before.",
            field=FIELD,
            hint="Send a lead through one source alone.",
            effect=effect,
        )
        if uses.elsewhere
        else passed(SOURCE, "The certificate came through no other source."),
    ]


def find_reuse(case: Case) -> list[Verdict]:
    """As things stand."""
    (uses,) = find_uses([case])
    return judge_uses(case, uses)


def judge_uses(case: Case, uses: Uses) -> list[Verdict]:
    return [case.was_read.as_sent(verdict) for verdict in judge_reuse(case.source, uses)]


# Written by hand and prepared, for intake asks on each request with a certificate: whether it was used by
# others, and whether elsewhere. It gives one row, of nulls where there are no uses.
USES = f"""
SELECT bool_or(coalesce(used.phone_hash <> ALL({{phones}}), true)
        AND coalesce(used.email_hash <> ALL({{emails}}), true)) AS by_others,
    bool_or(used.source_id <> {{source}}) AS elsewhere
FROM (
    SELECT source_id, lead_id, phone_hash, email_hash FROM leads_certificateuse
    WHERE certificate_hash = {{certificate}} ORDER BY id DESC LIMIT {MOST}
) AS used
LEFT JOIN leads_lead AS lead ON lead.id = used.lead_id
WHERE (lead.status IS NULL OR lead.status NOT IN ({", ".join(f"'{status}'" for status in NOT_COUNTED)}))
    AND used.lead_id IS DISTINCT FROM {{but_for}}
"""  # noqa: S608 (our own words alone)
FIND = f"""
SELECT asked.place, found.by_others, found.elsewhere
FROM (
    SELECT certificate, place, but_for,
        ARRAY(SELECT decode(one, 'hex') FROM unnest(string_to_array(phones, ',')) AS one) AS phones,
        ARRAY(SELECT decode(one, 'hex') FROM unnest(string_to_array(emails, ',')) AS one) AS emails
    FROM unnest($2::bytea[], $3::text[], $4::text[], $5::uuid[])
        WITH ORDINALITY AS given (certificate, phones, emails, but_for, place)
) AS asked
CROSS JOIN LATERAL ({
    USES.format(
        source="$1",
        certificate="asked.certificate",
        phones="asked.phones",
        emails="asked.emails",
        but_for="asked.but_for",
    )
}) AS found
"""  # noqa: S608


def find_uses(cases: Sequence[Case]) -> list[Uses]:
    """Of each of the cases, which are of one source and have certificates; one question for all. A lead that
    is judged again is not its own reuse."""
    columns = [list(column) for column in zip(*map(asked_of, cases), strict=True)]
    asked = [cases[0].source.pk, *columns]
    with connection.wrap_database_errors, borrowed_connection() as borrowed, RawCursor(borrowed) as cursor:
        cursor.execute(FIND, asked, prepare=True)
        found = {place: uses_of(*row) for place, *row in cursor.fetchall()}
    return [found[place] for place in range(1, len(cases) + 1)]


def uses_of(by_others: bool | None, elsewhere: bool | None) -> Uses:
    return Uses(bool(by_others), bool(elsewhere))


def asked_of(case: Case) -> tuple[Any, ...]:
    """Certificate, phone and email under each key that hashes may have been made with, and its own lead."""
    return (certificate_hash(case), *person_written(case.was_read.draft), case.provenance.lead_id)


def person_written(draft: LeadDraft) -> tuple[str, str]:
    """The hashes of phone and email, as `FIND` reads them."""
    phones = contact_hashes("phone", draft.phone.number) if draft.phone else []
    emails = contact_hashes("email", draft.email.lower()) if draft.email else []
    return ",".join(one.hex() for one in phones), ",".join(one.hex() for one in emails)


def certificate_hash(case: Case) -> bytes:
    assert case.certificate
    return hash_of(case.certificate)


def hash_of(certificate: CertificateUrl) -> bytes:
    return sha256(certificate.url.encode()).digest()


def certificate_of(draft: LeadDraft) -> CertificateUrl | None:
    """Before it is judged, and however it is written."""
    reading = read_certificate_url(draft.trusted_form_url) if draft.trusted_form_url else None
    return reading if isinstance(reading, CertificateUrl) else None


def person_of(draft: LeadDraft) -> frozenset[tuple[str, str]]:
    """Two that have something in common are one person."""
    values = {"phone": draft.phone.number if draft.phone else "", "email": draft.email.lower()}
    return frozenset((name, value) for name, value in values.items() if value)


def lock_certificates(cases: Iterable[Case]) -> None:
    """Holds back, until this transaction ends, whoever brings one of the same certificates, wherever."""
    hold_back(f"certificate:{case.certificate.url}" for case in cases if case.certificate)


def use_columns(case: Case, lead_id: Any) -> dict[str, Any]:
    draft = case.was_read.draft
    return {
        "id": new_id(),
        "business_id": case.source.business_id,
        "source_id": case.source.id,
        "lead_id": lead_id,
        "certificate_hash": certificate_hash(case),
        **hashes_of(draft),
        "at": case.arrival.received_at,
        "again": any(one.code in {PERSON, SOURCE} and not one.passed for one in case.verdicts),
    }


def hashes_of(draft: LeadDraft) -> dict[str, bytes | None]:
    return {
        "phone_hash": contact_hash("phone", draft.phone.number) if draft.phone else None,
        "email_hash": contact_hash("email", draft.email.lower()) if draft.email else None,
    }
