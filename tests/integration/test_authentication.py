"""From what a request presents to the source behind it, and what remains of those who are nobody."""

import re
from base64 import b64encode
from datetime import UTC, datetime

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from leadping.ids import new_id, public_id
from leadping.keys import API_KEY, checksum, generate
from leadping.models import Event
from leads.intake.receive import receive
from leads.models import Submission
from sources.authentication import Presented, Stranger, authenticate
from sources.credentials import revoke_credential
from sources.lifecycle import delete_source
from tests.arrivals import arrival
from tests.races import at_once
from tests.senders import Answer, Sender, flat_lead
from tests.situations import BY, REASON, SenderFactory

NOW = datetime(2026, 6, 14, 12, tzinfo=UTC)
FAILED = "authentication.failed"


def post_with(sender: Sender, **headers: str) -> Answer:
    return sender.post(flat_lead(), **headers)


def forged(prefix: str) -> str:
    """A well-formed key with the prefix of a real one."""
    body = f"lp_{prefix}_{'0' * 32}"
    return body + checksum(body)


@pytest.fixture
def wrong_ways(waived_sender: Sender, business: object) -> dict[str, Answer]:
    """The answer to each way of being wrong."""
    other = SenderFactory.create(business=business, waived=True)
    deleted = SenderFactory.create(business=business, waived=True)
    delete_source(deleted.source, by=BY, reason=REASON, now=timezone.now())
    revoked = SenderFactory.create(business=business, waived=True)
    revoke_credential(revoked.issued.credential, by=BY, reason=REASON, now=timezone.now())
    prefix = waived_sender.issued.credential.prefix
    headers = {
        "unknown source": {"X_Leadping_Source_Id": public_id("source", new_id())},
        "no id at all": {"X_Leadping_Source_Id": "source_123"},
        "another source's id": {"X_Leadping_Source_Id": other.source.public_id},
        "another source's key": {"X_Leadping_Source_Key": other.issued.api_key},
        "unknown key": {"X_Leadping_Source_Key": generate(API_KEY).text},
        "wrong key": {"X_Leadping_Source_Key": forged(prefix)},
        "mistyped key": {"X_Leadping_Source_Key": waived_sender.issued.api_key[:-1] + "!"},
        "secret for a key": {"X_Leadping_Source_Key": waived_sender.issued.api_secret},
        "plain text": {"X_Leadping_Source_Key": "lp_source_key"},
    }
    answers = {way: post_with(waived_sender, **wrong) for way, wrong in headers.items()}
    return {**answers, "deleted source": deleted.post(), "revoked key": revoked.post()}


def test_everything_wrong_is_answered_alike_byte_for_byte_but_for_the_id(
    wrong_ways: dict[str, Answer],
) -> None:
    told = {
        (
            answer.status_code,
            re.sub(rb"req_[0-9a-z]{26}", b"req_", answer.content),
            tuple(sorted(name for name, _ in answer.items())),
            answer["WWW-Authenticate"],
        )
        for answer in wrong_ways.values()
    }
    assert len(told) == 1
    [(status, body, _, challenge)] = told
    assert (status, b'"code":"credentials_invalid"' in body) == (401, True)
    assert challenge == 'Basic realm="leadping", Bearer realm="leadping"'


def test_nothing_wrong_leaves_a_submission(wrong_ways: dict[str, Answer]) -> None:
    assert not Submission.objects.exists()


@pytest.mark.django_db
def test_a_mistyped_key_costs_no_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    mistyped = generate(API_KEY).text[:-1] + "!"
    with django_assert_num_queries(0):
        assert isinstance(authenticate(Presented(mistyped), now=NOW), Stranger)


