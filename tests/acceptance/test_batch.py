"""POST /leads/batch: each line is answered as at a door, and one bad line stops nothing else."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from time import monotonic
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance.models import CertificateCheck
from leads.models import Lead, Submission
from sources.lifecycle import pause_source
from tests.senders import Answer, Sender, certificate, codes, flat_lead, structured_lead
from tests.situations import BY, REASON, SenderFactory, only_refusal

# Half a minute before the next.
NOW = datetime(2026, 6, 14, 12, 0, 30, tzinfo=UTC)
NDJSON = "application/x-ndjson"


def person(number: int, **fields: Any) -> dict[str, Any]:
    own = {"externalId": f"e{number}", "phone": f"+1512{2000000 + number}", "email": f"e{number}@example.com"}
    return flat_lead(**{**own, "trustedFormUrl": None, **fields})


def ndjson(leads: Iterable[Any]) -> bytes:
    return b"".join(json.dumps(lead).encode() + b"\n" for lead in leads)


def post(sender: Sender, sent: bytes, *, content_type: str = NDJSON, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return sender.send(sent, path="/leads/batch", content_type=content_type, headers=named)


def told(answer: Answer) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The answers to the lines, and the summary."""
    assert answer.status_code == 200
    *lines, last = map(json.loads, b"".join(answer.streaming_content).splitlines())
    return lines, last["summary"]


def statuses(lines: list[dict[str, Any]]) -> dict[int, int]:
    return {line["line"]: line["status"] for line in lines}


@pytest.mark.django_db(transaction=True)
def test_each_line_is_answered_as_at_a_door(waived_sender: Sender) -> None:
    sent = b"\n".join(
        [json.dumps(person(1)).encode(), b"", b"{nonsense", json.dumps(structured_lead()).encode(), b"\xff"]
    )
    answer = post(waived_sender, sent)
    lines, summary = told(answer)
    assert answer["Content-Type"] == NDJSON
    assert statuses(lines) == {1: 201, 3: 400, 4: 201, 5: 400}
    assert summary == {
        **{"lines": 4, "accepted": 2, "held": 0, "duplicates": 0, "refused": 2, "replayed": 0},
        **{"failed": 0, "complete": True},
    }
    rows = Submission.objects.order_by("row_number")
    assert [row.row_number for row in rows] == [1, 3, 4, 5]
    assert {(row.door, row.request_id) for row in rows} == {("batch", answer["X-Request-Id"])}
    assert [json.loads(row.answer) for row in rows] == [line["answer"] for line in lines]


