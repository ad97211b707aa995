"""Looking up what kind of line a phone number is, at a service of the installation's choice.

The service answers `GET {PHONE_LOOKUP_URL}/{number in E.164}` with `{"lineType": "mobile", "carrier": "…"}`.
Another one is plugged in by naming a function of the same shape in PHONE_LOOKUP_CLIENT. The certificate
sandbox plays the service too.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from leadping.http import HttpFailure, fetch


@dataclass(frozen=True, slots=True)
class PhoneFacts:
    line_type: str
    carrier: str


class PhoneLookupFailure(Exception):  # noqa: N818 (the house tells failures from refusals)
    """The service gave no answer that could be read. `temporary` says whether asking again may help."""

    def __init__(self, message: str, *, temporary: bool) -> None:
        super().__init__(message)
        self.temporary = temporary


LINE_TYPES = {"mobile": "mobile", "landline": "landline", "fixed": "landline", "voip": "voip"}

PhoneLookup = Callable[[str], PhoneFacts]


def configured_lookup() -> PhoneLookup:
    lookup: PhoneLookup = import_string(settings.PHONE_LOOKUP_CLIENT)
    return lookup


def ask_json_service(number: str) -> PhoneFacts:
    """Raises PhoneLookupFailure."""
    try:
        answer = fetch(
            "GET",
            f"{settings.PHONE_LOOKUP_URL.rstrip('/')}/{number}",
            headers={"Accept": "application/json"},
            allow_loopback=settings.ALLOW_TRUSTEDFORM_SANDBOX,
        )
    except HttpFailure as failure:
        raise PhoneLookupFailure(str(failure), temporary=failure.temporary) from failure
    if answer.status != 200:
        raise PhoneLookupFailure(f"The service answered {answer.status}.", temporary=answer.status >= 500)
    return read_facts(answer.body)


def read_facts(body: bytes) -> PhoneFacts:
    """A line type that we do not know becomes `unknown`."""
    try:
        told = json.loads(body)
        line_type, carrier = str(told["lineType"]), str(told.get("carrier") or "")
    except (ValueError, TypeError, KeyError) as error:
        raise PhoneLookupFailure("The service's answer could not be read.", temporary=False) from error
    return PhoneFacts(LINE_TYPES.get(line_type.lower(), "unknown"), carrier[:100])
