"""What surrounds every request: its id, its one log line, its metrics, its security headers."""

import time
from collections.abc import Callable
from ipaddress import ip_address, ip_network

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from structlog.contextvars import bind_contextvars, clear_contextvars

from leadping.database import forget_broken_connections
from leadping.error_pages import error_page, wants_page
from leadping.ids import new_id, public_id
from leadping.metrics import observe_request
from leadping.problems import STORAGE_UNAVAILABLE, problem_response

log = structlog.get_logger("leadping.request")

GetResponse = Callable[[HttpRequest], HttpResponse]


class ScopedRequest(HttpRequest):
    """Any request of ours, once RequestScope has seen it."""

    request_id: str
    client_ip: str


PROXIES = [ip_network(text) for text in settings.TRUSTED_PROXIES]


class RequestScope:
    """Gives the request an id, answers in its stead when PostgreSQL is away, and writes one line about it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: ScopedRequest) -> HttpResponse:
        started = time.perf_counter()
        request.request_id = public_id("req", new_id())
        request.client_ip = client_ip(request)
        bind_contextvars(request_id=request.request_id)
        response = self.get_response(request)
        response["X-Request-Id"] = request.request_id
        elapsed = time.perf_counter() - started
        observe_request(request, response, elapsed)
        # The path without its query: credentials and certificates travel there.
        log.info(
            "request",
            method=request.method,
            path=request.path,
            status=response.status_code,
            ms=round(elapsed * 1000, 1),
            ip=request.client_ip,
        )
        clear_contextvars()
        return response

    def process_exception(self, request: ScopedRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, OperationalError | InterfaceError):
            return storage_unavailable(request, error)
        return None


def storage_unavailable(request: ScopedRequest, error: Exception) -> HttpResponse:
    log.error("storage unavailable", error=str(error))
    forget_broken_connections()
    if wants_page(request):
        return error_page(STORAGE_UNAVAILABLE.status, request_id=request.request_id)
    return problem_response(STORAGE_UNAVAILABLE, request_id=request.request_id)


def client_ip(request: HttpRequest) -> str:
    """The sender's address: that of the connection, or what our own proxies say of it.

    X-Forwarded-For is read from its end, for only what a trusted proxy appended is known to be true.
    """
    address = request.META.get("REMOTE_ADDR") or "127.0.0.1"
    for earlier in reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")):
        if not is_trusted_proxy(address):
            break
        if not is_address(earlier.strip()):
            break
        address = earlier.strip()
    return address


def is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    # A zone, as in fe80::1%eth0, means nothing beyond the proxy.
    return "%" not in text


def is_trusted_proxy(address: str) -> bool:
    return any(ip_address(address) in network for network in PROXIES)


CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


class SecurityHeaders:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        response["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        return response
