"""Safe repetition: the same request again gets the first answer again."""

from datetime import timedelta
from hashlib import sha256

from leadping.verdicts import failed
from leads.intake.case import Case
from leads.models import Submission

KEPT_FOR = timedelta(hours=24)


def replay_token(case: Case) -> bytes | None:
    """What a repetition would have in common with this request, or None where it cannot be told.

    Without an idempotency key the body itself serves, if an external id makes it one lead's alone.
    """
    if case.dry or case.reading is None:
        return None
    if case.arrival.idempotency_key is not None:
        return sha256(b"key:" + case.arrival.idempotency_key.encode()).digest()
    if case.reading.draft.external_id:
        return sha256(b"body:" + case.arrival.sent_sha256).digest()
    return None


def find_original(case: Case) -> Submission | None:
    """The accepted submission of the last 24 hours that has the case's token."""
    if case.replay_token is None:
        return None
    return (
        Submission.objects.filter(source=case.source, replay_token=case.replay_token)
        .filter(received_at__gt=case.arrival.received_at - KEPT_FOR)
        .only("id", "answer", "body_sha256", "lead_id")
        .first()
    )


def settle_repetition(case: Case) -> bool:
    """Takes note of an earlier request with the same token; False where there is one."""
    original = find_original(case)
    if original is None:
        return True
    if bytes(original.body_sha256) == case.arrival.sent_sha256:
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
