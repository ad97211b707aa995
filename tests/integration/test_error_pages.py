"""Errors: a page for people, a problem for programs, and a secret in neither."""

import pytest
from django.db import OperationalError
from django.test import Client

from leadping.accounts.models import User
from leads.pages import lead_list

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def careless(client: Client) -> Client:
    """A browser that shows a 500 instead of raising it here."""
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize(
    ("path", "headers", "content_type"),
    [
        ("/workspace/nothing", {}, "text/html; charset=utf-8"),
        ("/nothing", HTML, "text/html; charset=utf-8"),
        ("/nothing", {"Accept": "*/*"}, "application/problem+json"),
        ("/leads/nothing/here", HTML, "application/problem+json"),
    ],
)
def test_an_unknown_address_is_answered_as_its_reader_reads(
    client: Client, db: None, path: str, headers: dict[str, str], content_type: str
) -> None:
    response = client.get(path, headers=headers)
    assert (response.status_code, response["Content-Type"]) == (404, content_type)


def test_an_error_page_repeats_nothing_of_the_request(client: Client, db: None) -> None:
    response = client.get("/workspace/secret-path?apiKey=secret-key", headers=HTML)
    assert "secret" not in response.content.decode()
    assert response["X-Request-Id"] in response.content.decode()


def test_a_fault_of_ours_is_a_page_in_the_workspace(
    careless: Client, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("secret")

    careless.force_login(owner)
    monkeypatch.setattr(lead_list, "count_held", fail)
    response = careless.get("/workspace/leads/")
    assert response.status_code == 500
    assert "Something went wrong on our side" in response.content.decode()
    assert "secret" not in response.content.decode()


def test_without_the_database_the_workspace_says_so(
    client: Client, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("server closed the connection")

    client.force_login(owner)
    monkeypatch.setattr(lead_list, "count_held", fail)
    response = client.get("/workspace/leads/")
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "The database cannot be reached" in response.content.decode()
