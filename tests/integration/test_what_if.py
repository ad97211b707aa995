"""What if other terms or settings were in force: judged in memory by the rules of the doors."""

import random
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from leadping.accounts.models import Business
from leadping.models import Event
from leads.models import Lead, Submission, WhatIf
from leads.whatif.asking import WhatIfError, ask_settings, ask_terms, is_stale
from leads.whatif.jobs import try_on_the_past
from sources.approval import draft_terms
from sources.lifecycle import change_settings, pause_source
from sources.models import Source, Terms
from tests.senders import Sender, certificate, flat_lead
from tests.situations import BY, REASON, SenderFactory, put_in_force
from tests.tenants import count_rows

WAIVED = {"trustedform_required": False, "exception_reason": REASON}
STATES = ("TX", "OK", "FL", None, "ZZ")
NOBODY_LISTENS = "http://127.0.0.1:9"
PRODUCTS = ("Auto insurance", "Final expense", None)


def draft(sender: Sender, **fields: Any) -> Terms:
    return draft_terms(sender.source, fields, by=BY, now=timezone.now())


def tried(trial: WhatIf) -> WhatIf:
    try_on_the_past(what_if_id=trial.public_id)
    trial = WhatIf.objects.get(pk=trial.pk)
    assert (trial.status, trial.failure) == ("done", "")
    return trial


def try_terms(terms: Terms, days: int = 7) -> WhatIf:
    return tried(ask_terms(terms, days, by="user_1", now=timezone.now()))


def try_settings(source: Source, **changes: Any) -> WhatIf:
    source = Source.objects.get(pk=source.pk)
    return tried(ask_settings(source, changes, 7, by="user_1", now=timezone.now()))


def changes(trial: WhatIf) -> dict[tuple[str, str], int]:
    return {(one["before"], one["after"]): one["count"] for one in trial.result["changes"]}


def after(trial: WhatIf) -> dict[str, int]:
    found: dict[str, int] = {}
    for (_, outcome), count in changes(trial).items():
        found[outcome] = found.get(outcome, 0) + count
    return found


@pytest.fixture
def waived(business: Business) -> Sender:
    return SenderFactory.create(business=business, waived=True)


def any_lead(chance: random.Random) -> dict[str, Any]:
    number = chance.randrange(6)
    return flat_lead(
        state=chance.choice(STATES),
        product=chance.choice(PRODUCTS),
        phone=f"+1512555010{number}",
        email=f"person{number}@example.com" if chance.random() < 0.8 else "broken",
        externalId=f"id-{chance.randrange(20)}" if chance.random() < 0.5 else None,
        trustedFormUrl=None,
        birthDate=chance.choice([None, "1954-03-11"]),
    )


def outcomes_of(sender: Sender) -> dict[str, int]:
    found: dict[str, int] = {}
    for outcome in Submission.objects.filter(source=sender.source).values_list("outcome", flat=True):
        found[outcome] = found.get(outcome, 0) + 1
    return found


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(4))
def test_terms_come_to_what_the_doors_make_of_the_same_leads_under_them(seed: int) -> None:
    chance = random.Random(seed)
    business = Business.objects.create(name=f"Seed {seed}")
    sender = SenderFactory.create(business=business, waived=True)
    leads = [any_lead(chance) for _ in range(40)]
    for lead in leads:
        sender.post(lead)
    narrower = {"states": ["TX", "OK"], "products": ["final expense"], **WAIVED}
    trial = try_terms(draft(sender, **narrower))
    twin = SenderFactory.create(business=business, terms=narrower)
    for lead in leads:
        twin.post(lead)
    # What was repeated in the first place is left out of the what-if.
    repeated = outcomes_of(sender).get("replayed", 0)
    expected = outcomes_of(twin)
    foretold = after(trial)
    assert foretold.get("accepted", 0) == expected.get("accepted", 0)
    assert sum(foretold.values()) + repeated == len(leads)


