"""The checks of certificates as a person would say them. Pure."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from leadping.console.display import NOTHING, listed
from sources.admin.certificate_section import CERTIFICATE_FIELDS, LIMITS_OF
from sources.models import SourceSettings, Terms
from sources.models.certificate_checks import EFFECT_COLUMNS, CheckEffect, OptIn

DEEDS = {"warn": "taken with a warning", "hold": "held", "refuse": "refused"}


def say_opt_ins(types: list[str]) -> str:
    return listed([OptIn(one).label for one in types]) if types else NOTHING


CERTIFICATE_SAYINGS: Mapping[str, Callable[[Any], str]] = {
    **{name: lambda value: str(CheckEffect(value).label) for name in EFFECT_COLUMNS},
    "certificate_opt_in_types": say_opt_ins,
}


def list_idle(settings: SourceSettings) -> set[str]:
    """Checks that are off, and limits that only those go by."""
    off = {name for name in EFFECT_COLUMNS if getattr(settings, name) == CheckEffect.OFF}
    idle = off | {name for name, checks in LIMITS_OF.items() if off.issuperset(checks)}
    return idle if settings.certificate_asks_expiry else idle | {"certificate_asks_expiry"}


def say_certificate_checks(terms: Terms, settings: SourceSettings) -> Iterator[str]:
    """One sentence for each effect: which faults of a certificate have it."""
    if not terms.trustedform_required:
        return
    for effect, deed in reversed(DEEDS.items()):
        faults = [
            str(settings._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            for name in CERTIFICATE_FIELDS
            if name in EFFECT_COLUMNS and getattr(settings, name) == effect
        ]
        if faults:
            yield f"A lead is {deed} where its certificate has one of these faults: {listed(faults)}."
