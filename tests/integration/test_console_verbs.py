"""What is done in the console is done by the verbs, with an event; nothing is saved or deleted otherwise."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from leadping.accounts.models import Account, Business, Membership, User, UserToken
from leadping.accounts.roles import Role
from leadping.models import Event
from leads.models import Lead
from sources.models import Credential, Source, Terms
from tests.reviews import decide, submit
from tests.senders import Sender, certificate, flat_lead
from tests.situations import REASON, AccountFactory, SenderFactory, sign_in, take_in

KEY = re.compile(r"\blps?_[0-9A-Za-z]{8}_[0-9A-Za-z]{38}\b")


@pytest.fixture
def console(client: Client, owner: User) -> Client:
    sign_in(client, owner)
    return client


def address(model: type[Model], page: str, *args: object) -> str:
    return reverse(f"console:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def events(*kinds: str) -> list[dict[str, Any]]:
    """The events of these kinds, oldest first, without what differs from run to run."""
    found = Event.objects.filter(kind__in=kinds).order_by("id")
    return [dict(row) for row in found.values("kind", "subject", "actor", "reason", "data")]


def event(kind: str, subject: str, owner: User, data: dict[str, Any], reason: str = "") -> dict[str, Any]:
    return {"kind": kind, "subject": subject, "actor": owner.public_id, "reason": reason, "data": data}


def create_source(console: Client, business: Business, **fields: str) -> str:
    """The page that shows the keys."""
    form = {"business": str(business.pk), "name": "Quote form", "kind": "vendor", "enabled": "on"}
    page = console.post(address(Source, "add"), {**form, "reason": REASON, **fields})
    assert page.status_code == 200
    return page.text


def rows_with(text: str) -> list[str]:
    """The tables in which the text is stored, whatever the column."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(f'SELECT 1 FROM "{table}" t WHERE t::text LIKE %s LIMIT 1', [f"%{text}%"])
            found += [table] if cursor.fetchone() else []
    return found


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


def test_names_are_changed_by_verbs(console: Client, business: Business, owner: User) -> None:
    account = AccountFactory.create(business=business, name="Desk")
    console.post(address(Account, "change", account.pk), {"name": "Sales desk", "reason": "It sells."})
    console.post(address(Business, "change", business.pk), {"name": "Sunrise", "reason": "We merged."})
    old = business.name
    assert events("account.renamed", "business.renamed") == [
        event(
            "account.renamed",
            account.public_id,
            owner,
            {"before": {"name": "Desk"}, "after": {"name": "Sales desk"}},
            "It sells.",
        ),
        event(
            "business.renamed",
            business.public_id,
            owner,
            {"before": {"name": old}, "after": {"name": "Sunrise"}},
            "We merged.",
        ),
    ]


def test_an_account_is_made_by_its_verb(console: Client, business: Business, owner: User) -> None:
    console.post(address(Account, "add"), {"business": str(business.pk), "name": "Desk", "reason": REASON})
    after = {"after": {"name": "Desk"}}
    made = event("account.created", Account.objects.get().public_id, owner, after, REASON)
    assert events("account.created") == [made]


def test_a_role_is_changed_by_its_verb(console: Client, member: Callable[[Role], User], owner: User) -> None:
    user = member(Role.VIEWER)
    console.post(
        address(Membership, "change", user.memberships.get().pk),
        {"role": Role.COMPLIANCE, "reason": "She moved."},
    )
    changes = {"before": {"role": "viewer"}, "after": {"role": "compliance"}}
    assert events("member.changed") == [event("member.changed", user.public_id, owner, changes, "She moved.")]


def test_a_removed_member_is_out_at_once(console: Client, member: Callable[[Role], User]) -> None:
    user = member(Role.ADMIN)
    theirs = Client()
    sign_in(theirs, user)
    console.post(address(Membership, "remove", user.memberships.get().pk), {"reason": "Left."})
    assert theirs.get(reverse("console:index")).status_code == 302
    assert events("member.removed")[0]["reason"] == "Left."


