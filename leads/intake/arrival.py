"""A request at one of the doors, as far as intake needs to know it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from leads.models import Submission

BODY_LIMIT = 64 * 1024
# Under the web server's own, whose answer is no problem body.
ADDRESS_LIMIT = 8_000


class DryRun(StrEnum):
    NO = ""
    LOCAL = "true"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Arrival:
    """`sent` is what the sender wrote: the body, or the query string at the GET door."""

    door: Submission.Door
    # Credentials and nothing else, by their documented names.
    headers: Mapping[str, str]
    query: list[tuple[str, str]]
    content_type: str
    sent: bytes
    sent_sha256: bytes
    ip: str
    user_agent: str
    request_id: str
    received_at: datetime
    idempotency_key: str | None
    # None where the header holds neither of its two values.
    dry_run: DryRun | None
    # Whether the body ended before its end, or its chunks made no sense.
    broken: bool = False

    @property
    def too_large(self) -> bool:
        return len(self.sent) > BODY_LIMIT

    @property
    def too_long(self) -> bool:
        """Whether the address is, of which the query string may be the lead itself."""
        return self.door is Submission.Door.QUERY and len(self.sent) > ADDRESS_LIMIT

    def latest_date(self) -> date:
        """The date where on earth it is latest; what lies after it lies in the future for everybody."""
        return (self.received_at + timedelta(hours=14)).date()