@pytest.mark.parametrize(
    "settings",
    [
        {"duplicate_rule": "refuse", "duplicate_window_hours": 24},
        {"duplicate_rule": "hold", "duplicate_window_hours": 1},
        {"duplicate_rule": "keep"},
        {"cap_per_day": 7, "cap_effect": "refuse", "time_zone": "UTC"},
        {"cap_per_month": 5, "cap_effect": "hold"},
        {"cap_per_day": 9, "duplicate_rule": "refuse"},
        {"ip_list": ["198.51.100.0/24"], "ip_effect": "refuse"},
        {"schedule_days": [], "schedule_from": "00:00", "schedule_until": "23:59:59.999999"},
    ],
)
@pytest.mark.django_db(transaction=True)
def test_settings_come_to_what_the_doors_make_of_the_same_leads_under_them(settings: dict[str, Any]) -> None:
    chance = random.Random(str(settings))
    business = Business.objects.create(name="Twins")
    sender = SenderFactory.create(business=business, waived=True)
    leads = [{**any_lead(chance), "externalId": None} for _ in range(30)]
    leads = [{name: value for name, value in lead.items() if value is not None} for lead in leads]
    for lead in leads:
        sender.post(lead)
    trial = try_settings(sender.source, **settings)
    twin = SenderFactory.create(business=business, waived=True)
    change_settings(twin.source.settings, settings, by=BY, reason=REASON, now=timezone.now())
    for lead in leads:
        twin.post(lead)
    assert after(trial) == outcomes_of(twin)


def test_trying_stores_the_result_and_nothing_else(waived: Sender) -> None:
    waived.post(flat_lead(state="OK"))
    trial = ask_terms(draft(waived, states=["TX"], **WAIVED), 7, by="user_1", now=timezone.now())
    before = count_rows()
    trial = tried(trial)
    assert count_rows() == before
    assert changes(trial) == {("accepted", "refused"): 1}
    assert trial.result["newly"] == {"state_not_allowed": 1}
    (change,) = trial.result["changes"]
    assert change["examples"] == [
        {"id": Submission.objects.get().public_id, "newly": ["state_not_allowed"], "no_longer": []}
    ]
    assert "Jordan" not in str(trial.result)


def test_asking_stores_the_row_its_event_and_the_job_alone(waived: Sender) -> None:
    terms, before = draft(waived, states=["TX"], **WAIVED), count_rows()
    ask_terms(terms, 7, by="user_1", now=timezone.now())
    grown = {table: count - before[table] for table, count in count_rows().items() if count != before[table]}
    assert grown == {WhatIf._meta.db_table: 1, Event._meta.db_table: 1}


def test_trustedform_is_not_asked_and_what_it_said_is_used_again(
    sender: Sender, sandbox: str, settings: Settings
) -> None:
    sender.post(flat_lead(state="OK", trustedFormUrl=certificate("mismatch")))
    sender.post(flat_lead(state="TX"))
    # Whoever asked there would be told of an outage, and hold both for it.
    settings.TRUSTEDFORM_URL = NOBODY_LISTENS
    trial = try_terms(draft(sender, states=["OK", "TX"], trustedform_required=True))
    assert changes(trial) == {("audit", "audit"): 1, ("accepted", "accepted"): 1}
    assert trial.result["would_ask"] == 0


def test_a_certificate_that_was_never_asked_about_is_assumed_good_and_counted(
    waived: Sender, settings: Settings
) -> None:
    settings.TRUSTEDFORM_URL = NOBODY_LISTENS
    waived.post(flat_lead())
    trial = try_terms(draft(waived, trustedform_required=True))
    assert changes(trial) == {("accepted", "accepted"): 1}
    assert trial.result["would_ask"] == 1


def test_another_outage_policy_refuses_what_was_held(sender: Sender, sandbox: str) -> None:
    sender.post(flat_lead(trustedFormUrl=certificate("flaky")))
    assert Submission.objects.get().codes == ["certificate_unavailable"]
    trial = try_settings(sender.source, outage_policy="refuse")
    assert changes(trial) == {("audit", "refused"): 1}


