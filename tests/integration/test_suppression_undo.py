"""Undoing an imported suppression list: what it added and nobody else demands is released."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from compliance.erasing import forget_values
from compliance.models import Suppression, SuppressionImport
from compliance.suppression.contacts import read_contact
from compliance.suppression.importing.course import start_undo
from compliance.suppression.looking import may_contact
from compliance.suppression.verbs import release_suppression
from leadping.accounts.models import Business, User
from leadping.file_imports import ImportingError
from leadping.models import Event
from tests.importing import as_csv
from tests.races import at_once
from tests.situations import BY, sign_in
from tests.suppressing import check_list, import_list, suppress_contact, upload_list, work

pytestmark = pytest.mark.django_db
ONE, TWO, THREE = "+15125550001", "+15125550002", "+15125550003"
FILE = as_csv([[ONE], [TWO], [THREE]], ["Phone"])
WHY = "It was the list of another company."


def undo_list(imported: SuppressionImport) -> SuppressionImport:
    start_undo(imported, by=BY, reason=WHY, now=timezone.now())
    return work(imported)


def standing() -> set[str]:
    return set(Suppression.objects.filter(released_at=None).values_list("value", flat=True))


def test_its_contacts_are_released_and_their_history_stays(business: Business) -> None:
    undone = undo_list(import_list(business, FILE))
    assert (undone.status, undone.counts["taken_back"], undone.counts["kept"]) == ("undone", 3, 0)
    entry = Suppression.objects.get(value=ONE)
    assert (entry.released_by, entry.release_reason) == (BY, f"The list list.csv was undone: {WHY}")
    assert entry.imported_in == undone
    assert may_contact(business.pk, account_id=None, channel="call", phone=ONE)


def test_what_stood_before_it_stays(business: Business) -> None:
    suppress_contact(business, ONE)
    undo_list(import_list(business, FILE))
    assert standing() == {ONE}


def test_who_opted_out_since_stays(business: Business) -> None:
    imported = import_list(business, FILE)
    suppress_contact(business, ONE, origin="opt_out")
    undone = undo_list(imported)
    assert (standing(), undone.counts["kept"]) == ({ONE}, 1)
    entry = Suppression.objects.get(value=ONE)
    assert entry.also_origin == "opt_out"
    told = Event.objects.filter(kind="suppression.demanded_too")
    assert [event.subject for event in told] == [entry.public_id]


def test_a_demand_that_is_repeated_is_on_record_once(business: Business) -> None:
    import_list(business, FILE)
    for _ in range(3):
        suppress_contact(business, ONE, origin="api")
    assert Event.objects.filter(kind="suppression.demanded_too").count() == 1


def test_what_another_list_brought_too_stays(business: Business) -> None:
    first = import_list(business, FILE)
    second = import_list(business, as_csv([[TWO]], ["Phone"]))
    assert second.counts["known"] == 1
    undo_list(first)
    assert standing() == {TWO}


def test_an_erased_person_stays_suppressed(business: Business) -> None:
    imported = import_list(business, FILE)
    forget_values(business.pk, read_contact(ONE).hashes)
    undo_list(imported)
    assert not may_contact(business.pk, account_id=None, channel="call", phone=ONE)


def test_what_was_released_by_hand_keeps_its_own_reason(business: Business) -> None:
    imported = import_list(business, FILE)
    entry = Suppression.objects.get(value=ONE)
    release_suppression(entry, by=BY, reason="A wrong number.", now=timezone.now())
    undo_list(imported)
    assert Suppression.objects.get(value=ONE).release_reason == "A wrong number."


def test_the_list_can_be_brought_again_afterwards(business: Business) -> None:
    undo_list(import_list(business, FILE))
    assert import_list(business, FILE).counts["new"] == 3


def test_it_is_undone_once(business: Business) -> None:
    undone = undo_list(import_list(business, FILE))
    with pytest.raises(ImportingError, match="not possible"):
        start_undo(undone, by=BY, reason=WHY, now=timezone.now())


def test_a_week_later_it_stands(business: Business) -> None:
    imported = import_list(business, FILE)
    with pytest.raises(ImportingError, match="7 days"):
        start_undo(imported, by=BY, reason=WHY, now=timezone.now() + timedelta(days=8))


def test_what_was_only_checked_is_not_undone(business: Business) -> None:
    checked = check_list(upload_list(business, FILE))
    with pytest.raises(ImportingError):
        start_undo(checked, by=BY, reason=WHY, now=timezone.now())


def test_a_worker_that_died_is_taken_up(business: Business) -> None:
    imported = import_list(business, FILE)
    start_undo(imported, by=BY, reason=WHY, now=timezone.now())
    Suppression.objects.filter(value=ONE).update(
        released_at=timezone.now(), released_by=BY, release_reason="The portion before it died."
    )
    assert work(imported).status == "undone"
    assert standing() == set()


def test_its_events_are_two_and_not_one_a_row(business: Business) -> None:
    undo_list(import_list(business, FILE))
    told = Event.objects.filter(kind__contains="und").order_by("id")
    assert [(event.kind, event.reason) for event in told] == [
        ("suppression.undo_started", WHY),
        ("suppression.import_undone", WHY),
    ]
    assert told[1].data == {"released": 3, "kept": 0}


@pytest.mark.django_db(transaction=True)
def test_whoever_opts_out_while_it_is_undone_is_suppressed_afterwards(business: Business) -> None:
    phones = [f"+1512555{number:04}" for number in range(60)]
    imported = import_list(business, as_csv([[one] for one in phones], ["Phone"]))
    start_undo(imported, by=BY, reason=WHY, now=timezone.now())

    def deed(number: int) -> None:
        if number:
            for one in phones[number - 1 :: 3]:
                suppress_contact(business, one, origin="opt_out")
        else:
            work(imported)
        connection.close()

    at_once(4, deed)
    assert standing() == set(phones)


@pytest.mark.django_db(transaction=True)
def test_of_two_lists_that_came_at_once_the_other_keeps_what_one_let_go(business: Business) -> None:
    phones = as_csv([[f"+1512555{number:04}"] for number in range(200)], ["Phone"])

    def deed(_: int) -> None:
        import_list(business, phones)
        connection.close()

    at_once(2, deed)
    undo_list(SuppressionImport.objects.order_by("id")[0])
    assert len(standing()) == 200


def test_what_was_released_by_hand_before_is_not_counted_as_taken_back(business: Business) -> None:
    imported = import_list(business, FILE)
    release_suppression(
        Suppression.objects.get(value=ONE), by=BY, reason="They asked again.", now=timezone.now()
    )
    assert undo_list(imported).counts["taken_back"] == 2


@pytest.mark.django_db(transaction=True)
def test_a_list_that_comes_while_another_is_undone_stands(business: Business) -> None:
    phones = as_csv([[f"+1512555{number:04}"] for number in range(200)], ["Phone"])
    first = import_list(business, phones)
    start_undo(first, by=BY, reason=WHY, now=timezone.now())

    def deed(number: int) -> None:
        if number:
            import_list(business, phones)
        else:
            work(first)
        connection.close()

    at_once(2, deed)
    assert len(standing()) == 200


def test_the_page_says_beforehand_who_is_released_and_who_stays(
    business: Business, owner: User, client: Client
) -> None:
    imported = import_list(business, FILE)
    suppress_contact(business, ONE, origin="opt_out")
    sign_in(client, owner)
    kept = client.get(
        reverse("console:compliance_suppression_change", args=[Suppression.objects.get(value=ONE).pk])
    )
    assert "Opt-out, <time" in kept.content.decode()
    address = reverse("console:compliance_suppressionimport_undo", args=[imported.pk])
    page = client.get(address).content.decode()
    assert "2 contacts that this list added are released" in page
    assert f"{ONE}: stays" in page
    client.post(address, {"reason": WHY})
    assert SuppressionImport.objects.get().status == "undoing"
