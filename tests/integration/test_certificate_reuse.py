"""A certificate that was used before: with whom, through which source, and exactly once where it matters."""

from hashlib import sha256
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from leadping.accounts.models import Business
from leadping.contact_hash import contact_hash
from leads.intake.receive import receive
from leads.lifecycle import refuse_lead
from leads.models import CertificateUse, Lead, Submission
from leads.rejudging.verbs import judge_again
from sources.lifecycle import change_settings
from sources.models import Source
from tests.arrivals import arrival_of
from tests.importing import as_csv, check, upload
from tests.integration.test_bulk import bring, statuses
from tests.integration.test_what_if import after, try_settings
from tests.races import at_once
from tests.senders import Sender, certificate, flat_lead
from tests.situations import BY, REASON, SenderFactory, take_in

PERSON, SOURCE = "certificate_reused_person", "certificate_reused_source"
JORDAN = {"phone": "+15125550123", "email": "jordan@example.com"}
RILEY = {"phone": "+15125550199", "email": "riley@example.com"}


def sender_with(rule: str, **options: Any) -> Sender:
    sender: Sender = SenderFactory.create(settings__certificate_reuse=rule, **options)
    return sender


def codes_of(body: dict[str, Any]) -> set[str]:
    found = [item["code"] for name in ("held", "warnings", "errors") for item in body.get(name, [])]
    return {code for code in found if code in {PERSON, SOURCE}}


def another(sender: Sender, **options: Any) -> Sender:
    return sender_with("warn", business=sender.source.business, **options)


@pytest.mark.django_db
class TestWhatIsReuse:
    def test_another_person_is(self, sandbox: str) -> None:
        sender, url = sender_with("warn"), certificate()
        take_in(sender, trustedFormUrl=url, **JORDAN)
        body = sender.post(flat_lead(trustedFormUrl=url, **RILEY)).json()
        assert (body["status"], codes_of(body)) == ("accepted", {PERSON})

    @pytest.mark.parametrize(
        "same", [JORDAN, {**JORDAN, "email": "new@example.com"}, {**JORDAN, "phone": "+15125550177"}]
    )
    def test_the_same_phone_or_email_is_not(self, sandbox: str, same: dict[str, str]) -> None:
        sender, url = sender_with("refuse"), certificate()
        take_in(sender, trustedFormUrl=url, **JORDAN)
        assert take_in(sender, trustedFormUrl=url, **same).status == "accepted"

    def test_nothing_in_common_is_another_person_though_each_gives_one_contact_point(
        self, sandbox: str
    ) -> None:
        sender, url = sender_with("warn"), certificate()
        take_in(sender, trustedFormUrl=url, phone=JORDAN["phone"], email=None)
        body = sender.post(flat_lead(trustedFormUrl=url, phone=None, email=RILEY["email"])).json()
        assert codes_of(body) == {PERSON}

    def test_another_source_is(self, sandbox: str) -> None:
        sender, url = sender_with("warn"), certificate()
        take_in(another(sender), trustedFormUrl=url, **JORDAN)
        assert codes_of(sender.post(flat_lead(trustedFormUrl=url, **JORDAN)).json()) == {SOURCE}

    def test_another_business_counts_as_elsewhere_and_is_not_named(self, sandbox: str) -> None:
        sender, other, url = sender_with("warn"), sender_with("warn"), certificate()
        lead = take_in(other, trustedFormUrl=url, **RILEY)
        response = sender.post(flat_lead(trustedFormUrl=url, **JORDAN))
        assert codes_of(response.json()) == {PERSON, SOURCE}
        told = response.content.decode() + str(Submission.objects.latest("id").verdicts)
        secrets = (lead.public_id, other.source.public_id, other.source.name, other.source.business.name)
        assert not [secret for secret in secrets if secret in told]

    def test_however_the_certificate_is_written_it_is_the_same(self, sandbox: str) -> None:
        sender, url = sender_with("warn"), certificate()
        take_in(sender, trustedFormUrl=url, **JORDAN)
        written = f" {url.replace('https', 'http')}/?x=1 "
        assert codes_of(sender.post(flat_lead(trustedFormUrl=written, **RILEY)).json()) == {PERSON}

    def test_a_lead_that_was_refused_later_left_its_certificate_unused(self, sandbox: str) -> None:
        sender, url = sender_with("warn"), certificate("mismatch")
        held = take_in(sender, trustedFormUrl=url, **JORDAN)
        refuse_lead(held, by=BY, reason=REASON, now=timezone.now())
        assert codes_of(sender.post(flat_lead(trustedFormUrl=url, **RILEY)).json()) == set()

    def test_it_is_known_under_the_key_of_before(self, sandbox: str, settings: Settings) -> None:
        sender, url = sender_with("warn"), certificate()
        take_in(sender, trustedFormUrl=url, **JORDAN)
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "another secret key, made when the first was rotated away"
        for person, found in ((JORDAN, set()), (RILEY, {PERSON})):
            assert codes_of(sender.post(flat_lead(trustedFormUrl=url, **person)).json()) == found


