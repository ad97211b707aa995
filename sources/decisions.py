"""The record of a decision on terms: who, why, and what that person was shown."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from leadping.accounts.models import Business, User
from leadping.events import record_event
from leadping.verbs import VerbError
from sources.changes import Difference, compare, plain
from sources.fingerprints import take_fingerprints
from sources.models import Review, Terms
from sources.versions import content_of

# What a page shows of terms beside their words.
BESIDE = frozenset({"asked", "example", "certificate", "checklist"})


class ApprovalError(VerbError):
    """The step is not possible in the state the terms are in; the message says why to a person."""


class OutOfDateError(ApprovalError):
    """What the person looked at is no longer what the step would be about."""


def keep_separate(terms: Terms, by: str) -> None:
    """Where the business wants it so, no person decides on terms that they wrote or submitted. Commands
    may."""
    if not is_person(by) or by not in authors_of(terms):
        return
    if Business.objects.filter(pk=terms.business_id, separate_reviewer=True).exists():
        raise ApprovalError("Somebody else must decide: you wrote or submitted these terms yourself.")


def authors_of(terms: Terms) -> set[str]:
    """Whoever has a hand in the words or asked for the decision."""
    return {terms.created_by, *terms.edited_by, requester_of(terms)}


def is_person(actor: str) -> bool:
    return actor.startswith(f"{User.PREFIX}_")


def requester_of(terms: Terms) -> str:
    """Of terms submitted before that was noted, we know who drafted them."""
    return terms.submitted_by or terms.created_by


def record_decision(
    decision: Review.Decision,
    terms: Terms,
    *,
    was: Terms.Status,
    old: Terms | None,
    new: Terms | None,
    by: str,
    reason: str,
    now: datetime,
    seen: Mapping[str, Any] | None = None,
) -> None:
    """`was` is the status of the terms before; `old` and `new` were and are in force.

    Terms and difference are kept as the locked rows have them; the page adds only what it showed beside.
    """
    if not reason.strip():
        raise ApprovalError("A decision needs a reason.")
    content = content_of(terms)
    difference = compare(old or Terms(), content)
    review = Review.objects.create(
        business_id=terms.business_id,
        terms=terms,
        decision=decision,
        by=by,
        reason=reason,
        at=now,
        conditions=terms.conditions,
        expires_at=terms.expires_at,
        seen={
            **{name: value for name, value in (seen or {}).items() if name in BESIDE},
            "terms": {name: plain(value) for name, value in content.items()},
            "difference": [
                {"field": name, "before": value, "after": difference.after[name]}
                for name, value in difference.before.items()
            ],
        },
    )
    narrowed = decision == Review.Decision.NARROWED
    announce(
        f"terms.{decision}",
        terms,
        by=by,
        now=now,
        reason=reason,
        before={**state_of(was, old), **(difference.before if narrowed else {})},
        after={
            **state_of(Terms.Status(terms.status), new),
            **(difference.after if narrowed else {}),
            **granted(terms),
        },
        fingerprints=take_fingerprints(review),
    )


def state_of(status: Terms.Status, in_force: Terms | None) -> dict[str, Any]:
    return {"status": status.value, "terms_in_force": in_force.number if in_force else None}


def granted(terms: Terms) -> dict[str, Any]:
    """What an approval said beside yes."""
    said = {"conditions": terms.conditions, "expires_at": plain(terms.expires_at)}
    return {name: value for name, value in said.items() if value}


def announce(kind: str, terms: Terms, *, by: str, now: datetime, reason: str = "", **data: Any) -> None:
    record_event(
        kind,
        subject=terms.source.public_id,
        by=by,
        business_id=terms.source.business_id,
        now=now,
        reason=reason,
        terms=terms.public_id,
        number=terms.number,
        **data,
    )


def announce_draft(kind: str, draft: Terms, difference: Difference, **said: Any) -> None:
    announce(kind, draft, before=difference.before, after=difference.after, **said)


def moved(old: Terms.Status, new: Terms.Status) -> dict[str, Any]:
    return {"before": {"status": old.value}, "after": {"status": new.value}}
