"""The suppression list in the console, and what the pages of leads say of it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from compliance.models import Suppression, SuppressionImport
from compliance.suppression.verbs import release_suppression
from conversations.models import Conversation
from leadping.accounts.models import Business, User
from leadping.accounts.roles import ALLOWED, Deed, Role
from leadping.models import Event
from leads.models import Lead
from tests.console import address
from tests.importing import as_csv
from tests.readers import Reader
from tests.senders import Sender
from tests.situations import BY, REASON, AccountFactory, MemberFactory, complain, sign_in, take_in
from tests.suppressing import import_list, suppress_contact, work

PHONE, EMAIL = "+15125550123", "jordan@example.com"
pytestmark = pytest.mark.django_db


@pytest.fixture
def console(client: Client, owner: User) -> Client:
    sign_in(client, owner)
    return client


@pytest.fixture
def lead(waived_sender: Sender) -> Lead:
    return take_in(waived_sender, phone=PHONE, email=EMAIL, trustedFormUrl=None)


def form(business: Business, **differing: str) -> dict[str, str]:
    usual = {"contact": "(512) 555-0123", "channel": "all", "note": "By phone.", "account": ""}
    return {**usual, "business": str(business.pk), **differing}


# --- adding


def test_a_contact_is_suppressed_by_hand(console: Client, business: Business, owner: User) -> None:
    page = console.post(address(Suppression, "add"), form(business), follow=True)
    assert "+15125550123 is not contacted any more." in page.text
    entry = Suppression.objects.get()
    assert (entry.value, entry.channel, entry.origin, entry.note) == (PHONE, "all", "manual", "By phone.")
    assert entry.created_by == owner.public_id


def test_an_email_has_its_own_channel_whatever_is_chosen(console: Client, business: Business) -> None:
    console.post(address(Suppression, "add"), form(business, contact=EMAIL, channel="sms"))
    assert Suppression.objects.get().channel == "email"


def test_who_is_on_the_list_already_is_told(console: Client, business: Business) -> None:
    console.post(address(Suppression, "add"), form(business))
    page = console.post(address(Suppression, "add"), form(business), follow=True)
    assert "was on the list already" in page.text
    assert Suppression.objects.count() == 1


@pytest.mark.parametrize("contact", ["", "12", "nobody@", "\x00", "x" * 400])
def test_what_is_no_contact_is_told_beside_the_field(
    console: Client, business: Business, contact: str
) -> None:
    page = console.post(address(Suppression, "add"), form(business, contact=contact))
    assert page.status_code == 200
    assert page.context["form"].errors["contact"]
    assert not Suppression.objects.exists()


def test_an_account_of_another_business_is_no_choice(
    console: Client, business: Business, other_business: Business
) -> None:
    AccountFactory.create(business=business)
    alien = AccountFactory.create(business=other_business)
    page = console.post(address(Suppression, "add"), form(business, account=str(alien.pk)))
    assert page.context["form"].errors["account"]


@pytest.mark.parametrize("role", Role)
def test_each_role_is_offered_what_it_may_do(client: Client, business: Business, role: Role) -> None:
    entry = suppress_contact(business, PHONE)
    sign_in(client, MemberFactory.create(business=business, role=role))
    page = client.get(address(Suppression, "changelist")).text
    may_add, may_release = (role in ALLOWED[deed] for deed in (Deed.SUPPRESS, Deed.RELEASE_SUPPRESSED))
    assert ("Suppress a contact" in page) is may_add
    assert ("Imported lists" in page) is may_release
    assert (client.get(address(Suppression, "add")).status_code == 200) is may_add
    assert (client.get(address(SuppressionImport, "add")).status_code == 200) is may_release
    released = client.post(address(Suppression, "release", entry.pk), {"reason": "Because."})
    assert (released.status_code == 302) is may_release


# --- the list


def test_an_empty_list_says_how_somebody_gets_there(console: Client) -> None:
    assert "Opt-outs come here by themselves" in console.get(address(Suppression, "changelist")).text


@pytest.mark.parametrize("text", ["512-555-0123", "+15125550123", "Jordan@Example.com"])
def test_a_contact_is_found_by_the_whole_of_it(console: Client, business: Business, text: str) -> None:
    suppress_contact(business, PHONE)
    suppress_contact(business, EMAIL)
    suppress_contact(business, "+15125559999")
    page = console.get(address(Suppression, "changelist"), {"q": text})
    assert len(page.context["cl"].result_list) == 1
    nothing = console.get(address(Suppression, "changelist"), {"q": "555"})
    assert len(nothing.context["cl"].result_list) == 0


def test_the_list_is_filtered_by_state_channel_and_origin(console: Client, business: Business) -> None:
    phone, email = suppress_contact(business, PHONE), suppress_contact(business, EMAIL)
    release_suppression(email, by=BY, reason=REASON, now=timezone.now())
    for query, expected in (
        ({"state": "live"}, phone),
        ({"state": "released"}, email),
        ({"channel__exact": "all"}, phone),
        ({"channel__exact": "email"}, email),
    ):
        found = console.get(address(Suppression, "changelist"), query).context["cl"].result_list
        assert list(found) == [expected]
    none = console.get(address(Suppression, "changelist"), {"origin__exact": "import"})
    assert list(none.context["cl"].result_list) == []


def test_it_is_taken_away_as_a_file_that_a_spreadsheet_cannot_run(
    console: Client, business: Business
) -> None:
    suppress_contact(business, PHONE, note="=1+1")
    file = b"".join(console.get("/console/compliance/suppression/csv/")).decode()  # type: ignore[arg-type]
    assert f"'{PHONE}" in file
    assert "'=1+1" in file
    assert Event.objects.get(kind="export.made").data["about"] == "the suppression list"


# --- an entry


def test_the_entry_tells_its_history(console: Client, business: Business) -> None:
    entry = suppress_contact(business, PHONE, note="Asked on 3 May.")
    console.post(address(Suppression, "release", entry.pk), {"reason": "A new consent."})
    page = console.get(address(Suppression, "change", entry.pk)).text
    for said in (PHONE, "Asked on 3 May.", "A new consent.", "Released"):
        assert said in page
    history = console.get(address(Suppression, "history", entry.pk)).text
    assert "Suppression added" in history
    assert "A new consent." in history


def test_a_release_needs_a_reason(console: Client, business: Business) -> None:
    entry = suppress_contact(business, PHONE)
    page = console.post(address(Suppression, "release", entry.pk), {"reason": " "})
    assert "This field is required" in page.text
    entry.refresh_from_db()
    assert entry.released_at is None


def test_other_entries_of_the_same_contact_stand_beside_it(console: Client, business: Business) -> None:
    first = suppress_contact(business, PHONE)
    release_suppression(first, by=BY, reason="By mistake.", now=timezone.now())
    second = suppress_contact(business, PHONE)
    assert "By mistake." in console.get(address(Suppression, "change", second.pk)).text


def test_an_entry_of_a_file_leads_to_it(console: Client, business: Business) -> None:
    imported = import_list(business, as_csv([[PHONE]], ["Phone"]))
    entry = Suppression.objects.get()
    assert imported.name in console.get(address(Suppression, "change", entry.pk)).text
    assert "Suppression imported" in console.get(address(Suppression, "history", entry.pk)).text


# --- a file


def test_a_file_goes_from_upload_to_the_list(console: Client, business: Business) -> None:
    sent = SimpleUploadedFile("old list.csv", as_csv([[PHONE], ["12"]], ["Mobile"]), "text/csv")
    fields = {"business": str(business.pk), "account": "", "channel": "call", "note": "The old system's."}
    uploaded = console.post(address(SuppressionImport, "add"), {**fields, "file": sent}, follow=True)
    assert "Which column holds what" in uploaded.text
    imported = SuppressionImport.objects.get()
    console.post(address(SuppressionImport, "mapping", imported.pk), {"column-0": "phone"})
    work(imported)
    page = console.get(address(SuppressionImport, "change", imported.pk)).text
    assert "What would become of it" in page
    assert "This is not a phone number" in page
    console.post(address(SuppressionImport, "take_over", imported.pk), {"reason": "We moved."})
    work(imported)
    page = console.get(address(SuppressionImport, "change", imported.pk)).text
    assert "What became of it" in page
    assert "We moved." in page
    assert Suppression.objects.get().channel == "call"


def test_a_mapping_without_contacts_is_told(console: Client, business: Business) -> None:
    sent = SimpleUploadedFile("list.csv", as_csv([[PHONE]], ["Mobile"]), "text/csv")
    fields = {"business": str(business.pk), "channel": "all"}
    console.post(address(SuppressionImport, "add"), {**fields, "file": sent})
    imported = SuppressionImport.objects.get()
    page = console.post(address(SuppressionImport, "mapping", imported.pk), {"column-0": ""})
    assert "Say which column" in page.text


# --- where leads are shown


def test_the_leads_page_says_who_is_not_to_be_contacted_and_why(
    console: Client, business: Business, lead: Lead, owner: User
) -> None:
    entry = suppress_contact(business, PHONE, note="Stop calling.", by=owner.public_id)
    suppress_contact(business, EMAIL)
    page = console.get(reverse("workspace:lead", args=[lead.public_id])).text
    assert "Do not contact" in page
    assert "Stop calling." in page
    assert str(owner) in page
    assert address(Suppression, "change", entry.pk) in page
    assert '<p class="answer">No</p>' in page
    shown = console.get(address(Lead, "change", lead.pk)).text
    assert address(Suppression, "change", entry.pk) in shown


def test_a_way_that_is_left_is_told(console: Client, business: Business, lead: Lead) -> None:
    suppress_contact(business, PHONE, channel="call")
    page = console.get(reverse("workspace:lead", args=[lead.public_id])).text
    assert "Only by text or email" in page


def test_without_an_entry_nothing_is_said(console: Client, lead: Lead) -> None:
    for place in (reverse("workspace:lead", args=[lead.public_id]), address(Lead, "change", lead.pk)):
        assert "Do not contact" not in console.get(place).text


def test_a_released_opt_out_is_told_and_closes_nothing(console: Client, lead: Lead) -> None:
    complain(lead.source, lead=lead, kind="opt_out", details="Stop.")
    where = reverse("workspace:lead", args=[lead.public_id])
    assert '<p class="answer">No</p>' in console.get(where).text
    for entry in Suppression.objects.all():
        release_suppression(entry, by=BY, reason="They signed up anew.", now=timezone.now())
    page = console.get(where).text
    assert '<p class="answer">Yes</p>' in page
    assert "It was released since" in page
    assert "They signed up anew." in page


def test_the_lists_of_leads_mark_them(console: Client, business: Business, lead: Lead, owner: User) -> None:
    reader = Reader(owner)
    assert reader.get(f"/leads/{lead.public_id}").json()["doNotContact"] == []
    suppress_contact(business, PHONE, channel="sms")
    assert "Do not contact: no texts" in console.get("/workspace/leads/").text
    assert reader.get(f"/leads/{lead.public_id}").json()["doNotContact"] == ["sms"]
    assert reader.get("/leads").json()["results"][0]["doNotContact"] == ["sms"]


def test_the_conversation_says_so_too(console: Client, business: Business, lead: Lead) -> None:
    page = address(Conversation, "change", lead.conversation_id)
    assert "No calls and texts" not in console.get(page).text
    suppress_contact(business, PHONE)
    assert "No calls and texts" in console.get(page).text


def test_the_decision_on_a_held_lead_is_warned_by_the_list(
    console: Client, business: Business, waived_sender: Sender
) -> None:
    suppress_contact(business, PHONE)
    held = take_in(waived_sender, phone=PHONE, trustedFormUrl=None)
    assert held.held_for == ["contact_suppressed"]
    page = console.get(address(Lead, "audit", held.pk)).text
    assert "Do not contact" in page


def test_a_complaint_can_put_the_person_on_the_list(console: Client, lead: Lead) -> None:
    fields = {"kind": "complaint", "raised_by": "", "details": "Rude calls.", "suppress": "on"}
    console.post(address(Lead, "complain", lead.pk), fields)
    assert set(Suppression.objects.values_list("value", "origin")) == {
        (PHONE, "complaint"),
        (EMAIL, "complaint"),
    }
