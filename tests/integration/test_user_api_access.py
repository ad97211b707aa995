"""The API for users: who gets in, and how."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from leadping.accounts.models import User
from leadping.accounts.tokens import issue_token, revoke_token
from tests.readers import Reader
from tests.senders import Sender, flat_lead
from tests.situations import REASON

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(owner: User) -> Reader:
    return Reader(owner)


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
