"""The bodies that the API answers about leads and submissions. Names are those of the doors."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer

from leadping.bodies import Body, Finding, ProblemBody
from leads.models import Lead, Submission


def none_of_blank(value: Any) -> Any:
    """Absent text is empty in our rows, and null outside."""
    return None if value == "" else value


def plain_decimal(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


LEAD_ID = "lead_01kv301hg3e6jrv97szgy6v9eq"
SOURCE_ID = "source_01kkv88vg0e489e46facktrgtt"
SUBMISSION_ID = "sub_01kv301hg3eymtas0jn6wa3ayd"

Text = Annotated[str | None, BeforeValidator(none_of_blank)]
Money = Annotated[
    Decimal | None,
    PlainSerializer(plain_decimal, return_type=str | None),
    Field(description="A decimal as text, so that nothing of it is lost.", examples=["18.5"]),
]


class LeadPhone(Body):
    number: str = Field(description="E.164", examples=["+15125550123"])
    extension: Text
    region: Text
    time_zones: list[str]
    line_type: Text
    carrier: Text


class LeadAddress(Body):
    address1: Text = Field(alias="address1")
    address2: Text = Field(alias="address2")
    city: Text
    state: Text
    postal_code: Text


class LeadContact(Body):
    first_name: Text
    last_name: Text
    email: Text
    phone: LeadPhone | None
    street_address: LeadAddress


class LeadCustomer(Body):
    birth_date: date | None
    gender: Text


class LeadMetadata(Body):
    product: Text
    vertical: Text
    external_id: Text
    seller_lead_id: Text
    sub_id: Text
    price: Money
    utm_source: Text = None
    utm_medium: Text = None
    utm_campaign: Text = None
    utm_term: Text = None
    utm_content: Text = None
    landing_page: Text
    referrer: Text
    trusted_form_url: Text
    source_metadata: dict[str, Any]
    ip_address: Text
    user_agent: Text


class LeadCertificate(Body):
    outcome: str = Field(
        description="What is known about the certificate: verified, reachable, unmatched, waived, pending, "
        "or the fault for which the lead was held."
    )


class LeadBody(Body):
    id: str = Field(examples=[LEAD_ID])
    status: Lead.Status
    created_at: datetime
    business_id: str
    account_id: str
    source_id: str = Field(examples=[SOURCE_ID])
    conversation_id: str
    test: bool
    held_for: list[str] = Field(description="The codes of the checks that hold it, until it is released.")
    do_not_contact: list[Literal["call", "sms", "email"]] = Field(
        description="The ways of contacting that the suppression list closes, as it stands now."
    )
    tags: list[str]
    contact: LeadContact
    customer: LeadCustomer
    metadata: LeadMetadata
    trusted_form: LeadCertificate
    extra: dict[str, Any] = Field(description="Fields that we do not know, kept as they came, by their path.")


class LeadPage(Body):
    """Newest first. There is no count: a list is never counted to be shown."""

    results: list[LeadBody]
    next: str | None = Field(description="The address of the page of older leads.")
    previous: str | None = Field(description="The address of the page of newer leads.")


class AnsweredPhone(Body):
    number: str = Field(description="E.164", examples=["+15555550123"])


class AnsweredContact(Body):
    phone: AnsweredPhone | None
    email: str | None


class AnsweredCertificate(Body):
    outcome: str = Field(
        description="`verified`: TrustedForm said so. `reachable`: the certificate's page answered. "
        "`unmatched`: one of an app or of Meta, which is compared with nobody. "
        "`waived`: an approved exception. `pending`: held, and asked about again. `unasked`: a dry run. "
        "Else the fault for which the lead is held.",
        examples=["verified"],
    )
    expires_at: datetime | None


class AnsweredLead(Body):
    """What was taken in, in short."""

    id: str = Field(examples=[LEAD_ID])
    status: Literal["accepted", "audit", "duplicate"]
    submission_id: str = Field(examples=[SUBMISSION_ID])
    created_at: datetime
    source_id: str = Field(examples=[SOURCE_ID])
    external_id: str | None
    seller_lead_id: str | None
    test: bool
    contact: AnsweredContact
    trusted_form: AnsweredCertificate
    held: list[Finding] = Field(description="Why a person looks at it first; filled with the status `audit`.")
    warnings: list[Finding] = Field(description="What is odd, and refuses nothing.")


class DryRunLead(AnsweredLead):
    """What a real request would have been answered with the status 201."""

    id: None  # type: ignore[assignment]  # of a lead that was not stored
    dry_run: Literal[True]
    caps_left: dict[str, int] = Field(
        default={},
        description="There only where the source has caps: leads that it may still bring in this `hour`, "
        "`day` and `month`.",
        examples=[{"day": 40}],
    )


class DoorProblem(ProblemBody):
    """A refusal. Every fault is told at once; `status` and `code` are those of the first."""

    submission_id: str = Field(examples=[SUBMISSION_ID])
    warnings: list[Finding]
    dry_run: Literal[True] = Field(default=True, description="There only when it was one.")


class SubmissionLead(Body):
    id: str = Field(examples=[LEAD_ID])
    status: Lead.Status
    reasons: list[Finding] = Field(description="Why it has this status; empty when it is accepted.")


class JudgedAgain(Body):
    """What came of it when it was judged again after a fix; the newest attempt, where there were several."""

    id: str = Field(description="Of the submission that is the new attempt.", examples=[SUBMISSION_ID])
    at: datetime
    outcome: Submission.Outcome


class SubmissionBody(Body):
    id: str = Field(examples=[SUBMISSION_ID])
    received_at: datetime
    http_status: int = Field(examples=[201])
    answer: dict[str, Any] = Field(description="The body that we answered.")
    lead: SubmissionLead | None = Field(description="That of the newest attempt.")
    judged_again: JudgedAgain | None = Field(
        description="Null until somebody has it judged again. The answer above stays as it was."
    )
