"""Legal holds and erasures name matters and people: owners, admins and compliance alone read of them."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leadping.accounts.models import Business, User
from leadping.accounts.roles import ALLOWED, Deed, Role
from leadping.models import Event
from leads.models import Erasure, Lead, LegalHold
from leads.retention.holds import place_hold, release_hold
from tests.console import address
from tests.erasing import erase, marked
from tests.senders import Sender
from tests.situations import BY, MemberFactory, sign_in, take_in

MATTER = "Example v. Zqxcourt"
CLOSED = [role for role in Role if role not in ALLOWED[Deed.READ_MATTERS]]
Member = Callable[[Role], User]


@pytest.fixture
def hold(business: Business, waived_sender: Sender) -> LegalHold:
    lead = take_in(waived_sender, trustedFormUrl=None)
    return place_hold(business, on=lead, by=BY, reason=MATTER, now=timezone.now())


@pytest.fixture
def held_source(hold: LegalHold, waived_sender: Sender) -> LegalHold:
    on = waived_sender.source
    return place_hold(on.business, on=on, by=BY, reason=MATTER, now=timezone.now())


@pytest.fixture
def erasure(business: Business, waived_sender: Sender) -> Erasure:
    take_in(waived_sender, **marked(trustedFormUrl=None))
    return erase(business)


def places(hold: LegalHold, erasure: Erasure) -> list[str]:
    return [
        address(model, page, *([row.pk] if page != "changelist" else []))
        for model, row in ((LegalHold, hold), (Erasure, erasure))
        for page in ("changelist", "change", "history")
    ]


@pytest.mark.parametrize("role", Role)
def test_their_screens_are_open_to_whoever_reads_of_them(
    client: Client, member: Member, hold: LegalHold, erasure: Erasure, role: Role
) -> None:
    sign_in(client, member(role))
    answers = {client.get(place).status_code for place in places(hold, erasure)}
    assert answers <= ({403, 404} if role in CLOSED else {200})


def pages_about(lead: Lead, hold: LegalHold) -> list[str]:
    log = address(Event, "changelist")
    return [
        *(reverse("console:index"), address(Lead, "changelist"), address(Lead, "change", lead.pk)),
        *(address(Lead, "history", lead.pk), address(Lead, "audit", lead.pk)),
        *(reverse("workspace:leads"), reverse("workspace:lead", args=[lead.public_id])),
        address(type(lead.source), "change", lead.source_id),
        *(log, f"{log}?about={hold.public_id}", f"{log}?kind=control"),
        reverse("console:leads_retentionperiod_changelist"),
    ]


@pytest.mark.parametrize("role", CLOSED)
def test_no_other_page_tells_the_rest_of_them(
    client: Client, member: Member, erasure: Erasure, held_source: LegalHold, hold: LegalHold, role: Role
) -> None:
    sign_in(client, member(role))
    assert hold.lead
    for place in pages_about(hold.lead, hold):
        page = client.get(place)
        assert page.status_code == 200, place
        told = page.content.decode()
        assert "Zqxcourt" not in told, place
        assert hold.public_id not in told or hold.public_id in place, place
        assert "badge-warn" not in told or "Legal hold<" not in told, place
        assert erasure.public_id not in told, place
        assert "Asked by letter" not in told, place


def test_who_reads_of_them_is_told_on_the_lead_and_in_the_log(
    client: Client, member: Member, hold: LegalHold
) -> None:
    sign_in(client, member(Role.ADMIN))
    assert hold.lead
    for place in (
        address(Lead, "change", hold.lead.pk),
        reverse("workspace:lead", args=[hold.lead.public_id]),
        address(Event, "changelist"),
    ):
        assert "Zqxcourt" in client.get(place).content.decode(), place


@pytest.mark.parametrize("role", CLOSED)
def test_an_id_leads_the_rest_nowhere(
    client: Client, member: Member, hold: LegalHold, erasure: Erasure, role: Role
) -> None:
    sign_in(client, member(role))
    events = Event.objects.filter(subject__in=[hold.public_id, erasure.public_id])
    for public_id in (hold.public_id, erasure.public_id, *(event.public_id for event in events)):
        found = client.get(reverse("console:search"), {"q": public_id})
        assert found.url.startswith(reverse("console:leads_lead_changelist"))  # type: ignore[attr-defined]
    for event in events:
        assert client.get(address(Event, "change", event.pk)).status_code in {403, 404}


def test_a_role_elsewhere_opens_nothing_here(
    client: Client, member: Member, other_business: Business, hold: LegalHold
) -> None:
    """Compliance there, and a viewer here."""
    user = member(Role.VIEWER)
    MemberFactory.create(business=other_business, email=user.email, role=Role.COMPLIANCE)
    sign_in(client, user)
    assert client.get(address(LegalHold, "change", hold.pk)).status_code == 404
    assert "Zqxcourt" not in client.get(address(LegalHold, "changelist")).content.decode()
    assert "Zqxcourt" not in client.get(address(Event, "changelist")).content.decode()
    assert hold.lead
    told = client.get(reverse("workspace:lead", args=[hold.lead.public_id])).content.decode()
    assert "Zqxcourt" not in told


@pytest.mark.parametrize("role", CLOSED)
def test_the_way_to_them_is_shown_to_nobody_else(client: Client, member: Member, role: Role) -> None:
    sign_in(client, member(role))
    told = client.get(reverse("console:index")).content.decode()
    assert reverse("console:leads_legalhold_changelist") not in told
    assert reverse("console:leads_erasure_changelist") not in told


def test_a_released_hold_is_told_no_more_openly(client: Client, member: Member, hold: LegalHold) -> None:
    release_hold(hold, by=BY, reason="Zqxcourt decided.", now=timezone.now())
    sign_in(client, member(Role.VIEWER))
    assert "Zqxcourt" not in client.get(address(Event, "changelist")).content.decode()
