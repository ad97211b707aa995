"""What is done in the console is done by the verbs, with an event; nothing is saved or deleted otherwise."""

import re
from collections.abc import Callable

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.sessions.models import Session
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from leadping.accounts.models import Business, User
from leadping.accounts.roles import Role
from leadping.models import Event
from sources.models import Credential, Source, Terms
from tests.console import address, event, events, rows_with
from tests.reviews import decide, submit
from tests.senders import Sender, flat_lead
from tests.situations import REASON, AccountFactory, SenderFactory, sign_in

KEY = re.compile(r"\blps?_[0-9A-Za-z]{8}_[0-9A-Za-z]{38}\b")


def create_source(console: Client, business: Business, **fields: str) -> str:
    """The page that shows the keys."""
    form = {"business": str(business.pk), "name": "Quote form", "kind": "vendor", "enabled": "on"}
    page = console.post(address(Source, "add"), {**form, "reason": REASON, **fields})
    assert page.status_code == 200
    return page.text


def test_a_new_source_shows_its_keys_once_and_stores_them_nowhere(
    console: Client, business: Business
) -> None:
    keys = set(KEY.findall(create_source(console, business)))
    assert len(keys) == 2
    assert [rows_with(key) for key in keys] == [[], []]
    assert not any(key in str(session.get_decoded()) for session in Session.objects.all() for key in keys)
    source = Source.objects.get()
    for where in (address(Source, "change", source.pk), address(Source, "history", source.pk)):
        assert not KEY.search(console.get(where).text)


def test_the_keys_of_a_new_source_work(console: Client, client: Client, business: Business) -> None:
    page = create_source(console, business)
    api_key = next(key for key in KEY.findall(page) if key.startswith("lp_"))
    answer = Client().get(
        "/source",
        headers={"X-Leadping-Source-Id": Source.objects.get().public_id, "X-Leadping-Source-Key": api_key},
    )
    assert answer.json()["name"] == "Quote form"


def test_the_page_with_keys_is_kept_by_no_cache(console: Client, business: Business) -> None:
    form = {"business": str(business.pk), "name": "Quote form", "kind": "vendor", "reason": REASON}
    assert "no-store" in console.post(address(Source, "add"), form).headers["Cache-Control"]


def test_a_source_is_created_by_its_verb(console: Client, business: Business, owner: User) -> None:
    create_source(console, business)
    source = Source.objects.get()
    after = {"name": "Quote form", "kind": "vendor", "enabled": True, "account": None, "owner": None}
    made = event("source.created", source.public_id, owner, {"after": after}, REASON)
    assert events("source.created") == [made]
    assert events("credential.issued")[0]["reason"] == REASON
    assert source.settings.tags == []


def test_a_name_that_is_taken_is_told_beside_the_form(console: Client, business: Business) -> None:
    create_source(console, business)
    assert "has a source named “Quote form” already" in create_source(console, business)
    assert Source.objects.count() == 1


def test_a_source_is_changed_by_its_verb(console: Client, sender: Sender, owner: User) -> None:
    account = AccountFactory.create(business=sender.source.business, name="Second desk")
    form = {
        "name": "New name",
        "kind": "internal",
        "enabled": "on",
        "account": str(account.pk),
        "reason": "A new desk.",
    }
    before = {"name": sender.source.name, "account": str(sender.source.account)}
    assert console.post(address(Source, "change", sender.source.pk), form).status_code == 302
    changes = {"before": before, "after": {"name": "New name", "account": "Second desk"}}
    assert events("source.changed") == [
        event("source.changed", sender.source.public_id, owner, changes, "A new desk.")
    ]
    assert Source.objects.get().version > sender.source.version


def test_saving_a_form_that_was_not_touched_changes_nothing(console: Client, sender: Sender) -> None:
    source = sender.source
    form = {
        "name": source.name,
        "kind": source.kind,
        "enabled": "on",
        "account": str(source.account_id),
        "reason": "None.",
    }
    console.post(address(Source, "change", source.pk), form)
    assert events("source.changed") == []
    assert Source.objects.get().version == source.version


