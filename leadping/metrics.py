"""What is counted for /metrics. Labels are ours alone: nothing a sender wrote becomes one."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

REQUESTS = Counter("leadping_requests", "HTTP requests answered", ["route", "method", "status"])
DURATION = Histogram(
    "leadping_request_seconds",
    "Seconds from request to answer",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
SUBMISSIONS = Counter("leadping_submissions", "Submissions by outcome", ["door", "outcome"])
CERTIFICATE_CHECKS = Counter("leadping_certificate_checks", "Conversations with TrustedForm", ["outcome"])
CERTIFICATES_UNASKED = Counter(
    "leadping_certificates_unasked", "Certificates that TrustedForm was not asked about", ["why"]
)
CERTIFICATE_BREAKER = Gauge(
    "leadping_certificate_breaker",
    "Whether TrustedForm is asked: 0 yes, 1 one to see, 2 no; of the process that is worst off",
    multiprocess_mode="livemax",
)
CERTIFICATE_TROUBLE = Gauge(
    "leadping_certificate_trouble",
    "1 while TrustedForm does not answer, or refuses our key or plan",
    ["kind"],
    multiprocess_mode="livemax",
)


def observe_request(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    match = request.resolver_match
    route = match.view_name or match.route if match else "none"
    method = request.method if request.method in {"GET", "POST", "HEAD", "OPTIONS"} else "other"
    REQUESTS.labels(route, method, response.status_code).inc()
    DURATION.labels(route).observe(seconds)


def metrics(request: HttpRequest) -> HttpResponse:
    """All processes' counts together, for whoever brings `Authorization: Bearer METRICS_TOKEN`."""
    presented = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not constant_time_compare(presented, settings.METRICS_TOKEN):
        raise Http404
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
