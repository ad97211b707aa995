"""Finding credentials and certificate URLs in text that others sent."""

import json
from typing import Any

import pytest

from leadping.keys import API_KEY, API_SECRET, USER_TOKEN, generate
from leadping.redaction import (
    REDACTED,
    SHORTEST_VALUE,
    is_secret_name,
    redact_log_line,
    redact_text,
    redact_tree,
    redact_values,
)

# Put together here, so that nobody's scanner takes this file for a leak.
SECRETS = {
    "our API key": generate(API_KEY).text,
    "our API secret": generate(API_SECRET).text,
    "our user token": generate(USER_TOKEN).text,
    "AWS": "AKIA" + "IOSFODNN7EXAMPLE",
    "AWS session": "ASIA" + "IOSFODNN7EXAMPLE",
    "GitHub personal": "ghp_" + "a1B2" * 9,
    "GitHub app": "ghs_" + "a1B2" * 9,
    "GitHub fine-grained": "github_" + "pat_" + "11ABCDE0Y_" + "a1B2" * 9,
    "Stripe live": "sk_" + "live_" + "a1B2" * 6,
    "Stripe restricted": "rk_" + "test_" + "a1B2" * 6,
    "Stripe webhook": "whsec_" + "a1B2" * 8,
    "Slack bot": "xoxb-" + "123456789012-abcdefghij",
    "PEM": "-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY-----",
    "PEM cut off": "-----BEGIN PRIVATE KEY-----\nMIIE\nabc",
}
secrets = pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS.keys())

SECRET_NAMES = [
    *("password", "passwd", "secret", "client_secret", "api_key", "access_token", "refresh_token"),
    *("private_key", "authorization"),
]
INNOCENT_NAMES = ["leadid_token", "LeadiD", "xxTrustedFormToken", "universal_leadid", "token", "keyword", ""]

CERTIFICATE = "cert.trustedform.com/0123456789abcdef0123456789abcdef01234567"


@secrets
def test_a_secret_is_known_by_its_shape_wherever_it_stands(secret: str) -> None:
    assert redact_values(f"before {secret}") == f"before {REDACTED}"


@pytest.mark.parametrize(
    "text",
    ["lp_source_key", "sk_live_short", "xoxb-", "AKIA", "-----BEGIN CERTIFICATE-----", "alp_" + "a" * 47],
)
def test_what_only_resembles_a_secret_stays(text: str) -> None:
    assert redact_values(text) == text


@pytest.mark.parametrize("name", SECRET_NAMES)
@pytest.mark.parametrize(
    "write", [str, str.upper, str.title, lambda name: name.replace("_", "-"), lambda name: f" {name}:"]
)
def test_a_secret_is_known_by_its_name_in_any_case(name: str, write: Any) -> None:
    assert is_secret_name(write(name))


@pytest.mark.parametrize("name", ["apiKey", "accessToken", "clientSecret", "privateKey", "refreshToken"])
def test_a_secret_is_known_by_its_name_without_separators(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize("name", INNOCENT_NAMES)
def test_names_of_consent_tools_are_never_secrets(name: str) -> None:
    assert not is_secret_name(name)


def test_a_tree_is_redacted_in_names_values_lists_and_under_secret_names() -> None:
    key = SECRETS["our API key"]
    sent = {
        "password": "hunter2",
        "Api-Key": {"nested": "anything"},
        "note": f"my key is {key}",
        key: "as a name",
        "list": [key, {"secret": ["a"]}, 1, None, True],
        "secret": "",
        "phone": "+15125550123",
    }
    assert redact_tree(sent) == {
        "password": REDACTED,
        "Api-Key": REDACTED,
        "note": f"my key is {REDACTED}",
        REDACTED: "as a name",
        "list": [REDACTED, {"secret": REDACTED}, 1, None, True],
        "secret": "",
        "phone": "+15125550123",
    }


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ('{"password": "hunter2", "a": 1', '{"password": [redacted], "a": 1'),
        ("{'api_key': 'x y', 'a'", "{'api_key': [redacted], 'a'"),
        ('{"client_secret": "cut of', '{"client_secret": [redacted]'),
        (r'{"\u0070assword": "hunter2"', '{"password": [redacted]'),
        ("password=hunter2&a=1", "password=[redacted]&a=1"),
        ("Authorization: Basic", "Authorization: [redacted]"),
        (r'{"name": "\u00e9"', r'{"name": "\u00e9"'),
    ],
)
def test_text_that_cannot_be_parsed_is_redacted_by_its_look(text: str, redacted: str) -> None:
    assert redact_text(text) == redacted


@secrets
def test_no_secret_reaches_a_log_line(secret: str) -> None:
    assert secret not in redact_log_line(json.dumps({"event": "x", "sent": secret}))


@pytest.mark.parametrize(
    "written",
    [
        f"https://{CERTIFICATE}",
        f"http://{CERTIFICATE}?a=b#c",
        f"HTTPS://{CERTIFICATE.upper()}",
        f"//{CERTIFICATE}",
        CERTIFICATE,
        f"https%3A%2F%2F{CERTIFICATE.replace('/', '%2F')}",
        f"https%3a%2f%2f{CERTIFICATE.replace('/', '%2f')}",
        "https%3A%2F%2Fcert%2Etrustedform%2Ecom%2F0123456789abcdef0123456789abcdef01234567",
        f"https://ping.trustedform.com/{CERTIFICATE.partition('/')[2]}",
        f"https%253A%252F%252F{CERTIFICATE.replace('.', '%252E').replace('/', '%252F')}",
        f"https:\\/\\/{CERTIFICATE.replace('/', chr(92) + '/')}",
        f"https://{CERTIFICATE.replace('/', chr(92) + 'u002F')}",
    ],
)
def test_no_certificate_url_reaches_a_log_line(written: str) -> None:
    line = redact_log_line(json.dumps({"event": f"GET /leads/intake?trustedFormUrl={written}&a=b"}))
    assert "0123456789abcdef" not in line.lower()


@pytest.mark.parametrize(
    "line",
    [
        "GET /leads?sourceId=source_1&apiKey=plain-text-key HTTP/1.1",
        "apikey=plain-text-key",
        "access_token=plain-text-key&x=1",
        "Authorization: Bearer plain-text-key",
        "authorization: basic plain-text-key",
    ],
)
def test_a_credential_of_any_look_is_taken_out_of_a_log_line(line: str) -> None:
    assert "plain-text-key" not in redact_log_line(line)


@secrets
def test_no_shape_of_a_credential_is_shorter_than_what_is_looked_at(secret: str) -> None:
    assert len(secret) >= SHORTEST_VALUE
