"""The suppression list at the API of users."""

from typing import Any

import pytest
from django.test import Client

from compliance.models import Suppression
from leadping.accounts.models import Business, User
from leadping.accounts.roles import ALLOWED, Deed, Role
from tests.readers import Reader
from tests.senders import Answer
from tests.situations import AccountFactory, MemberFactory, sign_in

pytestmark = pytest.mark.django_db
PHONE = "+15125550123"
EMAIL = "jordan@example.com"


@pytest.fixture
def reader(owner: User) -> Reader:
    return Reader(owner)


def create(reader: Reader, **fields: Any) -> dict[str, Any]:
    answer = reader.post("/suppressions", **{"phone": PHONE, **fields})
    assert answer.status_code == 201, answer.content
    told: dict[str, Any] = answer.json()
    return told


def faults(answer: Answer) -> set[str | None]:
    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    return {item["field"] for item in answer.json()["errors"]}


# --- adding


def test_a_contact_is_suppressed_and_told_whole(reader: Reader, owner: User, business: Business) -> None:
    told = create(reader, phone="(512) 555-0123", channel="sms", note="Asked by phone.")
    assert Suppression.named(told["id"]).get().value == PHONE
    assert (told["kind"], told["contact"], told["channel"]) == ("phone", PHONE, "sms")
    assert (told["origin"], told["note"], told["createdBy"]) == ("api", "Asked by phone.", owner.public_id)
    assert (told["businessId"], told["accountId"], told["released"]) == (business.public_id, None, None)


@pytest.mark.parametrize(("contact", "channel"), [({"phone": PHONE}, "all"), ({"email": EMAIL}, "email")])
def test_without_a_channel_everything_is_meant(reader: Reader, contact: dict[str, str], channel: str) -> None:
    assert reader.post("/suppressions", **contact).json()["channel"] == channel


def test_sent_again_it_is_the_entry_that_there_is(reader: Reader) -> None:
    first = create(reader)
    again = reader.post("/suppressions", phone="5125550123")
    assert (again.status_code, again.json()["id"]) == (200, first["id"])


def test_it_may_be_for_one_account(reader: Reader, business: Business) -> None:
    account = AccountFactory.create(business=business)
    assert create(reader, accountId=account.public_id)["accountId"] == account.public_id


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "phone"),
        ({"phone": "12"}, "phone"),
        ({"email": "nobody"}, "email"),
        ({"phone": PHONE, "email": EMAIL}, "email"),
        ({"phone": PHONE, "channel": "email"}, "channel"),
        ({"phone": PHONE, "channel": "fax"}, "channel"),
        ({"phone": PHONE, "accountId": "account_1"}, "accountId"),
        ({"phone": PHONE, "businessId": "business_1"}, "businessId"),
        ({"phone": PHONE, "chanel": "sms"}, "chanel"),
        ({"phone": 5125550123}, "phone"),
        ({"phone": PHONE, "note": "a\x00b"}, "note"),
        ({"phone": PHONE, "note": "x" * 2001}, "note"),
    ],
)
def test_what_is_wrong_is_told_by_field(reader: Reader, fields: dict[str, Any], field: str) -> None:
    assert field in faults(reader.post("/suppressions", **fields))
    assert not Suppression.objects.exists()


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b"nul", b'{"phone": "\xff"}', b"[" * 10_000, b"9" * 70_000]
)
def test_what_is_no_such_body_is_told_so(reader: Reader, body: bytes) -> None:
    headers = {"Authorization": f"Bearer {reader.token}"}
    answer = reader.client.post("/suppressions", body, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "body_invalid")


def test_somebody_of_several_businesses_says_which(reader: Reader, owner: User) -> None:
    other = MemberFactory.create().memberships.get().business
    other.memberships.create(user=owner, role=Role.OPERATOR)
    assert faults(reader.post("/suppressions", phone=PHONE)) == {"businessId"}
    assert create(reader, businessId=other.public_id)["businessId"] == other.public_id


# --- reading


def test_the_list_is_newest_first_and_in_pages(reader: Reader) -> None:
    made = [create(reader, phone=f"512555{number:04}")["id"] for number in range(5)][::-1]
    first = reader.get("/suppressions", pageSize=2).json()
    assert [one["id"] for one in first["results"]] == made[:2]
    second = reader.get(first["next"]).json()
    assert [one["id"] for one in second["results"]] == made[2:4]
    assert [one["id"] for one in reader.get(second["previous"]).json()["results"]] == made[:2]


def test_the_list_is_narrowed_by_state_and_origin(reader: Reader) -> None:
    phone, email = create(reader), create(reader, phone=None, email=EMAIL)
    reader.post(f"/suppressions/{email['id']}/release", reason="A mistake.")

    def ids(**query: str) -> list[str]:
        return [one["id"] for one in reader.get("/suppressions", **query).json()["results"]]

    assert ids(state="live") == [phone["id"]]
    assert ids(state="released") == [email["id"]]
    assert len(ids(origin="api")) == 2
    assert ids(origin="import") == []


@pytest.mark.parametrize(
    "query",
    [
        {"phone": PHONE},
        {"email": EMAIL},
        {"state": "x"},
        {"origin": "x"},
        {"business": "x"},
        {"nme": "x"},
        {"pageSize": "0"},
    ],
)
def test_a_parameter_that_cannot_be_used_is_refused(reader: Reader, query: dict[str, str]) -> None:
    assert faults(reader.get("/suppressions", **query)) == set(query)


def test_a_contact_in_an_address_is_sent_to_where_none_stands_in_it(reader: Reader) -> None:
    (told,) = reader.get("/suppressions", phone=PHONE).json()["errors"]
    assert "POST /suppressions/check" in told["hint"]
    assert PHONE not in str(told)


