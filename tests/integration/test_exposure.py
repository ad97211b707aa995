"""Keys of ours in what senders send: flagged, never revoked, and never told to others."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import DatabaseError

from leadping.models import Event
from leads.intake import exposure
from leads.models import Submission
from sources.models import Credential
from tests.senders import FORM, Answer, Sender, flat_lead, structured_lead
from tests.situations import SenderFactory


@pytest.fixture
def victim(waived_sender: Sender) -> Sender:
    """Another source of the same business, whose key turns up."""
    victim: Sender = SenderFactory.create(business=waived_sender.source.business)
    return victim


def is_flagged(sender: Sender) -> bool:
    return Credential.objects.get(pk=sender.issued.credential.pk).exposed_at is not None


def in_structured_metadata(sender: Sender, key: str) -> Answer:
    return sender.post_structured(structured_lead(landingPage=f"https://example.com/?k={key}"))


def in_the_flat_body(sender: Sender, key: str) -> Answer:
    return sender.post(flat_lead(firstName=f"Jordan {key}"))


def in_source_metadata(sender: Sender, key: str) -> Answer:
    return sender.post(flat_lead(sourceMetadata={"deep": [{"note": key}]}))


def in_a_fields_name(sender: Sender, key: str) -> Answer:
    return sender.post(flat_lead(**{key: "x"}))


def under_a_secrets_name(sender: Sender, key: str) -> Answer:
    return sender.post(flat_lead(api_key=key))


def escaped_in_json(sender: Sender, key: str) -> Answer:
    return sender.send(json.dumps(flat_lead(subId=key)).replace("lp_", "l\\u0070_"))


def in_a_form(sender: Sender, key: str) -> Answer:
    return sender.post_form(flat_lead(subId=key))


def in_the_query(sender: Sender, key: str) -> Answer:
    return sender.get(flat_lead(subId=key))


def in_a_body_that_is_no_json(sender: Sender, key: str) -> Answer:
    return sender.send(f'{{"subId": "{key}",')


def in_a_form_that_cannot_be_read(sender: Sender, key: str) -> Answer:
    fields = [(f"f{number}", "x") for number in range(300)]
    body = urlencode([("subId", key), *fields]).replace("lp_", "lp%5F")
    return sender.send(body, content_type=FORM)


def in_the_user_agent(sender: Sender, key: str) -> Answer:
    return sender.post(flat_lead(), User_Agent=f"sender/1.0 ({key})")


PLACES = [
    in_structured_metadata,
    in_the_flat_body,
    in_source_metadata,
    in_a_fields_name,
    under_a_secrets_name,
    escaped_in_json,
    in_a_form,
    in_the_query,
    in_a_body_that_is_no_json,
    in_a_form_that_cannot_be_read,
    in_the_user_agent,
]


@pytest.mark.parametrize("post", PLACES, ids=lambda post: post.__name__)
def test_a_key_is_flagged_wherever_it_turns_up(waived_sender: Sender, victim: Sender, post: Any) -> None:
    post(waived_sender, victim.issued.api_key)
    flagged, submission = Credential.objects.get(pk=victim.issued.credential.pk), Submission.objects.get()
    assert (flagged.exposed_at, flagged.exposed_in) == (submission.received_at, submission.public_id)
    event = Event.objects.get(kind="credential.exposed")
    assert (event.subject, event.data["submission"]) == (victim.source.public_id, submission.public_id)
    assert not is_flagged(waived_sender)


@pytest.mark.django_db
def test_a_secret_is_flagged_as_a_key_is(waived_sender: Sender, victim: Sender) -> None:
    waived_sender.post(flat_lead(subId=victim.issued.api_secret))
    assert is_flagged(victim)


def test_a_flagged_key_goes_on_working(waived_sender: Sender) -> None:
    assert waived_sender.post(flat_lead(subId=waived_sender.issued.api_key)).status_code == 201
    assert is_flagged(waived_sender)
    assert waived_sender.post().status_code == 201


def test_a_key_is_flagged_once(waived_sender: Sender, victim: Sender) -> None:
    for _ in range(3):
        waived_sender.post(flat_lead(subId=victim.issued.api_key))
    assert Event.objects.filter(kind="credential.exposed").count() == 1


def test_several_keys_are_flagged_together(waived_sender: Sender, victim: Sender) -> None:
    both = f"{victim.issued.api_key} {waived_sender.issued.api_key}"
    waived_sender.post(flat_lead(subId=both))
    assert [is_flagged(sender) for sender in (waived_sender, victim)] == [True, True]


def test_a_key_in_its_documented_place_is_not_exposed(waived_sender: Sender) -> None:
    """It answers with a warning of its own."""
    query = urlencode(
        {**flat_lead(), "sourceId": waived_sender.source.public_id, "apiKey": waived_sender.issued.api_key}
    )
    answer = waived_sender.client.get(f"/leads/intake?{query}")
    assert [item["code"] for item in answer.json()["warnings"]] == ["credentials_in_query"]
    assert not is_flagged(waived_sender)


def test_a_key_of_another_business_is_neither_flagged_nor_told_of(waived_sender: Sender) -> None:
    stranger = SenderFactory.create()
    invented = "lp_AbCd0123_" + "x" * 38
    answers = [waived_sender.post(flat_lead(subId=key)).json() for key in (stranger.issued.api_key, invented)]
    assert not is_flagged(stranger)
    assert not Event.objects.filter(kind="credential.exposed").exists()
    assert answers[0]["warnings"] == answers[1]["warnings"]


def test_a_revoked_key_is_no_news(waived_sender: Sender, victim: Sender) -> None:
    Credential.objects.filter(pk=victim.issued.credential.pk).update(revoked_at="2026-06-14T12:00Z")
    waived_sender.post(flat_lead(subId=victim.issued.api_key))
    assert not is_flagged(victim)


def test_what_goes_wrong_with_a_flag_does_not_change_the_answer(
    waived_sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr(exposure, "flag_exposed", fail)
    assert waived_sender.post(flat_lead(subId=waived_sender.issued.api_key)).status_code == 201
