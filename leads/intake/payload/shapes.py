"""The two shapes a lead is posted in. Names in Python are the same in both; aliases are the senders'."""

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from leads.intake.payload.fields import (
    BirthDate,
    Email,
    Identifier,
    IpAddress,
    Line,
    LongText,
    Name,
    PhoneNumber,
    Price,
    SourceMetadata,
    State,
    Url,
    Word,
    Zip,
)


class Shape(BaseModel):
    # Unknown fields are kept: they come back as warnings and stay on the lead.
    model_config = ConfigDict(extra="allow", alias_generator=to_camel, frozen=True)


class PersonFields(Shape):
    first_name: Name | None = None
    last_name: Name | None = None
    email: Email | None = None


class AddressFields(Shape):
    address1: Line | None = Field(None, alias="address1")
    address2: Line | None = Field(None, alias="address2")
    city: Line | None = None
    state: State | None = None


class CustomerFields(Shape):
    birth_date: BirthDate | None = None
    gender: Word | None = None


class MetadataFields(Shape):
    product: Line | None = None
    vertical: Line | None = None
    external_id: Identifier | None = None
    seller_lead_id: Identifier | None = None
    sub_id: Identifier | None = None
    price: Price | None = None
    utm_source: Line | None = None
    utm_medium: Line | None = None
    utm_campaign: Line | None = None
    utm_term: Line | None = None
    utm_content: Line | None = None
    landing_page: Url | None = None
    referrer: Url | None = None
    trusted_form_url: LongText | None = Field(
        None, description="The TrustedForm certificate, https://cert.trustedform.com/…"
    )
    source_metadata: SourceMetadata | None = None
    ip_address: IpAddress | None = Field(None, description="The consumer's address, not the sender's.")
    user_agent: LongText | None = Field(None, description="The consumer's browser, not the sender's.")


class FlatPayload(PersonFields, AddressFields, CustomerFields, MetadataFields):
    """POST and GET /leads/intake."""

    phone: PhoneNumber | None = None
    postal_code: Zip | None = Field(None, alias="zip")


class PhoneObject(Shape):
    phone: PhoneNumber | None = Field(None, alias="number")


class StreetAddress(AddressFields):
    postal_code: Zip | None = None


class Contact(PersonFields):
    phone_object: PhoneObject | None = Field(None, alias="phone")
    street_address: StreetAddress | None = None


class StructuredPayload(Shape):
    """POST /leads. The three objects are required; `customer` may be empty."""

    metadata: MetadataFields
    contact: Contact
    customer: CustomerFields


def nested_shape(annotation: object) -> type[Shape] | None:
    """The shape behind `Contact` or `Contact | None`."""
    candidates = getattr(annotation, "__args__", (annotation,))
    return next((one for one in candidates if isinstance(one, type) and issubclass(one, Shape)), None)


def walk_paths(shape: type[Shape], above: str = "") -> Iterator[tuple[str, str]]:
    """Each field's name in Python and its dotted path as the sender writes it."""
    for name, field in shape.model_fields.items():
        path = f"{above}{field.alias}"
        nested = nested_shape(field.annotation)
        if nested:
            yield from walk_paths(nested, f"{path}.")
        else:
            yield name, path


FLAT_PATHS = dict(walk_paths(FlatPayload))
STRUCTURED_PATHS = dict(walk_paths(StructuredPayload))