@pytest.mark.django_db
class TestEachEffect:
    def test_hold_holds_it(self, sandbox: str) -> None:
        sender, url = sender_with("hold"), certificate()
        take_in(sender, trustedFormUrl=url, **JORDAN)
        assert take_in(sender, trustedFormUrl=url, **RILEY).held_for == [PERSON]

    def test_refuse_refuses_it_and_trustedform_is_not_asked(self, sandbox: str) -> None:
        sender, url = sender_with("refuse"), certificate()
        take_in(sender, trustedFormUrl=url, **JORDAN)
        response = sender.post(flat_lead(trustedFormUrl=url, **RILEY))
        assert (response.status_code, codes_of(response.json())) == (400, {PERSON})
        assert Lead.objects.get().certificate.checks.count() == 1  # type: ignore[union-attr]

    def test_off_asks_nothing_of_the_database_and_keeps_nothing(self, sandbox: str) -> None:
        sender, url = sender_with("off"), certificate()
        with CaptureQueriesContext(connection) as queries:
            for person in (JORDAN, RILEY):
                take_in(sender, trustedFormUrl=url, **person)
        assert not [one for one in queries if "certificateuse" in one["sql"]]
        assert not CertificateUse.objects.exists()

    def test_under_an_approved_exception_it_is_kept_and_not_judged(self, sandbox: str) -> None:
        waived, url = sender_with("refuse", waived=True), certificate()
        for person in (JORDAN, RILEY):
            assert take_in(waived, trustedFormUrl=url, **person).status == "accepted"
        assert CertificateUse.objects.count() == 2

    def test_a_lead_without_a_certificate_leaves_nothing(self) -> None:
        take_in(sender_with("refuse", waived=True), trustedFormUrl=None)
        assert not CertificateUse.objects.exists()


@pytest.mark.django_db
def test_a_use_is_kept_as_hashes_that_name_nobody(sandbox: str) -> None:
    sender, url = sender_with("warn"), certificate()
    lead = take_in(sender, trustedFormUrl=url, **JORDAN)
    use = CertificateUse.objects.get()
    assert (use.business_id, use.source_id, use.lead_id) == (lead.business_id, lead.source_id, lead.pk)
    assert (use.at, use.again) == (lead.created_at, False)
    assert bytes(use.certificate_hash) == sha256(url.encode()).digest()
    hashes = (contact_hash("phone", JORDAN["phone"]), contact_hash("email", JORDAN["email"]))
    assert (bytes(use.phone_hash or b""), bytes(use.email_hash or b"")) == hashes


@pytest.mark.django_db
def test_a_use_stays_when_the_person_is_erased_from_the_lead(sandbox: str) -> None:
    sender, url = sender_with("warn"), certificate()
    lead = take_in(sender, trustedFormUrl=url, **JORDAN)
    Lead.objects.filter(pk=lead.pk).update(phone="", email="erased@invalid", email_key="erased@invalid")
    assert codes_of(sender.post(flat_lead(trustedFormUrl=url, **RILEY)).json()) == {PERSON}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rule", ["hold", "refuse"])
def test_of_twenty_people_at_the_same_instant_one_passes(sandbox: str, rule: str) -> None:
    sender, url = sender_with(rule), certificate()
    leads = [
        flat_lead(trustedFormUrl=url, phone=f"+1512555{number:04}", email=f"p{number}@example.com")
        for number in range(100, 120)
    ]
    replies = at_once(20, lambda number: receive(arrival_of(sender, leads[number])))
    stored = list(Lead.objects.values_list("status", flat=True))
    assert sorted(stored).count("accepted") == 1
    assert [reply.status for reply in replies].count(400) == (19 if rule == "refuse" else 0)
    assert stored.count("audit") == (19 if rule == "hold" else 0)