def test_a_name_of_another_source_is_refused_in_the_form(console: Client, sender: Sender) -> None:
    SenderFactory.create(business=sender.source.business, name="Taken")
    form = {"name": "TAKEN", "kind": "internal", "enabled": "on", "reason": "A better name."}
    page = console.post(address(Source, "change", sender.source.pk), form)
    assert "has the name already" in page.text


def draft(console: Client, source: Source, **fields: str) -> str:
    form = {
        "trustedform_required": "on",
        "certificate_retention": "none",
        "states": "TX, oklahoma",
        "products": "Final expense",
        **fields,
    }
    return console.post(address(Source, "draft", source.pk), form, follow=True).text


def test_terms_go_from_draft_over_submitted_into_force(
    console: Client, business: Business, owner: User, member: Callable[[Role], User]
) -> None:
    create_source(console, business)
    source = Source.objects.get()
    draft(console, source)
    submit(console, source, "Our first form.")
    reviewer = member(Role.COMPLIANCE)
    theirs = Client()
    sign_in(theirs, reviewer)
    decide(theirs, Terms.objects.get(), reason="Landing page read.")
    source.refresh_from_db()
    assert source.terms_in_force
    assert (source.terms_in_force.states, source.terms_in_force.products) == (["TX", "OK"], ["Final expense"])
    said = Event.objects.filter(subject=source.public_id, kind__startswith="terms.").order_by("id")
    assert list(said.values_list("kind", "actor", "reason", "data__number")) == [
        ("terms.drafted", owner.public_id, "", 1),
        ("terms.submitted", owner.public_id, "Our first form.", 1),
        ("terms.approved", reviewer.public_id, "Landing page read.", 1),
    ]


def test_a_state_that_does_not_exist_is_told_in_the_form(console: Client, sender: Sender) -> None:
    assert "There is no state “Texsas”" in draft(console, sender.source, states="Texsas")
    assert not Terms.objects.filter(status=Terms.Status.DRAFT).exists()


def test_an_exception_needs_its_reason(console: Client, sender: Sender) -> None:
    page = console.post(address(Source, "draft", sender.source.pk), {"states": "TX"})
    assert "Say why no certificate is required" in page.text
    assert "violated" not in page.text


@pytest.mark.parametrize("text", ["a\0b", "x" * 201])
def test_a_product_that_cannot_be_stored_is_told_in_the_form(
    console: Client, sender: Sender, text: str
) -> None:
    draft(console, sender.source, products=text)
    assert not Terms.objects.filter(status=Terms.Status.DRAFT).exists()


def test_a_new_draft_begins_with_the_terms_in_force(console: Client, business: Business) -> None:
    sender = SenderFactory.create(
        business=business, terms={"states": ["TX", "OK"], "trustedform_required": True}
    )
    page = console.get(address(Source, "draft", sender.source.pk)).text
    assert "TX\nOK" in page


@pytest.mark.parametrize("step", ["submit", "narrow", "revoke", "pause", "ready", "delete"])
def test_a_look_at_a_page_changes_nothing(console: Client, sender: Sender, step: str) -> None:
    before = list(Event.objects.values_list("pk", flat=True))
    assert console.get(address(Source, step, sender.source.pk)).status_code == 200
    assert list(Event.objects.values_list("pk", flat=True)) == before


@pytest.mark.parametrize("step", ["submit", "narrow", "settings", "revoke", "pause", "resume", "delete"])
def test_nothing_is_decided_without_a_reason(console: Client, sender: Sender, step: str) -> None:
    before = list(Event.objects.values_list("pk", flat=True))
    page = console.post(address(Source, step, sender.source.pk), {"reason": "  "})
    assert "This field is required" in page.text
    assert list(Event.objects.values_list("pk", flat=True)) == before


def test_a_revoked_approval_stops_the_source(console: Client, waived_sender: Sender, owner: User) -> None:
    console.post(address(Source, "revoke", waived_sender.source.pk), {"reason": "Complaints."})
    assert waived_sender.post(flat_lead(trustedFormUrl=None)).status_code == 400
    assert [found["reason"] for found in events("terms.revoked")] == ["Complaints."]


