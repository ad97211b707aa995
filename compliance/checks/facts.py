"""What a certificate shows, in our words. Pure."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFacts:
    """None: not asked for, or not available, which a certificate of another kind makes it too.

    Times on the page are in seconds. `domain` is the one that the person saw, and a disguised one where the
    certificate is masked. `owner` is empty where the vendor knows of nobody. `state` is a two-letter code, or
    the text as it came where it is none. `phrases_*` are those of the phrases asked for.
    """

    # Whether it could be compared with a person at all.
    comparable: bool = True
    phone_match: bool | None = None
    email_match: bool | None = None

    age_seconds: int | None = None
    created_at: datetime | None = None
    expires_at: datetime | None = None

    page_url: str | None = None
    parent_page_url: str | None = None
    domain: str | None = None
    masked: bool | None = None
    framed: bool | None = None
    owner: str | None = None

    ip: str | None = None
    state: str | None = None
    country: str | None = None
    user_agent: str | None = None
    system: str | None = None

    bot: bool | None = None
    seconds_on_page: float | None = None
    keys_per_minute: float | None = None
    input_methods: tuple[str, ...] | None = None
    hidden_elements: int | None = None

    submitted: bool | None = None
    wording_approved: bool | None = None
    wordings: tuple[str, ...] | None = None
    advertiser_named: bool | None = None
    opt_in_allowed: bool | None = None
    font_satisfied: bool | None = None
    contrast_satisfied: bool | None = None
    phrases_missing: tuple[str, ...] | None = None
    phrases_forbidden: tuple[str, ...] | None = None

    # Names of those above that an answer was asked for and told, be it that there are none.
    told: frozenset[str] = frozenset()


NOTHING_SHOWN = CertificateFacts()
NOTHING_COMPARED = CertificateFacts(comparable=False)