def test_what_cannot_be_judged_is_counted_with_its_reason(waived: Sender) -> None:
    waived.post(flat_lead(state="ZZ"))
    Submission.objects.update(body="", body_purged_at=timezone.now())
    waived.send(b"\xff\xfe{}")
    waived.send("x" * 70_000)
    trial = try_terms(draft(waived, states=["TX"], **WAIVED))
    assert trial.result["unjudged"] == {"purged": 1, "not_text": 1, "over_limit": 1}
    assert trial.result["judged"] == 0


def test_dry_runs_and_repetitions_are_left_out(waived: Sender) -> None:
    waived.post(flat_lead(), Leadping_Dry_Run="true")
    assert try_terms(draft(waived, states=["OK"], **WAIVED)).result["judged"] == 0


def test_a_pause_of_then_changes_nothing(waived: Sender) -> None:
    pause_source(waived.source, by=BY, reason=REASON, now=timezone.now())
    waived.post(flat_lead(state="OK"))
    trial = try_terms(draft(waived, states=["TX"], **WAIVED))
    assert changes(trial) == {("accepted", "refused"): 1}
    assert trial.result["answered_otherwise"] == 1


def test_a_source_that_was_never_approved_shows_what_its_draft_would_take(business: Business) -> None:
    sender = SenderFactory.create(business=business, waived=True, approved=False)
    sender.post(flat_lead())
    trial = try_terms(sender.source.terms.get())
    assert changes(trial) == {("refused", "accepted"): 1}
    assert trial.result["no_longer"] == {"source_not_approved": 1}


def test_an_earlier_lead_than_the_days_counts_as_a_duplicate(waived: Sender) -> None:
    waived.post(flat_lead())
    old = Lead.objects.get()
    Lead.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=8))
    Submission.objects.all().delete()
    waived.post(flat_lead())
    trial = try_settings(waived.source, duplicate_rule="refuse")
    assert changes(trial) == {("accepted", "refused"): 1}


def test_a_withdrawn_lead_is_nobodys_duplicate(waived: Sender) -> None:
    waived.post(flat_lead())
    Lead.objects.update(created_at=timezone.now() - timedelta(days=8), status=Lead.Status.WITHDRAWN)
    Submission.objects.all().delete()
    waived.post(flat_lead())
    trial = try_settings(waived.source, duplicate_rule="refuse")
    assert changes(trial) == {("accepted", "accepted"): 1}


def test_a_lead_from_before_the_rules_window_is_nobodys_duplicate(waived: Sender) -> None:
    waived.post(flat_lead())
    Lead.objects.update(created_at=timezone.now() - timedelta(days=8))
    Submission.objects.all().delete()
    waived.post(flat_lead())
    trial = try_settings(waived.source, duplicate_rule="refuse", duplicate_window_hours=24)
    assert changes(trial) == {("accepted", "accepted"): 1}


def test_an_edited_draft_makes_it_stale(waived: Sender) -> None:
    terms = draft(waived, states=["TX"], **WAIVED)
    trial = try_terms(terms)
    assert not is_stale(WhatIf.objects.get(pk=trial.pk))
    draft(waived, states=["TX", "OK"], **WAIVED)
    assert is_stale(WhatIf.objects.get(pk=trial.pk))


def test_terms_in_force_since_make_it_stale(waived: Sender) -> None:
    terms = draft(waived, states=["TX"], **WAIVED)
    trial = try_terms(terms)
    put_in_force(Terms.objects.get(pk=terms.pk), now=timezone.now())
    assert is_stale(WhatIf.objects.get(pk=trial.pk))


def test_nobody_has_more_than_a_few_tried_at_once(waived: Sender) -> None:
    terms = draft(waived, states=["TX"], **WAIVED)
    for _ in range(3):
        ask_terms(terms, 1, by="user_1", now=timezone.now())
    with pytest.raises(WhatIfError, match="are being tried already"):
        ask_terms(terms, 1, by="user_1", now=timezone.now())


def test_settings_like_those_in_use_are_not_worth_trying(waived: Sender) -> None:
    with pytest.raises(WhatIfError, match="Nothing differs"):
        ask_settings(waived.source, {"cap_per_day": None}, 7, by="user_1", now=timezone.now())
