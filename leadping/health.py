"""Is the process alive, and can the product do its work?"""

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateWorker

from leadping.database import release_connection
from leadping.http import HttpFailure, fetch

WORKER_SILENT = timedelta(seconds=30)


def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"ok": True})


def readyz(request: HttpRequest) -> JsonResponse:
    """200 only when the database, a worker and, where one is used, the certificate sandbox all answer."""
    # Without its database the product answers 503 to this too.
    checks = {"worker": worker_is_alive()}
    if urlsplit(settings.TRUSTEDFORM_URL).scheme == "http":
        release_connection()
        checks["sandbox"] = sandbox_answers()
    ready = all(checks.values())
    return JsonResponse({"ready": ready, "checks": checks}, status=200 if ready else 503)


def worker_is_alive() -> bool:
    return ProcrastinateWorker.objects.filter(last_heartbeat__gt=timezone.now() - WORKER_SILENT).exists()


def sandbox_answers() -> bool:
    try:
        answer = fetch("GET", f"{settings.TRUSTEDFORM_URL}/healthz", headers={}, allow_loopback=True)
    except HttpFailure:
        return False
    return answer.status == 200
