"""The API for users: their leads, filters, pages, and nobody else's."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from leadping.accounts.models import Business, User
from leadping.accounts.roles import Role
from leadping.accounts.tokens import issue_token, revoke_token
from leads.api.parameters import NAMES
from leads.api.shapes import LeadMetadata
from leads.intake.payload.shapes import MetadataFields
from leads.models import Lead
from tests.senders import Answer, Sender, certificate, flat_lead
from tests.situations import REASON, MemberFactory, SenderFactory, take_in

pytestmark = pytest.mark.django_db


class Reader:
    """A user's own program, with a token."""

    def __init__(self, user: User) -> None:
        self.token = issue_token(user, "report", reason=REASON, now=timezone.now())
        self.client = Client()

    def get(self, address: str, **query: Any) -> Answer:
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.client.get(address, query_params=query or None, headers=headers)

    def ids(self, **query: Any) -> list[str]:
        told = self.get("/leads", **query)
        assert told.status_code == 200, told.content
        return [lead["id"] for lead in told.json()["results"]]


@pytest.fixture
def reader(owner: User) -> Reader:
    return Reader(owner)


def take_in_several(sender: Sender, number: int) -> list[str]:
    """Ids, newest first."""
    return [take_in(sender, email=f"p{count}@example.com").public_id for count in range(number)][::-1]


def faults(answer: Answer) -> dict[str, str | None]:
    """The hint by the parameter that it is for."""
    assert (answer.status_code, answer.json()["code"]) == (400, "parameter_invalid")
    return {error["field"]: error["hint"] for error in answer.json()["errors"]}


def test_a_lead_is_told_whole_in_the_words_of_the_doors(waived_sender: Sender, reader: Reader) -> None:
    lead = take_in(
        waived_sender,
        phone="(512) 555-0123 ext. 7",
        birthDate="1970-01-15",
        zip="78701",
        price=18.50,
        utmSource="partner-site",
        externalId="88391",
        trustedFormUrl=None,
        ipAddress="203.0.113.7",
        sourceMetadata={"placement": "homepage"},
        leadSource="call center",
    )

    assert reader.get(f"/leads/{lead.public_id}").json() == {
        "id": lead.public_id,
        "status": "accepted",
        "createdAt": lead.created_at.isoformat().replace("+00:00", "Z"),
        "businessId": lead.business.public_id,
        "accountId": lead.account.public_id,
        "sourceId": lead.source.public_id,
        "conversationId": lead.conversation.public_id,
        "test": False,
        "heldFor": [],
        "tags": [],
        "contact": {
            "firstName": "Jordan",
            "lastName": "Example",
            "email": "jordan@example.com",
            "phone": {
                "number": "+15125550123",
                "extension": "7",
                "region": "US",
                "timeZones": ["America/Chicago"],
                "lineType": None,
                "carrier": None,
            },
            "streetAddress": {
                "address1": None,
                "address2": None,
                "city": None,
                "state": "TX",
                "postalCode": "78701",
            },
        },
        "customer": {"birthDate": "1970-01-15", "gender": None},
        "metadata": {
            "product": "Final expense",
            "vertical": None,
            "externalId": "88391",
            "sellerLeadId": None,
            "subId": None,
            "price": "18.5",
            "utmSource": "partner-site",
            "utmMedium": None,
            "utmCampaign": None,
            "utmTerm": None,
            "utmContent": None,
            "landingPage": None,
            "referrer": None,
            "trustedFormUrl": None,
            "sourceMetadata": {"placement": "homepage"},
            "ipAddress": "203.0.113.7",
            "userAgent": None,
        },
        "trustedForm": {"outcome": "waived"},
        "extra": {"leadSource": "call center"},
    }


def test_metadata_has_the_names_of_the_structured_door() -> None:
    def aliases(shape: Any) -> set[str]:
        return {field.alias for field in shape.model_fields.values()}

    assert aliases(LeadMetadata) == aliases(MetadataFields)


def test_leads_are_listed_newest_first(waived_sender: Sender, reader: Reader) -> None:
    ids = take_in_several(waived_sender, 3)

    assert reader.ids() == ids


def test_the_list_tells_what_the_lead_itself_tells(waived_sender: Sender, reader: Reader) -> None:
    lead = take_in(waived_sender)

    assert reader.get("/leads").json()["results"] == [reader.get(f"/leads/{lead.public_id}").json()]


