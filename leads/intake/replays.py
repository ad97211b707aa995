"""Safe repetition: the same request again gets the first answer again."""

from datetime import timedelta
from hashlib import sha256

from leadping.verdicts import failed
from leads.intake.case import Case
from leads.intake.envelope import is_idempotency_key
from leads.intake.statement import Accepted, find_accepted
from leads.models import Submission

KEPT_FOR = timedelta(hours=24)


def replay_token(case: Case) -> bytes | None:
    """What a repetition would have in common with this request, or None where it cannot be told.

    Without an idempotency key the body itself serves, if an external id makes it one lead's alone.
    """
    if case.dry:
        return None
    if key := key_sha256(case):
        return key
    if case.was_read.draft.external_id:
        return sha256(b"body:" + case.arrival.sent_sha256).digest()
    return None


def key_sha256(case: Case) -> bytes | None:
    """Of the idempotency key, which is kept in no other form; judged again, of the one it first came with."""
    key = case.arrival.idempotency_key
    if key is None or not is_idempotency_key(key):
        return case.provenance.key_sha256
    return sha256(b"key:" + key.encode()).digest()


def recognise(case: Case) -> bool:
    """Is it a repetition of a request that was accepted?

    A lead that can be taken without asking anybody need not look: storing it finds its twin, by the unique
    token that settles the race in any case.
    """
    case.replay_token = replay_token(case)
    if case.known:
        settle_known(case, case.known.accepted)
    elif case.refusals:
        settle_repetition(case)
    return not case.refusals and not case.original


def settle_repetition(case: Case) -> bool:
    """Takes note of an accepted submission of the last 24 hours with the same token; False with one."""
    if case.replay_token is None:
        return True
    since = case.arrival.received_at - KEPT_FOR
    return settle_known(case, find_accepted(case.source.pk, case.replay_token, since=since))


def settle_known(case: Case, original: Accepted | None) -> bool:
    return original is None or settle_by(case, original)


def settle_by(case: Case, original: Accepted) -> bool:
    """Takes note of the accepted submission that this one repeats, or whose key it uses anew."""
    if original.body_sha256 == case.arrival.sent_sha256:
        case.original = original
        return False
    return case.find(
        failed("idempotency_key_reused", "This key came with another body in the last 24 hours.")
    )


def free_token(case: Case) -> None:
    """Takes the token from a submission that is older than 24 hours."""
    Submission.objects.filter(
        source=case.source,
        replay_token=case.replay_token,
        received_at__lte=case.arrival.received_at - KEPT_FOR,
    ).update(replay_token=None)
