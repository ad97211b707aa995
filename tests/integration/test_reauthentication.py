"""Deeds that cannot be taken back ask who is there."""

from datetime import timedelta
from urllib.parse import parse_qs

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leadping.accounts.models import User
from sources.models import Credential, Source
from tests.situations import PASSWORD, REASON, sign_in

MINUTES = timedelta(minutes=1)


@pytest.fixture
def page(source: Source) -> str:
    """Where a key is issued."""
    return reverse("console:sources_source_issue_key", args=[source.pk])


@pytest.fixture
def in_a_while(client: Client, owner: User) -> Client:
    """A browser in which the owner signed in a while ago."""
    with time_machine.travel(timezone.now() - 20 * MINUTES):
        sign_in(client, owner)
    return client


def test_who_just_signed_in_is_not_asked(client: Client, owner: User, page: str) -> None:
    sign_in(client, owner)
    assert client.get(page).status_code == 200


def test_who_signed_in_a_while_ago_is_asked_and_comes_back(in_a_while: Client, page: str) -> None:
    asked = in_a_while.get(page, follow=True)
    assert "Is it still you?" in asked.text
    back = in_a_while.post(asked.redirect_chain[-1][0], {"password": PASSWORD, "next": page}, follow=True)
    assert back.redirect_chain == [(page, 302)]
    assert back.status_code == 200


def test_a_wrong_password_opens_nothing(in_a_while: Client, page: str) -> None:
    asked = in_a_while.get(page, follow=True)
    answer = in_a_while.post(asked.redirect_chain[-1][0], {"password": "wrong", "next": page})
    assert "This is not your password." in answer.text
    assert in_a_while.get(page).status_code == 302


def test_nothing_is_done_for_who_signed_in_a_while_ago(in_a_while: Client, page: str, source: Source) -> None:
    before = Credential.objects.filter(source=source).count()
    assert in_a_while.post(page).status_code == 302
    assert Credential.objects.filter(source=source).count() == before


def test_a_page_that_is_open_can_be_sent_for_five_minutes_more(
    client: Client, owner: User, page: str, source: Source
) -> None:
    with time_machine.travel(timezone.now() - 12 * MINUTES):
        sign_in(client, owner)
    before = Credential.objects.filter(source=source).count()
    assert client.get(page).status_code == 302
    assert client.post(page, {"reason": REASON}).status_code == 200
    assert Credential.objects.filter(source=source).count() == before + 1


def test_a_download_begins_from_a_page_that_leads_back(in_a_while: Client) -> None:
    listed = reverse("console:compliance_suppression_changelist")
    file = reverse("console:compliance_suppression_csv")
    asked = in_a_while.get(file, headers={"Referer": f"http://testserver{listed}"}, follow=True)
    address, query = asked.redirect_chain[-1][0].split("?", 1)
    sent = {"password": PASSWORD, "next": parse_qs(query)["next"][0]}
    page = in_a_while.post(address, sent, follow=True)
    assert f'content="0; url={file}"' in page.text
    assert f'href="http://testserver{listed}"' in page.text
    assert in_a_while.get(file).headers["Content-Type"] == "text/csv; charset=utf-8"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//example.com/a.csv",
        "/\t//example.com/a",
        "https://example.com/",
        "javascript:x",
        "",
    ],
)
def test_a_download_is_never_from_elsewhere(client: Client, owner: User, elsewhere: str) -> None:
    sign_in(client, owner)
    path = reverse("account_download")
    assert client.get(path, {"file": elsewhere}).headers["Location"] == reverse("console:index")
    page = client.get(path, {"file": "/console/a.csv", "back": elsewhere}).text
    assert "example.com" not in page
    assert f'href="{reverse("console:index")}"' in page
