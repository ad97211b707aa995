"""From events to jobs: the worker defers what follows a lead in bulk, so that intake need not wait."""

from django.conf import settings
from django.db import transaction
from procrastinate.types import JSONDict

from leadping.models import Event
from leads.jobs import look_up_phone

CREATED = "lead.created"
BATCH = 500


def is_followed_up() -> bool:
    """Whether anything follows a lead's creation: not while no phone look-up service is set."""
    return bool(settings.PHONE_LOOKUP_URL)


@transaction.atomic
def relay_events() -> int:
    """Turns up to a batch of pending events into jobs and says how many there were."""
    batch = list(
        Event.objects.select_for_update(skip_locked=True)
        .filter(pending=True)
        .order_by("id")
        .values_list("id", "subject")[:BATCH]
    )
    if batch:
        Event.objects.filter(id__in=[event_id for event_id, _ in batch]).update(pending=False)
        jobs: list[JSONDict] = [{"lead_id": subject} for _, subject in batch]
        look_up_phone.batch_defer(*jobs)
    return len(batch)
