"""What a source may look up with its own credentials: itself, here; what it sent, in the rooms above."""

from typing import Any, Literal
from urllib.parse import parse_qsl

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import extend_schema
from pydantic import Field
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.views import APIView

from leadping.api import ProblemError
from leadping.bodies import Body, json_response
from leadping.contract import answers_with, request_id_header
from leadping.problems import STORAGE_UNAVAILABLE
from sources.authentication import Stranger, authenticate, read_credentials, record_stranger
from sources.models import Credential, Source
from sources.problems import CREDENTIALS_CONFLICT, CREDENTIALS_INVALID, CREDENTIALS_MISSING

LOOK_UP_PROBLEMS = (CREDENTIALS_MISSING, CREDENTIALS_INVALID, CREDENTIALS_CONFLICT, STORAGE_UNAVAILABLE)


class SourceAuthentication(BaseAuthentication):
    """Any form of source credentials; `request.auth` is the Credential. A failure is counted."""

    def authenticate(self, request: Request) -> tuple[None, Credential]:
        now = timezone.now()
        caller = identify(request, now=now)
        if isinstance(caller, Stranger):
            record_stranger(caller, ip=request.client_ip, now=now)
            raise ProblemError(caller.problem)
        return None, caller


def identify(request: Request, *, now: Any) -> Credential | Stranger:
    query = parse_qsl(request.META.get("QUERY_STRING", ""), keep_blank_values=True, errors="replace")
    presented = read_credentials(request.headers, query)
    if isinstance(presented, Stranger):
        return presented
    # Unlike intake, nothing that follows would notice that a kept copy is out of date.
    return authenticate(presented, now=now, fresh=True)


class LookUp(APIView):
    """For sources: they have no user, and only ever see what is theirs."""

    authentication_classes = (SourceAuthentication,)
    permission_classes = ()

    def options(self, request: Request, **_: str) -> HttpResponse:
        return HttpResponse(status=204)


class SourceLimits(Body):
    rate_per_minute: int | None = Field(description="Requests a minute before the answer is 429.")


class SourceBody(Body):
    """A source, and the terms that are in force. Without any, all that they say is null."""

    id: str = Field(examples=["source_06ejf2vt84w8r9w3n4d5e6f7g8"])
    name: str
    enabled: bool
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
        tags=["Look-ups for sources"],
        parameters=[request_id_header()],
        responses=answers_with({200: SourceBody}, LOOK_UP_PROBLEMS),
    )
    def get(self, request: Request) -> HttpResponse:
        return json_response(describe_source(request.auth.source))


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
