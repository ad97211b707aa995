"""Files of leads that a person brings: uploaded, mapped, checked and taken in by the rules of the doors."""

import json
from datetime import timedelta
from itertools import islice
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leadping.accounts.models import Business
from leadping.events import SYSTEM
from leadping.file_imports import ImportingError
from leadping.models import Event
from leads.console.imports.mapping import warn_of_source
from leads.importing.checking import rows_of
from leads.importing.course import (
    start_check,
    start_import,
    stop_import,
    twins_of,
)
from leads.importing.mapping import columns_before, find_warnings, plan
from leads.importing.mending import headings_kept, mendable_rows, stored_faults
from leads.importing.taking import stored_rows, take_portion
from leads.models import Import, KeptKind, Lead, Submission
from leads.rejudging.verbs import judge_again
from leads.retention.purging import purge_business
from sources.lifecycle import change_settings, pause_source
from sources.models import Source
from tests.importing import as_csv, check, import_file, people, person, upload, work
from tests.senders import Sender, flat_lead
from tests.situations import BY, REASON, SenderFactory, complain


def stored(imported: Import) -> Any:
    return imported.submissions.order_by("row_number")


def test_each_row_leaves_a_submission_and_one_bad_row_stops_no_other(waived_sender: Sender) -> None:
    rows = [*people(3), person(4, State="Nowhere"), [*person(5), "too", "many"], person(6)]
    imported = import_file(waived_sender.source, as_csv(rows))
    assert imported.status == Import.Status.IMPORTED
    assert imported.outcomes == {"accepted": 4, "refused": 2}
    assert imported.codes == {"state_unknown": 1, "row_malformed": 1}
    assert [(row.row_number, row.outcome) for row in stored(imported)] == [
        *((2, "accepted"), (3, "accepted"), (4, "accepted")),
        *((5, "refused"), (6, "refused"), (7, "accepted")),
    ]
    assert imported.content == imported.findings == ""


def test_a_row_is_stored_as_the_flat_door_would_have_it(waived_source: Source, business: Business) -> None:
    same = SenderFactory.create(business=business, waived=True)
    lead = {"externalId": "row-1", "firstName": "Jordan1", "phone": "+15125550001"}
    same.post({**lead, "email": "jordan1@example.com", "state": "TX", "sourceMetadata": {"Colour": "blue"}})
    import_file(waived_source, as_csv(people(1)))
    posted, brought = Lead.objects.order_by("id").values()
    apart = {"id", "source_id", "account_id", "terms_id", "created_at"}
    assert {name for name in posted if posted[name] != brought[name]} == apart
    one, other = Submission.objects.order_by("id")
    assert [verdict["code"] for verdict in one.verdicts] == [verdict["code"] for verdict in other.verdicts]


def test_the_row_says_who_brought_it_and_why(waived_source: Source) -> None:
    imported = import_file(waived_source, as_csv(people(1)))
    row = stored(imported).get()
    assert (row.door, row.credential, row.imported_in_id) == ("import", None, imported.pk)
    event = Event.objects.get(kind="lead.created")
    assert (event.actor, event.reason) == (BY, REASON)
    assert row.lead.source_metadata == {"Colour": "blue"}


def test_the_check_foretells_what_the_import_then_does(business: Business) -> None:
    settings = {"duplicate_rule": "keep", "cap_per_day": 4, "cap_effect": "hold"}
    source = SenderFactory.create(business=business, waived=True, settings=settings).source
    rows = [*people(3), person(4, **{"Phone Number": "+15125550001"}), person(5, State="XX"), *people(8)[5:]]
    imported = check(upload(source, as_csv(rows)))
    assert not Submission.objects.exists()
    foretold = (imported.outcomes, imported.codes)
    start_import(imported, by=BY, reason=REASON, now=timezone.now())
    done = work(imported)
    assert foretold == (done.outcomes, done.codes)
    assert done.outcomes == {"accepted": 4, "duplicate": 1, "refused": 1, "audit": 2}


def test_what_the_check_finds_has_row_heading_kind_and_remedy_but_no_value(waived_source: Source) -> None:
    rows = [person(1), person(2, **{"Phone Number": "555-CALL-ME"}), person(3, Email="sam.secret.example")]
    imported = check(upload(waived_source, as_csv(rows)))
    told = [(fault["row"], fault["heading"], fault["code"]) for fault in imported.faults]
    assert told == [(3, "Phone Number", "phone_invalid"), (4, "Email", "email_invalid")]
    assert imported.faults[1]["value"] == "text, 18 characters"
    assert imported.faults[1]["hint"] == "For example: jordan@example.com"
    assert "secret" not in json.dumps(imported.faults) + imported.findings
    assert "CALL" not in json.dumps(imported.faults) + imported.findings


