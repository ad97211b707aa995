"""What one what-if costs: seconds by the clock and of the processor, and the most memory it held.

Runs in a process of its own, for the database of the settings is the one that it asks, and memory is a
process's own: python -m tests.bench.trying_cost SOURCE STATES DUPLICATE_RULE
"""

import json
import resource
import sys
import time

from django.utils import timezone

from leads.models import WhatIf
from leads.whatif.trial import run_trial
from sources.approval import draft_terms
from sources.models import Source, SourceSettings
from tests.bench.cast import BUSINESS

DAYS = 30


def main(name: str, states: str, rule: str) -> None:
    now = timezone.now()
    source = Source.objects.get(name=name, business__name=BUSINESS)
    SourceSettings.objects.filter(source=source).update(duplicate_rule=rule)
    terms = draft_terms(source, {"states": states.split(",")}, by="bench", now=now)
    trial = WhatIf.objects.create(
        business_id=source.business_id, source=source, days=DAYS, asked_by="bench", asked_at=now, terms=terms
    )
    begun, worked = time.monotonic(), time.process_time()
    run_trial(trial)
    seconds, cpu = time.monotonic() - begun, time.process_time() - worked
    trial.refresh_from_db()
    spent = {
        "seconds": seconds,
        "cpu": cpu,
        "mebibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "looked_at": trial.done,
        **{name: trial.result[name] for name in ("judged", "changed", "unjudged", "newly")},
    }
    sys.stdout.write("\n" + json.dumps(spent))


if __name__ == "__main__":
    main(*sys.argv[1:])
