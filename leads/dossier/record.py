"""Everything that is on record about one lead, read at one moment, and nothing of anybody else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from compliance.models import CertificateCheck
from leadping.accounts.models import User
from leadping.audit.verification import one_snapshot
from leadping.chain import chain_waiting
from leadping.ids import parse_public_id
from leadping.models import Event
from leads.attempts import attempts_before
from leads.dossier.beside import Beside, read_beside
from leads.dossier.chain import Chain, read_chain
from leads.models import Complaint, Lead, Submission
from leads.pages.story_rows import INSIDERS, with_surroundings
from sources.models import Review, Terms

# A lead may be sent again any number of times; this many requests, checks and events of each tell its story.
MOST = 500


@dataclass(frozen=True, slots=True)
class Agreement:
    """One version of the terms, and all decisions on it in their order."""

    terms: Terms
    reviews: Sequence[Review]


@dataclass(frozen=True, slots=True)
class Record:
    """`submissions` begin with the first attempt, where the lead came of one that was judged again.

    `others_checks`: how many conversations about the same certificate concern other people's leads.
    """

    lead: Lead
    submissions: Sequence[Submission]
    checks: Sequence[CertificateCheck]
    others_checks: int
    agreements: Sequence[Agreement]
    events: Sequence[Event]
    chain: Chain
    complaints: Sequence[Complaint]
    beside: Beside
    people: Mapping[str, str]
    now: datetime

    @property
    def sandbox(self) -> bool:
        """Whether our stand-in, and not TrustedForm, gave one of the answers."""
        return any(check.sandbox for check in self.checks)

    @property
    def made_by(self) -> Submission | None:
        """The submission that made the lead."""
        return next((one for one in self.submissions if one.lead_id == self.lead.pk), None)

    def who(self, actor: str) -> str:
        return self.people.get(actor, actor)


def read_record(lead: Lead, *, now: datetime) -> Record:
    # What was just done should be in the chain before we look at it.
    chain_waiting(lead.business_id)
    with one_snapshot():
        return gather(with_surroundings(Lead.objects.filter(pk=lead.pk)).get(), now=now)


def gather(lead: Lead, *, now: datetime) -> Record:
    submissions = read_submissions(lead)
    events = read_events(lead)
    agreements = read_agreements(lead, submissions)
    own, others = read_checks(lead, submissions, events)
    complaints = list(lead.complaints.order_by("opened_at", "id")[:MOST])
    beside = read_beside(lead)
    chain = read_chain(
        lead,
        events,
        terms=[agreement.terms.public_id for agreement in agreements],
        complaints=[complaint.public_id for complaint in complaints],
    )
    return Record(
        lead=lead,
        submissions=submissions,
        checks=own,
        others_checks=others,
        agreements=agreements,
        events=events,
        chain=chain,
        complaints=complaints,
        beside=beside,
        people=name_people(
            lead,
            *(event.actor for event in events),
            *(link.event.actor for link in chain.links),
            *(review.by for agreement in agreements for review in agreement.reviews),
            *(by for agreement in agreements for by in hands_of(agreement.terms)),
            *(by for one in complaints for by in (one.opened_by, one.closed_by)),
            *(one.repeated_by for one in submissions),
            *beside.people,
        ),
        now=now,
    )


def hands_of(terms: Terms) -> list[str]:
    return [terms.created_by, terms.submitted_by, *terms.edited_by]


def read_submissions(lead: Lead) -> list[Submission]:
    """Those of the lead, and before them the attempts that were judged again until one made it."""
    own = list(lead.submissions.select_related("terms").order_by("id")[:MOST])
    return [*attempts_before(own[0]), *own] if own else []


def read_events(lead: Lead) -> list[Event]:
    """What happened to it, but for links of the chain, which are told there. Who took dossiers the log tells;
    here it would make each unlike the one before."""
    about = Event.objects.filter(subject=lead.public_id, business_id=lead.business_id)
    chained = Q(kind__startswith="dossier.") | Q(kind__startswith="override.")
    return list(about.exclude(chained).order_by("id")[:MOST])


def read_agreements(lead: Lead, submissions: Iterable[Submission]) -> list[Agreement]:
    """The terms that judged it, each time that it was judged."""
    judged = {one.terms_id for one in submissions if one.terms_id} | {lead.terms_id}
    terms = Terms.objects.filter(pk__in=judged, source_id=lead.source_id).order_by("number")
    return [Agreement(one, list(one.reviews.order_by("id"))) for one in terms]


def read_checks(
    lead: Lead, submissions: Sequence[Submission], events: Sequence[Event]
) -> tuple[list[CertificateCheck], int]:
    """Of a certificate that came with other people's leads too, only the conversations about this one."""
    if lead.certificate is None:
        return [], 0
    checks = list(lead.certificate.checks.order_by("at", "id")[:MOST])
    same = lead.certificate.leads.filter(conversation=lead.conversation_id)
    mine = {one.public_id for one in (*submissions, *same.only("id").order_by("id")[:MOST])}
    # Of those from before it was kept whom they were about, the moment tells.
    alone = not lead.certificate.leads.exclude(conversation=lead.conversation_id).exists()
    moments = {one.received_at for one in submissions} | {event.at for event in events}
    own = [
        check
        for check in checks
        if check.about in mine or (not check.about and (alone or check.at in moments))
    ]
    return own, len(checks) - len(own)


def name_people(lead: Lead, *actors: str) -> dict[str, str]:
    """Whom the ids name, with the address by which a person signs in."""
    ids = {parse_public_id(User.PREFIX, actor) for actor in actors}
    users = User.objects.filter(pk__in=[row_id for row_id in ids if row_id])
    return {
        **INSIDERS,
        lead.source.public_id: f"the source “{lead.source}”",
        **{user.public_id: f"{user.name} ({user.email})" if user.name else user.email for user in users},
    }
