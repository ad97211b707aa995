"""One request under judgement: everything found out about it so far."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from compliance.trustedform.answers import CertificateAnswer
from compliance.trustedform.url import CertificateUrl
from leadping.verdicts import Effect, Verdict, failures, is_refused
from leads.intake.arrival import Arrival, DryRun
from leads.intake.known import Known
from leads.intake.payload.reading import Reading
from leads.intake.statement import Accepted
from leads.models import Submission
from sources.models import Credential, Source, Terms

OUTCOMES = {
    Effect.REFUSE: Submission.Outcome.REFUSED,
    Effect.HOLD: Submission.Outcome.AUDIT,
    Effect.KEEP: Submission.Outcome.DUPLICATE,
}


@dataclass(frozen=True, slots=True)
class Provenance:
    """What is known of a lead that did not come alone through a door: the line of its batch or row of its
    file, the import it belongs to, the attempt that it repeats, and who brought it and why."""

    row_number: int | None = None
    imported_in: UUID | None = None
    repeats: UUID | None = None
    # A person's public id; empty where the source itself sent it.
    by: str = ""
    reason: str = ""
    # Of what is judged again: when it came, whether a system sent it with its key, the idempotency key it
    # came with as SHA-256, whether credentials were taken out of it, and the faults found in those.
    came_at: datetime | None = None
    by_system: bool = False
    key_sha256: bytes | None = None
    redacted: bool = False
    hidden: tuple[Verdict, ...] = ()
    # The lead that was made of the attempt before, and when; it is its own duplicate no more than it counts
    # twice.
    lead_id: UUID | None = None
    lead_at: datetime | None = None


BY_ITSELF = Provenance()


@dataclass(slots=True)
class Case:
    arrival: Arrival
    source: Source
    # None where a person brought it.
    credential: Credential | None = None
    # Whether the key came in the address.
    shows_key: bool = False
    terms: Terms | None = None
    reading: Reading | None = None
    # What is stored of the body: as sent, but for credentials.
    body: str = ""
    body_redacted: bool = False
    # The request's number within its minute, counted once however often its source changes meanwhile.
    number: int | None = None
    # When a request that came too early for a limit may come again.
    retry_at: datetime | None = None
    # Leads that the source's caps leave room for, by period.
    left: dict[str, int] = field(default_factory=dict)
    certificate: CertificateUrl | None = None
    certificate_answer: CertificateAnswer | None = None
    # What came before it, as far as that was looked for.
    known: Known | None = None
    # Whether its contacts may be taken for such that are not suppressed. Storing it makes sure of that, and
    # whoever is hardly ever on a list costs no question of its own.
    assumes: bool = False
    # The hashes of contacts of which that was taken.
    assumed: list[bytes] = field(default_factory=list)
    replay_token: bytes | None = None
    # The accepted submission that this request repeats.
    original: Accepted | None = None
    verdicts: list[Verdict] = field(default_factory=list)
    # Of what it is stored as.
    submission_id: str = ""
    provenance: Provenance = BY_ITSELF

    @property
    def was_read(self) -> Reading:
        """The reading; nothing is judged before it."""
        if self.reading is None:
            raise RuntimeError("The request has not been read.")
        return self.reading

    @property
    def by_system(self) -> bool:
        """Whether a system sent it with its key, now or when it first came."""
        return self.credential is not None or self.provenance.by_system

    @property
    def dry(self) -> bool:
        return self.arrival.dry_run in {DryRun.LOCAL, DryRun.FULL}

    @property
    def certificate_required(self) -> bool:
        """Unless terms with an approved exception say otherwise."""
        return self.terms is None or self.terms.trustedform_required

    @property
    def asks(self) -> bool:
        """Whether TrustedForm has a say in it."""
        return self.certificate is not None and self.certificate_required

    def find(self, *verdicts: Verdict) -> bool:
        """Adds findings; True when the case may go on, that is, when nothing so far refuses it."""
        self.verdicts.extend(verdicts)
        return not is_refused(self.verdicts)

    def judge_again(self, *verdicts: Verdict) -> None:
        """Puts findings in the place of earlier ones about the same, and adds those about something else."""
        anew = {verdict.code: verdict for verdict in verdicts}
        self.verdicts = [anew.pop(earlier.code, earlier) for earlier in self.verdicts]
        self.verdicts += anew.values()

    @property
    def refusals(self) -> list[Verdict]:
        return failures(self.verdicts, Effect.REFUSE)

    @property
    def outcome(self) -> Submission.Outcome:
        """The gravest effect decides."""
        if self.original:
            return Submission.Outcome.REPLAYED
        effects = {verdict.effect for verdict in self.verdicts if not verdict.passed}
        for effect, outcome in OUTCOMES.items():
            if effect in effects:
                return outcome
        return Submission.Outcome.ACCEPTED

    @property
    def makes_lead(self) -> bool:
        return not self.dry and not self.original and self.outcome is not Submission.Outcome.REFUSED
