"""One what-if carried out: the days' submissions judged by the rules in force and by those that are tried."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from compliance.suppression.contacts import ContactPoint
from compliance.suppression.looking import Span, spans_of
from leadping.collecting import collecting_seldom
from leads.intake.duplicates import is_switched_on
from leads.intake.reuse import is_watched
from leads.intake.suppressed import draft_contacts, is_looked_at
from leads.models import WhatIf
from leads.whatif.answered import with_answers
from leads.whatif.outcome import Comparison
from leads.whatif.past import (
    Row,
    count_before,
    leads_before,
    pages,
    read_again,
    submissions_of,
    uses_before,
)
from leads.whatif.world import Before, Came, Minutes, PastUse, World, as_if_open
from sources.lifecycle import clean_settings
from sources.models import Source, SourceSettings, Terms
from sources.versions import terms_to_judge_by

# Pages after which memory is cleared of what is over.
SWEEP = 20
Progress = Callable[[int], None]


def carry_out(trial: WhatIf, progress: Progress) -> dict[str, Any]:
    """The result; `progress` is told how many were looked at. Stores nothing."""
    source = Source.objects.with_rules().get(pk=trial.source_id)
    until = trial.asked_at
    since = until - timedelta(days=trial.days)
    before, after = worlds(trial, source, since)
    comparison, minutes, done = Comparison(), Minutes(), 0
    for number, rows in enumerate(pages(submissions_of(source, since, until)), start=1):
        read = [(row, read_again(row, source, minutes)) for row in rows]
        read = with_answers(source, before, after, read)
        before.ledger = after.ledger = earlier_uses(source, before, after, read, since)
        before.suppressed = after.suppressed = suppressed_then(source, before, after, read)
        judge_page(read, before, after, comparison, earlier_leads(source, before, after, read, since))
        done += len(rows)
        if number % SWEEP == 0:
            before.forget(rows[-1].received_at)
            after.forget(rows[-1].received_at)
        progress(done)
    return comparison.as_result()


def judge_page(
    read: Iterable[tuple[Row, Came | str]],
    before: World,
    after: World,
    comparison: Comparison,
    earlier: Before,
) -> None:
    for row, came in read:
        if isinstance(came, str):
            if came:
                comparison.leave_out(came)
            continue
        comparison.add(row.id, row.outcome, before.judge(came, earlier), after.judge(came, earlier))


def earlier_leads(
    source: Source, before: World, after: World, read: Iterable[tuple[Row, Came | str]], since: datetime
) -> Before:
    """Asked for only where a duplicate rule looks at them; and only as far back as the longer window."""
    windows = [world.window for world in (before, after) if is_switched_on(world.source)]
    if not windows:
        return {}
    came = (came for _, came in read if isinstance(came, Came))
    return leads_before(source, came, since=since, window=max(windows))


def earlier_uses(
    source: Source, before: World, after: World, read: Iterable[tuple[Any, Came | str]], since: datetime
) -> Mapping[bytes, Sequence[PastUse]]:
    """Asked for only where the rule about certificates used before looks at them."""
    if not any(is_watched(world.source) for world in (before, after)):
        return {}
    return uses_before(source, (came for _, came in read if isinstance(came, Came)), since=since)


def suppressed_then(
    source: Source, before: World, after: World, read: Iterable[tuple[Any, Came | str]]
) -> dict[ContactPoint, list[Span]]:
    """Asked for only where one of the two worlds looks at the list."""
    if not any(is_looked_at(world.source) for world in (before, after)):
        return {}
    readings = (came.reading for _, came in read if isinstance(came, Came) and came.reading)
    contacts = {contact for reading in readings for contact in draft_contacts(reading.draft)}
    return spans_of(source.business_id, source.account_id, contacts)


def worlds(trial: WhatIf, source: Source, since: datetime) -> tuple[World, World]:
    """As it is today, and as it is tried. Terms in force that have expired meanwhile are those of today, for
    what is compared is what they say."""
    in_force = terms_to_judge_by(source, dry=False, now=trial.asked_at)
    tried_terms, tried_settings = in_force, source.settings
    if trial.terms_id:
        tried_terms = as_if_approved(Terms.objects.get(pk=trial.terms_id))
    else:
        tried_settings = with_changes(source.settings, trial.settings or {})
    return (
        world(source, in_force, source.settings, since),
        world(source, tried_terms, tried_settings, since),
    )


def world(source: Source, terms: Terms | None, settings: SourceSettings, since: datetime) -> World:
    return World(
        as_if_open(source, settings, terms),
        terms,
        lambda cap: count_before(source, cap, since),
        disputed_at=source.disputed_at,
    )


def as_if_approved(terms: Terms) -> Terms:
    tried = copy(terms)
    tried.expires_at = None
    if tried.status == Terms.Status.EXPIRED:
        tried.status = Terms.Status.APPROVED
    return tried


def with_changes(settings: SourceSettings, changes: dict[str, Any]) -> SourceSettings:
    """Raises SourceError where they make no sense."""
    tried = copy(settings)
    for name, value in clean_settings(settings, changes).items():
        setattr(tried, name, value)
    return tried


@collecting_seldom()
def run_trial(trial: WhatIf) -> None:
    """Judges, and stores the result alone. Taken up again after a restart it begins anew."""
    found = submissions_of(trial.source, trial.asked_at - timedelta(days=trial.days), trial.asked_at)
    row = WhatIf.objects.filter(pk=trial.pk)
    row.update(status=WhatIf.Status.RUNNING, started_at=timezone.now(), total=found.count(), done=0)
    result = carry_out(trial, lambda done: note(row, done))
    row.update(status=WhatIf.Status.DONE, result=result, finished_at=timezone.now())


def note(row: Any, done: int) -> None:
    row.update(done=done)
