"""IP addresses from which many people come: whose count, how long, and exactly so many where it matters."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leadping.accounts.models import Business
from leads.intake.receive import receive
from leads.models import AddressUse, Lead, Submission
from leads.rejudging.verbs import judge_again
from leads.retention.jobs import forget_addresses
from tests.arrivals import arrival_of
from tests.importing import as_csv, check, upload
from tests.integration.test_bulk import bring, statuses
from tests.integration.test_what_if import after, try_settings
from tests.races import at_once
from tests.senders import Sender, certificate, flat_lead
from tests.situations import REASON, SenderFactory

CODE = "certificate_shared_ip"
HOME, ELSEWHERE = "198.51.100.7", "198.51.100.8"


def sender_with(effect: str = "refuse", most: int = 2, **options: Any) -> Sender:
    sender: Sender = SenderFactory.create(
        settings__certificate_shared_ip_effect=effect, settings__certificate_people_most=most, **options
    )
    return sender


def person(number: int, ip: str | None = HOME, **fields: Any) -> dict[str, Any]:
    own = {"phone": f"+1512555{number:04}", "email": f"p{number}@example.com", "ipAddress": ip}
    return flat_lead(**own | fields)


def post(sender: Sender, *people: dict[str, Any], **headers: str) -> list[str | int]:
    return [sender.post(one, **headers).json()["status"] for one in people]


def found() -> list[bool]:
    return [CODE in one.codes for one in Submission.objects.order_by("id")]


@pytest.mark.django_db
class TestWhoCounts:
    def test_more_people_than_are_allowed(self, sandbox: str) -> None:
        assert post(sender_with(), *map(person, (100, 101, 102))) == ["accepted", "accepted", 400]

    @pytest.mark.parametrize("same", ["phone", "email"])
    def test_the_same_phone_or_email_is_the_same_person(self, sandbox: str, same: str) -> None:
        sender, first = sender_with(most=1), person(100)
        again = person(101) | {same: first[same]}
        assert post(sender, first, again, first) == ["accepted"] * 3

    def test_another_address_is_another_address(self, sandbox: str) -> None:
        sender = sender_with(most=1)
        assert post(sender, person(100), person(101, ELSEWHERE), person(102, None)) == ["accepted"] * 3

    def test_all_sources_of_the_business_together(self, sandbox: str) -> None:
        sender = sender_with(most=1)
        post(sender_with("warn", business=sender.source.business), person(100))
        assert post(sender, person(101)) == [400]

    def test_nobody_of_another_business(self, sandbox: str) -> None:
        post(sender_with("warn"), person(100))
        assert post(sender_with(most=1), person(101)) == ["accepted"]

    def test_whoever_came_longer_ago_no_more(self, sandbox: str) -> None:
        sender = sender_with(most=1, settings__certificate_people_days=3)
        replies = [
            receive(arrival_of(sender, person(number), at=timezone.now() + timedelta(days=days)))
            for number, days in ((100, 0), (101, 2), (102, 4))
        ]
        assert [reply.status for reply in replies] == [201, 400, 201]

    def test_one_home_has_a_whole_network_of_ipv6(self, sandbox: str) -> None:
        addresses = ("2001:db8:1:2::1", "2001:db8:1:2:aaaa::9", "2001:db8:1:3::1")
        people = [person(number, ip) for number, ip in enumerate(addresses, 100)]
        assert post(sender_with(most=1), *people) == ["accepted", 400, "accepted"]

    def test_the_certificates_address_where_it_was_asked_for(self, sandbox: str) -> None:
        """The sandbox's people all come from one address; what the sender says is another matter."""
        sender = sender_with(most=1, settings__certificate_other_ip_effect="warn")
        assert post(sender, person(100, HOME), person(101, ELSEWHERE)) == ["accepted", 400]

    def test_under_an_approved_exception_nobody(self, sandbox: str) -> None:
        waived = sender_with(most=1, waived=True)
        assert post(waived, person(100), person(101)) == ["accepted"] * 2