def test_who_reviews_is_changed_by_its_verb(console: Client, business: Business, owner: User) -> None:
    assert business.separate_reviewer
    console.post(address(Business, "review_rule", business.pk), {"reason": "There are but two of us."})
    business.refresh_from_db()
    assert not business.separate_reviewer
    changes = {"before": {"separate_reviewer": True}, "after": {"separate_reviewer": False}}
    kind, why = "business.review_rule_changed", "There are but two of us."
    assert events(kind) == [event(kind, business.public_id, owner, changes, why)]


def test_the_last_owner_stays(console: Client, owner: User) -> None:
    page = console.post(
        address(Membership, "remove", owner.memberships.get().pk), {"reason": "Left."}, follow=True
    )
    assert "is the last owner" in page.text
    assert owner.memberships.get().role == Role.OWNER


def test_one_of_two_owners_may_go(console: Client, member: Callable[[Role], User]) -> None:
    other = member(Role.OWNER)
    console.post(address(Membership, "remove", other.memberships.get().pk), {"reason": "Left."})
    assert not other.memberships.exists()


def test_a_token_is_shown_once_works_and_ends_when_revoked(console: Client, owner: User) -> None:
    page = console.post(address(UserToken, "add"), {"name": "report", "reason": "The nightly figures."}).text
    [text] = set(re.findall(r"lpu_[0-9A-Za-z]{8}_[0-9A-Za-z]{38}", page))
    headers = {"Authorization": f"Bearer {text}"}
    assert rows_with(text) == []
    assert Client().get("/leads", headers=headers).status_code == 200
    console.post(address(UserToken, "revoke", UserToken.objects.get().pk), {"reason": "Not needed."})
    assert Client().get("/leads", headers=headers).status_code == 401
    said = [one["reason"] for one in events("token.issued", "token.revoked")]
    assert said == ["The nightly figures.", "Not needed."]


@pytest.fixture
def held(sender: Sender, sandbox: str) -> list[Lead]:
    """Two held leads and one that is not."""
    for phone, scenario in (
        ("+15125550101", "mismatch"),
        ("+15125550102", "mismatch"),
        ("+15125550103", "valid"),
    ):
        take_in(sender, phone=phone, trustedFormUrl=certificate(scenario))
    return list(Lead.objects.order_by("id"))


@pytest.mark.parametrize(("step", "status"), [("release", "accepted"), ("refuse", "refused")])
def test_a_held_lead_is_decided_on_with_a_reason(
    console: Client, held: list[Lead], owner: User, step: str, status: str
) -> None:
    console.post(address(Lead, step, held[0].pk), {"reason": "Called the sender."})
    assert Lead.objects.get(pk=held[0].pk).status == status
    [recorded] = events(f"lead.{step}d")
    assert (recorded["actor"], recorded["reason"]) == (owner.public_id, "Called the sender.")


def test_many_are_decided_on_after_a_preview(console: Client, held: list[Lead]) -> None:
    chosen = {"action": "release_held", ACTION_CHECKBOX_NAME: [str(lead.pk) for lead in held]}
    preview = console.post(address(Lead, "changelist"), chosen).text
    assert "2 held leads become accepted" in preview
    assert Lead.objects.filter(status=Lead.Status.AUDIT).count() == 2
    done = console.post(address(Lead, "changelist"), {**chosen, "reason": "Checked."}, follow=True).text
    assert "2 of 2 leads decided" in done
    assert not Lead.objects.filter(status=Lead.Status.AUDIT).exists()
    assert [found["reason"] for found in events("lead.released")] == ["Checked.", "Checked."]


def test_deciding_on_many_needs_a_reason(console: Client, held: list[Lead]) -> None:
    chosen = {"action": "refuse_held", ACTION_CHECKBOX_NAME: [str(lead.pk) for lead in held], "reason": ""}
    assert "This field is required" in console.post(address(Lead, "changelist"), chosen).text
    assert Lead.objects.filter(status=Lead.Status.AUDIT).count() == 2


def test_a_lead_that_is_not_held_cannot_be_decided_on(console: Client, held: list[Lead]) -> None:
    page = console.post(address(Lead, "refuse", held[2].pk), {"reason": "No."})
    assert "Only a lead that is held" in page.text
