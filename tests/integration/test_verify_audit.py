"""Verifying the log: nothing is found where nothing was done, and everything that was done is found."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from pytest_django import Settings

from leadping.accounts.models import Business
from leadping.audit.findings import Fault, Finding
from leadping.audit.seals import seal_business
from leadping.audit.verification import verify, verify_and_record
from leadping.chain import chain_waiting
from leadping.events import record_event
from leadping.heads import publish_head
from leadping.ids import first_id_at
from leadping.models import ChainHead, Event
from tests.prepared import prepared
from tests.tampering import TAMPERINGS, Log, Tampering

CONTROL, TRAFFIC, SEALS = 40, 10, 4
SEED = 20_261_121


@pytest.fixture
def heads_file(tmp_path: Path, settings: Settings) -> Path:
    settings.AUDIT_HEADS_FILE = str(tmp_path / "heads.jsonl")
    return tmp_path / "heads.jsonl"


@pytest.fixture
def now() -> datetime:
    """Later than anything that the tests write, so that all of it ought to be chained, signed and sealed."""
    return timezone.now() + timedelta(hours=3)


def record(business: Business, kind: str, number: int) -> None:
    record_event(
        kind,
        subject=f"source_{number}",
        by="user_1",
        business_id=business.pk,
        now=timezone.now(),
        reason=f"Reason {number}.",
        before={"enabled": True},
        after={"enabled": False, "ratio": 1e20 / (number + 1), "text": "é\n\"'"},
    )


def link_and_publish(business: Business) -> None:
    chain_waiting(business.pk)
    publish_head(ChainHead.objects.get(business=business))


def fill(business: Business) -> None:
    """Control events, each published, with seals on some traffic among them."""
    for number in range(CONTROL):
        record(business, "source.changed", number)
        link_and_publish(business)
        if number % (CONTROL // SEALS) == 5:
            for lead in range(TRAFFIC):
                record(business, "lead.created", lead)
            seal_business(
                business.pk, first_id_at(timezone.now() + timedelta(milliseconds=2)), now=timezone.now()
            )
            link_and_publish(business)


def which_seal(business: Business) -> dict[object, int]:
    seals: dict[object, int] = {}
    links = list(Event.objects.filter(business=business, kind="events.sealed").order_by("chain_number"))
    for event in Event.objects.filter(business=business, kind="lead.created"):
        covering = next(seal for seal in links if event.public_id <= seal.data["until"])
        seals[event.pk] = covering.chain_number or 0
    return seals


@prepared
def filled(business: Business, other_business: Business) -> tuple[dict[object, int], bytes]:
    """By the ids of its traffic the seals of `business`, and the file of heads."""
    with TemporaryDirectory() as folder, override_settings(AUDIT_HEADS_FILE=f"{folder}/heads.jsonl"):
        for one in (business, other_business):
            fill(one)
        return which_seal(business), Path(folder, "heads.jsonl").read_bytes()


@pytest.fixture
def log(
    business: Business, other_business: Business, filled: tuple[dict[object, int], bytes], heads_file: Path
) -> Log:
    seals, heads = filled
    heads_file.write_bytes(heads)
    return Log(business, other_business, Random(SEED), seals)  # type: ignore[arg-type]


def keep_last_lines(heads_file: Path) -> None:
    """Leaves but one line for each chain, as a copy made now and then elsewhere would."""
    last = {json.loads(text)["chain"]: text for text in heads_file.read_text().splitlines()}
    heads_file.write_text("\n".join(last.values()) + "\n")


def test_a_log_that_nobody_touched_holds(log: Log, now: datetime) -> None:
    report = verify(now=now)
    assert report.findings == []
    assert {chain.name: (chain.links, chain.traffic) for chain in report.chains} == {
        log.one.name: (CONTROL + SEALS + 1, TRAFFIC * SEALS),
        log.other.name: (CONTROL + SEALS + 1, TRAFFIC * SEALS),
        "The installation": (0, 0),
    }


def tamper(tampering: Tampering, log: Log, now: datetime) -> str:
    """What is wrong with what was found, if anything; the tampering itself is undone."""
    with transaction.atomic():
        expected = tampering(log)
        findings = verify(now=now).findings
        transaction.set_rollback(True)
    wrong = expected.unmet(findings, log.one.name, log.other.name)
    return f"{tampering.__name__}: {wrong}: expected {expected}, found {findings}" if wrong else ""


def test_of_a_thousand_random_tamperings_all_are_found(log: Log, heads_file: Path, now: datetime) -> None:
    missed = []
    for number in range(1_000):
        if number == 500:
            keep_last_lines(heads_file)
        missed.append(tamper(log.random.choice(TAMPERINGS), log, now))
    assert list(filter(None, missed)) == []
    assert verify(now=now).findings == []


def faults(findings: list[Finding]) -> set[Fault]:
    return {finding.fault for finding in findings}


def test_lines_cut_off_the_file_leave_events_unsigned(log: Log, heads_file: Path, now: datetime) -> None:
    lines = [text for text in heads_file.read_text().splitlines() if log.one.public_id in text]
    heads_file.write_text("\n".join(lines[:-3]) + "\n")
    [finding] = [found for found in verify(now=now).findings if found.chain == log.one.name]
    assert (finding.fault, finding.number) == (Fault.UNSIGNED, CONTROL + SEALS + 1 - 2)


def test_a_line_that_somebody_changed_is_named(log: Log, heads_file: Path, now: datetime) -> None:
    lines = heads_file.read_text().splitlines()
    line = json.loads(lines[6])
    lines[6] = json.dumps({**line, "count": line["count"] + 1})
    heads_file.write_text("\n".join(lines) + "\n")
    [finding] = verify(now=now).findings
    assert finding.fault is Fault.BAD_LINE
    assert f"Line 7 of {heads_file}" in finding.detail


def test_a_copy_kept_elsewhere_shows_what_both_table_and_file_hide(
    log: Log, heads_file: Path, tmp_path: Path, now: datetime
) -> None:
    copy = tmp_path / "copy.jsonl"
    copy.write_text(heads_file.read_text())
    heads_file.write_text("")
    log.links().filter(chain_number__gt=10).delete()
    last = log.links().last()
    log.head().update(count=10, hash=last.chain_hash, sealed_until=None)
    assert Fault.TRUNCATED not in faults(verify(now=now).findings)
    assert Fault.TRUNCATED in faults(verify(now=now, files=[copy]).findings)


def test_traffic_that_nobody_seals_is_told(business: Business, heads_file: Path, now: datetime) -> None:
    link_and_publish(business)
    record(business, "lead.created", 1)
    [finding] = verify(now=now).findings
    assert (finding.fault, finding.event) == (Fault.UNSEALED, Event.objects.latest("id").public_id)


def test_what_is_still_under_way_is_no_finding(business: Business, heads_file: Path) -> None:
    record(business, "source.changed", 1)
    record(business, "lead.created", 1)
    assert verify(now=timezone.now()).findings == []


def test_each_chain_keeps_the_result_as_an_event(log: Log, now: datetime) -> None:
    log.links().filter(chain_number=3).update(reason="Forged.")
    verify_and_record(by="cli", now=now)
    found = Event.objects.get(kind="audit.verified", business=log.one)
    assert (found.actor, found.data["findings"], found.data["number"]) == ("cli", 1, CONTROL + SEALS + 1)
    assert "no. 3" in found.data["told"][0]
    assert Event.objects.get(kind="audit.verified", business=log.other).data["findings"] == 0


def test_old_events_that_the_chain_began_with_are_no_finding(business: Business, now: datetime) -> None:
    ChainHead.objects.all().delete()
    Event.objects.all().delete()
    for days in (9, 30, 2):
        at = timezone.now() - timedelta(days=days)
        event = Event(id=first_id_at(at), business=business, kind="source.changed", subject="source_1")
        event.at = at - timedelta(hours=days)
        event.save()
    link_and_publish(business)
    record(business, "source.changed", 1)
    link_and_publish(business)
    assert verify(now=now, businesses=[business]).findings == []


def test_each_night_only_what_came_since_is_walked(log: Log) -> None:
    verify_and_record(by="system", now=timezone.now())
    link_and_publish(log.one)
    log.links().filter(chain_number=3).update(reason="Forged.")
    record(log.one, "source.changed", 1)
    link_and_publish(log.one)
    [again] = verify(now=timezone.now(), businesses=[log.one], full=False).chains
    assert (again.since, again.links, again.findings) == (CONTROL + SEALS + 1, CONTROL + SEALS + 3, [])
    last = log.links().last()
    log.links().filter(pk=last.pk).update(reason="Forged.")
    [found] = verify(now=timezone.now(), businesses=[log.one], full=False).findings
    assert (found.fault, found.number) == (Fault.EDITED, last.chain_number)
    assert verify(now=timezone.now(), businesses=[log.one]).chains[0].count == 2


def test_past_the_findings_that_are_kept_all_are_counted(
    log: Log, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leadping.audit.findings.KEPT", 3)
    log.links().filter(chain_number__in=range(2, 22, 2)).update(reason="Forged.")
    verify_and_record(by="cli", now=now, businesses=[log.one])
    said = Event.objects.get(kind="audit.verified", business=log.one).data
    assert (said["findings"], len(said["told"])) == (10, 3)
    assert (said["number"], said["traffic"]) == (CONTROL + SEALS + 1, TRAFFIC * SEALS)


def test_the_command_says_in_one_line_that_all_holds(log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("verify_audit")
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == "3 chains, 90 control events, 80 events of traffic: 0 findings."


def test_the_command_names_each_place_and_ends_with_one(log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    event = log.links().get(chain_number=3)
    log.links().filter(chain_number=3).update(reason="Forged.")
    with pytest.raises(SystemExit) as ended:
        call_command("verify_audit", business=log.one.name)
    assert ended.value.code == 1
    assert f"{log.one.name} no. 3 ({event.public_id}): edited. " in capsys.readouterr().out


def test_the_command_turns_away_what_does_not_exist(db: None) -> None:
    for options in ({"business": "Nobody"}, {"heads": [Path("/no/such/file")]}):
        with pytest.raises(CommandError):
            call_command("verify_audit", **options)  # type: ignore[arg-type]
