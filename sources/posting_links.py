"""Links to a source's posting instructions: made, opened, revoked.

The address is the link's id and our signature of it, so nothing that is stored opens the page, and whoever
may manage the source can see the address again. With SECRET_KEY changed all of them are dead.
"""

from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.db.models import F, Q

from leadping.events import count_event, record_event
from leadping.verbs import VerbError
from sources.changes import plain
from sources.models import PostingLink, Source

USUAL = timedelta(days=30)
LONGEST = timedelta(days=365)
OPENING_NOTED_EVERY = timedelta(minutes=1)
SIGNER = signing.Signer(salt="sources.posting_link", sep=".")


class PostingLinkError(VerbError):
    """The message says to a person why the link cannot be made or revoked."""


@transaction.atomic
def make_link(
    source: Source, *, label: str, expires_at: datetime, by: str, reason: str, now: datetime
) -> tuple[PostingLink, str]:
    """The link and what its address ends with."""
    stored = Source.objects.select_for_update(no_key=True).get(pk=source.pk)
    if stored.deleted_at:
        raise PostingLinkError("The source is deleted; restore it first.")
    label = " ".join(label.replace("\x00", "").split())[:100]
    if not label:
        raise PostingLinkError("Say for whom the link is.")
    if not now < expires_at <= now + LONGEST:
        raise PostingLinkError(f"A link ends in the future, at most {LONGEST.days} days from now.")
    link = PostingLink.objects.create(
        business_id=stored.business_id,
        source=stored,
        label=label,
        created_at=now,
        created_by=by,
        expires_at=expires_at,
    )
    after = {"label": label, "expires_at": plain(expires_at)}
    announce("posting_link.made", link, by=by, now=now, reason=reason, before={}, after=after)
    return link, token_of(link)


@transaction.atomic
def revoke_link(link: PostingLink, *, by: str, reason: str, now: datetime) -> None:
    if not PostingLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now):
        raise PostingLinkError("The link is revoked already.")
    ended = {"before": {"revoked_at": None}, "after": {"revoked_at": plain(now)}}
    announce("posting_link.revoked", link, by=by, now=now, reason=reason, **ended)


def token_of(link: PostingLink) -> str:
    return SIGNER.sign(link.public_id)


def find_open_link(token: str, *, now: datetime) -> PostingLink | None:
    """None for what is forged, expired, revoked or of a deleted source: nothing tells which."""
    try:
        public_id = SIGNER.unsign(token)
    except signing.BadSignature:
        return None
    link = (
        PostingLink.named(public_id)
        .filter(source__deleted_at=None)
        .select_related("business", "source__settings", "source__terms_in_force")
        .first()
    )
    return link if link and link.is_open(now) else None


def note_opening(link: PostingLink, *, now: datetime) -> None:
    """That somebody read it, written at most once a minute: whoever reloads the page costs no more."""
    unnoted = Q(last_opened_at=None) | Q(last_opened_at__lte=now - OPENING_NOTED_EVERY)
    opened = PostingLink.objects.filter(unnoted, pk=link.pk)
    if opened.update(last_opened_at=now, times_opened=F("times_opened") + 1):
        count_event(
            "posting_link.opened",
            subject=link.source.public_id,
            by="",
            business_id=link.business_id,
            now=now,
            link=link.public_id,
        )


def announce(
    kind: str, link: PostingLink, *, by: str, now: datetime, reason: str = "", **data: object
) -> None:
    record_event(
        kind,
        subject=link.source.public_id,
        by=by,
        business_id=link.business_id,
        now=now,
        reason=reason,
        link=link.public_id,
        **data,
    )
