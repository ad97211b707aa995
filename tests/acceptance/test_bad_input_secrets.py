"""Credentials in what a sender posts: refused or warned of, and stored nowhere."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from leads.models import Lead, Submission
from tests.senders import FORM, Sender, codes, faults, flat_lead, structured_lead
from tests.situations import SenderFactory, only_refusal

KEY = "lp_AbCd0123_" + "0" * 38


SECRETS: dict[str, tuple[dict[str, Any], str]] = {
    "by name": ({"sourceMetadata": {"apiKey": "do-not-keep"}}, "do-not-keep"),
    "by name, deep": ({"sourceMetadata": {"a": {"client_secret": "do-not-keep"}}}, "do-not-keep"),
    "by value": ({"sourceMetadata": {"note": f"use {KEY}"}}, KEY),
    "in a list": ({"sourceMetadata": {"notes": [KEY]}}, KEY),
    "as a name": ({"sourceMetadata": {KEY: "x"}}, KEY),
}


@pytest.mark.parametrize("door", ["json", "form", "query", "structured"])
@pytest.mark.parametrize(("fields", "secret"), SECRETS.values(), ids=SECRETS.keys())
def test_a_secret_in_metadata_is_refused_and_stored_nowhere(
    waived_sender: Sender, door: str, fields: dict[str, Any], secret: str
) -> None:
    as_text = {name: json.dumps(value) for name, value in fields.items()}
    response = {
        "json": lambda: waived_sender.post(flat_lead(**fields)),
        "form": lambda: waived_sender.post_form(flat_lead(**as_text)),
        "query": lambda: waived_sender.get(flat_lead(**as_text)),
        "structured": lambda: waived_sender.post_structured(structured_lead(**fields)),
    }[door]()
    assert (response.status_code, codes(response)) == (400, ["secret_in_metadata"])
    kept = only_refusal()
    assert (kept.body_redacted, secret in repr(vars(kept)), secret in response.content.decode()) == (
        True,
        False,
        False,
    )
    assert "[redacted]" in kept.body or "%5Bredacted%5D" in kept.body


@pytest.mark.parametrize(
    "fields",
    [
        {"password": "do-not-keep"},
        {"auth": {"access_token": "do-not-keep"}},
        {"city": KEY},
        {"subId": KEY},
        {KEY: "x"},
    ],
)
def test_a_secret_elsewhere_is_taken_out_and_warned_of(waived_sender: Sender, fields: dict[str, Any]) -> None:
    response = waived_sender.post(flat_lead(**fields))
    assert response.status_code == 201
    assert "secret_in_payload" in [item["code"] for item in response.json()["warnings"]]
    stored = repr((vars(Submission.objects.get()), vars(Lead.objects.get())))
    assert "do-not-keep" not in stored
    assert KEY not in stored


@pytest.mark.parametrize("door", ["post_form", "get"])
def test_a_secret_in_a_field_of_the_metadata_is_refused_and_stored_nowhere(
    waived_sender: Sender, door: str
) -> None:
    response = getattr(waived_sender, door)({**flat_lead(), "sourceMetadata[apiKey]": "do-not-keep"})
    assert faults(response) == {("secret_in_metadata", "sourceMetadata.apiKey")}
    assert "do-not-keep" not in repr(vars(only_refusal()))


def test_a_secret_beside_half_a_character_is_stored_nowhere(waived_sender: Sender) -> None:
    response = waived_sender.send(r'{"city": "Aus\ud800tin", "password": "do-not-keep"}')
    assert ("characters_not_allowed", "city") in faults(response)
    assert only_refusal().body == r'{"city": "Aus\ud800tin", "password": "[redacted]"}'


@pytest.mark.parametrize("name", [r"\ud800", r"\u0000", KEY])
def test_a_name_given_twice_is_told_without_what_cannot_be_told(waived_sender: Sender, name: str) -> None:
    response = waived_sender.send(f'{{"{name}": 1, "{name}": 2}}')
    [(code, field)] = faults(response)
    assert (code, field) == ("field_repeated", "[redacted]" if name == KEY else "\ufffd")
    assert KEY not in repr(vars(only_refusal()))


@pytest.mark.parametrize("door", ["post_form", "get"])
def test_a_field_given_twice_with_a_name_that_cannot_be_stored_is_refused(
    waived_sender: Sender, door: str
) -> None:
    response = getattr(waived_sender, door)([("a\x00", "1"), ("a\x00", "2")])
    assert ("field_repeated", "a\ufffd") in faults(response)
    only_refusal()


def test_a_field_of_the_query_given_twice_is_named_as_it_was_written(waived_sender: Sender) -> None:
    response = waived_sender.get([("EMAIL", "a@example.com"), ("EMAIL", "b@example.com")])
    assert ("field_repeated", "EMAIL") in faults(response)


@pytest.mark.parametrize(
    "body",
    [
        b'{"password": "do-not-keep"',
        b'{"note": "' + KEY.encode() + b'",}',
        b'{"a": 1, "a": 2, "api_key": "do-not-keep"}',
        rb'{"\u0070assword": "do-not-keep"',
        b"password=do-not-keep&a=1",
        b"\xff" + KEY.encode(),
    ],
)
def test_a_secret_in_a_body_that_cannot_be_read_is_stored_nowhere(waived_sender: Sender, body: bytes) -> None:
    waived_sender.send(body)
    kept = only_refusal()
    assert kept.body_redacted
    assert "do-not-keep" not in kept.body
    assert KEY not in kept.body


@pytest.mark.parametrize(
    "sent",
    [
        [("sourceMetadata", '{"apiKey": {"deep": "do-not-keep"}}')],
        [("sourceMetadata[apiKey]", "do-not-keep")],
        [("sourceMetadata", '{"apiKey": "do-not-keep"')],
        [("password", "do-not-keep"), ("apiKey", "do-not-keep")],
    ],
)
@pytest.mark.parametrize("door", ["post_form", "get"])
def test_a_secret_in_a_request_that_was_not_even_read_is_stored_nowhere(
    business: object, door: str, sent: list[tuple[str, str]]
) -> None:
    sender = SenderFactory.create(business=business, enabled=False)
    assert getattr(sender, door)(sent).status_code in {401, 403}
    assert "do-not-keep" not in repr(list(Submission.objects.values()))


def test_a_request_that_was_not_read_is_kept_as_it_came_where_it_holds_no_secret(business: object) -> None:
    sender = SenderFactory.create(business=business, enabled=False)
    body = urlencode({"sourceMetadata": '{"a":1}', "city": "S\xe3o [x]"})
    sender.send(body, content_type=FORM)
    assert (only_refusal().body, only_refusal().body_redacted) == (body, False)


def test_a_secret_is_stored_nowhere_when_the_content_type_is_wrong(waived_sender: Sender) -> None:
    waived_sender.send(f"password=do-not-keep&key={KEY}", content_type=f"text/plain; note={KEY}")
    stored = repr(vars(only_refusal()))
    assert "do-not-keep" not in stored
    assert KEY not in stored


@pytest.mark.parametrize(
    ("name", "warned"),
    [
        ("leadid_token", "leadid_malformed"),
        ("universal_leadid", "leadid_malformed"),
        ("xxTrustedFormToken", "field_unknown"),
    ],
)
def test_names_of_consent_tools_are_no_secrets(waived_sender: Sender, name: str, warned: str) -> None:
    response = waived_sender.post(flat_lead(**{name: "A1B2-C3D4"}))
    assert [item["code"] for item in response.json()["warnings"]] == [warned]
    lead = Lead.objects.get()
    kept = {evidence.field: evidence.token for evidence in lead.evidence.all()}
    assert lead.extra | kept == {name: "A1B2-C3D4"}


HIDDEN: dict[str, dict[str, Any]] = {
    "beside a control character": {"note": f"{KEY}\x01"},
    "under a name with a control character": {"password\x01": KEY},
    "inside an encoded address": {"landingPage": f"https://x.example/?next=%3FapiKey%3D{KEY}"},
    "behind other letters": {"note": f"key_{KEY}"},
    "without its last character": {"note": KEY[:-1]},
    "under a name that is too long": {"n" * 300: KEY},
}


@pytest.mark.parametrize("fields", HIDDEN.values(), ids=HIDDEN.keys())
def test_a_key_is_found_however_it_is_wrapped(waived_sender: Sender, fields: dict[str, Any]) -> None:
    response = waived_sender.post(flat_lead(**fields))
    kept = Submission.objects.get()
    leads = [repr(vars(lead)) for lead in Lead.objects.all()]
    assert KEY[:-1] not in "".join([repr(vars(kept)), response.content.decode(), *leads])
    assert kept.body_redacted


def test_a_body_in_utf_16_keeps_no_key(waived_sender: Sender) -> None:
    response = waived_sender.send(json.dumps({"note": KEY}).encode("utf-16-le"))
    assert (response.status_code, KEY in only_refusal().body) == (400, False)


def test_a_key_at_the_end_of_a_long_user_agent_is_not_kept_in_part(waived_sender: Sender) -> None:
    waived_sender.post(**{"User-Agent": "x" * 951 + KEY})
    assert KEY[:20] not in Submission.objects.get().user_agent


def test_a_body_of_a_type_that_we_cannot_read_is_not_kept(waived_sender: Sender) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="password"\r\n\r\nhunter2\r\n--x--\r\n'
    waived_sender.send(body, content_type="multipart/form-data; boundary=x")
    assert (only_refusal().http_status, only_refusal().body) == (415, "")