def test_the_refused_rows_come_back_with_reasons_before_and_after_the_import(waived_source: Source) -> None:
    imported = check(upload(waived_source, as_csv([person(1), person(2, State="Nowhere")])))
    faults = [json.loads(line) for line in imported.findings.split("\n")]
    before = list(mendable_rows(imported, faults, rows_of(imported)))
    start_import(imported, by=BY, reason=REASON, now=timezone.now())
    done = work(imported)
    after = list(mendable_rows(done, [], []))
    assert before == after == [[*person(2, State="Nowhere"), "State: There is no such state."]]
    assert headings_kept(done) == imported.headings
    assert [fault["row"] for fault in stored_faults(done)] == [3]


def test_a_row_that_was_taken_when_it_was_judged_again_is_not_to_be_mended(waived_source: Source) -> None:
    rows = [person(number, State="Nowhere") for number in (1, 2)]
    done = import_file(waived_source, as_csv(rows))
    assert len(list(mendable_rows(done, [], []))) == 2
    mended, other = Submission.objects.order_by("row_number")
    Submission.objects.filter(pk=mended.pk).update(body=mended.body.replace("Nowhere", "TX"))
    mended.refresh_from_db()
    assert judge_again(mended, by="user_1", reason=REASON, now=timezone.now()).outcome == "accepted"
    assert len(list(mendable_rows(done, [], []))) == 1
    assert {fault["row"] for fault in stored_faults(done)} == {other.row_number}


def test_of_the_rows_taken_in_only_those_that_failed_the_check_asked_for_are_read(
    waived_source: Source,
) -> None:
    rows = [person(1), person(2, State="Nowhere"), person(3, Email="nobody")]
    done = import_file(waived_source, as_csv(rows))
    assert [one.row_number for one in stored_rows(done, "state_unknown")] == [3]
    assert {fault["row"] for fault in stored_faults(done, "email_invalid")} == {4}


def test_a_mended_file_is_imported_and_takes_nothing_in_twice(waived_source: Source) -> None:
    import_file(waived_source, as_csv([person(1), person(2, State="Nowhere")]))
    again = import_file(waived_source, as_csv([person(1), person(2)]))
    assert again.outcomes == {"replayed": 1, "accepted": 1}
    assert Lead.objects.count() == 2


def test_the_same_file_for_the_same_source_is_recognised(waived_source: Source, business: Business) -> None:
    first = import_file(waived_source, as_csv(people(1)))
    assert list(twins_of(upload(waived_source, as_csv(people(1))))) == [first]
    assert not twins_of(upload(waived_source, as_csv(people(2)))).exists()
    other = SenderFactory.create(business=business, waived=True).source
    assert not twins_of(upload(other, as_csv(people(1)))).exists()


def test_a_mapping_is_offered_again_for_source_and_headings(
    waived_source: Source, business: Business
) -> None:
    headings = ["Name", "Number"]
    columns = {"Name": "lastName", "Number": "phone"}
    check(upload(waived_source, as_csv([["Kim", "+15125550001"]], headings)), columns)
    assert columns_before(waived_source, ["Number", "Name"]) == columns
    assert columns_before(waived_source, [*headings, "More"]) == {}
    other = SenderFactory.create(business=business, waived=True).source
    assert columns_before(other, headings) == {}


def test_terms_that_need_a_column_warn_while_it_is_missing(source: Source) -> None:
    assert "trustedFormUrl" in find_warnings({"Phone": "phone"}, source.terms_in_force)[0]
    assert find_warnings({"Phone": "phone", "Cert": "trustedFormUrl"}, source.terms_in_force) == []


def test_trustedform_is_asked_by_the_import_and_not_by_the_check(sender: Sender, sandbox: str) -> None:
    headings = ["Phone", "Certificate"]
    url = "https://cert.trustedform.com"
    rows = [["+15125550001", f"{url}/valid-1"], ["+15125550002", f"{url}/mismatch-2"]]
    imported = check(upload(sender.source, as_csv(rows, headings)))
    assert imported.outcomes == {"accepted": 2}
    start_import(imported, by=BY, reason=REASON, now=timezone.now())
    assert work(imported).outcomes == {"accepted": 1, "audit": 1}


def test_neither_the_list_of_addresses_nor_the_rate_counts_for_a_person(business: Business) -> None:
    settings = {"ip_list": ["198.51.100.0/24"], "rate_per_minute": 1}
    source = SenderFactory.create(business=business, waived=True, settings=settings).source
    assert import_file(source, as_csv(people(3))).outcomes == {"accepted": 3}


