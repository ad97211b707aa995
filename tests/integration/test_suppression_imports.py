"""Lists of suppressed contacts from files: looked at first, taken over when somebody says so."""

from datetime import timedelta

import pytest
from django.utils import timezone

from compliance.models import Suppression, SuppressionImport
from compliance.suppression.exported import HEADER, as_rows
from compliance.suppression.importing.course import forget_file, start_import
from compliance.suppression.importing.jobs import carry_out
from compliance.suppression.importing.mapping import (
    ACCOUNT,
    CHANNEL,
    CONTACT,
    EMAIL,
    NOTE,
    PHONE,
    guess_columns,
)
from compliance.suppression.looking import may_contact
from compliance.suppression.verbs import release_suppression
from leadping.accounts.models import Business
from leadping.console.export import write_csv
from leadping.file_imports import LEFT_OUT, ImportingError
from leadping.models import Event
from leads.retention.jobs import forget_suppression_files
from tests.importing import as_csv
from tests.races import at_once
from tests.situations import BY, REASON, AccountFactory
from tests.suppressing import check_list, import_list, suppress_contact, upload_list, work

pytestmark = pytest.mark.django_db
HEADINGS = ["Phone", "Email", "Reason", "Colour"]
ROWS = [
    ["(512) 555-0001", "one@example.com", "Called on 3 May", "red"],
    ["+15125550002", "", "", ""],
    ["512-555-0001", "", "", ""],
    ["12", "nobody", "", ""],
    ["", "", "Only a reason", ""],
    ["+15125550003", "three@example", "", ""],
]


def sent(rows: list[list[str]] = ROWS, headings: list[str] = HEADINGS) -> bytes:
    return as_csv(rows, headings)


def values() -> set[str]:
    return set(Suppression.objects.values_list("value", flat=True))


# --- looking at it


def test_the_columns_are_guessed_by_heading_and_cells() -> None:
    guessed = guess_columns(HEADINGS, ROWS)
    assert guessed == {"Phone": PHONE, "Email": EMAIL, "Reason": NOTE, "Colour": LEFT_OUT}
    assert guess_columns(["A", "B"], [["5125550123", "a@b.example"]]) == {"A": PHONE, "B": EMAIL}


def test_the_check_tells_what_would_change_and_adds_nothing(business: Business) -> None:
    suppress_contact(business, "+15125550002")
    checked = check_list(upload_list(business, sent()))
    assert checked.status == "checked"
    assert checked.counts == {"new": 3, "known": 1, "repeated": 1, "unreadable": 4}
    assert Suppression.objects.count() == 1


def test_what_is_wrong_is_told_by_row_and_column_without_what_the_cells_hold(business: Business) -> None:
    suppress_contact(business, "+15125550002")
    found = check_list(upload_list(business, sent())).findings
    assert [(one["row"], one["heading"], one["what"]) for one in found] == [
        (3, "", "known"),
        (4, "", "repeated"),
        (5, "Phone", "unreadable"),
        (5, "Email", "unreadable"),
        (6, "", "unreadable"),
        (7, "Email", "unreadable"),
    ]
    assert "three@example" not in str(found)
    assert "555000" not in str(found)


