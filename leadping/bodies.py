"""The JSON bodies that our addresses answer, as shapes: what is sent is made from them, or is checked against
them in tests, and the API's description is generated from them."""

from functools import cache
from typing import Annotated

from django.http import HttpResponse
from pydantic import BaseModel, ConfigDict, Field, create_model
from pydantic.alias_generators import to_camel


class Body(BaseModel):
    """Names are camelCase outside, and nothing is ever there that the shape does not name."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_name=True,
        serialize_by_alias=True,
        from_attributes=True,
        extra="forbid",
        frozen=True,
    )


class Finding(Body):
    """One finding of one check."""

    code: str = Field(examples=["state_not_allowed"])
    field: str | None = Field(description="As the sender wrote it.", examples=["state"])
    message: str
    hint: str | None


class ProblemBody(Body):
    """RFC 9457."""

    type: Annotated[str, Field(description="The code's page.", examples=["/docs/errors/state_not_allowed"])]
    title: str
    status: int
    code: str
    detail: str
    request_id: str
    errors: list[Finding]


@cache
def problem_shape(
    name: str, base: type[ProblemBody], status: int, codes: tuple[str, ...]
) -> type[ProblemBody]:
    """`base` for one status, with the codes that it may have there."""
    return create_model(
        name,
        __base__=base,
        __doc__=base.__doc__,
        status=(int, Field(json_schema_extra={"enum": [status]})),
        code=(str, Field(json_schema_extra={"enum": list(codes)})),
    )


def json_response(body: Body) -> HttpResponse:
    response = HttpResponse(body.model_dump_json(), content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response
