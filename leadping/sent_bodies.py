"""JSON bodies that users' programs send, read strictly: all faults at once, each by its field."""

from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel
from rest_framework.request import Request

from leadping.api import ProblemError
from leadping.characters import FORBIDDEN
from leadping.problems import BODY_INVALID
from leadping.verdicts import Verdict, failed

MOST_BYTES = 64 * 1024


class SentBody(BaseModel):
    """Names are camelCase, and what has no meaning is refused: a name mistyped must not be a wish ignored."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", strict=True, frozen=True)


Sent = TypeVar("Sent", bound=SentBody)


def without_controls(text: str) -> str:
    if FORBIDDEN.search(text):
        raise ValueError("This holds a control character, which no text needs.")
    return text


Text = Annotated[str, AfterValidator(without_controls)]


def read_body(request: Request, shape: type[Sent]) -> Sent:
    """Raises ProblemError."""
    sent = b""
    if int(request.META.get("CONTENT_LENGTH") or 0) <= MOST_BYTES:
        sent = request._request.body
    else:
        raise invalid([failed(BODY_INVALID.code, f"The body is over {MOST_BYTES // 1024} KiB.")])
    try:
        return shape.model_validate_json(sent)
    except ValidationError as error:
        raise invalid(
            [
                fault(".".join(map(str, one["loc"])), one["msg"].removeprefix("Value error, "))
                for one in error.errors(include_url=False, include_context=False, include_input=False)
            ]
        ) from error


def invalid(faults: list[Verdict]) -> ProblemError:
    return ProblemError(BODY_INVALID, faults)


def fault(name: str, message: str, hint: str | None = None) -> Verdict:
    return failed(BODY_INVALID.code, message, field=name or None, hint=hint)