def test_an_erased_contact_is_told_as_such(reader: Reader) -> None:
    told = create(reader)
    Suppression.objects.update(value="", note="")
    assert reader.get(f"/suppressions/{told['id']}").json()["contact"] is None
    found = reader.post("/suppressions/check", phone=PHONE).json()["suppressions"]
    assert [one["id"] for one in found] == [told["id"]]


# --- releasing


def test_a_release_is_told_with_who_and_why(reader: Reader, owner: User) -> None:
    told = create(reader)
    answer = reader.post(f"/suppressions/{told['id']}/release", reason="A new consent.")
    assert answer.json()["released"]["by"] == owner.public_id
    assert answer.json()["released"]["reason"] == "A new consent."
    again = reader.post(f"/suppressions/{told['id']}/release", reason="Again.")
    assert (again.status_code, again.json()["code"]) == (409, "suppression_released")


@pytest.mark.parametrize("fields", [{}, {"reason": ""}, {"reason": "  "}, {"reason": None}])
def test_a_release_needs_a_reason(reader: Reader, fields: dict[str, Any]) -> None:
    told = create(reader)
    assert faults(reader.post(f"/suppressions/{told['id']}/release", **fields)) == {"reason"}


# --- asking


def test_the_answer_says_each_way_and_why(reader: Reader) -> None:
    told = create(reader, channel="sms")
    answer = reader.post("/suppressions/check", phone=PHONE, email=EMAIL).json()
    assert answer["mayContact"] == {"call": True, "sms": False, "email": True}
    assert [one["id"] for one in answer["suppressions"]] == [told["id"]]


def test_a_way_of_which_no_contact_was_given_has_no_answer(reader: Reader) -> None:
    answer = reader.post("/suppressions/check", phone=PHONE).json()
    assert answer["mayContact"] == {"call": True, "sms": True, "email": None}
    assert (answer["suppressions"], answer["released"]) == ([], [])


def test_the_answer_tells_what_was_released_too(reader: Reader) -> None:
    told = create(reader)
    reader.post(f"/suppressions/{told['id']}/release", reason="A mistake.")
    answer = reader.post("/suppressions/check", phone="(512) 555-0123").json()
    assert answer["mayContact"]["call"]
    assert [(one["id"], one["released"]["reason"]) for one in answer["released"]] == [
        (told["id"], "A mistake.")
    ]


# --- opting out


def test_a_message_that_asks_for_it_suppresses(reader: Reader) -> None:
    heard = reader.post("/opt-outs", text="Please stop texting me", heardBy="sms", phone=PHONE).json()
    assert (heard["optOut"], heard["closes"], heard["unplaced"]) == (True, ["sms"], [])
    assert [one["channel"] for one in heard["suppressions"]] == ["sms"]
    assert heard["suppressions"][0]["origin"] == "opt_out"


def test_any_other_message_changes_nothing(reader: Reader) -> None:
    heard = reader.post("/opt-outs", text="Stop by tomorrow", heardBy="sms", phone=PHONE).json()
    assert heard == {"optOut": False, "words": None, "closes": [], "suppressions": [], "unplaced": []}
    assert not Suppression.objects.exists()


def test_the_same_message_twice_makes_one_entry(reader: Reader) -> None:
    said = {"text": "STOP", "heardBy": "sms", "phone": PHONE}
    assert reader.post("/opt-outs", **said).json() == reader.post("/opt-outs", **said).json()
    assert Suppression.objects.count() == 1


# --- who may


@pytest.mark.parametrize("role", Role)
def test_each_role_may_do_what_it_may(business: Business, reader: Reader, role: Role) -> None:
    told = create(reader)
    own = Reader(MemberFactory.create(business=business, role=role))
    may_add, may_release = (role in ALLOWED[deed] for deed in (Deed.SUPPRESS, Deed.RELEASE_SUPPRESSED))
    assert own.get(f"/suppressions/{told['id']}").status_code == 200
    assert own.post("/suppressions/check", phone=PHONE).status_code == 200
    assert (own.post("/suppressions", email=EMAIL).status_code == 201) is may_add
    assert (own.post("/opt-outs", text="stop", heardBy="sms", phone=PHONE).status_code == 200) is may_add
    released = own.post(f"/suppressions/{told['id']}/release", reason="Because.")
    assert released.status_code == (200 if may_release else 403)


def test_nothing_of_another_business_is_seen_or_changed(reader: Reader, other_business: Business) -> None:
    told = create(reader)
    stranger = Reader(MemberFactory.create(business=other_business))
    assert stranger.get("/suppressions").json()["results"] == []
    assert stranger.get(f"/suppressions/{told['id']}").status_code == 404
    assert stranger.post(f"/suppressions/{told['id']}/release", reason="Mine.").status_code == 404
    asked = stranger.post("/suppressions/check", phone=PHONE).json()
    assert (asked["suppressions"], asked["released"]) == ([], [])
    theirs = {"phone": PHONE, "businessId": told["businessId"]}
    assert faults(stranger.post("/suppressions", **theirs)) == {"businessId"}


def test_a_strangers_request_is_401(client: Client) -> None:
    assert client.get("/suppressions").status_code == 401
    assert client.post("/opt-outs", {}, content_type="application/json").status_code == 401


def test_a_session_needs_the_token_against_forgery(owner: User) -> None:
    client = Client()
    sign_in(client, owner)
    client.handler.enforce_csrf_checks = True
    assert client.post("/suppressions", {"phone": PHONE}, content_type="application/json").status_code == 403
    assert not Suppression.objects.exists()
