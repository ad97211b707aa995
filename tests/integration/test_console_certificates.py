"""The console's screens of certificates in the long run: at risk, reused, and what TrustedForm was asked."""

import csv
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from compliance.calls import count_calls
from compliance.models import Certificate, CertificateRetention, ServiceTrouble
from leadping.accounts.models import Business, User
from leadping.accounts.roles import ALLOWED, Deed, Role
from leadping.models import Event
from leads.certificates.claiming import claim_new
from leads.certificates.retaining import retain_due
from leads.models import Lead
from tests.console import address
from tests.integration.test_retaining import RETAINING
from tests.senders import Sender, certificate
from tests.situations import REASON, SenderFactory, sign_in, take_in


@pytest.fixture
def console(client: Client, owner: User) -> Client:
    sign_in(client, owner)
    return client


@pytest.fixture
def retaining(business: Business, sandbox: str) -> Sender:
    return SenderFactory.create(business=business, name="Partner Leads", terms=RETAINING)


def at_risk(sender: Sender, scenario: str = "retain-never") -> CertificateRetention:
    take_in(sender, trustedFormUrl=certificate(scenario), phone=f"+1512555{Lead.objects.count():04}")
    claim_new(now=timezone.now())
    retain_due(now=timezone.now(), seconds=10)
    return CertificateRetention.objects.latest("id")


LIST = "console:compliance_certificateretention_changelist"


def test_what_is_deleted_first_stands_first_with_why_it_is_not_retained(
    console: Client, retaining: Sender
) -> None:
    late, soon, stored = (at_risk(retaining, name) for name in ("retain-never", "retain-late", "valid"))
    CertificateRetention.objects.filter(pk=soon.pk).update(dies_at=timezone.now() + timedelta(hours=5))
    page = console.get(reverse(LIST)).text
    assert page.index(str(soon.pk)) < page.index(str(late.pk))
    assert ("Jordan Example" in page, "Partner Leads" in page) == (True, True)
    assert "The cert could not be retained" in page
    assert "4 h or more" in page
    assert str(stored.pk) not in page
    assert str(stored.pk) in console.get(reverse(LIST), {"state": "stored"}).text


def test_an_empty_list_says_what_to_do(console: Client, owner: User) -> None:
    assert "No certificate is at risk" in console.get(reverse(LIST)).text


def test_one_is_retained_now_for_a_reason(console: Client, retaining: Sender) -> None:
    row = at_risk(retaining)
    step = address(CertificateRetention, "retain", row.pk)
    assert "bills" in console.get(step).text
    console.post(step, {"reason": REASON})
    assert CertificateRetention.objects.get().status == "waiting"
    assert Event.objects.get(kind="lead.retention_asked").reason == REASON


def test_those_chosen_are_retained_now(console: Client, retaining: Sender) -> None:
    chosen, other = at_risk(retaining), at_risk(retaining)
    sent = {"action": "retain_chosen", ACTION_CHECKBOX_NAME: [str(chosen.pk)]}
    assert "1 certificate not retained yet" in console.post(reverse(LIST), sent).text
    console.post(reverse(LIST), {**sent, "reason": REASON})
    statuses = dict(CertificateRetention.objects.values_list("pk", "status"))
    assert statuses == {chosen.pk: "waiting", other.pk: "given_up"}


def test_all_that_match_are_retained_now(console: Client, retaining: Sender, business: Business) -> None:
    for _ in range(2):
        at_risk(retaining)
    other = at_risk(SenderFactory.create(business=business, terms=RETAINING))
    every = reverse("console:compliance_certificateretention_all")
    console.post(every, {"source": retaining.source.public_id, "state": "given_up", "reason": REASON})
    waiting = CertificateRetention.objects.filter(status="waiting")
    assert (waiting.count(), waiting.filter(pk=other.pk).exists()) == (2, False)


def test_without_an_api_key_it_says_so_and_asks_nothing(
    console: Client, retaining: Sender, settings: Settings
) -> None:
    row = at_risk(retaining)
    settings.TRUSTEDFORM_API_KEY = ""
    assert "No API key" in console.get(reverse(LIST)).text
    answer = console.post(address(CertificateRetention, "retain", row.pk), {"reason": REASON})
    assert "No TrustedForm API key is set" in answer.text
    assert CertificateRetention.objects.get().status == "given_up"


