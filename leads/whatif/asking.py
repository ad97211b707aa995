"""Asking for a what-if: who, about which terms or settings, over how many days."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction

from leadping.accounts.models import Business
from leadping.events import record_event
from leadping.verbs import VerbError
from leads.models import WhatIf
from leads.whatif.jobs import try_on_the_past
from sources.basis import digest
from sources.changes import compare, plain
from sources.lifecycle import clean_settings
from sources.models import Source, SourceSettings, Terms
from sources.versions import content_of

DAYS = (1, 7, 30, 90)
AT_ONCE = 3
UNFINISHED = (WhatIf.Status.WAITING, WhatIf.Status.RUNNING)


class WhatIfError(VerbError):
    """The message says to a person why it cannot be asked."""


def ask_terms(terms: Terms, days: int, *, by: str, now: datetime) -> WhatIf:
    """What if these terms, which may be a draft, were in force?"""
    basis = basis_of_terms(terms)
    return ask(terms.source, days, by=by, now=now, terms=terms, settings=None, basis=basis)


def ask_settings(source: Source, changes: Mapping[str, Any], days: int, *, by: str, now: datetime) -> WhatIf:
    """What if the source were run so? Raises SourceError for settings that make no sense."""
    tried = changed_settings(source.settings, changes)
    if not tried:
        raise WhatIfError("Nothing differs from the settings in use. Change something, then try it.")
    return ask(source, days, by=by, now=now, terms=None, settings=tried, basis=basis_of_settings(tried))


@transaction.atomic
def ask(source: Source, days: int, *, by: str, now: datetime, **tried: Any) -> WhatIf:
    if days not in DAYS:
        raise WhatIfError("Choose 1, 7, 30 or 90 days.")
    # Whoever asks at the same instant waits here, so that the limit holds.
    Business.objects.select_for_update(no_key=True).get(pk=source.business_id)
    own = WhatIf.objects.filter(business=source.business_id, asked_by=by, status__in=UNFINISHED)
    if own.filter(asked_at__gt=now - timedelta(hours=1)).count() >= AT_ONCE:
        raise WhatIfError(f"{AT_ONCE} of yours are being tried already. Wait until one of them is done.")
    trial = WhatIf.objects.create(
        business_id=source.business_id, source=source, days=days, asked_by=by, asked_at=now, **tried
    )
    terms = tried["terms"]
    record_event(
        "whatif.asked",
        subject=source.public_id,
        by=by,
        business_id=source.business_id,
        now=now,
        what_if=trial.public_id,
        days=days,
        terms=terms.public_id if terms else None,
        settings=tried["settings"],
    )
    try_on_the_past.defer(what_if_id=trial.public_id)
    return trial


def changed_settings(settings: SourceSettings, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Only what differs, as JSON can say it."""
    return compare(settings, clean_settings(settings, dict(changes))).after


def basis_of_terms(terms: Terms) -> str:
    """Other words, or other terms in force, make it another what-if."""
    return digest(content_of(terms), terms.source.terms_in_force)


def basis_of_settings(changes: Mapping[str, Any]) -> str:
    said = {name: plain(value) for name, value in changes.items()}
    return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def latest_of_terms(terms: Terms) -> WhatIf | None:
    """The last one about these terms, whatever they said then."""
    if terms.pk is None:
        return None
    return WhatIf.objects.filter(business=terms.business_id, terms=terms).order_by("-id").first()


def is_stale(trial: WhatIf) -> bool:
    """Whether the terms were written on, or others came into force, since."""
    return trial.terms is not None and trial.basis != basis_of_terms(trial.terms)
