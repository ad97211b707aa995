"""The entries of our addresses in the API's description. What they say of a lead's fields is generated from
the shapes that intake reads."""

from collections.abc import Iterator
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiRequest,
    OpenApiResponse,
    extend_schema,
)

from compliance.certificates import several, unasked
from compliance.evidence.registry import CODES as EVIDENCE_CODES
from compliance.problems import USER_PROBLEMS as SUPPRESSION_PROBLEMS
from leadping import problems
from leadping.accounts.tokens import TokenAuthentication
from leadping.contract import CHALLENGE, REQUEST_ID, RETRY_AFTER, answer, answer_header, answers
from leadping.paging import MOST, USUAL_SIZE
from leadping.problems import (
    ADDRESS_TOO_LONG,
    NOT_FOUND,
    NOT_SIGNED_IN,
    PARAMETER_INVALID,
    STORAGE_UNAVAILABLE,
    TOO_MANY_REQUESTS,
)
from leads.api import examples
from leads.api.shapes import AnsweredLead, DoorProblem, DryRunLead, LeadBody, LeadPage, SubmissionBody
from leads.intake.envelope import FORM, JSON, LINES
from leads.intake.payload.shapes import FlatPayload, StructuredPayload
from leads.intake.problems import CATALOGUE, WARNINGS
from leads.models import Lead
from sources.api import CREDENTIAL_FORMS, LOOK_UP_PROBLEMS, LOOK_UPS

DOORS = "Doors for leads"
BATCHES = "Many leads at once"
USERS = "Leads for users"

# What is only ever a warning never is the code of an answer.
WARNING_CODES = frozenset(
    (*(problem.code for problem in WARNINGS), *EVIDENCE_CODES, several().code, unasked().code)
)
USERS_ALONE = (*problems.PROBLEMS, *SUPPRESSION_PROBLEMS)
DOOR_PROBLEMS = [
    STORAGE_UNAVAILABLE,
    ADDRESS_TOO_LONG,
    *(
        problem
        for problem in CATALOGUE.values()
        if problem.code not in {*WARNING_CODES, "batch_too_large"} and problem not in USERS_ALONE
    ),
]
# For which a batch is not taken as a whole; all else is told of its lines.
BATCH_PROBLEMS = [
    STORAGE_UNAVAILABLE,
    *(
        problem
        for problem in CATALOGUE.values()
        if (problem.status in {401, 403, 415} and problem not in problems.PROBLEMS)
        or problem.code in {"batch_too_large", "rate_exceeded", "idempotency_key_invalid", "dry_run_invalid"}
    ),
]
# Answered before the request was tied to a source and a submission.
UNTIED = frozenset({401, 503})

DOOR_ANSWERS = {
    **answers(
        "Door",
        {
            201: answer(AnsweredLead, "Taken in: the lead is stored."),
            200: answer(DryRunLead, "A dry run that a real request would have been taken in after."),
        },
        [problem for problem in DOOR_PROBLEMS if problem.status not in UNTIED],
        base=DoorProblem,
    ),
    **answers("Door", {}, [problem for problem in DOOR_PROBLEMS if problem.status in UNTIED]),
}

