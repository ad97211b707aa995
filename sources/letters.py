"""What is written to people about a source. The support contact is outside our house: nothing of a lead, nor
of whoever works here, stands in what it gets."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.urls import reverse

from leadping.accounts.models import User
from leadping.events import COMMAND_LINE, SYSTEM
from leadping.mail import send_later
from sources.models import Source

CANDIDATE = re.compile(r"[^\s<>,;:()\[\]\"'|]+@[^\s<>,;:()\[\]\"'|]+")
MOST_CONTACTS = 3
ITSELF = "Leadping itself"


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    body: str


def find_addresses(text: str) -> list[str]:
    """The email addresses in what somebody entered as a contact."""
    candidates = (found.strip(".").removeprefix("mailto:") for found in CANDIDATE.findall(text))
    return list(dict.fromkeys(filter(is_address, candidates)))[:MOST_CONTACTS]


def is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def owner_address(source: Source) -> str:
    """Of whoever answers for the source on our side, while that person still belongs to us; else empty."""
    owner = source.owner
    if owner is None or not owner.is_active:
        return ""
    return owner.email if owner.memberships.filter(business=source.business_id).exists() else ""


def support_addresses(source: Source) -> list[str]:
    """But for the owner's, who gets a letter of their own."""
    ours = owner_address(source).lower()
    return [one for one in find_addresses(source.settings.support_contact) if one.lower() != ours]


def tell_of_pause(source: Source, *, by: str, reason: str, codes: Iterable[str], now: datetime) -> None:
    pages = list(codes)
    post(
        source,
        paused_owner(source, say_actor(by), reason, pages, now),
        paused_sender(source, reason, pages, now),
        now,
    )


def tell_of_reopening(source: Source, *, by: str, reason: str, now: datetime) -> None:
    post(source, reopened_owner(source, say_actor(by), reason, now), reopened_sender(source, now), now)


def post(source: Source, to_owner: Letter, to_support: Letter, now: datetime) -> None:
    owner = owner_address(source)
    for to, letter in (([owner] if owner else [], to_owner), (support_addresses(source), to_support)):
        send_later(
            to=to,
            subject=letter.subject,
            body=letter.body,
            about=source.public_id,
            business_id=source.business_id,
            now=now,
        )


def paused_owner(source: Source, by: str, reason: str, codes: list[str], now: datetime) -> Letter:
    who = "by itself, for it reached a threshold of its settings" if by == ITSELF else f"by {by}"
    return Letter(
        f"Paused: {source.name}",
        paragraphs(
            f"On {say_moment(now)} the source “{source.name}” ({source.business}) was paused {who}.",
            f"Why: {reason}",
            explain(codes),
            "Until somebody reopens it, each of its leads is refused with source_paused, and the sender "
            "reads the reason above.",
            "What to do: look at what it sent, have the sender mend it, and reopen the source with one click "
            f"and a reason:\n{console_address(source)}",
        ),
    )


def paused_sender(source: Source, reason: str, codes: list[str], now: datetime) -> Letter:
    return Letter(
        f"Your leads are refused for now: {source.name}",
        paragraphs(
            f"You are the support contact of the source “{source.name}” ({source.public_id}), through which "
            f"leads are sent to {source.business}.",
            f"It was paused on {say_moment(now)}. From then on each of its leads is refused with HTTP 403 "
            f"and the code source_paused ({page_of('source_paused')}).",
            f"Why: {reason}",
            explain(codes),
            "What to do: stop sending, mend what is named above, and tell whoever gave you the key. They "
            "reopen the source. What was refused meanwhile is not kept for later: send it again afterwards.",
        ),
    )


def reopened_owner(source: Source, by: str, reason: str, now: datetime) -> Letter:
    return Letter(
        f"Reopened: {source.name}",
        paragraphs(
            f"The source “{source.name}” ({source.business}) was reopened by {by} on {say_moment(now)}.",
            f"Why: {reason}",
            f"What it sent before counts towards its thresholds no more.\n{console_address(source)}",
        ),
    )


def reopened_sender(source: Source, now: datetime) -> Letter:
    return Letter(
        f"Your leads are taken again: {source.name}",
        paragraphs(
            f"The source “{source.name}” ({source.public_id}) of {source.business} was reopened on "
            f"{say_moment(now)}. Its leads are judged again as usual; you can send."
        ),
    )


def say_actor(by: str) -> str:
    user = User.named(by).first()
    return str(user) if user else {SYSTEM: ITSELF, COMMAND_LINE: "the command line"}.get(by, by)


def explain(codes: list[str]) -> str:
    """The page of each code."""
    if not codes:
        return ""
    return "What the codes mean:\n" + "\n".join(f"  {code}: {page_of(code)}" for code in codes)


def page_of(code: str) -> str:
    return f"{settings.PUBLIC_URL}/docs/errors/{code}"


def console_address(source: Source) -> str:
    return settings.PUBLIC_URL + reverse("console:sources_source_change", args=[source.pk])


def say_moment(moment: datetime) -> str:
    return f"{moment:%-d %B %Y at %H:%M} UTC"


def paragraphs(*texts: str) -> str:
    return "\n\n".join(filter(None, texts)) + "\n"
