"""The bodies of the suppression list's addresses."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from compliance.suppression.contacts import LONGEST
from compliance.suppression.models import Suppression
from compliance.suppression.verbs import LONGEST_NOTE
from compliance.suppression.words import LONGEST as LONGEST_TEXT
from leadping.bodies import Body
from leadping.sent_bodies import SentBody, Text

ENTRY_ID = "suppression_01kkv88vg0e489e46facktrgtt"
Way = Literal["call", "sms", "email"]
Id = Annotated[Text, Field(min_length=1, max_length=60)]


class ReleasedBody(Body):
    at: datetime
    by: str
    reason: str


class SuppressionBody(Body):
    """An entry with its history: when, by whom and why it was made, and released."""

    id: str = Field(examples=[ENTRY_ID])
    business_id: str
    account_id: str | None = Field(description="Null for the whole business.")
    kind: Suppression.Kind
    contact: str | None = Field(
        description="Phone in E.164, or email in lower case; null once the person was erased.",
        examples=["+15125550123"],
    )
    channel: Suppression.Channel = Field(description="For a phone, `all` stands for calls and texts.")
    origin: Suppression.Origin
    note: str
    about: str | None = Field(description="The complaint or lead that it is from.")
    import_id: str | None
    created_at: datetime
    created_by: str
    released: ReleasedBody | None = Field(description="Null while it stands.")


class SuppressionPage(Body):
    """Newest first. `next` and `previous` are addresses, and null where there is no further page."""

    results: list[SuppressionBody]
    next: str | None
    previous: str | None


class Contacts(SentBody):
    """Whose contacts: those of the business, or of one account of it."""

    business_id: Id | None = Field(
        default=None, description="Needed by users who may do this in several businesses."
    )
    account_id: Id | None = Field(default=None, description="Left out, the whole business is meant.")
    phone: Annotated[Text, Field(max_length=40)] | None = Field(
        default=None, description="In any notation; best in E.164.", examples=["+15125550123"]
    )
    email: Annotated[Text, Field(max_length=LONGEST)] | None = Field(
        default=None, examples=["jordan@example.com"]
    )


class NewSuppression(Contacts):
    """A phone or an email; exactly one of them."""

    channel: Literal["all", "call", "sms", "email"] | None = Field(
        default=None, description="Of a phone `all`, `call` or `sms`; of an email `email`. Left out: all."
    )
    note: Annotated[Text, Field(max_length=LONGEST_NOTE)] = Field(
        default="", description="Why, for whoever asks later."
    )


class Release(SentBody):
    reason: Annotated[Text, Field(min_length=1, max_length=2000, pattern=r"\S")] = Field(
        description="Kept for good."
    )


class ContactQuestion(Contacts):
    """May these be contacted? A phone, an email, or both."""


class MayContact(Body):
    """Null for a way of which no contact was given."""

    call: bool | None
    sms: bool | None
    email: bool | None


class ContactAnswer(Body):
    may_contact: MayContact
    suppressions: list[SuppressionBody] = Field(description="The entries that stand, oldest first.")
    released: list[SuppressionBody] = Field(description="What was released, newest first, at most 100.")


class SaidWords(Contacts):
    """What somebody wrote or said, and the contacts that they are known by."""

    text: Annotated[Text, Field(min_length=1, max_length=LONGEST_TEXT)] = Field(
        description="As they said it.", examples=["Please stop texting me"]
    )
    heard_by: Way = Field(description="The way on which they said it.")


class HeardBody(Body):
    opt_out: bool = Field(description="Whether the words ask not to be contacted.")
    words: str | None = Field(description="Those that say it, in plain letters.")
    closes: list[Way] = Field(description="The ways of contacting that they close.")
    suppressions: list[SuppressionBody] = Field(description="What stands for it now.")
    unplaced: list[Way] = Field(
        description="Ways that they close and for which no contact was given: post it again with one."
    )