@pytest.mark.django_db
class TestWhatComesOfIt:
    @pytest.mark.parametrize(
        ("effect", "status", "told"), [("warn", "accepted", "warnings"), ("hold", "audit", "held")]
    )
    def test_a_warning_or_a_hold(self, sandbox: str, effect: str, status: str, told: str) -> None:
        sender = sender_with(effect, most=1)
        post(sender, person(100))
        body = sender.post(person(101)).json()
        assert (body["status"], [one["code"] for one in body[told]]) == (status, [CODE])
        assert (body[told][0]["field"], AddressUse.objects.count()) == ("ipAddress", 2)

    def test_nobody_is_named_nor_an_address(self, sandbox: str) -> None:
        sender = sender_with(most=1)
        first = Lead.objects.get() if post(sender, person(100)) else None
        told = sender.post(person(101)).content.decode() + str(Submission.objects.latest("id").verdicts)
        assert first
        assert not [secret for secret in (HOME, first.public_id, first.phone, first.email) if secret in told]

    def test_off_asks_nothing_of_the_database_and_keeps_nothing(self, sandbox: str) -> None:
        with CaptureQueriesContext(connection) as queries:
            post(sender_with("off", most=1), person(100), person(101))
        assert not [one for one in queries if "addressuse" in one["sql"]]
        assert not AddressUse.objects.exists()

    def test_what_is_kept_are_hashes(self, sandbox: str) -> None:
        post(sender_with(), person(100))
        assert len(bytes(AddressUse.objects.get().ip_hash)) == 32

    def test_it_is_kept_as_long_as_a_source_may_look_back(self, sandbox: str) -> None:
        post(sender_with(), person(100))
        for days, left in ((89, 1), (92, 0)):
            forget_addresses(timestamp=int((timezone.now() + timedelta(days=days)).timestamp()))
            assert AddressUse.objects.count() == left

    @pytest.mark.parametrize("effect", ["warn", "refuse"])
    def test_a_dry_run_is_told_and_counts_for_nobody(self, sandbox: str, effect: str) -> None:
        sender = sender_with(effect, most=1)
        for mode in ("true", "full"):
            post(sender, person(100), Leadping_Dry_Run=mode)
        assert not AddressUse.objects.exists()
        post(sender, person(101))
        post(sender, person(102), Leadping_Dry_Run="full")
        assert found() == [False, False, False, True]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("effect", ["hold", "refuse"])
def test_of_twenty_people_at_the_same_instant_as_many_pass_as_are_allowed(sandbox: str, effect: str) -> None:
    sender = sender_with(effect, most=3)
    leads = [person(number) for number in range(100, 120)]
    replies = at_once(20, lambda number: receive(arrival_of(sender, leads[number])))
    stored = list(Lead.objects.values_list("status", flat=True))
    assert stored.count("accepted") == 3
    assert [reply.status for reply in replies].count(400) == (17 if effect == "refuse" else 0)
    assert stored.count("audit") == (17 if effect == "hold" else 0)


@pytest.mark.django_db
@pytest.mark.parametrize("effect", ["warn", "hold", "refuse"])
def test_a_batch_is_judged_as_if_its_lines_came_one_by_one(sandbox: str, effect: str) -> None:
    sender = sender_with(effect)
    replies = bring(sender, [person(number) for number in (100, 101, 100, 102, 103)])
    refused = 400 if effect == "refuse" else 201
    assert statuses(replies) == [201, 201, 201, refused, refused]
    assert [CODE in one.codes for one in Submission.objects.order_by("row_number")] == 3 * [False] + 2 * [
        True
    ]


HEADINGS = ["Phone", "Email", "State", "trustedFormUrl", "ipAddress"]


@pytest.mark.django_db
def test_a_file_is_checked_against_what_came_and_against_its_own_rows(sandbox: str) -> None:
    sender = sender_with()
    post(sender, person(100))
    rows = [
        [one["phone"], one["email"], "TX", certificate(), HOME] for one in map(person, (101, 100, 102, 101))
    ]
    imported = check(upload(sender.source, as_csv(rows, HEADINGS)))
    assert (imported.outcomes, imported.codes[CODE]) == ({"accepted": 3, "refused": 1}, 1)


@pytest.mark.django_db
def test_a_lead_that_is_judged_again_is_nobody_else(sandbox: str) -> None:
    sender = sender_with(most=1)
    post(sender, person(100, trustedFormUrl=certificate("mismatch")))
    attempt = judge_again(Submission.objects.get(), by="user_1", reason=REASON, now=timezone.now())
    assert (attempt.outcome, CODE in attempt.codes, AddressUse.objects.count()) == ("audit", False, 1)


@pytest.mark.django_db
def test_a_what_if_comes_to_what_the_doors_make_of_it(business: Business, sandbox: str) -> None:
    sender = sender_with("off", business=business)
    post(sender, *(person(number) for number in (100, 101, 100, 102)), person(103, ELSEWHERE))
    tried = {"certificate_people_most": 2, "certificate_shared_ip_effect": "refuse"}
    assert after(try_settings(sender.source, **tried)) == {"accepted": 4, "refused": 1}
    assert after(try_settings(sender.source, **tried | {"certificate_people_most": 3})) == {"accepted": 5}
