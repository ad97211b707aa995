"""`manage.py createsource`, which people script against."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from leadping.accounts.models import Account, Business
from leadping.models import Event
from sources.models import Source
from tests.senders import flat_lead

pytestmark = pytest.mark.django_db


def create(*options: str) -> dict[str, Any]:
    printed = io.StringIO()
    call_command("createsource", "--business=Acme", "--name=Form", "--json", *options, stdout=printed)
    made: dict[str, Any] = json.loads(printed.getvalue())
    return made


def made_source() -> Source:
    return Source.objects.select_related("terms_in_force", "account", "business").get()


def test_it_makes_what_is_missing_approves_and_prints_the_credentials() -> None:
    made = create("--account=Main", "--states=TX,ok", "--products=Final expense, Auto")
    source = made_source()
    assert list(made) == ["sourceId", "apiKey", "apiSecret"]
    assert made["sourceId"] == source.public_id
    assert (str(source.business), str(source.account), source.name, source.kind) == (
        "Acme",
        "Main",
        "Form",
        "internal",
    )
    terms = source.terms_in_force
    assert terms
    assert (terms.states, terms.products, terms.trustedform_required) == (
        ["TX", "OK"],
        ["Final expense", "Auto"],
        True,
    )
    assert set(Event.objects.values_list("actor", flat=True)) == {"cli"}


def test_its_credentials_open_the_door(client: Any) -> None:
    made = create("--trustedform=optional")
    response = client.post(
        "/leads/intake",
        flat_lead(),
        content_type="application/json",
        headers={"X-Leadping-Source-Id": made["sourceId"], "X-Leadping-Source-Key": made["apiKey"]},
    )
    assert (response.status_code, response.json()["trustedForm"]["outcome"]) == (201, "waived")


def test_business_and_account_are_used_where_they_are_there() -> None:
    create("--account=Main")
    call_command("createsource", "--business=ACME", "--account=main", "--name=Other", stdout=io.StringIO())
    assert (Business.objects.count(), Account.objects.count(), Source.objects.count()) == (1, 1, 2)


def test_it_can_leave_the_source_unattached_disabled_and_unapproved() -> None:
    create("--account=Main", "--no-account", "--disabled", "--unapproved", "--kind=vendor")
    source = made_source()
    assert (source.account, source.enabled, source.approved, source.kind) == (None, False, False, "vendor")
    assert source.terms.get().status == "draft"


def test_without_json_it_prints_for_people() -> None:
    printed = io.StringIO()
    call_command("createsource", "--business=Acme", "--name=Form", stdout=printed)
    assert made_source().public_id in printed.getvalue()
    assert printed.getvalue().endswith("they are not shown again.\n")


@pytest.mark.parametrize(
    ("option", "complaint"), [("--states=TX,XX", "no state “XX”"), ("--disabled", "named “Form” already")]
)
def test_a_mistake_is_one_sentence_and_leaves_nothing(option: str, complaint: str) -> None:
    if "already" in complaint:
        create()
    before = (Source.objects.count(), Event.objects.count())
    with pytest.raises(CommandError, match=complaint):
        create(option)
    assert (Source.objects.count(), Event.objects.count()) == before
