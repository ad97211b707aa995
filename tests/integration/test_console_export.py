"""Taking lists away as CSV: who may, and what is left of it on record."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from time_machine import travel

from leadping.accounts.models import Business, User
from leadping.accounts.roles import Role
from leadping.console.export import EXPORTED, export_csv
from leadping.models import Event
from tests.situations import sign_in

EXPORTERS = {Role.OWNER, Role.ADMIN, Role.COMPLIANCE}


def asked_by(user: User) -> HttpRequest:
    """As the console gets it from somebody who signed in just now."""
    client = Client()
    sign_in(client, user)
    request = RequestFactory().get("/console/somewhere/")
    request.user, request.session = user, client.session
    return request


def export(request: HttpRequest, *businesses: UUID) -> HttpResponse:
    rows = [["=Form", 3], ["Partner", 4]]
    return export_csv(
        request,
        name="sources.csv",
        header=["source", "leads"],
        rows=rows,
        business_ids=businesses,
        about="sources, 7 days",
    )


def body_of(response: HttpResponse) -> str:
    return b"".join(response).decode()


@pytest.mark.parametrize("role", Role)
def test_only_the_roles_of_the_table_export(
    member: Callable[[Role], User], business: Business, role: Role
) -> None:
    request = asked_by(member(role))
    if role not in EXPORTERS:
        with pytest.raises(PermissionDenied):
            export(request, business.pk)
        assert not Event.objects.filter(kind=EXPORTED).exists()
        return
    response = export(request, business.pk)
    assert body_of(response) == "source,leads\r\n'=Form,3\r\nPartner,4\r\n"
    assert response.headers["Content-Disposition"] == 'attachment; filename="sources.csv"'


def test_nothing_is_exported_when_one_of_the_businesses_is_foreign(
    owner: User, business: Business, other_business: Business
) -> None:
    with pytest.raises(PermissionDenied):
        export(asked_by(owner), business.pk, other_business.pk)


def test_an_export_of_no_business_is_none(owner: User) -> None:
    with pytest.raises(PermissionDenied):
        export(asked_by(owner))


def test_it_is_on_record_who_took_what_away(owner: User, business: Business) -> None:
    export(asked_by(owner), business.pk)
    event = Event.objects.get(kind=EXPORTED)
    assert (event.business_id, event.actor, event.subject) == (
        business.pk,
        owner.public_id,
        business.public_id,
    )
    assert event.data == {"file": "sources.csv", "about": "sources, 7 days", "rows": 2}


def test_who_gave_no_password_for_a_while_is_asked_first(owner: User, business: Business) -> None:
    request = asked_by(owner)
    with travel(timezone.now() + timedelta(minutes=11)):
        response = export(request, business.pk)
    assert response.status_code == 302
    assert "%252Fconsole%252Fsomewhere%252F" in response.headers["Location"]
    assert not Event.objects.filter(kind=EXPORTED).exists()
