"""Whatever a sender may post: the right refusal, each field named as written, and a submission on record."""

import json
from typing import Any

import pytest

from leads.models import Lead
from tests.senders import FORM, Sender, certificate, codes, faults, flat_lead, structured_lead, without
from tests.situations import SenderFactory, only_refusal

# What is wrong with one field of the flat shape: the value, and the code.
FLAT_FAULTS: dict[str, tuple[str, Any, str]] = {
    "email without a domain": ("email", "jordan@", "email_invalid"),
    "phone with too few digits": ("phone", "555-01", "phone_invalid"),
    "phone in Canada": ("phone", "+14165550123", "phone_not_us"),
    "phone that is no number": ("phone", "call me", "phone_invalid"),
    "date that does not exist": ("birthDate", "1970-02-30", "date_invalid"),
    "date in the future": ("birthDate", "2999-01-01", "date_invalid"),
    "date in another order": ("birthDate", "15/01/1970", "date_invalid"),
    "price below zero": ("price", "-1", "price_invalid"),
    "price beyond all bounds": ("price", "1e999", "price_invalid"),
    "price with a currency": ("price", "$18", "price_invalid"),
    "address of a page without a scheme": ("landingPage", "example.com", "url_invalid"),
    "referrer that is a script": ("referrer", "javascript:alert(1)", "url_invalid"),
    "state that does not exist": ("state", "Texass", "state_unknown"),
    "first name over 100": ("firstName", "x" * 101, "field_too_long"),
    "external id over 200": ("externalId", "x" * 201, "field_too_long"),
    "page over 2048": ("landingPage", "https://example.com/" + "x" * 2048, "field_too_long"),
    "address of no computer": ("ipAddress", "1.2.3", "field_wrong_type"),
    "NUL": ("city", "Aus\x00tin", "characters_not_allowed"),
    "control character": ("lastName", "Exam\x1bple", "characters_not_allowed"),
    "metadata that is text": ("sourceMetadata", "text", "metadata_not_an_object"),
    "metadata over 16 KiB": ("sourceMetadata", {"a": "x" * 16_384}, "metadata_too_large"),
}
flat_faults = pytest.mark.parametrize(
    ("field", "value", "code"), FLAT_FAULTS.values(), ids=FLAT_FAULTS.keys()
)
PLACES = {
    "firstName": "contact.firstName",
    "lastName": "contact.lastName",
    "email": "contact.email",
    "phone": "contact.phone.number",
    "city": "contact.streetAddress.city",
    "state": "contact.streetAddress.state",
    "birthDate": "customer.birthDate",
}


@flat_faults
def test_a_bad_field_is_named_at_the_flat_door(
    waived_sender: Sender, field: str, value: Any, code: str
) -> None:
    response = waived_sender.post(flat_lead(**{field: value}))
    assert (response.status_code, faults(response)) == (400, {(code, field)})
    assert only_refusal().public_id == response.json()["submissionId"]


@flat_faults
def test_a_bad_field_is_named_in_a_form(waived_sender: Sender, field: str, value: Any, code: str) -> None:
    text = json.dumps(value) if isinstance(value, dict) else value
    response = waived_sender.post_form(flat_lead(**{field: text}))
    assert (response.status_code, faults(response)) == (400, {(code, field)})
    only_refusal()


@flat_faults
def test_a_bad_field_is_named_in_the_query_as_it_was_written_there(
    waived_sender: Sender, field: str, value: Any, code: str
) -> None:
    if len(str(value)) > 8_000:
        value = "too large for an address"
        code = "metadata_not_an_object"
    sent = flat_lead(**{field: None})
    response = waived_sender.get({**sent, field.upper(): str(value)})
    assert (response.status_code, faults(response)) == (400, {(code, field.upper())})
    only_refusal()


@flat_faults
def test_a_bad_field_is_named_at_the_structured_door(
    waived_sender: Sender, field: str, value: Any, code: str
) -> None:
    path = PLACES.get(field, f"metadata.{field}")
    lead = structured_lead()
    *above, last = path.split(".")
    parent = lead
    for name in above:
        parent = parent[name]
    parent[last] = value
    response = waived_sender.post_structured(lead)
    assert (response.status_code, faults(response)) == (400, {(code, path)})
    only_refusal()