def test_a_source_that_is_paused_takes_no_row(waived_source: Source) -> None:
    imported = check(upload(waived_source, as_csv(people(2))))
    pause_source(waived_source, by=BY, reason="Enough.", now=timezone.now())
    start_import(imported, by=BY, reason=REASON, now=timezone.now())
    done = work(imported)
    assert done.outcomes == {"refused": 2}
    assert done.codes == {"source_paused": 2}


def test_who_goes_on_takes_in_only_what_is_missing(waived_source: Source) -> None:
    imported = check(upload(waived_source, as_csv(people(5))))
    start_import(imported, by=BY, reason=REASON, now=timezone.now())
    half = Import.objects.select_related("source__settings").get(pk=imported.pk)
    take_portion(half, list(islice(rows_of(half), 3)), plan(half.headings, half.columns))
    assert Lead.objects.count() == 3
    assert work(imported).outcomes == {"accepted": 5}
    assert Lead.objects.count() == 5


def test_a_row_cannot_be_stored_twice_whoever_tries(waived_source: Source) -> None:
    row = stored(import_file(waived_source, as_csv(people(1)))).get()
    twin = Submission(**{**Submission.objects.filter(pk=row.pk).values()[0], "replay_token": None})
    twin.pk = Import().pk
    with pytest.raises(IntegrityError, match="submission_row_taken_once"), transaction.atomic():
        twin.save(force_insert=True)


def test_an_import_that_is_stopped_can_go_on(waived_source: Source) -> None:
    imported = check(upload(waived_source, as_csv(people(2))))
    start_import(imported, by=BY, reason=REASON, now=timezone.now())
    stop_import(imported, by=BY, reason="Wait.", now=timezone.now())
    stopped = work(imported)
    assert (stopped.status, stopped.failure) == (Import.Status.FAILED, "It was stopped: Wait.")
    start_import(stopped, by=BY, reason=REASON, now=timezone.now())
    assert work(stopped).outcomes == {"accepted": 2}


def test_steps_are_taken_in_their_order_alone(waived_source: Source) -> None:
    imported = upload(waived_source, as_csv(people(1)))
    with pytest.raises(ImportingError, match="“uploaded”"):
        start_import(imported, by=BY, reason=REASON, now=timezone.now())
    done = import_file(waived_source, as_csv(people(1)))
    with pytest.raises(ImportingError, match="“imported”"):
        start_check(done, done.columns, by=BY, now=timezone.now())


def test_a_file_that_nobody_imports_is_forgotten_after_a_month(waived_source: Source) -> None:
    imported = upload(waived_source, as_csv(people(1)))
    now = imported.created_at
    business = waived_source.business
    assert not purge_business(business, now=now + timedelta(days=29))[KeptKind.IMPORT_FILES].purged
    assert purge_business(business, now=now + timedelta(days=31))[KeptKind.IMPORT_FILES].purged == 1
    imported.refresh_from_db()
    assert (imported.content, imported.status) == ("", "failed")
    assert "31 days" in imported.failure
    assert Event.objects.get(kind="import.forgotten").actor == SYSTEM


def test_every_step_leaves_its_event(waived_source: Source) -> None:
    imported = import_file(waived_source, as_csv(people(1)))
    kinds = Event.objects.filter(subject=imported.public_id).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["import.uploaded", "import.mapped", "import.started", "import.finished"]


def test_a_lead_of_a_file_is_a_duplicate_of_one_that_was_posted(business: Business) -> None:
    sender = SenderFactory.create(business=business, waived=True, settings={"duplicate_rule": "refuse"})
    sender.post(flat_lead(phone="+15125550001", trustedFormUrl=None))
    imported = check(upload(sender.source, as_csv(people(2))))
    assert imported.outcomes == {"refused": 1, "accepted": 1}
    start_import(imported, by=BY, reason=REASON, now=timezone.now())
    assert work(imported).outcomes == {"refused": 1, "accepted": 1}


def test_it_asks_once_for_many_rows_which_of_them_are_there(waived_source: Source) -> None:
    def asked(count: int) -> int:
        imported = check(upload(waived_source, as_csv(people(count))))
        start_import(imported, by=BY, reason=REASON, now=timezone.now())
        with CaptureQueriesContext(connection) as queries:
            work(imported)
        return len(queries)

    assert asked(2) == asked(60)


def test_what_would_hold_every_row_is_not_said_to_refuse_it(waived_source: Source) -> None:
    imported = upload(waived_source, as_csv(people(1)))
    hold = {"dispute_effect": "hold"}
    change_settings(waived_source.settings, hold, by=BY, reason=REASON, now=timezone.now())
    complain(waived_source)
    imported.refresh_from_db()
    (told,) = warn_of_source(imported)
    assert told.startswith("As the source stands now, every row would be held: ")
