"""From what a request presents to the source behind it.

A source is read with its terms, settings and account in one query and kept for a second. That is safe because
intake stores nothing once the source's version has moved on; see `leads/intake/record.py`.
"""

import base64
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from leadping.events import count_event
from leadping.ids import parse_public_id, public_id
from leadping.keys import API_KEY, API_SECRET, matches, read_prefix
from leadping.problems import Problem
from sources.models import Credential, Source
from sources.problems import CREDENTIALS_CONFLICT, CREDENTIALS_INVALID, CREDENTIALS_MISSING

KEPT_SECONDS = 1.0
USE_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Presented:
    """Credentials as they came; each form fills what it carries."""

    api_key: str
    source_id: str | None = None
    api_secret: str | None = None
    in_query: bool = False


@dataclass(frozen=True, slots=True)
class Stranger:
    """Why a request could not be tied to a source."""

    problem: Problem
    claimed_source: str = ""
    key_prefix: str = ""


def read_credentials(headers: Mapping[str, str], query: Sequence[tuple[str, str]]) -> Presented | Stranger:
    """One set of credentials out of the four forms; `headers` are looked up by their documented names."""
    found = [
        *read_headers(headers),
        *read_query(query),
        *read_authorization(headers.get("Authorization", "")),
    ]
    if not found:
        return Stranger(CREDENTIALS_MISSING)
    if any(conflicts(found[0], other) for other in found[1:]):
        return Stranger(CREDENTIALS_CONFLICT, found[0].source_id or "")
    if not all(form.api_key for form in found):
        return Stranger(CREDENTIALS_MISSING, found[0].source_id or "")
    source_id = next((form.source_id for form in found if form.source_id), None)
    secret = next((form.api_secret for form in found if form.api_secret), None)
    return Presented(found[0].api_key, source_id, secret, any(form.in_query for form in found))


def conflicts(one: Presented, other: Presented) -> bool:
    if one.api_key != other.api_key:
        return True
    return bool(one.source_id and other.source_id and one.source_id != other.source_id)


def read_headers(headers: Mapping[str, str]) -> list[Presented]:
    source_id = headers.get("X-Leadping-Source-Id", "").strip()
    api_key = headers.get("X-Leadping-Source-Key", "").strip()
    return [Presented(api_key if source_id else "", source_id)] if source_id or api_key else []


def read_query(query: Sequence[tuple[str, str]]) -> list[Presented]:
    """Names match in any case, as all names of the query string do. One given twice makes two sets."""
    source_ids = [value.strip() for name, value in query if name.lower() == "sourceid"]
    api_keys = [value.strip() for name, value in query if name.lower() == "apikey"]
    if not source_ids and not api_keys:
        return []
    return [
        Presented(api_key if source_id else "", source_id, in_query=True)
        for source_id in source_ids or [""]
        for api_key in api_keys or [""]
    ]


def read_authorization(value: str) -> list[Presented]:
    scheme, _, rest = value.strip().partition(" ")
    if scheme.lower() == "bearer":
        return [Presented(rest.strip())]
    if scheme.lower() == "basic":
        api_key, _, api_secret = decode_basic(rest).partition(":")
        return [Presented(api_key, api_secret=api_secret)]
    return []


def decode_basic(text: str) -> str:
    try:
        return base64.b64decode(text.strip(), validate=True).decode()
    except ValueError:
        return ""


def authenticate(
    presented: Presented, *, now: datetime, ip: str = "", fresh: bool = False
) -> Credential | Stranger:
    """The live credential with its source, or the one answer for everything that is wrong with it.

    `fresh` reads the database even when a copy is at hand.
    """
    prefix = read_prefix(API_KEY, presented.api_key)
    credential = find_credential(prefix, now=now, fresh=fresh) if prefix else None
    if credential is None or not proves(presented, credential):
        return Stranger(CREDENTIALS_INVALID, presented.source_id or "", prefix or "")
    note_use(credential, now=now, ip=ip)
    return credential


def proves(presented: Presented, credential: Credential) -> bool:
    if not matches(presented.api_key, credential.key_hash):
        return False
    if presented.source_id and parse_public_id(Source.PREFIX, presented.source_id) != credential.source_id:
        return False
    if presented.api_secret is None:
        return True
    return bool(read_prefix(API_SECRET, presented.api_secret)) and matches(
        presented.api_secret, credential.secret_hash
    )


kept: dict[str, tuple[float, Credential]] = {}


def find_credential(prefix: str, *, now: datetime, fresh: bool) -> Credential | None:
    """The credential of a source that is not deleted, from at most a second ago, unless it was revoked.

    A key that is being rotated ends at a moment known beforehand, so the copy is asked too.
    """
    until, credential = kept.get(prefix, (0.0, None))
    if credential is None or fresh or time.monotonic() >= until:
        credential = fetch_credential(prefix)
    return credential if credential and credential.is_live(now) else None


def fetch_credential(prefix: str) -> Credential | None:
    credential = (
        Credential.objects.filter(prefix=prefix, revoked_at=None, source__deleted_at=None)
        .select_related("source__terms_in_force", "source__settings")
        .first()
    )
    if credential is None:
        kept.pop(prefix, None)
        return None
    kept[prefix] = (time.monotonic() + KEPT_SECONDS, credential)
    return credential


def note_use(credential: Credential, *, now: datetime, ip: str) -> None:
    """When and from where it was last used, to the minute: a write for each request would double the work
    of intake."""
    if credential.last_used_at and now - credential.last_used_at < USE_NOTED_EVERY:
        return
    Credential.objects.filter(pk=credential.pk).update(last_used_at=now, last_used_ip=ip or None)
    credential.last_used_at = now


def record_stranger(stranger: Stranger, *, ip: str, now: datetime) -> None:
    """One event a minute for each claimed source, key prefix and address.

    A claim that is no id is not kept: it may be a key in the wrong place.
    """
    source_id = parse_public_id(Source.PREFIX, stranger.claimed_source)
    source = Source.objects.filter(pk=source_id).first() if source_id else None
    count_event(
        "authentication.failed",
        subject=source.public_id if source else "",
        by="",
        business_id=source.business_id if source else None,
        now=now,
        code=stranger.problem.code,
        claimed=public_id(Source.PREFIX, source_id) if source_id else "",
        prefix=stranger.key_prefix,
        ip=ip,
    )
