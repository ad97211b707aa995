"""Where our API key may be sent."""

import pytest

from leadping.settings import check_trustedform_url


@pytest.mark.parametrize(
    ("url", "sandbox_allowed"),
    [
        ("https://cert.trustedform.com", False),
        ("https://localhost", False),
        ("http://127.0.0.1:8099", True),
        ("http://localhost:8099", True),
        ("http://[::1]:8099", True),
    ],
)
def test_the_certificate_service_is_on_https_or_is_the_sandbox_said_aloud(
    url: str, sandbox_allowed: bool
) -> None:
    check_trustedform_url(url, sandbox_allowed=sandbox_allowed)


@pytest.mark.parametrize(
    ("url", "sandbox_allowed"),
    [
        ("http://127.0.0.1:8099", False),
        ("http://cert.trustedform.com", True),
        ("http://127.0.0.1.example.com", True),
        ("http://127.0.0.1@example.com", True),
        ("ftp://127.0.0.1", False),
        ("", True),
    ],
)
def test_any_other_address_stops_the_start_with_a_sentence(url: str, sandbox_allowed: bool) -> None:
    with pytest.raises(SystemExit, match="TRUSTEDFORM_URL must begin with https://"):
        check_trustedform_url(url, sandbox_allowed=sandbox_allowed)
