"""The API's description (OpenAPI 3.1), made from the code and served by us."""

from functools import cache
from typing import Any

from django.http import HttpResponse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from rest_framework.request import Request

from compliance.suppression.api.contract import SUPPRESSIONS
from leadping.addresses import Address
from leads.api.contract import BATCHES, DOORS, USERS
from sources.api import LOOK_UPS

Endpoint = tuple[str, str, str, Any]
RENDERERS = {"json": OpenApiJsonRenderer(), "yaml": OpenApiYamlRenderer()}
CONTENT_TYPES = {"json": "application/json", "yaml": "application/yaml"}


class SchemaView(Address):
    """/schema, and /schema?format=yaml for whoever prefers to read that."""

    authentication_classes = ()
    permission_classes = ()
    schema = None

    def get(self, request: Request) -> HttpResponse:
        form = "yaml" if request.GET.get("format") == "yaml" else "json"
        return HttpResponse(schema_text(form), content_type=CONTENT_TYPES[form])


@cache
def schema_text(form: str) -> bytes:
    """It depends on nothing but the code, so a process makes it once."""
    return RENDERERS[form].render(SchemaGenerator().get_schema(public=True), renderer_context={})


def without_closing_slash(endpoints: list[Endpoint]) -> list[Endpoint]:
    """Addresses are answered with and without a closing slash, and documented without."""
    return [(path.rstrip("/") or "/", regex, method, view) for path, regex, method, view in endpoints]


def in_reading_order(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    return {**result, "tags": [{"name": name} for name in (DOORS, BATCHES, LOOK_UPS, USERS, SUPPRESSIONS)]}


def without_noise(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Pydantic gives each field its own name as a title, and a default of null where it may be left out."""
    result["components"]["schemas"] = without_titles(result["components"]["schemas"])
    return result


def without_titles(schema: Any) -> Any:
    if isinstance(schema, list):
        return [without_titles(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    return {name: without_titles(inner) for name, inner in schema.items() if not is_noise(name, inner)}


def is_noise(name: str, inner: Any) -> bool:
    return (name == "title" and isinstance(inner, str)) or (name == "default" and inner is None)