@pytest.mark.django_db(transaction=True)
class TestAsAWhole:
    """What is answered to a batch of which no line is looked at, as at the doors, with one submission."""

    def test_without_credentials_it_is_401_and_leaves_no_submission(self, waived_sender: Sender) -> None:
        answer = waived_sender.client.post("/leads/batch", ndjson([person(1)]), content_type=NDJSON)
        assert (answer.status_code, Submission.objects.count()) == (401, 0)
        assert answer["WWW-Authenticate"]

    def test_from_a_paused_source_it_is_403(self, waived_sender: Sender) -> None:
        pause_source(waived_sender.source, by=BY, reason=REASON, now=timezone.now())
        answer = post(waived_sender, ndjson([person(1), person(2)]))
        assert (answer.status_code, codes(answer)) == (403, ["source_paused"])
        assert only_refusal().row_number is None

    @pytest.mark.parametrize(
        "content_type", ["application/json", "text/csv", "", NDJSON + "; charset=utf-16"]
    )
    def test_of_another_content_type_it_is_415(self, waived_sender: Sender, content_type: str) -> None:
        answer = post(waived_sender, ndjson([person(1)]), content_type=content_type)
        assert (answer.status_code, codes(answer)) == (415, ["content_type_unsupported"])
        assert only_refusal().body == ""

    @pytest.mark.parametrize("header", [{"Idempotency_Key": "é"}, {"Leadping_Dry_Run": "yes"}])
    def test_with_a_header_that_says_nothing_it_is_400(
        self, waived_sender: Sender, header: dict[str, str]
    ) -> None:
        assert post(waived_sender, ndjson([person(1)]), **header).status_code == 400
        assert only_refusal().row_number is None

    def test_over_ten_thousand_lines_it_is_413(self, waived_sender: Sender) -> None:
        answer = post(waived_sender, b"{}\n" * 10_001)
        assert (answer.status_code, codes(answer)) == (413, ["batch_too_large"])
        assert only_refusal().http_status == 413

    @pytest.mark.parametrize("declared", [True, False])
    def test_over_20_mib_it_is_413(
        self, waived_sender: Sender, declared: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        if not declared:
            monkeypatch.setattr("leads.bulk.door.declared_size", lambda request: 0)
        answer = post(waived_sender, b" " * (20 * 1024 * 1024 + 1))
        assert (answer.status_code, codes(answer)) == (413, ["batch_too_large"])

    def test_in_a_minute_that_is_used_up_it_is_429(self) -> None:
        sender = SenderFactory.create(waived=True, settings__rate_per_minute=1)
        with time_machine.travel(NOW, tick=False):
            sender.post(person(1))
            answer = post(sender, ndjson([person(2), person(3)]))
        assert (answer.status_code, codes(answer)) == (429, ["rate_exceeded"])
        assert answer["Retry-After"] == "30"
        assert Submission.objects.filter(door="batch").count() == 1


@pytest.mark.django_db(transaction=True)
class TestLines:
    def test_an_empty_batch_has_no_lines(self, waived_sender: Sender) -> None:
        lines, summary = told(post(waived_sender, b"\n \n"))
        assert (lines, summary["lines"], summary["complete"]) == ([], 0, True)

    def test_a_line_may_have_64_kib_and_no_more(self, waived_sender: Sender) -> None:
        most = json.dumps(person(1)).encode().ljust(64 * 1024)
        sent = b"\r\n".join([most, most + b" ", json.dumps(person(2)).encode()])
        lines, _ = told(post(waived_sender, sent))
        assert statuses(lines) == {1: 201, 2: 413, 3: 201}
        assert lines[1]["answer"]["code"] == "body_too_large"
        assert Submission.objects.get(row_number=2).body == ""

    def test_lines_beyond_the_rate_are_429_and_say_when_to_come_again(self) -> None:
        sender = SenderFactory.create(waived=True, settings__rate_per_minute=2)
        with time_machine.travel(NOW, tick=False):
            lines, summary = told(post(sender, ndjson(person(number) for number in range(4))))
        assert statuses(lines) == {1: 201, 2: 201, 3: 429, 4: 429}
        assert lines[3]["retryAfter"] == 30
        assert (summary["accepted"], summary["refused"]) == (2, 2)

    def test_a_dry_run_stores_no_lead(self, waived_sender: Sender) -> None:
        lines, _ = told(post(waived_sender, ndjson([person(1), person(1)]), Leadping_Dry_Run="true"))
        assert [(line["status"], line["answer"]["dryRun"]) for line in lines] == [(200, True)] * 2
        assert (Lead.objects.count(), Submission.objects.count()) == (0, 2)

    def test_the_key_in_the_address_warns_in_each_line(self, waived_sender: Sender) -> None:
        source, key = waived_sender.source.public_id, waived_sender.issued.api_key
        answer = waived_sender.client.post(
            f"/leads/batch/?sourceId={source}&apiKey={key}", ndjson([person(1)]), content_type=NDJSON
        )
        [line], _ = told(answer)
        assert [one["code"] for one in line["answer"]["warnings"]] == ["credentials_in_query"]

    def test_the_same_batch_again_gets_the_same_answers(self, waived_sender: Sender) -> None:
        sent = ndjson(person(number, externalId=None) for number in range(3))
        first, _ = told(post(waived_sender, sent, Idempotency_Key="1"))
        again, summary = told(post(waived_sender, sent, Idempotency_Key="1"))
        assert [line["answer"] for line in again] == [line["answer"] for line in first]
        assert all(line["replayed"] for line in again)
        assert (summary["replayed"], Lead.objects.count()) == (3, 3)

    def test_the_same_key_with_another_line_is_422_in_that_line(self, waived_sender: Sender) -> None:
        told(post(waived_sender, ndjson([person(1), person(2)]), Idempotency_Key="x" * 255))
        lines, _ = told(post(waived_sender, ndjson([person(1), person(3)]), Idempotency_Key="x" * 255))
        assert statuses(lines) == {1: 201, 2: 422}

    def test_a_lead_that_came_through_a_door_is_recognised(self, waived_sender: Sender) -> None:
        sent = person(1)
        first = waived_sender.post(sent).json()
        [line], _ = told(post(waived_sender, ndjson([sent])))
        assert (line["replayed"], line["answer"]) == (True, first)

    def test_a_credential_in_a_line_is_not_stored(self, waived_sender: Sender) -> None:
        told(post(waived_sender, ndjson([person(1, password="hunter2")])))
        assert "hunter2" not in Submission.objects.get().body

    def test_the_key_of_the_source_in_a_line_is_flagged(self, waived_sender: Sender) -> None:
        told(post(waived_sender, ndjson([person(1, note=waived_sender.issued.api_key)])))
        waived_sender.issued.credential.refresh_from_db()
        assert waived_sender.issued.credential.exposed_at


@pytest.mark.django_db(transaction=True)
class TestCertificates:
    def test_each_line_is_judged_by_its_own_certificate(self, sender: Sender, sandbox: str) -> None:
        scenarios = ["valid", "mismatch", "expired", "error", "valid"]
        sent = [
            person(number, trustedFormUrl=certificate(scenario)) for number, scenario in enumerate(scenarios)
        ]
        lines, summary = told(post(sender, ndjson(sent)))
        assert statuses(lines) == {1: 201, 2: 201, 3: 400, 4: 201, 5: 201}
        assert [line["answer"].get("status") for line in lines] == [
            *("accepted", "audit", 400, "audit", "accepted")
        ]
        assert (summary["accepted"], summary["held"], summary["refused"]) == (2, 2, 1)
        # Also for the one of which no lead came.
        assert CertificateCheck.objects.count() == 5

    def test_lines_are_asked_about_side_by_side(self, sender: Sender, sandbox: str) -> None:
        sent = [person(number, trustedFormUrl=certificate("hang")) for number in range(16)]
        started = monotonic()
        lines, _ = told(post(sender, ndjson(sent)))
        assert {line["answer"]["status"] for line in lines} == {"audit"}
        assert monotonic() - started < 10

    def test_one_certificate_for_several_lines_is_one_certificate(self, sender: Sender, sandbox: str) -> None:
        url = certificate()
        told(post(sender, ndjson(person(number, trustedFormUrl=url) for number in range(3))))
        assert Lead.objects.values("certificate").distinct().count() == 1


@pytest.mark.django_db(transaction=True)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(
            st.binary(max_size=200),
            st.text(max_size=100).map(lambda text: json.dumps({"phone": text, "email": text}).encode()),
            st.recursive(
                st.none() | st.booleans() | st.floats() | st.text(max_size=20),
                lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
            ).map(lambda value: json.dumps(value).encode()),
            st.integers(0, 5).map(lambda number: json.dumps(person(number)).encode()),
        ),
        max_size=12,
    )
)
def test_whatever_the_lines_hold_each_is_answered_and_stored_once(
    waived_sender: Sender, sent: list[bytes]
) -> None:
    before = set(Submission.objects.values_list("pk", flat=True))
    batch = b"\n" + b"\n".join(sent)
    expected = [number for number, line in enumerate(batch.split(b"\n"), 1) if line.strip()]
    lines, summary = told(post(waived_sender, batch))
    assert [line["line"] for line in lines] == expected
    assert all(line["status"] < 500 for line in lines)
    stored = Submission.objects.exclude(pk__in=before).order_by("row_number")
    assert [row.row_number for row in stored] == expected
    assert summary["complete"]
