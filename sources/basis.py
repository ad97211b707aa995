"""On what a person decides: the very words shown, against the very terms in force. As a digest that a page
carries, and that the verb compares under its lock with what is stored."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from sources.changes import plain
from sources.decisions import OutOfDateError
from sources.models import Terms
from sources.versions import content_of

# What others can change of terms while somebody looks at them.
COURSE = ("status", "submitted_at", "submitted_by", "submitted_reason", "edited_by")
CHANGED = "The terms, or those in force, changed since you opened this page. Look again, then decide."
REWRITTEN = "The draft, or what is in force, changed since you opened this page. Look again."


def digest(content: Mapping[str, Any], in_force: Terms | None, *facts: str) -> str:
    said = {name: plain(value) for name, value in content.items()}
    against = in_force.public_id if in_force else ""
    return sha256(json.dumps([said, against, *facts], sort_keys=True).encode()).hexdigest()


def basis_of(terms: Terms, in_force: Terms | None) -> str:
    """Terms that were withdrawn and submitted anew are another basis, even where no word differs."""
    return digest(content_of(terms), in_force, terms.public_id, str(plain(terms.submitted_at)))


def bring_up_to_date(terms: Terms, in_force: Terms | None, shown: str | None, *, why: str = CHANGED) -> None:
    """To be called under the lock. `shown` is the basis that the caller's page had, None without a page.

    Raises OutOfDateError where the terms are no longer what the caller knows.
    """
    known = terms.submitted_at
    terms.refresh_from_db(fields=[*Terms.CONTENT, *COURSE])
    if known != terms.submitted_at or (shown is not None and shown != basis_of(terms, in_force)):
        raise OutOfDateError(why)