def test_what_is_not_possible_is_told_on_the_page(console: Client, sender: Sender) -> None:
    page = console.post(address(Source, "submit", sender.source.pk), {"reason": "Why not."})
    assert "There are no terms with the status “Draft”" in page.text


def test_pause_and_resume_are_recorded_with_their_reasons(console: Client, sender: Sender) -> None:
    console.post(address(Source, "pause", sender.source.pk), {"reason": "Wrong numbers."})
    assert Source.objects.get().paused_reason == "Wrong numbers."
    console.post(address(Source, "resume", sender.source.pk), {"reason": "Mended."})
    assert Source.objects.get().paused_at is None
    reasons = [found["reason"] for found in events("source.paused", "source.resumed")]
    assert reasons == ["Wrong numbers.", "Mended."]


def test_settings_are_changed_by_their_verb(console: Client, sender: Sender, owner: User) -> None:
    form = {
        "version": str(sender.source.version),
        "reason": "The winter campaign.",
        "tags": "web\nwinter",
        "duplicate_rule": "hold",
        "duplicate_window_hours": "720",
        "certificate_people_days": "7",
        "outage_policy": "hold",
        "time_zone": "America/New_York",
        **dict.fromkeys(("schedule_effect", "cap_effect", "ip_effect"), "refuse"),
    }
    console.post(address(Source, "settings", sender.source.pk), form)
    before, after = (
        {"tags": [], "duplicate_rule": "off"},
        {"tags": ["web", "winter"], "duplicate_rule": "hold"},
    )
    data, why = {"before": before, "after": after}, "The winter campaign."
    changed = event("settings.changed", sender.source.public_id, owner, data, why)
    assert events("settings.changed")[-1] == changed
    page = console.post(address(Source, "settings", sender.source.pk), {**form, "tags": "summer"})
    assert "changed since you opened this page" in page.text
    assert events("settings.changed")[-1] == changed


@pytest.mark.parametrize("chosen", ["zz", "\x00", "1"])
def test_nonsense_among_chosen_leads_is_no_error(console: Client, chosen: str) -> None:
    where = reverse("console:leads_lead_changelist")
    sent = {"action": "release_held", ACTION_CHECKBOX_NAME: [chosen]}
    assert console.post(where, sent).status_code == 302


def test_a_deleted_source_stays_and_can_no_longer_be_touched(console: Client, sender: Sender) -> None:
    console.post(address(Source, "delete", sender.source.pk), {"reason": "Contract ended."})
    source = Source.objects.get()
    assert source.deleted_at
    assert "(Deleted)" in console.get(address(Source, "change", source.pk)).text
    assert console.get(address(Source, "pause", source.pk)).status_code == 403
    assert str(source.pk) not in console.get(address(Source, "changelist")).text
    assert str(source.pk) in console.get(address(Source, "changelist"), {"state": "deleted"}).text


def test_a_second_key_works_beside_the_first_and_a_third_is_refused(console: Client, sender: Sender) -> None:
    page = console.post(address(Source, "issue_key", sender.source.pk), {"reason": REASON}).text
    assert len(set(KEY.findall(page))) == 2
    assert sender.post(flat_lead(trustedFormUrl=None)).status_code == 400
    refused = console.post(address(Source, "issue_key", sender.source.pk), {"reason": REASON}).text
    assert "Two keys are active already" in refused


def test_a_revoked_key_is_refused_at_once(console: Client, sender: Sender) -> None:
    credential = Credential.objects.get()
    console.post(address(Credential, "revoke", credential.pk), {"reason": "Sent to the wrong party."})
    assert sender.post().status_code == 401
    assert events("credential.revoked")[0]["reason"] == "Sent to the wrong party."


@pytest.mark.parametrize("model", admin.site._registry)
def test_nothing_can_be_deleted_for_good(console: Client, sender: Sender, model: type[Model]) -> None:
    if model is Source:
        return
    row = model._default_manager.first()
    where = address(model, "delete", row.pk if row else "01890000-0000-7000-8000-000000000000")
    console.post(where, {"post": "yes"})
    console.post(
        address(model, "changelist"), {"action": "delete_selected", ACTION_CHECKBOX_NAME: str(row and row.pk)}
    )
    assert row is None or model._default_manager.filter(pk=row.pk).exists()
