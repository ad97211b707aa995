"""The job that carries out a what-if."""

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from leads.models import WhatIf
from leads.whatif.trial import run_trial
from sources.lifecycle import SourceError

log = structlog.get_logger("leads.whatif")
FAILED = "It could not be finished because of an error of ours, which is in the worker's log. Try it again."


@app.task
def try_on_the_past(what_if_id: str) -> None:
    trial = WhatIf.named(what_if_id).select_related("source").first()
    if trial is None or trial.status in {WhatIf.Status.DONE, WhatIf.Status.FAILED}:
        return
    try:
        run_trial(trial)
    except SourceError as error:
        fail(trial, f"The settings cannot be tried any more: {error}")
    except Exception:
        log.exception("what-if failed", what_if=what_if_id)
        fail(trial, FAILED)


def fail(trial: WhatIf, sentence: str) -> None:
    WhatIf.objects.filter(pk=trial.pk).update(
        status=WhatIf.Status.FAILED, failure=sentence, finished_at=timezone.now()
    )
