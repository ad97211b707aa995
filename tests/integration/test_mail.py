"""Mail, from the verb that writes it to a mail server that takes it or does not."""

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_string
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from leadping.accounts.models import Business
from leadping.mail import ATTEMPTS, MailError, forget_mail, send_later
from leadping.mail_server import read_email_url
from leadping.models import Event, WaitingMail
from tests.post import attempt, waiting_mails
from tests.unit.mail_peer import MailPeer, mail_server


def write(business: Business, **differing: Any) -> None:
    fields = {"to": ["ada@example.com"], "subject": "Paused", "body": "It is paused.", "about": "source_1"}
    send_later(**{**fields, **differing}, business_id=business.pk, now=timezone.now())


def use(settings: Settings, peer: MailPeer) -> None:
    for name, value in read_email_url(f"smtp://{peer.host}:{peer.port}").items():
        setattr(settings, name, value)


def only_event() -> Event:
    return Event.objects.get(kind__startswith="mail.")


@pytest.fixture
def peer(settings: Settings) -> Iterator[MailPeer]:
    with mail_server() as started:
        use(settings, started)
        yield started


def test_a_mail_server_gets_the_message_and_the_log_tells_of_it(business: Business, peer: MailPeer) -> None:
    write(business)
    (waiting,) = waiting_mails()
    attempt(waiting)
    received = message_from_string(peer.messages[0])
    assert received["From"] == "Leadping <leadping@leads.example.com>"
    assert (received["To"], received["Subject"]) == ("ada@example.com", "Paused")
    assert received["Auto-Submitted"] == "auto-generated"
    assert received.get_payload().strip() == "It is paused."
    event = only_event()
    assert (event.kind, event.subject, event.business_id) == ("mail.sent", "source_1", business.pk)
    assert event.data["to"] == "ada@example.com"
    assert "It is paused." not in str(event.data)


def test_of_what_is_rolled_back_nothing_is_sent(business: Business) -> None:
    with transaction.atomic():
        write(business)
        transaction.set_rollback(True)
    assert waiting_mails() == []


def test_each_address_gets_a_message_of_its_own_and_only_one(business: Business) -> None:
    write(business, to=["ada@example.com", "bob@example.com", "ada@example.com"])
    assert [one["to"] for one in waiting_mails()] == ["ada@example.com", "bob@example.com"]


@pytest.mark.parametrize(
    "name", ["x\r\nBcc: eve@example.com", "x\nBcc: eve@example.com", "x\u2028Bcc: e", "x\0y"]
)
def test_no_name_begins_another_header(business: Business, peer: MailPeer, name: str) -> None:
    write(business, subject=f"{name} is paused", body=f"{name} is paused.")
    attempt(waiting_mails()[0])
    received = message_from_string(peer.messages[0])
    assert received["Bcc"] is None
    assert [line for line in peer.said if line.startswith("rcpt")] == ["rcpt TO:<ada@example.com>"]


def test_an_address_with_another_header_in_it_is_given_up(business: Business, peer: MailPeer) -> None:
    write(business, to=["ada@example.com\nBcc: eve@example.com"])
    attempt(waiting_mails()[0])
    assert (only_event().kind, peer.messages) == ("mail.failed", [])


@pytest.mark.parametrize(
    "answers",
    [
        {"MAIL": "451 later"},
        {"RCPT": "450 busy"},
        {".": "452 full"},
        {"DATA": "421 shutting down"},
        {"MAIL": ""},
    ],
)
def test_what_the_server_may_take_later_is_tried_again(
    business: Business, settings: Settings, answers: dict[str, str]
) -> None:
    write(business)
    with mail_server(answers) as peer:
        use(settings, peer)
        with pytest.raises(MailError):
            attempt(waiting_mails()[0])
    assert not Event.objects.filter(kind__startswith="mail.").exists()


def test_a_server_that_is_not_there_is_tried_again(business: Business, settings: Settings) -> None:
    write(business)
    use(settings, MailPeer("127.0.0.1", 9))
    with pytest.raises(MailError):
        attempt(waiting_mails()[0])


def test_after_the_last_attempt_it_is_given_up_and_told(business: Business, settings: Settings) -> None:
    write(business)
    use(settings, MailPeer("127.0.0.1", 9))
    attempt(waiting_mails()[0], before=ATTEMPTS)
    event = only_event()
    assert (event.kind, event.data["attempts"]) == ("mail.failed", ATTEMPTS + 1)


@pytest.mark.parametrize(
    ("answers", "why"), [({"RCPT": "550 no such user"}, "550 no such user"), ({".": "554 spam"}, "554 spam")]
)
def test_what_is_refused_for_good_is_given_up_at_once(
    business: Business, settings: Settings, answers: dict[str, str], why: str
) -> None:
    write(business)
    with mail_server(answers) as peer:
        use(settings, peer)
        attempt(waiting_mails()[0])
    assert (only_event().kind, only_event().reason) == ("mail.failed", why)


def test_a_password_that_is_refused_waits_to_be_mended_and_is_told_to_nobody(
    business: Business, settings: Settings
) -> None:
    write(business)
    with mail_server({"EHLO": "250-mail.test\r\n250 AUTH PLAIN", "AUTH": "535 no"}) as peer:
        use(settings, peer)
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "leadping", "very-secret"
        with pytest.raises(MailError, match="535 no") as caught:
            attempt(waiting_mails()[0])
        attempt(waiting_mails()[0], before=ATTEMPTS)
    assert "very-secret" not in f"{caught.value} {only_event().reason} {only_event().data}"


def test_what_the_server_took_is_sent_however_it_says_goodbye(business: Business, settings: Settings) -> None:
    write(business)
    with mail_server({"QUIT": "500 what"}) as peer:
        use(settings, peer)
        attempt(waiting_mails()[0])
    assert only_event().kind == "mail.sent"


def test_a_message_that_is_sent_again_has_the_same_id(business: Business) -> None:
    """Where the worker dies before it could tell that it was sent."""
    write(business)
    letter = WaitingMail.objects.get()
    attempt(waiting_mails()[0])
    letter.save(force_insert=True)
    attempt(waiting_mails()[0], before=1)
    assert len(mail.outbox) == 2
    assert len({message.message()["Message-ID"] for message in mail.outbox}) == 1


@pytest.mark.parametrize("answers", [{}, {"RCPT": "550 no such user"}])
def test_what_it_said_is_forgotten_once_it_is_sent_or_refused(
    business: Business, settings: Settings, answers: dict[str, str]
) -> None:
    write(business, body="A secret.")
    assert "A secret." not in str(ProcrastinateJob.objects.get().args)
    with mail_server(answers) as peer:
        use(settings, peer)
        attempt(waiting_mails()[0])
        assert not WaitingMail.objects.exists()
        attempt(waiting_mails()[0])
    assert only_event()


def test_what_a_job_that_is_gone_left_is_forgotten_but_not_what_still_waits(business: Business) -> None:
    write(business)
    now = timezone.now() + timedelta(days=9)
    assert forget_mail(before=now) == 0
    ProcrastinateJob.objects.all()._raw_delete("default")
    assert forget_mail(before=now) == 1


def test_without_a_server_mail_goes_to_files_that_only_we_may_read(
    business: Business, settings: Settings, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND = read_email_url("")["EMAIL_BACKEND"]
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    write(business)
    attempt(waiting_mails()[0])
    (written,) = (tmp_path / "mail").iterdir()
    assert "It is paused." in written.read_text()
    assert (tmp_path / "mail").stat().st_mode & 0o777 == 0o700
