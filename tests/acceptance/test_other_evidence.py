"""A Jornaya LeadiD beside the certificate, through each door: kept, checked for its shape, never called
verified."""

import json
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.test import Client
from django.utils import timezone

from leadping.accounts.models import User
from leadping.accounts.tokens import issue_token
from leads.models import Evidence, Lead, Submission
from leads.rejudging.verbs import judge_again
from leads.retention.erasing import erase_leads
from sources.models import Source
from tests.importing import as_csv, import_file
from tests.senders import FORM, Sender, certificate, flat_lead, structured_lead
from tests.situations import REASON, SenderFactory, sign_in, take_in

LEADID = "063A3537-2A60-890C-5F89-D2435448FD1D"


def kept() -> list[tuple[Any, ...]]:
    return list(Evidence.objects.order_by("seen_at", "-field").values_list("kind", "token", "field", "state"))


NOT_VERIFIED = ("jornaya_leadid", LEADID, "universal_leadid", "not_verified")


def codes_of(answer: Any) -> list[str]:
    return [warning["code"] for warning in answer.json()["warnings"]]


def test_the_flat_door_keeps_it_and_warns_of_nothing(waived_sender: Sender) -> None:
    answer = waived_sender.post(flat_lead(trustedFormUrl=None, universal_leadid=LEADID))
    assert (answer.status_code, codes_of(answer), kept()) == (201, [], [NOT_VERIFIED])
    lead = Lead.objects.get()
    assert (lead.extra, lead.evidence.get().seen_at) == ({}, lead.created_at)


def test_the_structured_door_keeps_it(waived_sender: Sender) -> None:
    sent = structured_lead(trustedFormUrl=None, jornaya_leadid=LEADID)
    answer = waived_sender.post_structured(sent)
    assert (answer.status_code, codes_of(answer)) == (201, [])
    assert kept() == [("jornaya_leadid", LEADID, "metadata.jornaya_leadid", "not_verified")]


def test_forms_and_the_query_door_keep_it(waived_sender: Sender) -> None:
    fields = {"phone": "+15125550123", "state": "TX", "product": "Final expense", "universal_leadid": LEADID}
    assert waived_sender.send(urlencode(fields), content_type=FORM).status_code == 201
    address = f"/leads/intake?{urlencode({**fields, 'phone': '+15125550124'})}"
    assert waived_sender.client.get(address, headers=waived_sender.credentials).status_code == 201
    assert kept() == [NOT_VERIFIED, NOT_VERIFIED]


def test_it_is_found_in_the_metadata_too(waived_sender: Sender) -> None:
    take_in(waived_sender, trustedFormUrl=None, sourceMetadata={"leadid_token": LEADID})
    assert kept() == [("jornaya_leadid", LEADID, "sourceMetadata.leadid_token", "not_verified")]


def test_each_line_of_a_batch_keeps_its_own(waived_sender: Sender) -> None:
    lines = [
        flat_lead(trustedFormUrl=None, phone=f"+1512555010{number}", universal_leadid=token)
        for number, token in enumerate([LEADID, None, "undefined", LEADID])
    ]
    lines[3]["leadid_token"] = "another"
    body = "\n".join(json.dumps(line) for line in lines)
    answer = waived_sender.send(body, path="/leads/batch", content_type="application/x-ndjson")
    assert b"".join(answer.streaming_content) if answer.streaming else answer.content
    by_phone = Evidence.objects.values_list("lead__phone", "token", "state").order_by("lead__phone", "field")
    assert sorted(by_phone) == [
        ("+15125550100", LEADID, "not_verified"),
        ("+15125550102", "undefined", "malformed"),
        ("+15125550103", LEADID, "not_verified"),
        ("+15125550103", "another", "malformed"),
    ]


def test_each_row_of_a_file_keeps_its_own(waived_source: Source) -> None:
    headings = ["Phone", "State", "Product", "Jornaya Lead ID"]
    rows = [
        [f"+1512555010{number}", "TX", "Final expense", token] for number, token in enumerate([LEADID, ""])
    ]
    imported = import_file(waived_source, as_csv(rows, headings))
    assert imported.columns["Jornaya Lead ID"] == "universal_leadid"
    assert (Lead.objects.count(), kept()) == (2, [NOT_VERIFIED])


