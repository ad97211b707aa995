"""The entries of the suppression list's addresses in the API's description."""

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema

from compliance.problems import SUPPRESSION_RELEASED
from compliance.suppression.api.shapes import (
    ENTRY_ID,
    ContactAnswer,
    ContactQuestion,
    HeardBody,
    NewSuppression,
    Release,
    SaidWords,
    SuppressionBody,
    SuppressionPage,
)
from compliance.suppression.models import Suppression
from leadping.contract import CHALLENGE, REQUEST_ID, RETRY_AFTER, answer, answers
from leadping.paging import MOST, USUAL_SIZE
from leadping.problems import (
    BODY_INVALID,
    NOT_FOUND,
    NOT_PERMITTED,
    NOT_SIGNED_IN,
    PARAMETER_INVALID,
    STORAGE_UNAVAILABLE,
    TOO_MANY_REQUESTS,
)

# The heading of these addresses in the API's description.
SUPPRESSIONS = "Suppression list for users"
JSON = "application/json"
ALWAYS = (NOT_SIGNED_IN, TOO_MANY_REQUESTS, STORAGE_UNAVAILABLE)
SENDING = (*ALWAYS, BODY_INVALID, NOT_PERMITTED)
ENTRY = OpenApiParameter(
    "id", str, OpenApiParameter.PATH, description="The entry's id.", examples=[OpenApiExample(ENTRY_ID)]
)
HEADERS = [REQUEST_ID, CHALLENGE, RETRY_AFTER]

LIST = extend_schema(
    operation_id="listSuppressions",
    summary="List suppressed contacts",
    description="The entries of the user's businesses, newest first, in pages. Those of one phone or email "
    "are told by `POST /suppressions/check`, so that no contact stands in an address.",
    tags=[SUPPRESSIONS],
    parameters=[
        OpenApiParameter("state", {"type": "string", "enum": ["live", "released"]}),
        OpenApiParameter("origin", {"type": "string", "enum": Suppression.Origin.values}),
        OpenApiParameter("business", str, description="A business's id."),
        OpenApiParameter(
            "pageSize", {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL_SIZE}
        ),
        OpenApiParameter("cursor", str, description="From `next` or `previous` of another page."),
        *HEADERS,
    ],
    responses=answers(
        "SuppressionList", {200: answer(SuppressionPage, "A page.")}, [*ALWAYS, PARAMETER_INVALID]
    ),
)
CREATE = extend_schema(
    operation_id="createSuppression",
    summary="Suppress a contact",
    description="From now on nobody contacts it on the channel. Sent again, it is the entry that there is.",
    tags=[SUPPRESSIONS],
    parameters=HEADERS,
    request={JSON: NewSuppression},
    responses=answers(
        "SuppressionSending",
        {
            201: answer(SuppressionBody, "The new entry."),
            200: answer(SuppressionBody, "The entry that stood already."),
        },
        SENDING,
    ),
)
READ = extend_schema(
    operation_id="readSuppression",
    summary="Read an entry of the suppression list",
    description="With its history: who made it when and why, and who released it.",
    tags=[SUPPRESSIONS],
    parameters=[ENTRY, *HEADERS],
    responses=answers(
        "SuppressionReading", {200: answer(SuppressionBody, "The entry.")}, [*ALWAYS, NOT_FOUND]
    ),
)
RELEASE = extend_schema(
    operation_id="releaseSuppression",
    summary="Release a suppressed contact",
    description="For owners, admins and compliance. The entry stays, with the reason.",
    tags=[SUPPRESSIONS],
    parameters=[ENTRY, *HEADERS],
    request={JSON: Release},
    responses=answers(
        "SuppressionRelease",
        {200: answer(SuppressionBody, "The released entry.")},
        [*SENDING, NOT_FOUND, SUPPRESSION_RELEASED],
    ),
)
CHECK = extend_schema(
    operation_id="checkSuppression",
    summary="Ask whether somebody may be contacted",
    description="To be asked right before each call, text and email. Without an account, entries of every "
    "account of the business count. `released` tells what stood before.",
    tags=[SUPPRESSIONS],
    parameters=HEADERS,
    request={JSON: ContactQuestion},
    responses=answers("SuppressionSending", {200: answer(ContactAnswer, "The answer.")}, SENDING),
)
OPT_OUT = extend_schema(
    operation_id="hearOptOut",
    summary="Post what somebody said",
    description="Any inbound message: where its words ask not to be contacted, the contacts are suppressed "
    "on the ways that the words close. Other messages change nothing, so all may be posted.",
    tags=[SUPPRESSIONS],
    parameters=HEADERS,
    request={JSON: SaidWords},
    responses=answers("SuppressionSending", {200: answer(HeardBody, "What was heard.")}, SENDING),
)
