"""The worker's part in sending mail, done at once."""

from typing import Any

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from leadping.mail import deliver

TASK = "leadping.mail.deliver"


def waiting_mails() -> list[dict[str, Any]]:
    """What the jobs that wait would send, oldest first."""
    return [job.args for job in ProcrastinateJob.objects.filter(task_name=TASK).order_by("id")]


def attempt(mail: dict[str, Any], *, before: int = 0) -> None:
    """As the worker does it, after so many attempts."""
    job = Job(id=1, queue="default", lock=None, queueing_lock=None, task_name=TASK, attempts=before)
    deliver(JobContext(app=app, job=job, start_timestamp=0, abort_reason=lambda: None), **mail)
