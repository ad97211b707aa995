"""What a lead of this source is checked against, in the order in which intake judges. Pure."""

from collections.abc import Iterator

from compliance.suppression.rules import CODE as SUPPRESSED
from leadping.verdicts import Effect
from leads.intake import reuse
from leads.intake.duplicates import is_switched_on
from leads.intake.problems import READING
from leads.intake.suppressed import is_looked_at
from leads.posting import limits
from leads.posting.certificate_checks import list_certificate_checks
from leads.posting.check import EFFECTS, REFUSED, WARNED, Check
from leads.posting.facts import Facts
from sources.caps import has_caps
from sources.schedules import has_schedule


def list_checks(facts: Facts) -> list[Check]:
    return [*the_sender(facts), *the_reading(), *the_lead(facts), *the_moment(facts), *the_certificate(facts)]


def the_sender(facts: Facts) -> Iterator[Check]:
    settings = facts.settings
    invalid = ("credentials_missing", "credentials_invalid", "credentials_conflict")
    yield Check("The request carries this source's id and key.", REFUSED, invalid)
    stops = ("source_disabled", "source_paused", "source_unattached")
    yield Check("The source is switched on, not paused, and belongs to an account.", REFUSED, stops)
    if settings.ip_list:
        effect = EFFECTS[settings.ip_effect]
        yield Check(
            "The request comes from an IP address that is listed with us.", effect, ("ip_not_allowed",)
        )
    if settings.rate_per_minute is not None:
        yield Check(limits.say_rate(settings), REFUSED, ("rate_exceeded",))


def the_reading() -> Iterator[Check]:
    envelope = ("body_too_large", "content_type_unsupported", "address_too_long")
    yield Check("The body is JSON or a form, in UTF-8, of at most 64 KiB.", REFUSED, envelope)
    codes = tuple(problem.code for problem in READING)
    yield Check("Every field that is sent can be read; see the rule of each field.", REFUSED, codes)
    yield Check("Names that we do not know are kept, and told.", WARNED, ("field_unknown",))


def the_lead(facts: Facts) -> Iterator[Check]:
    terms = facts.terms
    sentence = "A phone number or an email address is given. Phone numbers are U.S. numbers."
    yield Check(sentence, REFUSED, ("contact_missing", "phone_invalid", "phone_not_us", "email_invalid"))
    yield Check("The source's terms are approved.", REFUSED, ("source_not_approved",))
    yield Check("The ZIP code lies in the state.", WARNED, ("zip_state_mismatch",))
    for name, allowed in (
        ("state", terms.states),
        ("product", terms.products),
        ("vertical", terms.verticals),
    ):
        if allowed:
            sentence = f"The {name} is {limits.joined(allowed, 'or')}."
            yield Check(sentence, REFUSED, (f"{name}_missing", f"{name}_not_allowed"))
    if terms.trustedform_required:
        sentence = "A TrustedForm certificate comes along, by its whole address."
        wrong = ("malformed", "wrong_host", "ping_url", "sample")
        codes = tuple(f"certificate_{what}" for what in ("missing", *wrong))
        yield Check(sentence, REFUSED, codes)


def the_moment(facts: Facts) -> Iterator[Check]:
    terms, settings = facts.terms, facts.settings
    if terms.expires_at:
        yield Check("The approval has not ended.", REFUSED, ("approval_expired",))
    if has_schedule(settings):
        effect = EFFECTS[settings.schedule_effect]
        yield Check(limits.say_schedule(settings), effect, ("outside_schedule",))
    if is_switched_on(facts.source):
        effect = EFFECTS[settings.duplicate_rule]
        yield Check(limits.say_duplicates(settings), effect, ("duplicate_lead",))
    if reuse.is_watched(facts.source) and facts.terms.trustedform_required:
        effect = EFFECTS[settings.certificate_reuse]
        sentence = "The certificate came with no other person and through no other source before."
        yield Check(sentence, effect, (reuse.PERSON, reuse.SOURCE))
    if has_caps(settings):
        yield Check(limits.say_caps(settings), EFFECTS[settings.cap_effect], ("cap_reached",))
    if settings.dispute_effect != Effect.OFF:
        effect = EFFECTS[settings.dispute_effect]
        yield Check("No complaint or dispute about the source is open.", effect, ("source_disputed",))
    if is_looked_at(facts.source):
        effect = EFFECTS[settings.suppression_effect]
        yield Check("The person is not on our list of those not to be contacted.", effect, (SUPPRESSED,))
    sentence = "An Idempotency-Key that was used before comes with the same body."
    yield Check(sentence, REFUSED, ("idempotency_key_reused",))


def the_certificate(facts: Facts) -> Iterator[Check]:
    if not facts.terms.trustedform_required:
        return
    yield from list_certificate_checks(facts)
    effect = EFFECTS[facts.settings.outage_policy]
    yield Check("TrustedForm can be asked.", effect, ("certificate_unavailable",))
