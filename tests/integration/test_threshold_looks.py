"""The minute's look at thresholds, which reads few sources, against the rule, which would read them all."""

from datetime import timedelta
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from leadping.accounts.models import Business
from leadping.ids import first_id_at
from leads.models import ThresholdLook
from leads.pausing import pause_bad_sources, read_figures
from leads.suspects import find_looks
from sources.lifecycle import resume_source
from sources.models import Source
from sources.thresholds import crossed
from tests.integration.test_pausing import bad, fresh, good, sent, set_to
from tests.situations import BY, SenderFactory

# What a submission may be like, with how often.
KINDS: list[tuple[int, list[dict[str, Any]], dict[str, Any]]] = [
    (12, [good()], {}),
    (3, [good("certificate_not_found")], {}),
    (4, [good("certificate_missing")], {}),
    (4, [bad()], {}),
    (3, [bad("certificate_mismatch", "hold")], {"outcome": "audit"}),
    (2, [bad("certificate_malformed", "warn")], {}),
    (2, [bad("certificate_missing")], {}),
    (2, [bad("certificate_unavailable", "hold")], {"outcome": "audit"}),
    (3, [bad("state_not_allowed")], {}),
    (2, [bad("state_not_allowed"), bad("certificate_sample")], {}),
    (2, [bad("cap_reached"), bad("certificate_malformed")], {}),
    (2, [good(), bad("duplicate_lead", "keep")], {"outcome": "duplicate"}),
    (2, [good(), bad("duplicate_lead", "warn")], {}),
    (2, [bad()], {"dry_run": True}),
    (1, [bad()], {"outcome": "replayed"}),
    (1, [bad()], {"door": "import"}),
]


def run() -> int:
    return pause_bad_sources(now=timezone.now())


def send_at_random(source: Source, chance: Random) -> None:
    for _ in range(chance.choice([0, 0, 1, 2, 3, 6])):
        _, verdicts, columns = chance.choices(KINDS, [often for often, _, _ in KINDS])[0]
        sent(source, 1, *verdicts, **columns)


def set_at_random(source: Source, chance: Random) -> None:
    names = ("pause_bad_certificates", "pause_duplicates", "pause_refused")
    limits = {name: chance.choice([None, 20, 40, 70]) for name in names}
    numbers = {f"{name}_of": chance.choice([5, 6, 9]) for name in names}
    set_to(source, **limits, **numbers)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_minute_after_minute_just_those_are_paused_that_the_rule_would_pause(
    business: Business, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    # So that what was seen in one minute tells nothing in the next.
    monkeypatch.setattr("leads.suspects.LATE", timedelta(0))
    chance = Random(seed)
    sources = [SenderFactory.create(business=business).source for _ in range(6)]
    pauses = count()
    for source in sources:
        set_at_random(source, chance)
    for _ in range(25):
        for source in sources:
            send_at_random(source, chance)
        if chance.random() < 0.3:
            set_at_random(fresh(chance.choice(sources)), chance)
        now = timezone.now()
        expected = {one.pk for one in sources if crossed(read_figures(fresh(one), now=now))}
        assert pause_bad_sources(now=now) == len(expected)
        paused = set(Source.objects.exclude(paused_at=None).values_list("pk", flat=True))
        assert paused == expected
        for pk in paused:
            next(pauses)
            resume_source(Source.objects.get(pk=pk), by=BY, reason="Mended.", now=timezone.now())
    assert next(pauses) > 5


def test_a_threshold_is_held_against_what_a_silent_source_sent_before(source: Source) -> None:
    """A day before, that is."""
    old = first_id_at(timezone.now() - timedelta(days=1)).int
    for number in range(5):
        sent(source, 1, bad(), id=UUID(int=old + number))
    assert run() == 0
    set_to(source, pause_bad_certificates=50, pause_bad_certificates_of=5)
    assert run() == 1


def test_a_good_lead_that_makes_the_number_whole_pauses_too(source: Source) -> None:
    set_to(source, pause_refused=50, pause_refused_of=5)
    sent(source, 4, bad("state_not_allowed"))
    assert run() == 0
    sent(source, 1, good())
    assert run() == 1


def test_a_source_of_which_only_good_came_is_not_read_again(source: Source) -> None:
    set_to(source, pause_refused=50, pause_refused_of=5)
    sent(source, 5, good())
    run()
    assert not ThresholdLook.objects.get().nearly
    sent(source, 5, good())
    assert find_looks(now=timezone.now()) == []


def test_after_a_long_standstill_every_source_is_looked_at(source: Source) -> None:
    set_to(source, pause_refused=50, pause_refused_of=5)
    now = timezone.now()
    pause_bad_sources(now=now - timedelta(hours=3))
    old = first_id_at(now - timedelta(hours=2)).int
    for number in range(5):
        sent(source, 1, bad("state_not_allowed"), id=UUID(int=old + number))
    assert pause_bad_sources(now=now) == 1


def test_one_source_that_fails_keeps_no_other_from_being_paused_and_is_tried_again(
    business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = [SenderFactory.create(business=business).source for _ in range(2)]
    for source in sources:
        set_to(source, pause_refused=50, pause_refused_of=5)
        sent(source, 5, bad("state_not_allowed"))
    with monkeypatch.context() as patched:
        patched.setattr(
            "leads.pausing.read_figures",
            lambda one, **_: 1 / 0 if one.pk == sources[0].pk else read_figures(one, now=timezone.now()),
        )
        assert run() == 1
    assert fresh(sources[0]).paused_at is None
    assert run() == 1
