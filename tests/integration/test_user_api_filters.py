"""The API for users: which leads are asked for, and what is told of a question that makes no sense."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from leadping.accounts.models import User
from leads.api.parameters import NAMES
from tests.readers import Reader
from tests.senders import Answer, Sender, certificate
from tests.situations import take_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(owner: User) -> Reader:
    return Reader(owner)


def faults(answer: Answer) -> dict[str, str | None]:
    """The hint by the parameter that it is for."""
    assert (answer.status_code, answer.json()["code"]) == (400, "parameter_invalid")
    return {error["field"]: error["hint"] for error in answer.json()["errors"]}


@pytest.mark.parametrize(
    "written", ["+15125550123", "512-555-0123", "(512) 555 0123", "15125550123", " 15125550123"]
)
def test_a_phone_is_found_in_any_notation(waived_sender: Sender, reader: Reader, written: str) -> None:
    lead = take_in(waived_sender, phone="+15125550123")
    take_in(waived_sender, phone="+15125550124")

    assert reader.ids(phone=written) == [lead.public_id]


def test_an_email_is_found_in_any_case(waived_sender: Sender, reader: Reader) -> None:
    lead = take_in(waived_sender, email="Jordan@Example.com")
    take_in(waived_sender, email="other@example.com")

    assert reader.ids(email="jordan@EXAMPLE.com") == [lead.public_id]


def test_external_id_source_and_status_narrow_the_list(
    waived_sender: Sender, sender: Sender, sandbox: str, reader: Reader
) -> None:
    first = take_in(waived_sender, externalId="1")
    second = take_in(waived_sender, externalId="2")
    held = take_in(sender, trustedFormUrl=certificate("mismatch"))

    assert reader.ids(externalId="1") == [first.public_id]
    assert reader.ids(source=waived_sender.source.public_id) == [second.public_id, first.public_id]
    assert reader.ids(status="audit") == [held.public_id]
    assert reader.ids(status="accepted", externalId="2") == [second.public_id]


def test_a_lead_lies_within_the_moments_asked_for(waived_sender: Sender, reader: Reader) -> None:
    noon = datetime(2026, 6, 14, 12, tzinfo=UTC)
    ids = []
    for hours in range(3):
        with time_machine.travel(noon + timedelta(hours=hours), tick=False):
            ids.append(take_in(waived_sender, email=f"p{hours}@example.com").public_id)

    assert reader.ids(createdFrom="2026-06-14T13:00:00Z") == [ids[2], ids[1]]
    assert reader.ids(createdTo="2026-06-14T13:00:00Z") == [ids[0]]
    assert reader.ids(createdFrom="2026-06-14T15:00:00+02:00", createdTo="2026-06-14T14:00:00Z") == [ids[1]]


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "0660-03-25T11:01:06+17:00"]
)
def test_the_ends_of_time_are_moments_too(waived_sender: Sender, reader: Reader, moment: str) -> None:
    take_in(waived_sender)

    assert len(reader.ids(createdFrom=moment)) + len(reader.ids(createdTo=moment)) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", "sold"),
        ("status", ""),
        ("cursor", " "),
        ("source", "source_nonsense"),
        ("phone", "call me"),
        ("phone", "+44 20 7946 0018"),
        ("email", "jordan@"),
        ("externalId", "x" * 201),
        ("createdFrom", "yesterday"),
        ("createdTo", "2026-02-30T00:00:00Z"),
        ("pageSize", "0"),
        ("pageSize", "201"),
        ("pageSize", "ten"),
        ("pageSize", "٣"),
        ("cursor", "nonsense"),
        ("cursor", "é"),
        ("cursor", "B" * 23),
        ("externalId", "\x00"),
    ],
)
def test_a_value_that_cannot_be_used_is_a_fault_of_its_parameter(
    reader: Reader, name: str, value: str
) -> None:
    assert list(faults(reader.get("/leads", **{name: value}))) == [name]


def test_all_faults_are_told_at_once(reader: Reader) -> None:
    told = faults(reader.get("/leads", status="sold", pageSize="ten", cursor="x", phone="y"))

    assert set(told) == {"status", "pageSize", "cursor", "phone"}


@pytest.mark.parametrize(
    ("written", "meant"),
    [("externalID", "externalId"), ("page_size", "pageSize"), ("statuss", "status"), ("e-mail", "email")],
)
def test_an_unknown_parameter_is_a_fault_with_a_guess(reader: Reader, written: str, meant: str) -> None:
    assert faults(reader.get("/leads", **{written: "x"})) == {written: f"Did you mean {meant}?"}


def test_an_unknown_parameter_like_none_of_ours_is_told_what_there_is(reader: Reader) -> None:
    assert faults(reader.get("/leads", xyzzy="x")) == {"xyzzy": f"There are {', '.join(NAMES)}."}


def test_a_parameter_given_twice_must_say_the_same(reader: Reader) -> None:
    assert list(faults(reader.get("/leads?status=audit&status=accepted"))) == ["status"]
    assert reader.get("/leads?status=audit&status=audit").status_code == 200
