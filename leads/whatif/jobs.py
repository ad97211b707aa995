"""The job that carries out a what-if."""

import structlog
from django.db import InterfaceError, OperationalError
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from leads.models import WhatIf
from leads.whatif.trial import run_trial
from sources.lifecycle import SourceError

log = structlog.get_logger("leads.whatif")
FAILED = "It could not be finished because of an error of ours, which is in the worker's log. Try it again."

# While the database is away nothing can be said to have failed; what was done stands, and it goes on.
AWAY = (OperationalError, InterfaceError)
AGAIN = RetryStrategy(max_attempts=5, wait=5, linear_wait=10, retry_exceptions=AWAY)


@app.task(retry=AGAIN)
def try_on_the_past(what_if_id: str) -> None:
    trial = WhatIf.named(what_if_id).select_related("source").first()
    if trial is None or trial.status in {WhatIf.Status.DONE, WhatIf.Status.FAILED}:
        return
    try:
        run_trial(trial)
    except SourceError as error:
        fail(trial, f"The settings cannot be tried any more: {error}")
    except AWAY:
        raise
    except Exception:
        log.exception("what-if failed", what_if=what_if_id)
        fail(trial, FAILED)


def fail(trial: WhatIf, sentence: str) -> None:
    WhatIf.objects.filter(pk=trial.pk).update(
        status=WhatIf.Status.FAILED, failure=sentence, finished_at=timezone.now()
    )