def test_all_faults_come_in_one_reply_those_of_the_rules_too(business: object) -> None:
    sender = SenderFactory.create(business=business, terms__states=["OK"], terms__products=["Solar"])
    sent = flat_lead(email="jordan@", birthDate="x", price="-1", product=None, trustedFormUrl="nonsense")
    response = sender.post(sent)
    assert faults(response) == {
        ("email_invalid", "email"),
        ("date_invalid", "birthDate"),
        ("price_invalid", "price"),
        ("state_not_allowed", "state"),
        ("product_missing", "product"),
        ("certificate_malformed", "trustedFormUrl"),
    }
    body = response.json()
    assert (body["status"], body["detail"]) == (400, "There are 6 faults; see errors.")


# Bodies that are not one JSON object of a lead's size.
BODIES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "json_malformed"),
    "not UTF-8": (b'{"firstName": "Jos\xe9"}', "json_malformed"),
    "UTF-16": ('{"a": 1}'.encode("utf-16"), "json_malformed"),
    "cut off": (b'{"firstName": "Jordan"', "json_malformed"),
    "a list": (b"[{}]", "json_malformed"),
    "text": (b'"lead"', "json_malformed"),
    "null": (b"null", "json_malformed"),
    "two objects": (b"{}{}", "json_malformed"),
    "a name twice": (b'{"email": "a@example.com", "email": "b@example.com"}', "field_repeated"),
    "a raw NUL": (b'{"city": "Aus\x00tin"}', "json_malformed"),
    "NaN": (b'{"price": NaN}', "json_malformed"),
    "Infinity": (b'{"price": -Infinity}', "json_malformed"),
    "overflow": (b'{"price": 1e999}', "json_malformed"),
    "a number of 5,000 digits": (b'{"price": ' + b"9" * 5_000 + b"}", "json_malformed"),
    "21 levels": (b'{"a":' * 21 + b"1" + b"}" * 21, "json_malformed"),
    "10,000 levels": (b'{"a":' * 10_000, "json_malformed"),
    "201 keys": (json.dumps({f"k{n}": n for n in range(201)}).encode(), "json_malformed"),
    "a lone surrogate as UTF-8": (b'{"city": "\xed\xa0\x80"}', "json_malformed"),
}


@pytest.mark.parametrize("path", ["/leads", "/leads/intake"])
@pytest.mark.parametrize(("body", "code"), BODIES.values(), ids=BODIES.keys())
def test_a_body_that_is_no_json_object_is_refused_and_kept(
    waived_sender: Sender, path: str, body: bytes, code: str
) -> None:
    response = waived_sender.send(body, path=path)
    assert (response.status_code, codes(response)) == (400, [code])
    kept = only_refusal()
    assert kept.body == body.decode("utf-8", "replace").replace("\x00", "")


@pytest.mark.parametrize("escape", [r"\ud800", r"\udfff\ud800", r"\u0000"])
def test_half_a_character_or_nul_as_an_escape_is_a_fault_of_its_field(
    waived_sender: Sender, escape: str
) -> None:
    body = json.dumps(flat_lead(email=None, city="here")).replace("here", f"Aus{escape}tin")
    response = waived_sender.send(body)
    assert faults(response) == {("characters_not_allowed", "city")}
    assert escape in only_refusal().body


