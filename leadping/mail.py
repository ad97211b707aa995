"""Sending mail: a job of the worker's, so that nobody waits for a mail server and nothing is sent of what was
rolled back.

Each message is sent at least once, and normally exactly once: should the worker die between the server's yes
and our note of it, it is sent again, with the same Message-ID. What it says stands in a row of its own until
then, never in the job, whose arguments stay where a job fails and are logged where it is tried again.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from smtplib import (
    SMTPAuthenticationError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
)
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.types import JSONDict

from leadping.database import release_connection
from leadping.events import SYSTEM, record_event
from leadping.ids import new_id
from leadping.models import WaitingMail

# After 3 s, 9 s, 27 s and so on, for eight hours in all.
ATTEMPTS = 9
LONGEST_TITLE = 200
KEPT_WITHOUT_JOB = timedelta(days=1)
# What a second attempt does not change: the server lacks what the message needs, or the folder is not ours.
UNCHANGING = (SMTPNotSupportedError, PermissionError)
LONGEST_COMPLAINT = 300


class MailError(Exception):
    """The message could not be sent this time; the worker tries again."""


def send_later(
    *, to: Sequence[str], subject: str, body: str, about: str, business_id: UUID, now: datetime
) -> None:
    """Sends each address its own message, once the caller's transaction is committed. `about` is the prefixed
    id of what it is about; under it the log tells that the message was sent, or why it was not."""
    letters = {
        one_line(address): WaitingMail(id=new_id(), body=body.replace("\0", ""), written_at=now)
        for address in dict.fromkeys(to)
    }
    jobs: list[JSONDict] = [
        {
            "to": address,
            "subject": one_line(subject)[:LONGEST_TITLE],
            "about": about,
            "business_id": str(business_id),
            "message_id": str(letter.id),
        }
        for address, letter in letters.items()
    ]
    if jobs:
        WaitingMail.objects.bulk_create(letters.values())
        deliver.batch_defer(*jobs)


def one_line(text: str) -> str:
    """What a header may hold: nobody's name begins another header."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


@app.task(retry=RetryStrategy(max_attempts=ATTEMPTS, exponential_wait=3), pass_context=True)
def deliver(
    context: JobContext, *, to: str, subject: str, about: str, business_id: str, message_id: str
) -> None:
    """One message, until the mail server took it or refused it for good."""
    letter = WaitingMail.objects.filter(pk=message_id).first()
    if letter is None:
        return
    release_connection()
    said = {"to": to, "title": subject, "message_id": message_id}
    try:
        hand_over(compose(to, subject, letter))
    except Exception as error:
        why, tried = say_error(error), context.job.attempts + 1
        if is_temporary(error) and tried <= ATTEMPTS:
            raise MailError(why) from None
        settle(letter, "mail.failed", about, business_id, reason=why, attempts=tried, **said)
    else:
        settle(letter, "mail.sent", about, business_id, **said)


@app.periodic(cron="13 4 * * *")
@app.task(queueing_lock="forget_given_up_mail")
def forget_given_up_mail(timestamp: int) -> None:
    """Messages whose job came to an end in any other way."""
    forget_mail(before=datetime.fromtimestamp(timestamp, UTC) - KEPT_WITHOUT_JOB)


def forget_mail(*, before: datetime) -> int:
    waiting = ProcrastinateJob.objects.filter(task_name=deliver.name, status__in=["todo", "doing"])
    ids = [job.args["message_id"] for job in waiting.only("args")]
    return WaitingMail.objects.filter(written_at__lt=before).exclude(pk__in=ids).delete()[0]


def compose(to: str, subject: str, letter: WaitingMail) -> EmailMessage:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2]
    headers = {
        "Message-ID": f"<{letter.id}@{domain}>",
        "Date": f"{letter.written_at:%a, %d %b %Y %H:%M:%S +0000}",
        # So that nobody's machine answers that its owner is on holiday.
        "Auto-Submitted": "auto-generated",
    }
    return EmailMessage(subject, letter.body, to=[to], headers=headers)


def hand_over(message: EmailMessage) -> None:
    connection = get_connection()
    try:
        connection.open()
        connection.send_messages([message])
    finally:
        # What the server took is sent, whatever happens when we part.
        with suppress(OSError):
            connection.close()


def is_temporary(error: Exception) -> bool:
    """Whether the same message may be taken later. A wrong password is ours to mend, so the message waits."""
    if isinstance(error, SMTPAuthenticationError):
        return True
    if isinstance(error, SMTPRecipientsRefused):
        return all(400 <= code < 500 for code, _ in error.recipients.values())
    if isinstance(error, SMTPResponseException):
        return 400 <= error.smtp_code < 500 or error.smtp_code < 200
    return isinstance(error, OSError) and not isinstance(error, UNCHANGING)


def say_error(error: Exception) -> str:
    """As the log keeps it: what the server said, which is never what we said to it."""
    if isinstance(error, SMTPRecipientsRefused):
        told = "; ".join(f"{code} {say_bytes(text)}" for code, text in error.recipients.values())
    elif isinstance(error, SMTPResponseException):
        told = f"{error.smtp_code} {say_bytes(error.smtp_error)}"
    elif isinstance(error, OSError):
        told = f"{type(error).__name__}: {error}"
    else:
        told = type(error).__name__
    return one_line(told)[:LONGEST_COMPLAINT]


def say_bytes(text: bytes | str) -> str:
    return text.decode(errors="replace") if isinstance(text, bytes) else text


@transaction.atomic
def settle(
    letter: WaitingMail, kind: str, about: str, business_id: str, *, reason: str = "", **said: object
) -> None:
    """Tells what became of it and forgets what it said."""
    letter.delete()
    record_event(
        kind,
        subject=about,
        by=SYSTEM,
        business_id=UUID(business_id),
        now=timezone.now(),
        reason=reason,
        **said,
    )
