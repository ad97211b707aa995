"""The rule about IP addresses from which many people come: a farm of programs or typists rather than a home.

The address is that of the certificate, where TrustedForm told it, else the lead's own, which is the sender's
word. Looked at once TrustedForm was asked, and for certain when the lead is stored. Only leads of the same
business count, whatever became of them; the same phone or the same email is the same person.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_network
from typing import Any

from django.db import connection
from psycopg import RawCursor

from compliance.checks.consumer import read_ip
from leadping.contact_hash import contact_hash, contact_hashes
from leadping.database import borrowed_connection
from leadping.ids import first_id_at, new_id
from leadping.locks import hold_back
from leadping.verdicts import Effect, Verdict, failed, passed
from leads.intake.case import Case
from leads.intake.reuse import hashes_of, person_of, person_written
from sources.models import Source

CODE = "certificate_shared_ip"
FIELD = "ip_address"
# So many leads from one address are looked at, the newest.
MOST = 1_000
# One home, or one server, has all addresses of such a network.
HOME_IPV6 = 64


def is_watched(source: Source) -> bool:
    return source.settings.certificate_shared_ip_effect != Effect.OFF


def is_settled(source: Source) -> bool:
    """Whether so much hangs on it that senders of the same instant have to wait for each other."""
    return source.settings.certificate_shared_ip_effect in {Effect.HOLD, Effect.REFUSE}


def is_judged(case: Case) -> bool:
    """Under an approved exception nothing about a certificate counts."""
    return is_watched(case.source) and case.asks and bool(address_of(case))


def address_of(case: Case) -> str:
    """Empty where nobody tells it."""
    shown = case.certificate_answer.facts.ip if case.certificate_answer else None
    ip = read_ip(shown or "") or read_ip(case.was_read.draft.ip_address or "")
    if isinstance(ip, IPv6Address):
        return str(ip_network((ip, HOME_IPV6), strict=False))
    return str(ip or "")


def judge_people(source: Source, others: int) -> Verdict:
    """`others` are people beside the one who is judged. The sentence names neither them nor the address."""
    settings = source.settings
    most, days = settings.certificate_people_most, settings.certificate_people_days
    people = "1 person" if most == 1 else f"{most:,} people"
    within = "day" if days == 1 else f"{days} days"
    if others < most:
        return passed(CODE, f"At most {people} came from the person's IP address within the last {within}.")
    return failed(
        CODE,
        f"More than {people} came from the person's IP address within the last {within}.",
        field=FIELD,
        hint="Send leads of people who filled in the form on their own devices, with the IP address of each.",
        effect=Effect(settings.certificate_shared_ip_effect),
    )


@dataclass(slots=True)
class Crowd:
    """Who came from which address, of leads that are in no table yet: by the address and a key of the person,
    the person and when they came last."""

    people: dict[str, dict[str, tuple[frozenset[tuple[str, str]], datetime]]] = field(default_factory=dict)

    def judge(self, case: Case, stored: Collection[str] = ()) -> Verdict:
        """`stored` are keys of other people, as the table has them."""
        draft, since = case.was_read.draft, window_start(case)
        mine = person_of(draft)
        known = self.people.get(address_of(case), {})
        here = {key for key, (person, at) in known.items() if at > since and person.isdisjoint(mine)}
        return case.was_read.as_sent(judge_people(case.source, len(here | set(stored))))

    def add(self, case: Case) -> None:
        draft = case.was_read.draft
        there = self.people.setdefault(address_of(case), {})
        there[key_of(hashes_of(draft))] = (person_of(draft), case.arrival.received_at)

    def forget(self, until: datetime) -> None:
        """Whoever came last before that."""
        for address, there in list(self.people.items()):
            self.people[address] = {key: one for key, one in there.items() if one[1] > until}
        self.people = {address: there for address, there in self.people.items() if there}


def key_of(hashes: dict[str, bytes | None]) -> str:
    return (hashes["phone_hash"] or hashes["email_hash"] or b"").hex()


def window_start(case: Case) -> datetime:
    return case.arrival.received_at - timedelta(days=case.source.settings.certificate_people_days)


def judge_together(cases: Sequence[Case]) -> None:
    """Of one source and in their order: each that makes a lead counts for those after it. All are looked up
    at once."""
    judged = [case for case in cases if is_judged(case)]
    if not judged:
        return
    crowd = Crowd()
    for case, stored in zip(judged, find_others(judged), strict=True):
        case.judge_again(crowd.judge(case, stored))
        if case.makes_lead:
            crowd.add(case)


# Written by hand and prepared, for intake asks on each request of a source that watches for this.
FIND = """
SELECT asked.place, array_agg(DISTINCT encode(coalesce(used.phone_hash, used.email_hash), 'hex'))
FROM (
    SELECT place, but_for,
        ARRAY(SELECT decode(one, 'hex') FROM unnest(string_to_array(ips, ',')) AS one) AS ips,
        ARRAY(SELECT decode(one, 'hex') FROM unnest(string_to_array(phones, ',')) AS one) AS phones,
        ARRAY(SELECT decode(one, 'hex') FROM unnest(string_to_array(emails, ',')) AS one) AS emails
    FROM unnest($2::text[], $3::text[], $4::text[], $5::uuid[])
        WITH ORDINALITY AS given (ips, phones, emails, but_for, place)
) AS asked
CROSS JOIN LATERAL (
    SELECT phone_hash, email_hash FROM leads_addressuse
    WHERE business_id = $1 AND ip_hash = ANY(asked.ips) AND id >= $6
        AND lead_id IS DISTINCT FROM asked.but_for
        AND coalesce(phone_hash <> ALL(asked.phones), true)
        AND coalesce(email_hash <> ALL(asked.emails), true)
    ORDER BY id DESC LIMIT $7
) AS used
GROUP BY asked.place
"""


def find_others(cases: Sequence[Case]) -> list[Sequence[str]]:
    """Of each case, which are of one source, the keys of other people who came from its address. A lead that
    is judged again is nobody else."""
    first = cases[0]
    since = first_id_at(min(map(window_start, cases)))
    columns = [list(column) for column in zip(*map(asked_of, cases), strict=True)]
    asked = [first.source.business_id, *columns, since, MOST]
    with connection.wrap_database_errors, borrowed_connection() as borrowed, RawCursor(borrowed) as cursor:
        cursor.execute(FIND, asked, prepare=True)
        found: dict[int, Sequence[str]] = dict(cursor.fetchall())
    return [found.get(place, ()) for place in range(1, len(cases) + 1)]


def asked_of(case: Case) -> tuple[Any, ...]:
    ips = ",".join(one.hex() for one in contact_hashes("ip", address_of(case)))
    return (ips, *person_written(case.was_read.draft), case.provenance.lead_id)


def lock_addresses(cases: Iterable[Case]) -> None:
    """Holds back, until this transaction ends, whoever comes from one of the same addresses."""
    hold_back(f"ip:{case.source.business_id}:{address_of(case)}" for case in cases if is_judged(case))


def use_columns(case: Case, lead_id: Any) -> dict[str, Any]:
    return {
        "id": new_id(),
        "business_id": case.source.business_id,
        "source_id": case.source.id,
        "lead_id": lead_id,
        "ip_hash": contact_hash("ip", address_of(case)),
        **hashes_of(case.was_read.draft),
        "at": case.arrival.received_at,
    }
