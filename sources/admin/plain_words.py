"""What a source is and what its leads are checked against, as a person would say it. Pure."""

from collections.abc import Iterator

from leadping.console.display import NOTHING, listed
from leadping.console.history import Change, say_value
from sources.models import Source, SourceSettings, Terms
from sources.rules import judge_approval, judge_source

TERMS_FIELDS = (
    "states",
    "products",
    "verticals",
    "audiences",
    "publisher",
    "posting_system",
    "landing_pages",
    "link_domains",
    "consent_wording",
    "sender_brand",
    "message_copy",
    "call_script",
    "trustedform_required",
    "exception_reason",
)
SETTINGS_FIELDS = (
    "tags",
    "cost_per_lead",
    "duplicate_rule",
    "duplicate_window_hours",
    "outage_policy",
    "insights",
    "rate_per_minute",
    "support_contact",
    "notes",
)


def list_states_of(source: Source) -> list[tuple[str, str]]:
    """What the source is right now, as text and tone of its badges."""
    if source.deleted_at:
        return [("Deleted", "bad")]
    states = [("Approved", "good") if source.approved else ("Not approved", "warn")]
    if not source.enabled:
        states.append(("Disabled", "bad"))
    if source.paused_at:
        states.append(("Paused", "warn"))
    if not source.account_id:
        states.append(("No account", "warn"))
    return states


def list_obstacles(source: Source) -> list[str]:
    """Why leads of the source are refused whatever they hold."""
    if source.deleted_at:
        return ["This source is deleted. Its history stays, and its keys are answered 401."]
    verdicts = [*judge_source(source), judge_approval(source.terms_in_force)]
    return [verdict.detail for verdict in verdicts if not verdict.passed]


def list_checks(terms: Terms, settings: SourceSettings) -> Iterator[str]:
    """One sentence for each check that this source's leads go through under these terms."""
    yield "A phone number or an email address is given. Phone numbers are U.S. numbers."
    yield f"The state is {listed(terms.states, 'any')}." if terms.states else "Any state is taken."
    yield f"The product is {listed(terms.products)}." if terms.products else "Any product is taken."
    yield say_certificate(terms, settings)
    yield say_duplicates(settings)
    if settings.rate_per_minute:
        yield f"At most {settings.rate_per_minute} requests come in a minute; more are answered 429."


def say_certificate(terms: Terms, settings: SourceSettings) -> str:
    if not terms.trustedform_required:
        return f"No TrustedForm certificate is needed, by an approved exception: {terms.exception_reason}"
    outage = "held and asked about again" if settings.outage_policy == "hold" else "refused"
    return (
        "A TrustedForm certificate comes along and shows the person's phone or email. "
        f"While TrustedForm cannot be asked, the lead is {outage}."
    )


DUPLICATES = {
    "warn": "taken with a warning",
    "keep": "kept with the status “duplicate”",
    "hold": "held",
    "refuse": "refused",
}


def say_duplicates(settings: SourceSettings) -> str:
    deed = DUPLICATES.get(settings.duplicate_rule)
    if deed is None:
        return "Duplicates are not looked for."
    return (
        "A lead whose external id, phone or email came through this source in the last "
        f"{settings.duplicate_window_hours} hours is {deed}."
    )


def compare_terms(old: Terms | None, new: Terms) -> list[Change]:
    """What differs; everything that is said at all where there is nothing to compare with."""
    blank = old or Terms(trustedform_required=not new.trustedform_required)
    return [
        Change(label(Terms, name), say_value(getattr(blank, name)) if old else NOTHING, say_value(after))
        for name in TERMS_FIELDS
        if (after := getattr(new, name)) != getattr(blank, name)
    ]


def describe_terms(terms: Terms) -> list[tuple[str, str]]:
    """Label and value of everything that the terms say."""
    return [
        (label(Terms, name), say_value(value))
        for name in TERMS_FIELDS
        if (value := getattr(terms, name)) not in ("", [])
    ]


def describe_settings(settings: SourceSettings) -> list[tuple[str, str]]:
    chosen = {"duplicate_rule", "outage_policy"}
    return [
        (
            label(SourceSettings, name),
            getattr(settings, f"get_{name}_display")()
            if name in chosen
            else say_value(getattr(settings, name)),
        )
        for name in SETTINGS_FIELDS
    ]


def label(model: type[Terms] | type[SourceSettings], name: str) -> str:
    text = str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return text[0].upper() + text[1:]
