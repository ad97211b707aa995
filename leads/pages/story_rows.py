"""The rows that a lead's story is told from, read in a bounded number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from compliance.models import CertificateCheck
from compliance.suppression.looking import entries_of
from compliance.suppression.models import Suppression
from leadping.accounts.models import User
from leadping.events import COMMAND_LINE, SYSTEM
from leadping.ids import parse_public_id
from leadping.models import Event
from leads.attempts import attempts_before
from leads.do_not_contact import contacts_of_lead
from leads.models import Complaint, Lead, Override, Submission
from leads.overrides import passed_over
from leads.pages.overrides import hands_of
from leads.pages.suppressed import people_of
from sources.models import Review

# A lead may be replayed, and a contact point come back, any number of times; a page shows so many.
MOST_SHOWN = 50
INSIDERS = {SYSTEM: "Leadping", COMMAND_LINE: "the command line"}


@dataclass(frozen=True, slots=True)
class StoryRows:
    """`submissions` begin with the one that made the lead; `earlier` are attempts before it. `others` are
    leads of the same contact point, the newest first. `review` is what put the lead's terms in force.
    `suppressions` are all that ever named its contacts. `actors` has a name for every id in the rows."""

    lead: Lead
    submissions: Sequence[Submission]
    earlier: Sequence[Submission]
    checks: Sequence[CertificateCheck]
    events: Sequence[Event]
    others: Sequence[Lead]
    complaints: Sequence[Complaint]
    overrides: Sequence[Override]
    suppressions: Sequence[Suppression]
    review: Review | None
    actors: Mapping[str, str]

    @property
    def standing(self) -> list[Suppression]:
        return [entry for entry in self.suppressions if entry.released_at is None]


def with_surroundings(leads: QuerySet[Lead]) -> QuerySet[Lead]:
    near = ("business", "account", "source", "terms", "certificate__retention", "conversation")
    return leads.select_related(*near)


def read_rows(lead: Lead) -> StoryRows:
    """`lead` as `with_surroundings` reads it."""
    submissions = list(lead.submissions.order_by("id")[:MOST_SHOWN])
    events = list(Event.objects.filter(subject=lead.public_id).order_by("id")[:MOST_SHOWN])
    overrides = list(lead.overrides.order_by("-id")[:MOST_SHOWN])
    suppressions = list(entries_of(lead.business_id, lead.account_id, contacts_of_lead(lead)).order_by("id"))
    review = lead.terms.reviews.filter(decision=Review.Decision.APPROVED).order_by("-id").first()
    people = [*people_of(suppressions), *hands_of(overrides), *(event.actor for event in events)]
    people += [submission.repeated_by for submission in submissions]
    return StoryRows(
        lead=lead,
        submissions=submissions,
        earlier=attempts_before(submissions[0]) if submissions else [],
        checks=list(lead.certificate.checks.order_by("id")[:MOST_SHOWN]) if lead.certificate else [],
        events=events,
        others=list(others_of(lead)[:MOST_SHOWN]),
        complaints=list(lead.complaints.order_by("id")[:MOST_SHOWN]),
        overrides=overrides,
        suppressions=suppressions,
        review=review,
        actors=name_actors(lead, [*people, review.by] if review else people),
    )


def others_of(lead: Lead) -> QuerySet[Lead]:
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