def test_a_row_whose_quotes_do_not_match_stops_no_other(business: Business) -> None:
    imported = import_list(business, b'Phone,Note\n+15125550001,"a" b\n+15125550002,fine\n')
    assert (imported.counts["new"], imported.counts["unreadable"]) == (1, 1)


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (b"", "empty"),
        (b"Phone\n", "there is no row"),
        (b"+15125550123\n+15125550124\n", "seems to hold a person"),
        (b"Phone\n\xff\n", "not UTF-8"),
        (b"Phone\n\x00\n", "NUL"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_what_to_do(
    business: Business, file: bytes, why: str
) -> None:
    with pytest.raises(ImportingError, match=why):
        upload_list(business, file)
    assert not SuppressionImport.objects.exists()


def test_some_column_has_to_hold_contacts(business: Business) -> None:
    with pytest.raises(ImportingError, match="Say which column"):
        check_list(upload_list(business, sent()), {"Colour": NOTE})


# --- taking it over


def test_its_contacts_are_suppressed_and_name_it(business: Business) -> None:
    imported = import_list(business, sent())
    assert imported.status == "imported"
    assert imported.counts["new"] == 4
    assert values() == {"+15125550001", "+15125550002", "+15125550003", "one@example.com"}
    entry = Suppression.objects.get(value="+15125550001")
    assert (entry.origin, entry.channel, entry.note) == ("import", "all", "Called on 3 May")
    assert (entry.imported_in, entry.created_by) == (imported, BY)
    assert Suppression.objects.get(value="+15125550002").note == "An old list."
    assert not may_contact(business.pk, account_id=None, channel="sms", phone="+15125550001")


def test_the_channel_of_phones_and_the_account_are_those_of_the_upload(business: Business) -> None:
    account = AccountFactory.create(business=business)
    import_list(business, sent(), channel="call", account=account)
    assert {(one.channel, one.account) for one in Suppression.objects.all()} == {
        ("call", account),
        ("email", account),
    }


def test_the_text_of_the_file_is_let_go_of(business: Business) -> None:
    assert import_list(business, sent()).content == ""


def test_its_events_are_a_few_and_not_one_a_row(business: Business) -> None:
    imported = import_list(business, sent())
    told = Event.objects.filter(kind__startswith="suppression.").order_by("id")
    assert [(event.kind, event.reason) for event in told] == [
        ("suppression.file_uploaded", ""),
        ("suppression.file_mapped", ""),
        ("suppression.import_started", REASON),
        ("suppression.imported", REASON),
    ]
    assert {event.subject for event in told} == {imported.public_id}
    assert "555000" not in str([event.data for event in told])


def test_the_same_file_again_adds_nothing(business: Business) -> None:
    import_list(business, sent())
    again = import_list(business, sent())
    assert (again.counts["new"], again.counts["known"]) == (0, 4)
    assert Suppression.objects.count() == 4


def test_a_worker_that_died_is_taken_up_and_adds_nothing_twice(business: Business) -> None:
    checked = check_list(upload_list(business, sent()))
    start_import(checked, by=BY, reason=REASON, now=timezone.now())
    work(checked)
    SuppressionImport.objects.update(status="importing", content=sent().decode())
    again = work(checked)
    assert (again.status, again.counts["new"]) == ("imported", 4)
    assert Suppression.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_who_opts_out_while_it_is_taken_over_has_one_entry(business: Business) -> None:
    rows = [[f"+1512555{number:04}", "", "", ""] for number in range(300)]
    checked = check_list(upload_list(business, sent(rows)))
    start_import(checked, by=BY, reason=REASON, now=timezone.now())

    def deed(number: int) -> None:
        if number:
            for one in rows[number::3]:
                suppress_contact(business, one[0])
        else:
            work(checked)

    at_once(3, deed)
    assert Suppression.objects.count() == 300


def test_it_is_checked_before_it_is_taken_over(business: Business) -> None:
    uploaded = upload_list(business, sent())
    with pytest.raises(ImportingError, match="not possible"):
        start_import(uploaded, by=BY, reason=REASON, now=timezone.now())


def test_a_file_may_be_given_up(business: Business) -> None:
    uploaded = upload_list(business, sent())
    forget_file(uploaded, by=BY, reason="The wrong one.", now=timezone.now())
    stored = SuppressionImport.objects.get()
    assert (stored.status, stored.content) == ("failed", "")
    with pytest.raises(ImportingError, match="no longer kept"):
        check_list(stored)


def test_a_file_that_nobody_goes_on_with_is_forgotten(business: Business) -> None:
    upload_list(business, sent(), now=timezone.now() - timedelta(days=31))
    young = upload_list(business, sent())
    forget_suppression_files(int(timezone.now().timestamp()))
    kept = SuppressionImport.objects.exclude(content="")
    assert list(kept) == [young]


def test_what_fails_five_times_is_told_to_a_person(business: Business) -> None:
    checked = check_list(upload_list(business, sent()))
    start_import(checked, by=BY, reason=REASON, now=timezone.now())

    def fail(_: SuppressionImport) -> None:
        raise RuntimeError

    for attempt in range(1, 6):
        with pytest.raises(RuntimeError):
            carry_out(checked.public_id, SuppressionImport.Status.IMPORTING, fail, attempt)
    stored = SuppressionImport.objects.get()
    assert stored.status == "failed"
    assert "goes on there" in stored.failure
    start_import(stored, by=BY, reason="Again.", now=timezone.now())
    assert work(stored).status == "imported"


# --- what we exported ourselves


def exported(business: Business) -> bytes:
    found = Suppression.objects.filter(business=business).select_related("account").order_by("id")
    return "".join(write_csv(HEADER, as_rows(found))).encode()


def test_an_exported_list_is_read_back_as_it_stood(business: Business, other_business: Business) -> None:
    shared = AccountFactory.create(business=business, name="North")
    here = AccountFactory.create(business=other_business, name="north")
    suppress_contact(business, "+15125550001", note="=Called; twice")
    suppress_contact(business, "+15125550002", channel="call")
    suppress_contact(business, "+15125550002", channel="sms", account=shared)
    suppress_contact(business, "two@example.com")
    back = import_list(other_business, exported(business), channel="sms")
    assert (back.counts["new"], back.counts.get("unreadable", 0)) == (4, 0)
    entries = Suppression.objects.filter(business=other_business).order_by("value", "channel")
    assert [(one.value, one.channel, one.account, one.note) for one in entries] == [
        ("+15125550001", "all", None, "=Called; twice"),
        ("+15125550002", "call", None, "An old list."),
        ("+15125550002", "sms", here, "An old list."),
        ("two@example.com", "email", None, "An old list."),
    ]


def test_an_exported_list_changes_nothing_where_it_is_from(business: Business) -> None:
    suppress_contact(business, "+15125550001", account=AccountFactory.create(business=business))
    suppress_contact(business, "two@example.com")
    back = import_list(business, exported(business))
    assert (back.counts["new"], back.counts["known"]) == (0, 2)


def test_what_was_released_or_erased_is_left_out_with_the_reason(
    business: Business, other_business: Business
) -> None:
    entry = suppress_contact(business, "+15125550001")
    release_suppression(entry, by=BY, reason="A wrong number.", now=timezone.now())
    suppress_contact(business, "+15125550002")
    Suppression.objects.filter(value="+15125550002").update(value="")
    checked = check_list(upload_list(other_business, exported(business)))
    assert checked.counts == {"new": 0, "known": 0, "left_out": 2}
    assert [one["message"] for one in checked.findings] == [
        "It was released, so it suppresses nobody.",
        "The person was erased; the file does not say who it was.",
    ]


def test_a_channel_or_account_that_nobody_knows_is_told_by_row(business: Business) -> None:
    rows = [["+15125550001", "fax", ""], ["+15125550002", "Calls", "Nowhere"], ["+15125550003", "Texts", ""]]
    uploaded = upload_list(business, as_csv(rows, ["Who", "Channel", "Account"]))
    columns = {"Who": CONTACT, "Channel": CHANNEL, "Account": ACCOUNT}
    checked = check_list(uploaded, columns)
    assert (checked.counts["new"], checked.counts["unreadable"]) == (1, 2)
    assert [one["row"] for one in checked.findings] == [2, 3]


def test_phones_and_emails_may_share_a_column() -> None:
    rows = [["5125550123"], ["a@b.example"]]
    assert guess_columns(["Who"], rows) == {"Who": CONTACT}


def test_a_formula_is_no_contact(business: Business) -> None:
    imported = check_list(upload_list(business, sent([['=HYPERLINK("x")', "", "", ""]])))
    assert imported.counts == {"new": 0, "known": 0, "unreadable": 1}