def test_two_tokens_of_one_lead_are_two_rows(waived_sender: Sender) -> None:
    take_in(waived_sender, trustedFormUrl=None, universal_leadid=LEADID, leadid_token="another")
    assert [(token, state) for _, token, _, state in kept()] == [
        (LEADID, "not_verified"),
        ("another", "malformed"),
    ]


def test_a_malformed_one_warns_and_refuses_nothing(waived_sender: Sender) -> None:
    answer = waived_sender.post(flat_lead(trustedFormUrl=None, universal_leadid="undefined"))
    [warning] = answer.json()["warnings"]
    assert (warning["code"], warning["field"]) == ("leadid_malformed", "universal_leadid")
    assert "universal_leadid" in warning["hint"]
    assert answer.status_code == 201
    assert kept() == [("jornaya_leadid", "undefined", "universal_leadid", "malformed")]


def test_what_is_no_text_stays_among_the_unknown_fields_too(waived_sender: Sender) -> None:
    lead = take_in(waived_sender, trustedFormUrl=None, universal_leadid={"token": LEADID})
    assert lead.extra == {"universal_leadid": {"token": LEADID}}
    assert [state for *_, state in kept()] == ["malformed"]


def test_a_field_called_leadid_is_only_hinted_at(waived_sender: Sender) -> None:
    answer = waived_sender.post(flat_lead(trustedFormUrl=None, leadId=LEADID))
    [warning] = answer.json()["warnings"]
    assert (warning["code"], warning["hint"]) == ("field_unknown", "Did you mean universal_leadid?")
    assert kept() == []


def test_of_what_is_refused_the_submission_tells(client: Client, sender: Sender, owner: User) -> None:
    assert sender.post(flat_lead(trustedFormUrl=None, universal_leadid=LEADID)).status_code == 400
    assert kept() == []
    sign_in(client, owner)
    page = client.get(f"/workspace/submissions/{Submission.objects.get().public_id}/").text
    assert "Not verified" in page
    assert "Nobody verified it" in page


def test_a_lead_that_is_kept_as_a_duplicate_keeps_it(business: Any) -> None:
    sender = SenderFactory.create(business=business, waived=True, settings__duplicate_rule="keep")
    for _ in range(2):
        take_in(sender, trustedFormUrl=None, universal_leadid=LEADID)
    assert kept() == [NOT_VERIFIED, NOT_VERIFIED]


def test_judged_again_a_held_lead_keeps_what_it_had(sender: Sender, sandbox: str, owner: User) -> None:
    lead = take_in(sender, trustedFormUrl=certificate("mismatch"), universal_leadid=LEADID)
    judge_again(lead.submissions.get(), by=owner.public_id, reason=REASON, now=timezone.now())
    assert kept() == [NOT_VERIFIED]


def test_pages_and_the_api_say_that_nobody_verified_it(
    client: Client, waived_sender: Sender, owner: User
) -> None:
    lead = take_in(waived_sender, trustedFormUrl=None, universal_leadid=LEADID)
    token = issue_token(owner, "a program", reason=REASON, now=timezone.now())
    [told] = (
        Client(headers={"Authorization": f"Bearer {token}"})
        .get(f"/leads/{lead.public_id}")
        .json()["evidence"]
    )
    assert told == {
        "kind": "jornaya_leadid",
        "token": LEADID,
        "field": "universal_leadid",
        "state": "not_verified",
        "seenAt": told["seenAt"],
    }
    sign_in(client, owner)
    for address in (f"/workspace/leads/{lead.public_id}/", f"/console/leads/lead/{lead.pk}/change/"):
        page = client.get(address).text
        assert LEADID in page, address
        assert "Jornaya LeadiD" in page, address
        assert "Not verified" in page, address


def test_erasing_the_person_leaves_the_token_and_nothing_that_was_made_up(
    waived_sender: Sender, owner: User
) -> None:
    fields = {"universal_leadid": LEADID, "leadid_token": "jordan@example.com", "jornaya_token": "Jordan"}
    lead = take_in(waived_sender, trustedFormUrl=None, **fields)
    leads = Lead.objects.filter(pk=lead.pk)
    with transaction.atomic():
        erase_leads(leads, business_id=lead.business_id, by="user_1", why=REASON, now=timezone.now())
    assert {token for _, token, *_ in kept()} >= {LEADID}
    assert "ordan" not in str(kept())