def test_a_key_that_is_at_hand_costs_no_query(
    waived_sender: Sender, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    presented = Presented(waived_sender.issued.api_key, waived_sender.source.public_id)
    authenticate(presented, now=NOW)
    with django_assert_num_queries(0):
        authenticate(presented, now=NOW)


def test_a_source_comes_with_terms_and_settings_in_one_query(
    waived_sender: Sender, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    presented = Presented(waived_sender.issued.api_key)
    authenticate(presented, now=NOW)
    with django_assert_num_queries(1):
        credential = authenticate(presented, now=NOW, fresh=True)
        assert not isinstance(credential, Stranger)
        assert credential.source.settings.duplicate_rule == "off"
        assert credential.source.terms_in_force


@pytest.mark.parametrize("secret", ["", "wrong", f"lps_AbCd0123_{'0' * 38}"])
def test_basic_needs_the_right_secret_once_one_is_given(waived_sender: Sender, secret: str) -> None:
    pair = f"{waived_sender.issued.api_key}:{secret}"
    response = waived_sender.client.post(
        "/leads/intake",
        flat_lead(),
        content_type="application/json",
        headers={"Authorization": f"Basic {b64encode(pair.encode()).decode()}"},
    )
    assert response.status_code == (401 if secret else 201)


def test_repeated_failures_are_one_event_a_minute_with_their_count(
    waived_sender: Sender, time_machine: object
) -> None:
    wrong = forged(waived_sender.issued.credential.prefix)
    for second in (0, 1, 59, 60):
        time_machine.move_to(NOW.timestamp() + second, tick=False)  # type: ignore[attr-defined]
        post_with(waived_sender, X_Leadping_Source_Key=wrong)
    events = Event.objects.filter(kind=FAILED).order_by("id")
    assert [(event.count, event.subject, event.business_id, event.data) for event in events] == [
        (
            count,
            waived_sender.source.public_id,
            waived_sender.source.business_id,
            {
                "code": "credentials_invalid",
                "claimed": waived_sender.source.public_id,
                "prefix": waived_sender.issued.credential.prefix,
                "ip": "127.0.0.1",
            },
        )
        for count in (3, 1)
    ]


def test_failures_of_another_source_prefix_or_address_are_events_of_their_own(
    waived_sender: Sender, business: object, time_machine: object
) -> None:
    time_machine.move_to(NOW, tick=False)  # type: ignore[attr-defined]
    other = SenderFactory.create(business=business)
    post_with(waived_sender, X_Leadping_Source_Key=forged("AAAAAAAA"))
    post_with(waived_sender, X_Leadping_Source_Key=forged("BBBBBBBB"))
    post_with(other, X_Leadping_Source_Key=forged("AAAAAAAA"))
    elsewhere = Sender(waived_sender.source, waived_sender.issued)
    elsewhere.client.defaults["REMOTE_ADDR"] = "198.51.100.7"
    post_with(elsewhere, X_Leadping_Source_Key=forged("AAAAAAAA"))
    assert list(Event.objects.filter(kind=FAILED).values_list("count", flat=True)) == [1] * 4


@pytest.mark.django_db
@pytest.mark.parametrize(
    "claimed", ["", "source_123", "\x00", "é", "x" * 5_000, "source_" + "0" * 26, "a|b", "\ufffd"]
)
def test_whatever_is_claimed_is_counted(claimed: str) -> None:
    request = arrival(headers={"X-Leadping-Source-Id": claimed, "X-Leadping-Source-Key": "x"})
    assert receive(request).status == 401
    event = Event.objects.get()
    assert (event.kind, event.subject, event.business_id) == (FAILED, "", None)


@pytest.mark.django_db
def test_a_key_sent_in_the_place_of_the_id_is_not_kept() -> None:
    key = generate(API_KEY).text
    receive(arrival(headers={"X-Leadping-Source-Id": key, "X-Leadping-Source-Key": key}))
    event = Event.objects.get()
    assert key[:30] not in repr((event.data, event.fold_key))


@pytest.mark.django_db(transaction=True)
def test_failures_at_the_same_instant_are_all_counted() -> None:
    request = arrival(received_at=NOW, headers={"Authorization": f"Bearer {forged('AAAAAAAA')}"})
    at_once(8, lambda _: receive(request))
    assert Event.objects.get(kind=FAILED).count == 8
