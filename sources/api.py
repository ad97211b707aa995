"""What a source may look up with its own credentials: itself, here; what it sent, in the rooms above."""

from datetime import datetime, time
from typing import Any, Literal, cast
from urllib.parse import parse_qsl

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import extend_schema
from pydantic import Field
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from leadping.addresses import Address
from leadping.api import ProblemError
from leadping.bodies import Body, json_response
from leadping.contract import CHALLENGE, REQUEST_ID, RETRY_AFTER, answer, answers
from leadping.middleware import ScopedRequest
from leadping.problems import STORAGE_UNAVAILABLE
from sources.authentication import Stranger, authenticate, read_credentials, record_stranger
from sources.caps import caps_at, leads_left, read_taken
from sources.models import Credential, Source
from sources.problems import CREDENTIALS_CONFLICT, CREDENTIALS_INVALID, CREDENTIALS_MISSING
from sources.schedules import has_schedule

# The heading of such addresses in the API's description.
LOOK_UPS = "Look-ups for sources"
LOOK_UP_PROBLEMS = (CREDENTIALS_MISSING, CREDENTIALS_INVALID, CREDENTIALS_CONFLICT, STORAGE_UNAVAILABLE)


class SourceAuthentication(BaseAuthentication):
    """Any form of source credentials; `request.auth` is the Credential. A failure is counted."""

    def authenticate(self, request: Request) -> tuple[None, Credential]:
        now = timezone.now()
        ip = cast(ScopedRequest, request._request).client_ip
        caller = identify(request, now=now, ip=ip)
        if isinstance(caller, Stranger):
            record_stranger(caller, ip=ip, now=now)
            raise ProblemError(caller.problem)
        return None, caller


def identify(request: Request, *, now: datetime, ip: str) -> Credential | Stranger:
    query = parse_qsl(request.META.get("QUERY_STRING", ""), keep_blank_values=True, errors="replace")
    presented = read_credentials(request.headers, query)
    if isinstance(presented, Stranger):
        return presented
    # Unlike intake, nothing that follows would notice that a kept copy is out of date.
    return authenticate(presented, now=now, ip=ip, fresh=True)


class LookUp(Address):
    """For sources: they have no user, and only ever see what is theirs."""

    authentication_classes = (SourceAuthentication,)
    permission_classes = ()


def asking_source(request: Request) -> Source:
    return cast(Credential, request.auth).source


class CapBody(Body):
    most: int = Field(description="Leads that may come in the period.")
    left: int = Field(description="Leads that may still come.")
    ends_at: datetime = Field(description="From here on they are counted anew.")


class ScheduleBody(Body):
    """When leads are taken, by the clock of the time zone."""

    days: list[int] = Field(description="Monday is 0; an empty list means every day.")
    start: time | None = Field(alias="from", description="Null means all day.")
    end: time | None = Field(alias="until", description="Earlier than `from` spans midnight.")


class SourceLimits(Body):
    rate_per_minute: int | None = Field(description="Requests a minute before the answer is 429.")
    time_zone: str = Field(description="Days, hours and months are those of this zone.")
    caps: dict[str, CapBody] = Field(description="By `hour`, `day` and `month`; only those that are set.")
    schedule: ScheduleBody | None = Field(description="Null means at any time.")


class SourceBody(Body):
    """A source, and the terms that are in force. Without any, all that they say is null."""

    id: str = Field(examples=["source_01kkv88vg0e489e46facktrgtt"])
    name: str
    enabled: bool = Field(description="False while it is switched off or paused.")
    approved: bool = Field(description="False again once the approval has ended.")
    approved_until: datetime | None = Field(description="Null while the approval has no end.")
    terms_version: int | None
    states: list[str] | None = Field(description="Allowed states; an empty list allows any.")
    products: list[str] | None = Field(description="Allowed products; an empty list allows any.")
    verticals: list[str] | None = Field(description="Allowed verticals; an empty list allows any.")
    trusted_form: Literal["required", "optional"] | None
    limits: SourceLimits


class SourceView(LookUp):
    @extend_schema(
        summary="Look up your source",
        description="What this source is approved for, and its limits. Leaves no submission.",
        operation_id="readSource",
        tags=[LOOK_UPS],
        parameters=[REQUEST_ID, CHALLENGE, RETRY_AFTER],
        responses=answers("LookUp", {200: answer(SourceBody, "The source.")}, LOOK_UP_PROBLEMS),
    )
    def get(self, request: Request) -> HttpResponse:
        return json_response(describe_source(asking_source(request), now=timezone.now()))


def describe_source(source: Source, *, now: datetime) -> SourceBody:
    approved = source.approved_at(now)
    terms = source.terms_in_force if approved else None
    return SourceBody(
        id=source.public_id,
        name=source.name,
        enabled=source.enabled and source.paused_at is None,
        approved=approved,
        approved_until=terms.expires_at if terms else None,
        terms_version=terms.number if terms else None,
        states=terms.states if terms else None,
        products=terms.products if terms else None,
        verticals=terms.verticals if terms else None,
        trusted_form=("required" if terms.trustedform_required else "optional") if terms else None,
        limits=describe_limits(source, now=now),
    )


def describe_limits(source: Source, *, now: datetime) -> SourceLimits:
    settings = source.settings
    caps = caps_at(settings, now)
    left = leads_left(caps, read_taken(source, caps)) if caps else {}
    schedule = {
        "days": settings.schedule_days,
        "from": settings.schedule_from,
        "until": settings.schedule_until,
    }
    return SourceLimits(
        rate_per_minute=settings.rate_per_minute,
        time_zone=settings.time_zone,
        caps={
            cap.period.value: CapBody(
                most=cap.most, left=left[cap.period], ends_at=cap.ends_at(settings.time_zone)
            )
            for cap in caps
        },
        schedule=ScheduleBody.model_validate(schedule) if has_schedule(settings) else None,
    )


class SourceCredentialsScheme(OpenApiAuthenticationExtension):
    """How the API's description names the four forms of source credentials."""

    target_class = SourceAuthentication
    name = ["sourceId", "sourceKey", "sourceIdInQuery", "apiKeyInQuery", "basicKeyAndSecret", "bearerKey"]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, str]]:
        return [
            {"type": "apiKey", "in": "header", "name": "X-Leadping-Source-Id"},
            {"type": "apiKey", "in": "header", "name": "X-Leadping-Source-Key"},
            {"type": "apiKey", "in": "query", "name": "sourceId"},
            {"type": "apiKey", "in": "query", "name": "apiKey"},
            {"type": "http", "scheme": "basic", "description": "API key and API secret."},
            {"type": "http", "scheme": "bearer", "description": "The API key."},
        ]

    def get_security_requirement(self, auto_schema: Any) -> list[dict[str, list[str]]]:
        return CREDENTIAL_FORMS


CREDENTIAL_FORMS: list[dict[str, list[str]]] = [
    {"sourceId": [], "sourceKey": []},
    {"sourceIdInQuery": [], "apiKeyInQuery": []},
    {"basicKeyAndSecret": []},
    {"bearerKey": []},
]