def test_a_session_opens_it_too(waived_sender: Sender, owner: User) -> None:
    take_in(waived_sender)
    client = Client()
    client.force_login(owner)

    assert len(client.get("/leads").json()["results"]) == 1


@pytest.mark.parametrize("role", list(Role))
def test_every_role_may_read(waived_sender: Sender, member: Callable[[Role], User], role: Role) -> None:
    lead = take_in(waived_sender)

    assert Reader(member(role)).ids() == [lead.public_id]


@pytest.fixture
def foreign_lead(other_business: Business) -> Lead:
    return take_in(SenderFactory.create(business=other_business, waived=True), externalId="foreign")


def test_a_lead_of_another_business_is_not_listed(
    waived_sender: Sender, reader: Reader, foreign_lead: Lead
) -> None:
    lead = take_in(waived_sender)

    assert reader.ids() == [lead.public_id]


def test_a_lead_of_another_business_is_not_found(reader: Reader, foreign_lead: Lead) -> None:
    told = reader.get(f"/leads/{foreign_lead.public_id}")

    assert (told.status_code, told.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("name", ["phone", "email", "externalId", "source", "status", "createdFrom"])
def test_no_filter_finds_a_lead_of_another_business(reader: Reader, foreign_lead: Lead, name: str) -> None:
    values = {
        "phone": foreign_lead.phone,
        "email": foreign_lead.email,
        "externalId": foreign_lead.external_id,
        "source": foreign_lead.source.public_id,
        "status": foreign_lead.status,
        "createdFrom": "2020-01-01T00:00:00Z",
    }

    assert reader.ids(**{name: values[name]}) == []


def test_a_cursor_of_another_business_leads_nowhere_new(
    waived_sender: Sender, reader: Reader, other_business: Business
) -> None:
    foreign = SenderFactory.create(business=other_business, waived=True)
    take_in_several(foreign, 2)
    theirs = Reader(MemberFactory.create(business=other_business)).get("/leads", pageSize=1).json()["next"]

    assert reader.get(theirs).json()["results"] == []


def test_a_member_of_two_businesses_reads_both_in_one_order(
    owner: User, business: Business, other_business: Business
) -> None:
    senders = [SenderFactory.create(business=one, waived=True) for one in (business, other_business)]
    member = MemberFactory.create(business=other_business, email=owner.email)
    ids = [take_in(senders[number % 2], email=f"p{number}@example.com").public_id for number in range(5)][
        ::-1
    ]

    reader = Reader(member)

    assert reader.ids() == ids
    assert reader.ids(pageSize=2) == ids[:2]
    assert walk(reader, "/leads?pageSize=2", "next") == [ids[:2], ids[2:4], ids[4:]]


def test_a_user_without_a_business_reads_nothing(waived_sender: Sender) -> None:
    take_in(waived_sender)

    assert Reader(User.objects.create_user("nobody@example.com", "irrelevant")).ids() == []


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


def walk(reader: Reader, address: str | None, direction: str) -> list[list[str]]:
    """The ids of each page, following one of its links to the end."""
    pages = []
    while address:
        page = reader.get(address).json()
        pages.append([lead["id"] for lead in page["results"]])
        address = page[direction]
    return pages


def test_pages_lead_to_the_end_and_back(waived_sender: Sender, reader: Reader) -> None:
    ids = take_in_several(waived_sender, 5)

    assert walk(reader, "/leads?pageSize=2", "next") == [ids[:2], ids[2:4], ids[4:]]
    last = reader.get(reader.get("/leads?pageSize=2").json()["next"]).json()["next"]
    assert walk(reader, last, "previous") == [ids[4:], ids[2:4], ids[:2]]


def test_the_first_and_the_last_page_say_so(waived_sender: Sender, reader: Reader) -> None:
    take_in_several(waived_sender, 2)

    first = reader.get("/leads?pageSize=1").json()
    last = reader.get(first["next"]).json()

    assert (first["previous"], last["next"]) == (None, None)
    assert first["next"] is not None
    assert last["previous"] is not None


def test_a_lead_that_comes_in_meanwhile_moves_no_page(waived_sender: Sender, reader: Reader) -> None:
    ids = take_in_several(waived_sender, 3)
    following = reader.get("/leads?pageSize=1").json()["next"]

    new = take_in(waived_sender, email="late@example.com")

    page = reader.get(following).json()
    assert [lead["id"] for lead in page["results"]] == [ids[1]]
    assert walk(reader, page["previous"], "previous") == [[ids[0]], [new.public_id]]


def test_a_link_keeps_the_filters(waived_sender: Sender, reader: Reader) -> None:
    ids = take_in_several(waived_sender, 2)
    other = SenderFactory.create(business=waived_sender.source.business, waived=True)
    take_in(other)

    assert walk(reader, f"/leads?pageSize=1&source={waived_sender.source.public_id}", "next") == [
        [ids[0]],
        [ids[1]],
    ]


def test_a_page_costs_the_same_queries_whatever_its_length(
    waived_sender: Sender, reader: Reader, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    take_in_several(waived_sender, 6)

    # The token, its last use (noted once a minute), the user's businesses, the leads.
    with django_assert_num_queries(4):
        reader.ids(pageSize=1)
    with django_assert_num_queries(3):
        reader.ids(pageSize=6)


def refused(client: Client, headers: dict[str, str], path: str = "/leads") -> tuple[int, str]:
    answer = client.get(path, headers=headers)
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize("path", ["/leads", "/leads/", "/leads/lead_01kv301hg3e6jrv97szgy6v9eq"])
def test_without_credentials_nothing_is_read(client: Client, path: str) -> None:
    assert refused(client, {}, path) == (401, "not_signed_in")


def test_an_expired_token_is_refused(client: Client, owner: User) -> None:
    token = issue_token(
        owner, "old", reason=REASON, now=timezone.now() - timedelta(days=2), lifetime=timedelta(days=1)
    )

    assert refused(client, {"Authorization": f"Bearer {token}"}) == (401, "not_signed_in")


def test_a_revoked_token_is_refused_at_once(client: Client, owner: User, reader: Reader) -> None:
    reader.get("/leads")

    revoke_token(owner.tokens.get(), reason=REASON, now=timezone.now())

    assert reader.get("/leads").status_code == 401


def test_the_token_of_a_user_who_was_switched_off_is_refused(owner: User, reader: Reader) -> None:
    User.objects.filter(pk=owner.pk).update(is_active=False)

    assert reader.get("/leads").status_code == 401


def test_source_credentials_do_not_open_the_user_api(client: Client, sender: Sender) -> None:
    lead_path = "/leads/lead_01kv301hg3e6jrv97szgy6v9eq"
    bearer = {"Authorization": f"Bearer {sender.issued.api_key}"}

    assert refused(client, sender.credentials) == (401, "not_signed_in")
    assert refused(client, bearer) == (401, "not_signed_in")
    assert refused(client, bearer, lead_path) == (401, "not_signed_in")


def test_a_user_token_does_not_open_the_doors(client: Client, reader: Reader) -> None:
    answer = client.post(
        "/leads", flat_lead(), "application/json", headers={"Authorization": f"Bearer {reader.token}"}
    )

    assert (answer.status_code, answer.json()["code"]) == (401, "credentials_invalid")


def test_head_tells_what_get_would(reader: Reader, client: Client) -> None:
    headers = {"Authorization": f"Bearer {reader.token}"}

    answer = client.head("/leads", headers=headers)

    assert (answer.status_code, answer["Content-Type"], answer.content) == (200, "application/json", b"")


def test_the_list_says_which_methods_it_answers(client: Client) -> None:
    options, put = client.options("/leads"), client.put("/leads")

    assert (options.status_code, options["Allow"]) == (204, "GET, POST, HEAD, OPTIONS")
    assert (put.status_code, put.json()["code"]) == (405, "method_not_allowed")
    assert put["Allow"] == options["Allow"]


def test_a_lead_is_read_only(reader: Reader, client: Client) -> None:
    headers = {"Authorization": f"Bearer {reader.token}"}

    answer = client.delete("/leads/lead_01kv301hg3e6jrv97szgy6v9eq", headers=headers)

    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_every_answer_carries_its_request_id(reader: Reader) -> None:
    answers = [reader.get("/leads"), reader.get("/leads", x=1), reader.get("/leads/lead_x")]

    assert [answer.status_code for answer in answers] == [200, 400, 404]
    assert all(answer["X-Request-Id"].startswith("req_") for answer in answers)