DOOR_HEADERS = (
    OpenApiParameter(
        "Idempotency-Key",
        {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
        OpenApiParameter.HEADER,
        description="The same key and body within 24 hours: the first answer again, and no second lead.",
    ),
    OpenApiParameter(
        "Leadping-Dry-Run",
        {"type": "string", "enum": ["true", "full"]},
        OpenApiParameter.HEADER,
        description="Judge the request and store no lead. `full` asks TrustedForm too, which is billed.",
    ),
    REQUEST_ID,
    CHALLENGE,
    RETRY_AFTER,
    answer_header("Idempotency-Replayed", [201], "There when this answers an earlier request.", always=False),
)


def flat_fields() -> dict[str, dict[str, Any]]:
    """The flat door's fields as they are in a form or query, where there is no null."""
    properties = FlatPayload.model_json_schema()["properties"]
    return {name: without_null(schema) for name, schema in properties.items()}


def without_null(schema: dict[str, Any]) -> dict[str, Any]:
    value, _null = schema["anyOf"]
    description = schema.get("description")
    return {**value, "description": description} if description else value


def query_fields() -> Iterator[OpenApiParameter]:
    for name, schema in flat_fields().items():
        nested = schema["type"] == "object"
        shown = [OpenApiExample(name, examples.SHORT[name])] if name in examples.SHORT else []
        yield OpenApiParameter(
            name,
            {key: value for key, value in schema.items() if key != "description"},
            description=schema.get("description", ""),
            examples=shown,
            style="deepObject" if nested else None,
            explode=nested or None,
        )


POST_STRUCTURED = extend_schema(
    operation_id="postStructuredLead",
    summary="Post a lead, structured",
    description="JSON in three objects. Unknown fields are kept, and come back as warnings.",
    tags=[DOORS],
    auth=CREDENTIAL_FORMS,  # type: ignore[arg-type]  # requirements, which it takes as they are
    parameters=[*DOOR_HEADERS],
    request={JSON: StructuredPayload},
    responses=DOOR_ANSWERS,
    examples=[
        OpenApiExample("A lead", examples.STRUCTURED, request_only=True),
        OpenApiExample("Accepted", examples.ACCEPTED, response_only=True, status_codes=["201"]),
    ],
)

POST_FLAT = extend_schema(
    operation_id="postFlatLead",
    summary="Post a lead, flat",
    description="JSON or a form. The request's IP address and user agent are kept beside the lead's own.",
    tags=[DOORS],
    auth=CREDENTIAL_FORMS,  # type: ignore[arg-type]
    parameters=[*DOOR_HEADERS],
    request={
        JSON: FlatPayload,
        FORM: OpenApiRequest(
            {"type": "object", "properties": flat_fields(), "additionalProperties": True},
            encoding={"sourceMetadata": {"style": "deepObject", "explode": True}},
        ),
    },
    responses=DOOR_ANSWERS,
    examples=[
        OpenApiExample("A lead", examples.FLAT, request_only=True),
        OpenApiExample("A form", examples.SHORT, request_only=True, media_type=FORM),
        OpenApiExample("Accepted", examples.ACCEPTED, response_only=True, status_codes=["201"]),
    ],
)

POST_BATCH = extend_schema(
    operation_id="postLeadBatch",
    summary="Post many leads at once",
    description="One JSON object a line, each a lead in the flat or the structured shape; at most 10,000 "
    "lines and 20 MiB, each line at most 64 KiB. Each line is judged as a request of its own. The answer has "
    "a line for each of them, sent when it is stored, and last a summary. An `Idempotency-Key` holds for "
    "each line together with the line's number.",
    tags=[BATCHES],
    auth=CREDENTIAL_FORMS,  # type: ignore[arg-type]
    parameters=[header for header in DOOR_HEADERS if header.name != "Idempotency-Replayed"],
    request={LINES: {"type": "string", "description": "Leads as JSON objects, one a line."}},
    responses={
        (200, LINES): OpenApiResponse(
            {"type": "string"}, description="The answers to the lines in their order, then a summary."
        ),
        **answers("Batch", {}, [one for one in BATCH_PROBLEMS if one.status not in UNTIED], base=DoorProblem),
        **answers("Batch", {}, [one for one in BATCH_PROBLEMS if one.status in UNTIED]),
    },
    examples=[
        OpenApiExample("Two leads", examples.BATCH, request_only=True, media_type=LINES),
        OpenApiExample(
            "Answers", examples.BATCH_ANSWER, response_only=True, media_type=LINES, status_codes=["200"]
        ),
    ],
)

GET_FLAT = extend_schema(
    operation_id="getFlatLead",
    summary="Send a lead in the query string",
    description="For systems that cannot POST. It creates a lead all the same, and is never cached. "
    "Names match in any case.",
    tags=[DOORS],
    auth=CREDENTIAL_FORMS,  # type: ignore[arg-type]
    parameters=[*query_fields(), *DOOR_HEADERS],
    responses=DOOR_ANSWERS,
    examples=[OpenApiExample("Accepted", examples.ACCEPTED, response_only=True, status_codes=["201"])],
)


def id_in_path(what: str, example: str) -> OpenApiParameter:
    return OpenApiParameter(
        "id", str, OpenApiParameter.PATH, description=f"The {what}'s id.", examples=[OpenApiExample(example)]
    )


READ_SUBMISSION = extend_schema(
    operation_id="readSubmission",
    summary="Look up a submission",
    description="What was answered to one of this source's requests, and what has become of its lead.",
    tags=[LOOK_UPS],
    parameters=[id_in_path("submission", examples.ACCEPTED["submissionId"]), REQUEST_ID, CHALLENGE],
    responses=answers(
        "LookUp", {200: answer(SubmissionBody, "The submission.")}, [*LOOK_UP_PROBLEMS, NOT_FOUND]
    ),
)

USER_PROBLEMS = (NOT_SIGNED_IN, TOO_MANY_REQUESTS, STORAGE_UNAVAILABLE)

READ_LEAD = extend_schema(
    operation_id="readLead",
    summary="Read a lead",
    description="A lead of one of the user's businesses.",
    tags=[USERS],
    parameters=[id_in_path("lead", examples.ACCEPTED["id"]), REQUEST_ID, CHALLENGE, RETRY_AFTER],
    responses=answers("User", {200: answer(LeadBody, "The lead.")}, [*USER_PROBLEMS, NOT_FOUND]),
)

MOMENT = {"type": "string", "format": "date-time"}

LIST_LEADS = extend_schema(
    operation_id="listLeads",
    summary="List leads",
    description="The leads of the user's businesses, newest first, in pages.",
    tags=[USERS],
    parameters=[
        OpenApiParameter("status", {"type": "string", "enum": Lead.Status.values}),
        OpenApiParameter("source", str, description="A source's id."),
        OpenApiParameter("phone", str, description="In any notation."),
        OpenApiParameter("email", str, description="In any case."),
        OpenApiParameter("externalId", {"type": "string", "maxLength": 200}),
        OpenApiParameter("createdFrom", MOMENT, description="From this moment on."),
        OpenApiParameter("createdTo", MOMENT, description="Before this moment."),
        OpenApiParameter(
            "pageSize", {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL_SIZE}
        ),
        OpenApiParameter("cursor", str, description="From `next` or `previous` of another page."),
        REQUEST_ID,
        CHALLENGE,
        RETRY_AFTER,
    ],
    responses=answers("User", {200: answer(LeadPage, "A page.")}, [*USER_PROBLEMS, PARAMETER_INVALID]),
)


class UserTokenScheme(OpenApiAuthenticationExtension):
    target_class = TokenAuthentication
    name = "userToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A user's token, made in the console."}
