"""All checks of what a certificate shows, and what a source's demands make of them. Pure."""

from collections.abc import Iterator

from compliance.checks import behaviour, consent, consumer, life, page, person
from compliance.checks.check import Check, Evidence
from compliance.checks.demands import Demands
from leadping.verdicts import Effect, Verdict, failed, milder_of, passed

# In the order in which they are told.
CHECKS: tuple[Check, ...] = (
    *person.CHECKS,
    *life.CHECKS,
    *page.CHECKS,
    *consumer.CHECKS,
    *behaviour.CHECKS,
    *consent.CHECKS,
)
EXPIRY_FACTS = ("created_at", "expires_at")


def facts_needed(demands: Demands) -> frozenset[str]:
    """Names of the facts that the checks which are on look at, and no others, for most are billed."""
    needed = {fact for check in CHECKS if is_asked(check, demands) for fact in check.needs}
    if demands.asks_expiry:
        needed.update(EXPIRY_FACTS)
    return frozenset(needed)


def list_blind(demands: Demands) -> list[str]:
    """Codes of checks that are on and can never find anything, for nobody said what to look for."""
    return [check.code for check in CHECKS if demands.is_on(check.code) and not check.is_set(demands)]


def is_asked(check: Check, demands: Demands) -> bool:
    return demands.is_on(check.code) and check.is_set(demands)


def judge_facts(seen: Evidence) -> Iterator[Verdict]:
    for check in CHECKS:
        effect = seen.demands.effect_of(check.code)
        if effect is Effect.OFF or (check is life.EXPIRY and seen.facts.expires_at is None):
            continue
        finding = check.find(seen)
        if finding.passed is False:
            code = finding.code or check.code
            effect = milder_of(effect, finding.gravest)
            yield failed(code, finding.sentence, field=check.field, hint=check.hint, effect=effect)
        else:
            yield passed(check.code, finding.sentence)
