"""Everything that the page of one lead tells, read in a bounded number of queries."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from compliance.suppression.looking import closed_ways, entries_of
from leadping.accounts.models import User
from leadping.events import COMMAND_LINE, SYSTEM
from leadping.ids import parse_public_id
from leadping.models import Event
from leads.do_not_contact import contacts_of_lead
from leads.models import Lead, LegalHold
from leads.overrides import passed_over
from leads.pages.agreement import Agreement, describe_agreement
from leads.pages.contact import Contact, describe_contact
from leads.pages.evidence import Evidence, Token, describe_evidence, describe_tokens
from leads.pages.facts import Fact, describe_facts
from leads.pages.kept import say_erased
from leads.pages.moments import Moment, describe
from leads.pages.overrides import OverrideLine, describe_override, hands_of
from leads.pages.permission import Permission, describe_permission
from leads.pages.row import LeadRow, describe_row
from leads.pages.stored import StoredRequest, describe_request
from leads.pages.suppressed import Ban, describe_ban, of_suppression, people_of
from leads.pages.timeline import Entry, in_order, of_check, of_complaint, of_event, of_other, of_submission
from leads.pages.wording import LEAD_STATUSES, Badge
from leads.rejudging.chain import attempts_before
from leads.retention.holds import holds_on
from sources.models import Review

# A lead may be replayed, and a contact point come back, any number of times; a page shows so many.
MOST_SHOWN = 50
INSIDERS = {SYSTEM: "Leadping", COMMAND_LINE: "the command line"}


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
    submissions = list(lead.submissions.order_by("id")[:MOST_SHOWN])
    earlier = attempts_before(submissions[0]) if submissions else []
    checks = list(lead.certificate.checks.order_by("id")[:MOST_SHOWN]) if lead.certificate else []
    events = list(Event.objects.filter(subject=lead.public_id).order_by("id")[:MOST_SHOWN])
    others = list(others_of(lead)[:MOST_SHOWN])
    complaints = list(lead.complaints.order_by("id")[:MOST_SHOWN])
    overrides = list(lead.overrides.order_by("-id")[:MOST_SHOWN])
    review = lead.terms.reviews.filter(decision=Review.Decision.APPROVED).order_by("-id").first()
    listed = list(entries_of(lead.business_id, lead.account_id, contacts_of_lead(lead)).order_by("id"))
    standing = [entry for entry in listed if entry.released_at is None]
    people = [*people_of(listed), *(event.actor for event in events), *hands_of(overrides)]
    people += [attempt.repeated_by for attempt in submissions]
    actors = name_actors(lead, [*people, *([review.by] if review else [])])
    told = [describe_override(override, actors, now=now) for override in overrides]
    inbox_since = lead.conversation.inbox_since
    request = describe_request(submissions[0], now=now) if submissions else None
    erased = say_erased(lead, events)
    return Story(
        lead=lead,
        status=LEAD_STATUSES[Lead.Status(lead.status)],
        came=describe(lead.created_at, now=now),
        contact=describe_contact(lead, now=now),
        permission=describe_permission(
            lead,
            request.checks if request else [],
            events,
            actors,
            complaints=complaints,
            overrides=told,
            closed=closed_ways(standing),
            erased=erased,
        ),
        bans=[describe_ban(entry, actors, now=now) for entry in standing],
        agreement=describe_agreement(lead, review, actors, now=now),
        evidence=describe_evidence(lead, checks, now=now),
        tokens=describe_tokens(list(lead.evidence.order_by("kind", "field"))),
        overrides=told,
        facts=describe_facts(lead),
        request=request,
        timeline=in_order(
            [of_submission(submission, actors, now=now) for submission in [*earlier, *submissions]],
            [of_check(check, now=now) for check in checks],
            [of_event(event, actors, now=now) for event in events],
            [of_other(other, now=now) for other in others],
            *(of_complaint(complaint, now=now) for complaint in complaints),
            *(of_suppression(entry, actors, now=now) for entry in listed[-MOST_SHOWN:]),
        ),
        others=[describe_row(other, now=now) for other in others],
        inbox=describe(inbox_since, now=now) if inbox_since else None,
        erased=erased,
        holds=holds_on([lead], readable=readable)[lead.pk],
    )


def with_surroundings(leads: QuerySet[Lead]) -> QuerySet[Lead]:
    near = ("business", "account", "source", "terms", "certificate__retention", "conversation")
    return leads.select_related(*near)


def others_of(lead: Lead) -> QuerySet[Lead]:
    """Newest first."""
    others = Lead.objects.filter(conversation=lead.conversation_id).exclude(pk=lead.pk)
    beside = others.select_related("source", "business")
    return beside.annotate(passed_over=passed_over()).order_by("-id")


def name_actors(lead: Lead, actors: Iterable[str]) -> Mapping[str, str]:
    """Whom the actors' ids name."""
    ids = {actor: parse_public_id(User.PREFIX, actor) for actor in actors}
    users = User.objects.filter(pk__in=filter(None, ids.values()))
    return {
        **INSIDERS,
        lead.source.public_id: str(lead.source),
        **{user.public_id: str(user) for user in users},
    }
