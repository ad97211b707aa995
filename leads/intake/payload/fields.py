"""The types of a payload's fields. Each reads what a sender wrote, or raises the code of the fault."""

import json
import re
from datetime import date
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal, InvalidOperation
from ipaddress import ip_address
from typing import Annotated, Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from pydantic import BeforeValidator, Field, PlainValidator, StringConstraints, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from leadping.states import read_state
from leads.intake.payload.phones import Phone, PhoneFault, read_phone

METADATA_LIMIT = 16 * 1024
PRICE_LIMIT = Decimal(10**8)
# Prices computed in floating point arrive with up to seventeen places, and none is lost.
PRICE_PLACES = 20
AS_STORED = json.JSONEncoder(default=str, ensure_ascii=False)
# The usual context rounds to 28 digits, and 1e-999999999 to nothing.
EXACT = Context(prec=MAX_PREC, Emin=MIN_EMIN, Emax=MAX_EMAX)


def fault(code: str, message: str, hint: str = "") -> PydanticCustomError:
    """A fault whose `code` is one of the API's problem codes."""
    # Pydantic formats the message as a template; what a sender wrote travels in the context alone.
    return PydanticCustomError(code, "{message}", {"message": message, "hint": hint})


def text_of_integer(value: Any) -> Any:
    """Many systems send ids and phones as JSON numbers."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def require_text(value: Any, what: str) -> str:
    if not isinstance(value, str):
        raise fault("field_wrong_type", f"{what} must be text.")
    return value


def read_zip(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        if value < 10_000:
            raise fault("field_wrong_type", "A ZIP code must be text.", "A number loses its leading zeros.")
        value = str(value)
    return require_text(value, "A ZIP code")


# What Django's own check takes, and nearly all addresses are: without quotes, other scripts and odd signs.
USUAL_EMAIL = re.compile(
    r"[a-z0-9_+-]{1,30}(?:\.[a-z0-9_+-]{1,30}){0,3}@(?:[a-z0-9]{1,30}(?:-[a-z0-9]{1,30})?\.){1,3}[a-z]{2,20}",
    re.ASCII | re.IGNORECASE,
)


def read_email(value: Any) -> str:
    text = require_text(value, "An email address")
    if USUAL_EMAIL.fullmatch(text):
        return text
    try:
        validate_email(text)
    except ValidationError as error:
        raise fault(
            "email_invalid", "This is not an email address.", "For example: jordan@example.com"
        ) from error
    return text


def phone_of(value: Any) -> Phone:
    text = require_text(text_of_integer(value), "A phone number")
    reading = read_phone(text)
    if isinstance(reading, PhoneFault):
        raise fault(reading.code, reading.message, reading.hint)
    return reading


def state_of(value: Any) -> str:
    text = require_text(value, "A state")
    code = read_state(text)
    if code is None:
        raise fault("state_unknown", "There is no such state.", "Send the two-letter code, for example TX.")
    return code


ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def birth_date_of(value: Any, info: ValidationInfo) -> date:
    """The validation context carries `today`, the latest date that it is anywhere."""
    text = require_text(value, "A date")
    try:
        parsed = date.fromisoformat(text) if ISO_DATE.fullmatch(text) else None
    except ValueError:
        parsed = None
    if parsed is None:
        raise fault("date_invalid", "This is not a date.", "Send YYYY-MM-DD, for example 1970-01-15.")
    assert info.context
    if parsed > info.context["today"]:
        raise fault("date_invalid", "A birth date cannot lie in the future.")
    return parsed


# Without the underscores and other scripts' digits that Python would take.
PLAIN_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)


def price_of(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise fault("field_wrong_type", "A price must be a number.")
    if isinstance(value, str) and not PLAIN_NUMBER.fullmatch(value):
        raise fault("price_invalid", "This is not a decimal number.", "For example: 18.50")
    try:
        price = Decimal(value)
    except InvalidOperation as error:
        raise fault("price_invalid", "This is not a decimal number.", "For example: 18.50") from error
    if not price.is_finite() or not 0 <= price < PRICE_LIMIT:
        raise fault("price_invalid", "A price is at least 0 and below 100,000,000.")
    price = price.normalize(EXACT)
    if -int(price.as_tuple().exponent) > PRICE_PLACES:
        raise fault("price_invalid", f"A price has at most {PRICE_PLACES} decimal places.")
    return price


def url_of(value: Any) -> str:
    text = require_text(value, "An address")
    if len(text) > 2048:
        raise fault("field_too_long", "An address has at most 2,048 characters.")
    try:
        parts = urlsplit(text)
        valid = parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"\s", text)
    except ValueError:
        valid = False
    if not valid:
        raise fault("url_invalid", "This is not a web address.", "It begins with https:// or http://.")
    return text


def ip_of(value: Any) -> str:
    text = require_text(value, "An IP address")
    # Python also reads addresses with a zone, such as fe80::1%eth0, which mean nothing elsewhere.
    try:
        address = None if "%" in text else ip_address(text)
    except ValueError:
        address = None
    if address is None:
        raise fault("field_wrong_type", "This is not an IP address.")
    return str(address)


def metadata_of(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise fault("metadata_not_an_object", "sourceMetadata must be an object.")
    if len(AS_STORED.encode(value).encode()) > METADATA_LIMIT:
        raise fault("metadata_too_large", "sourceMetadata has at most 16 KiB.")
    return value


def text(limit: int) -> Any:
    return Annotated[str, StringConstraints(strict=True, max_length=limit)]


Name = text(100)
Line = text(200)
Word = text(50)
LongText = text(2048)
# What stands in WithJsonSchema is what the API's description says of a field.
Identifier = Annotated[
    str,
    StringConstraints(strict=True, max_length=200),
    BeforeValidator(text_of_integer),
    WithJsonSchema({"type": ["string", "integer"], "maxLength": 200}),
]
Zip = Annotated[
    str,
    StringConstraints(strict=True, max_length=20),
    BeforeValidator(read_zip),
    WithJsonSchema(
        {
            "type": ["string", "integer"],
            "minimum": 10_000,
            "maxLength": 20,
            "description": "Kept as sent. Text, for a number loses its leading zeros.",
            "examples": ["78701"],
        }
    ),
]
Email = Annotated[
    str,
    StringConstraints(strict=True, max_length=320),
    BeforeValidator(read_email),
    Field(json_schema_extra={"format": "email"}),
]
PhoneNumber = Annotated[
    Phone,
    PlainValidator(phone_of),
    WithJsonSchema(
        {
            "type": ["string", "integer"],
            "description": "A possible U.S. number in any notation; best in E.164.",
            "examples": ["+15125550123"],
        }
    ),
]
State = Annotated[
    str,
    PlainValidator(state_of),
    WithJsonSchema(
        {
            "type": "string",
            "description": "A state or territory: its two letters or its English name.",
            "examples": ["TX", "Texas"],
        }
    ),
]
BirthDate = Annotated[
    date,
    PlainValidator(birth_date_of),
    WithJsonSchema({"type": "string", "format": "date", "description": "YYYY-MM-DD, not in the future."}),
]
Price = Annotated[
    Decimal,
    PlainValidator(price_of),
    WithJsonSchema(
        {
            "type": ["number", "string"],
            "minimum": 0,
            "exclusiveMaximum": int(PRICE_LIMIT),
            "description": f"A decimal with at most {PRICE_PLACES} places.",
            "examples": [18.5],
        }
    ),
]
Url = Annotated[
    str,
    PlainValidator(url_of),
    WithJsonSchema(
        {"type": "string", "format": "uri", "maxLength": 2048, "description": "An http or https address."}
    ),
]
IpAddress = Annotated[
    str, PlainValidator(ip_of), WithJsonSchema({"type": "string", "examples": ["203.0.113.7", "2001:db8::7"]})
]
SourceMetadata = Annotated[
    dict[str, Any],
    PlainValidator(metadata_of),
    WithJsonSchema(
        {
            "type": "object",
            "additionalProperties": True,
            "description": f"Whatever is worth keeping, up to {METADATA_LIMIT // 1024} KiB; never a secret.",
        }
    ),
]
