"""Writing many judged cases down in one transaction."""

from collections.abc import Sequence

from django.db import transaction

from leads.bulk.contention import judge_crowds, settle_all_beside_others
from leads.bulk.examine import recognise_all
from leads.bulk.statement import store_many
from leads.intake.answers import Reply
from leads.intake.case import Case
from leads.intake.contention import depends_on_others
from leads.intake.record import SourceMoved, compose, follow_up
from leads.intake.replays import KEPT_FOR
from leads.models import Submission


def record_all(cases: Sequence[Case]) -> list[Reply]:
    """Stores the cases and gives the answers, which are true once this returns.

    Raises SourceMoved, and django.db.IntegrityError when a twin was faster; then nothing is stored.
    """
    replies = write_all(cases)
    for case in cases:
        follow_up(case)
    return replies


@transaction.atomic
def write_all(cases: Sequence[Case]) -> list[Reply]:
    judge_crowds(cases)
    leads = [case for case in cases if case.makes_lead]
    if leads and depends_on_others(leads[0]):
        settle_all_beside_others(leads)
        # The earlier lead may be this very request, sent twice.
        recognise_all([case for case in leads if case.refusals])
    composed = [compose(case) for case in cases]
    source = cases[0].source
    if not store_many([rows for _, rows in composed], source_id=source.pk, source_version=source.version):
        raise SourceMoved
    return [reply for reply, _ in composed]


def free_tokens(cases: Sequence[Case]) -> None:
    """Takes their tokens from submissions that are older than 24 hours."""
    tokens = [case.replay_token for case in cases if case.replay_token]
    oldest = min(case.arrival.received_at for case in cases) - KEPT_FOR
    Submission.objects.filter(
        source=cases[0].source, replay_token__in=tokens, received_at__lte=oldest
    ).update(replay_token=None)