def test_the_countdown_stands_wherever_the_lead_and_its_certificate_are(
    console: Client, retaining: Sender
) -> None:
    row = at_risk(retaining, "valid")
    lead = Lead.objects.get()
    places = [
        address(Lead, "change", lead.pk),
        address(Certificate, "change", lead.certificate_id),
        address(CertificateRetention, "change", row.pk),
        reverse("workspace:lead", args=[lead.public_id]),
    ]
    for place in places:
        assert "Retained on" in console.get(place).text, place


def test_trouble_of_the_service_is_told_on_the_first_page(console: Client, business: Business) -> None:
    now = timezone.now()
    ServiceTrouble.objects.create(
        kind="misconfigured", since=now, last_at=now, http_status=402, reason="Account is inactive"
    )
    page = console.get(reverse("console:index")).text
    assert "Our TrustedForm account needs mending" in page
    assert "Account is inactive" in page
    ServiceTrouble.objects.update(ended_at=now)
    assert "Our TrustedForm account" not in console.get(reverse("console:index")).text


def read_file(answer: object) -> list[list[str]]:
    content = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    return list(csv.reader(StringIO(content)))


def test_calls_are_told_by_source_and_month(console: Client, retaining: Sender) -> None:
    at_risk(retaining, "valid")
    count_calls(datetime.now(UTC).date())
    page = console.get(reverse("console:compliance_certificateretention_calls")).text
    assert "Partner Leads" in page
    assert f"{datetime.now(UTC):%B %Y}" in page
    rows = read_file(console.get(reverse("console:compliance_certificateretention_calls_export")))
    month, source = f"{datetime.now(UTC):%Y-%m}", retaining.source.public_id
    assert rows == [
        ["month", "source", "source id", "match_lead", "insights", "verify", "validate", "retain"],
        [month, "Partner Leads", source, "2", "0", "0", "0", "1"],
    ]


def test_reused_certificates_are_told_with_people_sources_and_leads(
    console: Client, business: Business, sandbox: str
) -> None:
    sender, other = (
        SenderFactory.create(business=business, name=name) for name in ("=Formula", "Second form")
    )
    url = certificate()
    take_in(sender, trustedFormUrl=url)
    take_in(sender, trustedFormUrl=url, phone="+15125550199")
    take_in(other, trustedFormUrl=url, phone="+15125550177", email="riley@example.com")
    page = console.get(reverse("console:compliance_certificateretention_reused")).text
    assert all(lead.public_id in page for lead in Lead.objects.all())
    assert "and elsewhere" not in page
    header, row = read_file(console.get(reverse("console:compliance_certificateretention_reused_export")))
    told = dict(zip(header, row, strict=True))
    assert (told["certificate"], told["people"], told["sources"], told["uses"]) == (url, "2", "2", "3")
    assert (told["also elsewhere"], told["source names"]) == ("no", "Second form; =Formula")


def test_another_business_is_elsewhere_and_nothing_of_it_is_told(
    console: Client, sender: Sender, sandbox: str
) -> None:
    foreign, url = SenderFactory.create(name="Fremdling"), certificate()
    lead = take_in(foreign, trustedFormUrl=url)
    take_in(sender, trustedFormUrl=url)
    page = console.get(reverse("console:compliance_certificateretention_reused")).text
    assert "and elsewhere" in page
    assert "Fremdling" not in page
    assert lead.public_id not in page


@pytest.mark.parametrize("role", Role)
def test_only_who_decides_on_leads_has_certificates_retained(
    client: Client, retaining: Sender, member: Callable[[Role], User], role: Role
) -> None:
    row, every = at_risk(retaining), reverse("console:compliance_certificateretention_all")
    sign_in(client, member(role))
    may = role in ALLOWED[Deed.DECIDE_HELD]
    for step in (address(CertificateRetention, "retain", row.pk), every):
        assert client.get(step).status_code == (200 if may else 403)
    assert client.post(every, {"reason": REASON}).status_code == (302 if may else 403)
    assert CertificateRetention.objects.get().status == ("waiting" if may else "given_up")
    assert ("Retain all that match" in client.get(reverse(LIST)).text) is may


@pytest.mark.parametrize("role", Role)
def test_files_are_for_who_may_export(
    client: Client, retaining: Sender, member: Callable[[Role], User], role: Role
) -> None:
    sign_in(client, member(role))
    for name in ("calls_export", "reused_export"):
        answer = client.get(reverse(f"console:compliance_certificateretention_{name}"))
        assert answer.status_code == (200 if role in ALLOWED[Deed.EXPORT] else 403)
