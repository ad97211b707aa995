"""The API for users: their leads, page by page, and nobody else's."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from leadping.accounts.models import Business, User
from leadping.accounts.roles import Role
from leads.api.shapes import LeadMetadata
from leads.intake.payload.shapes import MetadataFields
from leads.models import Lead
from tests.prepared import prepared
from tests.readers import Reader, take_in_several
from tests.senders import Sender
from tests.situations import MemberFactory, SenderFactory, take_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(owner: User) -> Reader:
    return Reader(owner)


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
        "overrides": [],
        "evidence": [],
        "doNotContact": [],
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


@prepared
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

    # The token, its last use (noted once a minute), four that count the request in a transaction of its own,
    # the user's businesses, the leads; their overrides, their evidence, and what the suppression list says.
    with django_assert_num_queries(11):
        reader.ids(pageSize=1)
    with django_assert_num_queries(10):
        reader.ids(pageSize=6)
