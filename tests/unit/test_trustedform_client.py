"""The client of the certificate service, outcome by outcome, against the sandbox over a real socket."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest

from compliance.checks.facts import CertificateFacts
from compliance.trustedform.answers import CertificateAnswer, Outcome
from compliance.trustedform.sandbox import running_sandbox
from tests.unit.asking import ask_at
from tests.unit.peer import answering, close_kept_connections

HEX = "ff5e209f324c43e2cf57ce1a080e778fecbf8285"


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    with running_sandbox() as url:
        yield url
        close_kept_connections()


def test_a_certificate_of_this_person_is_verified(service: str) -> None:
    answer = ask_at(service, "example")

    assert answer == CertificateAnswer(
        outcome=Outcome.VERIFIED,
        reason="",
        host="127.0.0.1",
        elapsed_ms=answer.elapsed_ms,
        http_status=200,
        phone_match=True,
        email_match=True,
        sandbox=True,
        raw={
            "outcome": "success",
            "reason": None,
            "match_lead": {
                "email": "jordan@example.com",
                "phone": "5555550123",
                "result": {"email_match": True, "phone_match": True, "success": True},
            },
        },
        facts=CertificateFacts(
            phone_match=True, email_match=True, told=frozenset({"phone_match", "email_match"})
        ),
        operations=("match_lead",),
    )


OUTCOMES = {
    "valid-7": (Outcome.VERIFIED, 200, ""),
    HEX: (Outcome.VERIFIED, 200, ""),
    "mismatch": (Outcome.MISMATCH, 200, "No matches found"),
    "nobody-knows-this": (
        Outcome.NOT_FOUND,
        404,
        "TrustedForm certificate has expired or could not be found",
    ),
    "expired": (Outcome.NOT_FOUND, 404, "TrustedForm certificate has expired or could not be found"),
    "malformed": (Outcome.MALFORMED, 400, "Malformed certificate id"),
    "wrong-key": (Outcome.MISCONFIGURED, 401, "Unauthorized"),
    "inactive": (Outcome.MISCONFIGURED, 402, "Account is inactive"),
    "unavailable-product": (Outcome.MISCONFIGURED, 403, "Unavailable product requested"),
    "sandbox": (Outcome.NOT_CLAIMABLE, 405, "Certificate is not claimable"),
    "overclaimed": (Outcome.OVERCLAIMED, 422, "Certificate has been claimed too many times"),
    "error": (Outcome.UNAVAILABLE, 500, "Internal server error"),
    "html": (Outcome.UNAVAILABLE, 200, "The answer is not a JSON object."),
    "slow": (Outcome.UNAVAILABLE, None, "127.0.0.1 did not answer in time."),
    "hang": (Outcome.UNAVAILABLE, None, "127.0.0.1 did not answer in time."),
    "reset": (Outcome.UNAVAILABLE, None, "127.0.0.1 broke off the conversation."),
}


@pytest.mark.parametrize("certificate_id", OUTCOMES)
def test_whatever_the_service_does_is_an_outcome(service: str, certificate_id: str) -> None:
    answer = ask_at(service, certificate_id, read_timeout=0.4)

    assert (answer.outcome, answer.http_status, answer.reason) == OUTCOMES[certificate_id]
    assert answer.host == "127.0.0.1"


def test_the_vendors_words_are_kept_as_received(service: str) -> None:
    reason = "Malformed certificate id"
    assert ask_at(service, "malformed").raw == {
        "outcome": "error",
        "reason": reason,
        "message": reason,
        "errors": {"detail": reason},
    }


def test_what_is_no_json_is_kept_as_text(service: str) -> None:
    assert ask_at(service, "html").raw["text"].startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("contact", "matches"),
    [({"phone": ""}, (None, True)), ({"email": ""}, (True, None))],
)
def test_what_was_not_compared_is_neither_a_match_nor_a_mismatch(
    service: str, contact: dict[str, str], matches: tuple[bool | None, bool | None]
) -> None:
    answer = ask_at(service, "example", **contact)

    assert (answer.outcome, answer.phone_match, answer.email_match) == (Outcome.VERIFIED, *matches)


def test_insights_are_asked_when_named_and_tell_when_the_certificate_expires(service: str) -> None:
    answer = ask_at(service, "example", insights=("expires_at", "domain"))

    assert answer.raw["insights"]["properties"].keys() == {"expires_at", "domain"}
    assert answer.expires_at
    assert timedelta(hours=71) < answer.expires_at - datetime.now(UTC) < timedelta(hours=72)


def test_an_insight_that_the_service_does_not_know_is_not_the_certificates_fault(service: str) -> None:
    answer = ask_at(service, "example", insights=("shoe_size",))

    assert (answer.outcome, answer.reason) == (Outcome.MISCONFIGURED, "Invalid property key(s) requested")


@pytest.mark.parametrize(
    ("certificate_id", "outcome"),
    [
        ("example", Outcome.REACHABLE),
        ("sandbox", Outcome.REACHABLE),
        ("expired", Outcome.NOT_FOUND),
        ("nobody-knows-this", Outcome.NOT_FOUND),
        ("error", Outcome.UNAVAILABLE),
        ("malformed", Outcome.UNKNOWN),
        ("hang", Outcome.UNAVAILABLE),
    ],
)
def test_without_a_key_only_the_page_is_looked_at(
    service: str, certificate_id: str, outcome: Outcome
) -> None:
    assert ask_at(service, certificate_id, api_key="", read_timeout=0.4).outcome is outcome


def test_a_service_that_nobody_runs_is_unavailable() -> None:
    answer = ask_at("http://127.0.0.1:9", "example")

    assert answer == CertificateAnswer(
        outcome=Outcome.UNAVAILABLE,
        reason="127.0.0.1 could not be connected to.",
        host="127.0.0.1",
        elapsed_ms=answer.elapsed_ms,
        operations=("match_lead",),
    )


@pytest.mark.parametrize(
    ("base_url", "allowed"), [("http://127.0.0.1:9", False), ("https://10.0.0.1", True), ("nonsense", True)]
)
def test_an_address_that_may_not_be_called_is_our_configuration(base_url: str, allowed: bool) -> None:
    assert ask_at(base_url, "example", allow_loopback=allowed).outcome is Outcome.MISCONFIGURED


def test_our_key_stays_with_the_service_when_it_redirects() -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"
    with answering(moved) as peer:
        answer = ask_at(peer.url, "example")

    assert (answer.outcome, answer.http_status) == (Outcome.UNAVAILABLE, 302)
    assert len(peer.requests) == 1


def test_an_id_is_one_segment_of_the_path_whatever_it_holds() -> None:
    with answering(b"") as peer:
        ask_at(peer.url, "../admin?x=1#y", read_timeout=0.2)

    assert peer.requests[0].startswith(b"POST /..%2Fadmin%3Fx%3D1%23y HTTP/1.1\r\n")


def test_the_time_that_it_took_is_told(service: str) -> None:
    started = monotonic()
    answer = ask_at(service, "delay-100")

    assert 100 <= answer.elapsed_ms <= (monotonic() - started) * 1000 + 1
