"""What a source may look up with its own credentials: itself, here; what it sent, in the rooms above."""

from datetime import datetime
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
from sources.models import Credential, Source
from sources.problems import CREDENTIALS_CONFLICT, CREDENTIALS_INVALID, CREDENTIALS_MISSING

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


class SourceLimits(Body):
    rate_per_minute: int | None = Field(description="Requests a minute before the answer is 429.")


class SourceBody(Body):
    """A source, and the terms that are in force. Without any, all that they say is null."""

    id: str = Field(examples=["source_01kkv88vg0e489e46facktrgtt"])
    name: str
    enabled: bool = Field(description="False while it is switched off or paused.")
    approved: bool
    terms_version: int | None
    states: list[str] | None = Field(description="Allowed states; an empty list allows any.")
    products: list[str] | None = Field(description="Allowed products; an empty list allows any.")
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
        return json_response(describe_source(asking_source(request)))


def describe_source(source: Source) -> SourceBody:
    terms = source.terms_in_force
    return SourceBody(
        id=source.public_id,
        name=source.name,
        enabled=source.enabled and source.paused_at is None,
        approved=source.approved,
        terms_version=terms.number if terms else None,
        states=terms.states if terms else None,
        products=terms.products if terms else None,
        trusted_form=("required" if terms.trustedform_required else "optional") if terms else None,
        limits=SourceLimits(rate_per_minute=source.settings.rate_per_minute),
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
