"""The worker's part in sending mail, done at once."""

from typing import Any
from uuid import UUID

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from leadping.mail import deliver
from leadping.models import WaitingMail

TASK = "leadping.mail.deliver"


def waiting_mails() -> list[dict[str, Any]]:
    """What the jobs that wait would send, oldest first."""
    jobs = ProcrastinateJob.objects.filter(task_name=TASK).order_by("id")
    bodies = dict(WaitingMail.objects.values_list("id", "body"))
    return [{**job.args, "body": bodies.get(UUID(job.args["message_id"]), "")} for job in jobs]


def attempt(mail: dict[str, Any], *, before: int = 0) -> None:
    """As the worker does it, after so many attempts."""
    job = Job(id=1, queue="default", lock=None, queueing_lock=None, task_name=TASK, attempts=before)
    arguments = {name: value for name, value in mail.items() if name != "body"}
    deliver(JobContext(app=app, job=job, start_timestamp=0, abort_reason=lambda: None), **arguments)
