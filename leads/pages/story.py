"""Everything that the page of one lead tells, in plain words."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from compliance.suppression.looking import closed_ways
from leads.models import Lead, LegalHold
from leads.pages.agreement import Agreement, describe_agreement
from leads.pages.contact import Contact, describe_contact
from leads.pages.evidence import Evidence, Token, describe_evidence, describe_tokens
from leads.pages.facts import Fact, describe_facts
from leads.pages.kept import say_erased
from leads.pages.moments import Moment, describe
from leads.pages.overrides import OverrideLine, describe_override
from leads.pages.permission import Permission, describe_permission
from leads.pages.row import LeadRow, describe_row
from leads.pages.stored import StoredRequest, describe_request
from leads.pages.story_rows import MOST_SHOWN, StoryRows, read_rows
from leads.pages.suppressed import Ban, describe_ban, of_suppression
from leads.pages.timeline import Entry, in_order, of_check, of_complaint, of_event, of_other, of_submission
from leads.pages.wording import LEAD_STATUSES, Badge
from leads.retention.holds import holds_on


@dataclass(frozen=True, slots=True)
class Story:
    """`request` is the submission that made the lead, and `others` are leads of the same contact point."""

    lead: Lead
    status: Badge
    came: Moment
    contact: Contact
    permission: Permission
    bans: list[Ban]
    agreement: Agreement
    evidence: Evidence
    tokens: list[Token]
    overrides: list[OverrideLine]
    facts: list[Fact]
    request: StoredRequest | None
    timeline: list[Entry]
    others: list[LeadRow]
    inbox: Moment | None
    # A sentence, empty while the person is on record; and the legal holds that keep them there.
    erased: str
    holds: list[LegalHold]


def read_story(lead: Lead, *, now: datetime, readable: Collection[UUID] = ()) -> Story:
    """`lead` as `with_surroundings` reads it; `readable` are the businesses whose legal holds are told."""
    rows = read_rows(lead)
    request = describe_request(rows.submissions[0], now=now) if rows.submissions else None
    overrides = [describe_override(override, rows.actors, now=now) for override in rows.overrides]
    erased = say_erased(lead, rows.events)
    inbox_since = lead.conversation.inbox_since
    return Story(
        lead=lead,
        status=LEAD_STATUSES[Lead.Status(lead.status)],
        came=describe(lead.created_at, now=now),
        contact=describe_contact(lead, now=now),
        permission=describe_permission(
            lead,
            request.checks if request else [],
            rows.events,
            rows.actors,
            complaints=rows.complaints,
            overrides=overrides,
            closed=closed_ways(rows.standing),
            erased=erased,
        ),
        bans=[describe_ban(entry, rows.actors, now=now) for entry in rows.standing],
        agreement=describe_agreement(lead, rows.review, rows.actors, now=now),
        evidence=describe_evidence(lead, rows.checks, now=now),
        tokens=describe_tokens(list(lead.evidence.order_by("kind", "field"))),
        overrides=overrides,
        facts=describe_facts(lead),
        request=request,
        timeline=in_order(*timelines(rows, now=now)),
        others=[describe_row(other, now=now) for other in rows.others],
        inbox=describe(inbox_since, now=now) if inbox_since else None,
        erased=erased,
        holds=holds_on([lead], readable=readable)[lead.pk],
    )


def timelines(rows: StoryRows, *, now: datetime) -> Iterator[Sequence[Entry]]:
    attempts = [*rows.earlier, *rows.submissions]
    yield [of_submission(attempt, rows.actors, now=now) for attempt in attempts]
    yield [of_check(check, now=now) for check in rows.checks]
    yield [of_event(event, rows.actors, now=now) for event in rows.events]
    yield [of_other(other, now=now) for other in rows.others]
    yield from (of_complaint(complaint, now=now) for complaint in rows.complaints)
    yield from (of_suppression(entry, rows.actors, now=now) for entry in rows.suppressions[-MOST_SHOWN:])