@pytest.mark.django_db(transaction=True)
def test_of_two_businesses_at_the_same_instant_one_passes(sandbox: str) -> None:
    senders, url = [sender_with("refuse") for _ in range(8)], certificate()
    lead = flat_lead(trustedFormUrl=url, **JORDAN)
    replies = at_once(8, lambda number: receive(arrival_of(senders[number], lead)))
    assert sorted(reply.status for reply in replies) == [201] + 7 * [400]


@pytest.mark.django_db
@pytest.mark.parametrize("rule", ["warn", "hold", "refuse"])
def test_a_batch_is_judged_as_if_its_lines_came_one_by_one(sandbox: str, rule: str) -> None:
    sender, url = sender_with(rule), certificate()
    people = [JORDAN, RILEY, JORDAN, RILEY]
    lines = [
        flat_lead(trustedFormUrl=url if place % 2 else url.replace("https", "http"), **person)
        for place, person in enumerate(people)
    ]
    replies = bring(sender, lines)
    assert statuses(replies) == ([201, 400, 201, 400] if rule == "refuse" else 4 * [201])
    found = [PERSON in one.codes for one in Submission.objects.order_by("row_number")]
    assert found == ([False, True, False, True] if rule == "refuse" else [False, True, True, True])


HEADINGS = ["Phone", "Email", "State", "trustedFormUrl"]


@pytest.mark.django_db
def test_a_file_is_checked_against_the_ledger_and_against_its_own_rows(sandbox: str) -> None:
    sender, known, new = sender_with("refuse"), certificate(), certificate()
    take_in(sender, trustedFormUrl=known, **JORDAN)
    rows = [
        [person["phone"], person["email"], "TX", url]
        for url, person in ((known, RILEY), (new, JORDAN), (new, RILEY), (known, JORDAN))
    ]
    imported = check(upload(sender.source, as_csv(rows, HEADINGS)))
    assert (imported.outcomes, imported.codes[PERSON]) == ({"refused": 2, "accepted": 2}, 2)


@pytest.mark.django_db
def test_a_lead_that_is_judged_again_is_not_its_own_reuse(sandbox: str) -> None:
    sender, url = sender_with("refuse"), certificate("mismatch")
    take_in(sender, trustedFormUrl=url, **JORDAN)
    attempt = judge_again(Submission.objects.get(), by="user_1", reason=REASON, now=timezone.now())
    assert (attempt.outcome, set(attempt.codes) & {PERSON, SOURCE}) == ("audit", set())
    assert CertificateUse.objects.count() == 1


@pytest.mark.django_db
def test_what_was_refused_for_it_is_taken_when_judged_again_under_another_rule(sandbox: str) -> None:
    sender, url = sender_with("refuse"), certificate()
    take_in(sender, trustedFormUrl=url, **JORDAN)
    sender.post(flat_lead(trustedFormUrl=url, **RILEY))
    source = Source.objects.get(pk=sender.source.pk)
    change_settings(source.settings, {"certificate_reuse": "warn"}, by=BY, reason=REASON, now=timezone.now())
    refused = Submission.objects.get(outcome="refused")
    attempt = judge_again(refused, by="user_1", reason=REASON, now=timezone.now())
    assert (attempt.outcome, CertificateUse.objects.filter(again=True).count()) == ("accepted", 1)


@pytest.mark.django_db
def test_a_what_if_comes_to_what_the_doors_make_of_it(business: Business, sandbox: str) -> None:
    sender, url = sender_with("off", business=business), certificate()
    take_in(another(sender), trustedFormUrl=url, **JORDAN)
    for person, sent in ((JORDAN, url), (RILEY, certificate()), (RILEY, url), (JORDAN, certificate())):
        take_in(sender, trustedFormUrl=sent, **person)
    assert after(try_settings(sender.source, certificate_reuse="refuse")) == {"refused": 2, "accepted": 2}
    assert after(try_settings(sender.source, certificate_reuse="hold")) == {"audit": 2, "accepted": 2}
