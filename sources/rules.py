"""What a source's own state and terms say about a request. Pure: rows go in, verdicts come out."""

from leadping.verdicts import Verdict, failed, passed
from sources.models import Source, Terms


def judge_source(source: Source) -> list[Verdict]:
    """May this source send at all? Each failure answers 403 before the request is read."""
    return [
        passed("source_disabled", "The source is enabled.")
        if source.enabled
        else failed("source_disabled", "This source is switched off."),
        passed("source_paused")
        if source.paused_at is None
        else failed("source_paused", f"This source is paused: {source.paused_reason}"),
        passed("source_unattached", "The source is attached to an account.")
        if source.account_id
        else failed("source_unattached", "This source is not attached to an account."),
    ]


def judge_approval(terms: Terms | None) -> Verdict:
    if terms is None:
        return failed("source_not_approved", "This source is not approved for production traffic.")
    return passed(
        "source_not_approved", f"Judged by terms {terms.number} ({terms.get_status_display().lower()})."
    )


def judge_state(terms: Terms, state: str) -> Verdict:
    """`state` is a two-letter code or empty."""
    if not terms.states:
        return passed("state_not_allowed", "Any state is allowed.")
    allowed = ", ".join(terms.states)
    if not state:
        return failed("state_missing", f"A state is required; allowed: {allowed}.", field="state")
    if state not in terms.states:
        return failed("state_not_allowed", f"{state} is not allowed; allowed: {allowed}.", field="state")
    return passed("state_not_allowed", f"{state} is among the allowed states.")


def judge_product(terms: Terms, product: str) -> Verdict:
    if not terms.products:
        return passed("product_not_allowed", "Any product is allowed.")
    allowed = ", ".join(terms.products)
    if not product:
        return failed("product_missing", f"A product is required; allowed: {allowed}.", field="product")
    if match_key(product) not in map(match_key, terms.products):
        return failed(
            "product_not_allowed", f"“{product}” is not allowed; allowed: {allowed}.", field="product"
        )
    return passed("product_not_allowed", f"“{product}” is among the allowed products.")


def match_key(text: str) -> str:
    """Products match whatever their case and outer space."""
    return text.strip().casefold()
