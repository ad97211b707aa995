"""What names one person may be held for the sake of another, or of its source: erasing the one must not take
it away."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from compliance.models import SuppressionImport
from leadping.accounts.models import Business, User
from leadping.file_imports import ImportingError
from leads.models import Complaint, Import, Lead, LegalHold, Submission
from leads.retention.giving_up import give_up_file, give_up_list, undo_file, undo_list
from leads.retention.holds import place_hold
from leads.retention.jobs import forget_suppression_files
from leads.retention.people import Person, read_person
from leads.retention.requests import ErasureError
from sources.models import Source
from tests.erasing import EMAIL, erase, marked
from tests.importing import as_csv, upload
from tests.senders import Sender
from tests.situations import BY, complain, sign_in, take_in
from tests.suppressing import upload_list

OTHER = "+15125550188"
ERASED = read_person("", EMAIL)


def hold(business: Business, on: Person | Source | Lead | None) -> LegalHold:
    return place_hold(business, on=on, by=BY, reason="Example v. Example", now=timezone.now())


def refuse_request(sender: Sender) -> None:
    sender.post(marked(trustedFormUrl=None, phone=OTHER))


def complain_of_both(sender: Sender) -> None:
    complain(sender.source, details=f"{EMAIL} and {OTHER} were both called.")


def upload_leads(sender: Sender) -> None:
    upload(sender.source, as_csv([["A", EMAIL, ""], ["B", "", OTHER]], ["First name", "Email", "Phone"]))


def upload_contacts(sender: Sender) -> None:
    upload_list(sender.source.business, as_csv([[EMAIL], [OTHER]], ["Contact"]))


def texts() -> list[str]:
    """Whatever of it is kept."""
    return [
        *Submission.objects.values_list("body", flat=True),
        *Complaint.objects.values_list("details", flat=True),
        *Import.objects.values_list("content", flat=True),
        *SuppressionImport.objects.values_list("content", flat=True),
    ]


MAKERS = (refuse_request, complain_of_both, upload_leads, upload_contacts)


@pytest.mark.parametrize("make", MAKERS)
def test_what_names_a_held_person_too_is_not_erased(
    business: Business, sender: Sender, make: Callable[[Sender], None]
) -> None:
    make(sender)
    held = hold(business, read_person(OTHER, ""))
    before = texts()
    with pytest.raises(ErasureError, match=held.public_id):
        erase(business, ERASED)
    assert texts() == before


@pytest.mark.parametrize("make", MAKERS[:3])
def test_what_came_through_a_held_source_is_not_erased(
    business: Business, sender: Sender, make: Callable[[Sender], None]
) -> None:
    make(sender)
    held = hold(business, sender.source)
    with pytest.raises(ErasureError, match=held.public_id):
        erase(business, ERASED)


def test_a_complaint_about_a_held_lead_is_not_erased(business: Business, waived_sender: Sender) -> None:
    lead = take_in(waived_sender, trustedFormUrl=None, phone=OTHER)
    complain(waived_sender.source, lead=lead, details=f"{EMAIL} says that they never asked.")
    held = hold(business, lead)
    with pytest.raises(ErasureError, match=held.public_id):
        erase(business, ERASED)


@pytest.mark.parametrize("make", MAKERS)
def test_a_hold_on_somebody_else_entirely_keeps_nothing_of_it(
    business: Business, sender: Sender, make: Callable[[Sender], None]
) -> None:
    make(sender)
    hold(business, read_person("+15125550199", ""))
    assert erase(business, ERASED)


@pytest.mark.parametrize("on", [None, read_person(OTHER, ""), ERASED])
def test_a_list_that_nobody_imports_stays_as_long_as_it_is_held(
    business: Business, sender: Sender, on: Person | None
) -> None:
    upload_contacts(sender)
    hold(business, on)
    hold(business, read_person("+15125550199", ""))
    forget_suppression_files(int((timezone.now() + timedelta(days=31)).timestamp()))
    assert EMAIL in SuppressionImport.objects.get().content


@pytest.mark.parametrize("of_source", [True, False])
def test_a_held_file_of_leads_is_not_given_up_by_hand(
    business: Business, sender: Sender, of_source: bool
) -> None:
    upload_leads(sender)
    held = hold(business, sender.source if of_source else read_person(OTHER, ""))
    file = Import.objects.get()
    with pytest.raises(ImportingError, match=held.public_id):
        give_up_file(file, by=BY, reason="The wrong one.", now=timezone.now())
    assert EMAIL in Import.objects.get().content


def test_another_file_is_given_up_beside_a_hold(business: Business, sender: Sender) -> None:
    upload_leads(sender)
    hold(business, read_person("+15125550199", ""))
    give_up_file(Import.objects.get(), by=BY, reason="The wrong one.", now=timezone.now())
    assert not Import.objects.get().content


@pytest.mark.parametrize("on", [None, read_person(OTHER, "")])
def test_a_held_list_is_not_given_up_by_hand(business: Business, sender: Sender, on: Person | None) -> None:
    upload_contacts(sender)
    held = hold(business, on)
    with pytest.raises(ImportingError, match=held.public_id):
        give_up_list(SuppressionImport.objects.get(), by=BY, reason="The wrong one.", now=timezone.now())
    assert EMAIL in SuppressionImport.objects.get().content


def test_a_held_list_of_which_only_a_part_was_taken_over_is_not_undone(
    business: Business, sender: Sender
) -> None:
    """Undoing it would delete its text as well."""
    upload_contacts(sender)
    now = timezone.now()
    SuppressionImport.objects.update(status="failed", imported_by=BY, imported_at=now)
    held = hold(business, None)
    with pytest.raises(ImportingError, match=held.public_id):
        undo_list(SuppressionImport.objects.get(), by=BY, reason="The wrong one.", now=now)
    assert EMAIL in SuppressionImport.objects.get().content


def test_nor_is_such_a_file_of_leads(business: Business, sender: Sender) -> None:
    upload_leads(sender)
    now = timezone.now()
    Import.objects.update(status="failed", started_at=now)
    held = hold(business, sender.source)
    with pytest.raises(ImportingError, match=held.public_id):
        undo_file(Import.objects.get(), worked=False, by=BY, reason="The wrong one.", now=now)
    assert EMAIL in Import.objects.get().content


def test_the_page_of_a_held_list_says_which_hold_keeps_it(
    business: Business, sender: Sender, owner: User, client: Client
) -> None:
    upload_contacts(sender)
    held = hold(business, None)
    sign_in(client, owner)
    address = reverse(
        "console:compliance_suppressionimport_forget", args=[SuppressionImport.objects.get().pk]
    )
    page = client.post(address, {"reason": "The wrong one."})
    assert held.public_id in page.content.decode()
    assert EMAIL in SuppressionImport.objects.get().content


def test_another_list_is_given_up_beside_a_hold(business: Business, sender: Sender) -> None:
    upload_contacts(sender)
    hold(business, read_person("+15125550199", ""))
    give_up_list(SuppressionImport.objects.get(), by=BY, reason="The wrong one.", now=timezone.now())
    assert not SuppressionImport.objects.get().content