@pytest.mark.parametrize("missing", ["metadata", "contact", "customer"])
def test_the_structured_payload_needs_its_three_objects(waived_sender: Sender, missing: str) -> None:
    response = waived_sender.post_structured(without(structured_lead(), missing))
    assert ("field_required", missing) in faults(response)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ("email=a%40example.com&email=b%40example.com", {("field_repeated", "email")}),
        ("phone=%FF", {("form_malformed", None)}),
        ("phone=\u00e9", {("form_malformed", None)}),
        ("&".join(f"k{n}={n}" for n in range(201)), {("form_malformed", None)}),
    ],
)
def test_a_form_that_cannot_be_read_is_refused_and_kept(
    waived_sender: Sender, body: str, fields: set[tuple[str, str | None]]
) -> None:
    response = waived_sender.send(body.encode(), content_type=FORM)
    assert (response.status_code, faults(response)) == (400, fields)
    assert only_refusal().body == body


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/leads", FORM),
        ("/leads", "text/plain"),
        ("/leads", "application/xml"),
        ("/leads", "application/json; charset=utf-16"),
        ("/leads/intake", "multipart/form-data; boundary=x"),
        ("/leads/intake", "text/csv"),
    ],
)
def test_another_content_type_is_415(waived_sender: Sender, path: str, content_type: str) -> None:
    response = waived_sender.send("{}", path=path, content_type=content_type)
    assert (response.status_code, codes(response)) == (415, ["content_type_unsupported"])
    kept = only_refusal()
    assert (kept.http_status, kept.content_type) == (415, content_type)


@pytest.mark.parametrize("path", ["/leads", "/leads/intake"])
@pytest.mark.parametrize("size", [64 * 1024 + 1, 200_000, 3_000_000])
def test_a_body_over_64_kib_is_413_and_not_kept(waived_sender: Sender, path: str, size: int) -> None:
    response = waived_sender.send(b"x" * size, path=path)
    assert (response.status_code, codes(response)) == (413, ["body_too_large"])
    assert (only_refusal().body, only_refusal().http_status) == ("", 413)


def test_a_body_of_exactly_64_kib_is_read(waived_sender: Sender) -> None:
    body = json.dumps(flat_lead()).encode().ljust(64 * 1024)
    assert waived_sender.send(body).status_code == 201


def test_a_query_string_over_8000_characters_is_414(waived_sender: Sender) -> None:
    response = waived_sender.get(flat_lead(city="x" * 8_000))
    assert (response.status_code, codes(response)) == (414, ["address_too_long"])
    assert only_refusal().http_status == 414


@pytest.mark.parametrize("key", ["", "x" * 256, "caf\u00e9"])
def test_an_idempotency_key_of_another_kind_is_refused(waived_sender: Sender, key: str) -> None:
    response = waived_sender.post(flat_lead(), Idempotency_Key=key)
    assert (response.status_code, codes(response)) == (400, ["idempotency_key_invalid"])
    only_refusal()


CERTIFICATES = {
    "an id alone": ("0123456789abcdef0123456789abcdef01234567", "certificate_malformed"),
    "another host": ("https://example.com/0123", "certificate_wrong_host"),
    "a host that ends alike": ("https://cert.trustedform.com.evil.example/x", "certificate_wrong_host"),
    "a port": ("https://cert.trustedform.com:8443/x", "certificate_malformed"),
    "a user": ("https://a:b@cert.trustedform.com/x", "certificate_malformed"),
    "a backslash": ("https://cert.trustedform.com\\@evil.example/x", "certificate_malformed"),
    "a ping URL": ("https://ping.trustedform.com/0.a.b.c", "certificate_ping_url"),
    "the published sample": (
        "https://cert.trustedform.com/454a35b802f3e7b63ffabb4efedb7c6ebe67886c",
        "certificate_sample",
    ),
    "another scheme": ("ftp://cert.trustedform.com/x", "certificate_malformed"),
    "no id": ("https://cert.trustedform.com/", "certificate_malformed"),
}


@pytest.mark.parametrize(("url", "code"), CERTIFICATES.values(), ids=CERTIFICATES.keys())
def test_what_is_no_certificate_is_refused_without_asking(sender: Sender, url: str, code: str) -> None:
    response = sender.post(flat_lead(trustedFormUrl=url))
    assert (response.status_code, faults(response)) == (400, {(code, "trustedFormUrl")})
    only_refusal()


@pytest.mark.parametrize("suffix", ["/", "?a=b", "#x", ",https://example.com/other", "  "])
def test_a_certificate_url_is_normalised(sender: Sender, sandbox: str, suffix: str) -> None:
    url = certificate()
    response = sender.post(flat_lead(trustedFormUrl=url.replace("https:", "http:") + suffix))
    assert response.status_code == 201
    assert Lead.objects.get().trusted_form_url == url
