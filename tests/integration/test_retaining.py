"""Certificates are retained by a job: for whom, what counts as stored, and what becomes of failures."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from compliance.calls import count_calls
from compliance.models import CertificateCalls, CertificateCheck, CertificateRetention, ServiceTrouble
from compliance.retaining import retain_now
from compliance.troubles import look_for_trouble
from compliance.trustedform import guard
from leadping.accounts.models import Business
from leadping.models import Event
from leads.certificates.claiming import claim_new
from leads.certificates.retaining import retain_due
from leads.lifecycle import accept_lead, refuse_lead
from leads.models import Lead
from sources.models import Terms
from tests.senders import Sender, certificate, flat_lead
from tests.situations import BY, REASON, SenderFactory, take_in

RETAINING = {"trustedform_required": True, "certificate_retention": Terms.Retention.RETAIN}


@pytest.fixture
def retaining(business: Business, sandbox: str) -> Sender:
    return SenderFactory.create(business=business, name="Partner Leads", terms=RETAINING)


def work(after: timedelta = timedelta()) -> None:
    """What the worker does each minute."""
    claim_new(now=timezone.now())
    retain_due(now=timezone.now() + after, seconds=10)


def retention() -> CertificateRetention:
    return CertificateRetention.objects.select_related("certificate").get()


def tried(sender: Sender, scenario: str) -> CertificateRetention:
    take_in(sender, trustedFormUrl=certificate(scenario))
    work()
    return retention()


def retain_checks() -> list[CertificateCheck]:
    return list(CertificateCheck.objects.filter(operations__contains=["retain"]).order_by("id"))


@pytest.mark.django_db
class TestForWhom:
    def test_an_accepted_lead_whose_terms_promise_it(self, retaining: Sender) -> None:
        lead = take_in(retaining)
        work()
        kept = retention()
        assert (kept.status, kept.lead, kept.source) == ("stored", lead.public_id, retaining.source.public_id)
        assert (kept.certificate_id, kept.tries, kept.next_at) == (lead.certificate_id, 1, None)

    @pytest.mark.parametrize("promise", [Terms.Retention.VENDOR, Terms.Retention.NONE])
    def test_not_where_the_terms_promise_nothing(
        self, business: Business, sandbox: str, promise: str
    ) -> None:
        terms = {"trustedform_required": True, "certificate_retention": promise}
        take_in(SenderFactory.create(business=business, terms=terms))
        work()
        assert not CertificateRetention.objects.exists()

    def test_not_for_a_held_lead_until_it_is_released(self, retaining: Sender) -> None:
        lead = take_in(retaining, trustedFormUrl=certificate("mismatch"))
        work()
        assert not CertificateRetention.objects.exists()
        accept_lead(lead, by=BY, reason=REASON, now=timezone.now())
        work()
        # The match fails as it did before, and it is stored all the same.
        assert (retention().status, retain_checks()[0].outcome) == ("stored", "mismatch")

    def test_not_for_a_refused_one(self, retaining: Sender) -> None:
        lead = take_in(retaining, trustedFormUrl=certificate("mismatch"))
        refuse_lead(lead, by=BY, reason=REASON, now=timezone.now())
        retaining.post(flat_lead(trustedFormUrl=certificate("expired")))
        work()
        assert not CertificateRetention.objects.exists()

    def test_not_for_a_dry_run(self, retaining: Sender) -> None:
        retaining.post(Leadping_Dry_Run="full")
        work()
        assert not CertificateRetention.objects.exists()

    def test_once_for_a_certificate_however_many_leads_come_with_it(self, retaining: Sender) -> None:
        url = certificate()
        for _ in range(3):
            take_in(retaining, trustedFormUrl=url)
        work()
        work()
        assert (retention().tries, len(retain_checks())) == (1, 1)

    def test_a_lead_that_is_no_longer_accepted_is_not_billed_for(self, retaining: Sender) -> None:
        lead = take_in(retaining)
        claim_new(now=timezone.now())
        Lead.objects.filter(pk=lead.pk).update(status=Lead.Status.WITHDRAWN)
        work()
        assert (retention().status, retain_checks()) == ("given_up", [])

    def test_nothing_is_asked_without_an_api_key(self, retaining: Sender, settings: Settings) -> None:
        take_in(retaining)
        settings.TRUSTEDFORM_API_KEY = ""
        work()
        assert (retention().status, retention().tries, retain_checks()) == ("waiting", 0, [])


@pytest.mark.django_db
class TestWhatIsStored:
    def test_the_answer_tells_the_end_and_the_rest(self, retaining: Sender) -> None:
        kept = tried(retaining, "valid")
        (check,) = retain_checks()
        assert kept.stored_at
        assert (kept.told, kept.previously_retained, kept.sandbox) == (True, False, True)
        assert (kept.dies_at - kept.stored_at).days in {89, 90}
        assert kept.masked_url.startswith("https://cert.trustedform.com/")
        assert (check.about, check.operations) == (kept.lead, ["match_lead", "retain"])

    def test_reference_is_our_lead_and_vendor_the_source(self, retaining: Sender) -> None:
        kept = tried(retaining, "valid")
        said = retain_checks()[0].raw["retain"]
        assert (said["reference"], said["vendor"]) == (kept.lead, "Partner Leads")

    def test_a_share_url_is_kept_nowhere(self, retaining: Sender) -> None:
        tried(retaining, "valid")
        assert "shared_token" not in str(CertificateCheck.objects.values_list("raw", flat=True))

    def test_results_under_their_old_name_and_booleans_as_text_are_read(self, retaining: Sender) -> None:
        kept = tried(retaining, "retain-result")
        assert (kept.status, kept.previously_retained, kept.masked_url) == ("stored", False, "")

    def test_what_our_account_had_stored_before_is_stored(self, retaining: Sender) -> None:
        kept = tried(retaining, "retain-before")
        assert (kept.status, kept.previously_retained) == ("stored", True)

    def test_a_success_without_results_is_not_stored(self, retaining: Sender) -> None:
        kept = tried(retaining, "retain-silent")
        assert (kept.status, kept.stored_at) == ("failed", None)

    def test_it_is_an_event_of_the_lead(self, retaining: Sender) -> None:
        kept = tried(retaining, "valid")
        assert Event.objects.get(subject=kept.lead, kind="lead.certificate_retained").actor == "system"


@pytest.mark.django_db
class TestFailures:
    @pytest.mark.parametrize(
        ("scenario", "why"),
        [
            ("retain-never", "The cert could not be retained"),
            ("retain-expired", "The cert has expired"),
            ("retain-overclaimed", "The cert has been claimed too many times"),
            ("retain-sandbox", "Sandbox certs cannot be retained"),
        ],
    )
    def test_what_will_never_be_stored_is_given_up(self, retaining: Sender, scenario: str, why: str) -> None:
        kept = tried(retaining, scenario)
        assert (kept.status, kept.reason, kept.next_at, kept.tries) == ("given_up", why, None, 1)
        assert Event.objects.filter(subject=kept.lead, kind="lead.certificate_not_retained").exists()

    @pytest.mark.parametrize(
        ("scenario", "answered"), [("not-found", 404), ("sandbox", 405), ("overclaimed", 422)]
    )
    def test_a_certificate_that_is_gone_by_now_is_given_up(
        self, retaining: Sender, scenario: str, answered: int
    ) -> None:
        lead = take_in(retaining)
        gone = certificate(scenario)
        type(lead.certificate).objects.filter(pk=lead.certificate_id).update(url=gone)
        work()
        assert (retention().status, retain_checks()[0].http_status) == ("given_up", answered)
        # What was found about the certificate later says nothing about the lead.
        assert Lead.objects.get(pk=lead.pk).status == "accepted"

    def test_trouble_of_the_service_is_waited_out_longer_and_longer(self, retaining: Sender) -> None:
        lead = take_in(retaining)
        type(lead.certificate).objects.filter(pk=lead.certificate_id).update(url=certificate("error"))
        waits = []
        for _ in range(4):
            work(after=timedelta(days=1))
            kept = retention()
            assert kept.next_at
            assert kept.tried_at
            waits.append(round((kept.next_at - kept.tried_at) / timedelta(minutes=1)))
        assert (kept.status, kept.tries, waits) == ("failed", 4, [1, 5, 15, 60])

    def test_it_is_stored_once_the_service_is_back(self, retaining: Sender) -> None:
        assert tried(retaining, "retain-late").status == "failed"
        work()
        assert retention().status == "failed"
        work(after=timedelta(minutes=2))
        assert (retention().status, retention().tries) == ("stored", 2)

    @pytest.mark.parametrize("scenario", ["retain-unpaid", "retain-unavailable"])
    def test_our_key_or_plan_is_ours_to_mend_and_tried_again_slowly(
        self, retaining: Sender, scenario: str
    ) -> None:
        kept = tried(retaining, scenario)
        assert kept.next_at
        assert kept.tried_at
        assert (kept.status, kept.ours, kept.next_at - kept.tried_at) == ("failed", True, timedelta(hours=1))
        look_for_trouble(now=timezone.now())
        trouble = ServiceTrouble.objects.get()
        assert (trouble.kind, trouble.http_status in {402, 403}) == ("misconfigured", True)
        assert Event.objects.filter(kind="trustedform.misconfigured", business=None).count() == 1

    def test_an_end_that_was_told_is_the_end(self, retaining: Sender) -> None:
        lead = take_in(retaining)
        type(lead.certificate).objects.filter(pk=lead.certificate_id).update(url=certificate("error"))
        claim_new(now=timezone.now())
        CertificateRetention.objects.update(told=True, dies_at=timezone.now() - timedelta(hours=1))
        work()
        assert retention().status == "given_up"

    def test_while_the_service_fails_again_and_again_nobody_loses_a_try(self, retaining: Sender) -> None:
        take_in(retaining)
        for _ in range(guard.GUARD.breaker.failures):
            guard.GUARD.breaker.leave(probe=False, failed=True, now=0)
        guard.GUARD.breaker.retry_at = float("inf")
        work()
        assert (retention().status, retention().tries, retain_checks()) == ("waiting", 0, [])

    def test_what_was_given_up_is_tried_again_when_a_person_says_so(self, retaining: Sender) -> None:
        kept = tried(retaining, "retain-never")
        asked = retain_now([kept.pk], by="user_1", reason=REASON, now=timezone.now())
        assert (asked, retention().status) == (1, "waiting")
        event = Event.objects.get(kind="lead.retention_asked")
        assert (event.subject, event.actor, event.reason) == (kept.lead, "user_1", REASON)
        work()
        assert (retention().status, retention().tries) == ("given_up", 2)

    def test_what_is_stored_is_not_asked_for_again(self, retaining: Sender) -> None:
        kept = tried(retaining, "valid")
        assert retain_now([kept.pk], by="user_1", reason=REASON, now=timezone.now()) == 0


@pytest.mark.django_db
def test_the_end_that_an_earlier_answer_told_counts(retaining: Sender) -> None:
    lead = take_in(retaining)
    end = timezone.now() + timedelta(days=40)
    CertificateCheck.objects.filter(certificate=lead.certificate).update(expires_at=end)
    claim_new(now=timezone.now())
    assert (retention().dies_at, retention().told) == (end, True)


@pytest.mark.django_db
def test_without_one_it_is_the_shortest_life_and_said_to_be_a_guess(retaining: Sender) -> None:
    lead = take_in(retaining)
    claim_new(now=timezone.now())
    assert (retention().dies_at, retention().told) == (lead.created_at + timedelta(hours=72), False)


@pytest.mark.django_db
def test_calls_are_counted_by_source_day_and_operation(retaining: Sender) -> None:
    take_in(retaining, phone="+15125550101")
    retaining.post(flat_lead(trustedFormUrl=certificate("expired")))
    work()
    today = datetime.now(UTC).date()
    for _ in range(2):
        count_calls(today)
    counted: dict[str, Any] = dict(CertificateCalls.objects.values_list("operation", "calls"))
    assert counted == {"match_lead": 3, "retain": 1}
    assert set(CertificateCalls.objects.values_list("source", flat=True)) == {retaining.source.public_id}


@pytest.mark.django_db
def test_trouble_ends_with_an_answer_and_not_with_silence(sender: Sender, sandbox: str) -> None:
    for number in range(5):
        take_in(sender, trustedFormUrl=certificate("error"), phone=f"+1512555020{number}")
    look_for_trouble(now=timezone.now())
    assert ServiceTrouble.objects.get().ended_at is None
    look_for_trouble(now=timezone.now() + timedelta(hours=1))
    assert ServiceTrouble.objects.get().ended_at is None
    for number in range(6):
        take_in(sender, phone=f"+1512555030{number}")
    look_for_trouble(now=timezone.now())
    assert ServiceTrouble.objects.get().ended_at
    kinds = Event.objects.filter(subject="trustedform").order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["trustedform.unavailable", "trustedform.unavailable_over"]


@pytest.mark.django_db
def test_an_operation_that_our_plan_lacks_is_an_alarm_while_others_go_on(retaining: Sender) -> None:
    tried(retaining, "retain-unavailable")
    for number in range(6):
        take_in(retaining, phone=f"+1512555040{number}")
    look_for_trouble(now=timezone.now())
    assert ServiceTrouble.objects.get().kind == "misconfigured"
    # The certificate still waits for our plan, though nobody was refused lately.
    CertificateCheck.objects.filter(outcome="misconfigured").update(outcome="verified")
    look_for_trouble(now=timezone.now())
    assert ServiceTrouble.objects.get().ended_at is None
    CertificateRetention.objects.update(ours=False)
    look_for_trouble(now=timezone.now())
    assert ServiceTrouble.objects.get().ended_at
