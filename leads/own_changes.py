"""Nobody passes over failed evidence alone by changing what is demanded of it.

Whoever has a lead judged again is held to the checks as strict as they were at any moment since it came, as
far as they changed them themselves; somebody else judges by what is in force. The worker, which asks
TrustedForm again, is nobody's second person: for it everybody's changes count. A business that asks for no
second person has only told what was changed.
"""

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from leadping.ids import first_id_at
from leadping.models import Event
from leadping.verdicts import Effect, Verdict, failed, graver_of, passed
from leads.grounds import asks_for_two
from sources.decisions import authors_of
from sources.models import Review, Source, SourceSettings
from sources.models.certificate_checks import EFFECT_COLUMNS

OWN_CHANGES = "own_changes"
WHO = "Whoever had it judged again"
# A change is dated when its request began, and may be committed after a lead that came later.
LATE = timedelta(minutes=1)

Choice = Callable[[Any, Any], Any]


def graver(one: str, other: str) -> str:
    return graver_of(Effect(one), Effect(other)).value


def earlier(before: Any, _: Any) -> Any:
    """Of what has no order: as it was."""
    return before


# The settings by which evidence is judged; given the value before and the one in force, which of them counts.
STRICTER: Mapping[str, Choice] = {
    **dict.fromkeys(EFFECT_COLUMNS, graver),
    **dict.fromkeys(("certificate_reuse", "suppression_effect", "dispute_effect"), graver),
    **dict.fromkeys(("ip_effect", "outage_policy"), graver),
    **dict.fromkeys(("certificate_age_minutes", "certificate_keys_per_minute_most"), min),
    "certificate_people_most": min,
    **dict.fromkeys(("certificate_seconds_least", "certificate_font_px_least"), max),
    "certificate_people_days": max,
    **dict.fromkeys(("certificate_contrast_least", "certificate_asks_expiry"), max),
    **dict.fromkeys(("certificate_phrases_required", "certificate_phrases_forbidden"), earlier),
    **dict.fromkeys(("certificate_opt_in_types", "certificate_advertiser", "ip_list"), earlier),
}


class Held(NamedTuple):
    """The source as a lead is to be judged by, and the settings that were stricter since it came. `by_two`:
    these count, since the business asks for a second person."""

    source: Source
    settings: list[str]
    by_two: bool = True

    def describe(self) -> str:
        field = SourceSettings._meta.get_field
        return ", ".join(str(getattr(field(name), "verbose_name", name)) for name in self.settings)


def hold_to_earlier_checks(source: Source, *, since: datetime, by: str | None = None) -> Held:
    """`by`: only what this person changed counts. `source` itself stays as it is."""
    by_two = asks_for_two(source.business_id)
    strict = stricter_values(source.settings, changes_of(source, since=since, by=by))
    if not strict or not by_two:
        return Held(source, sorted(strict), by_two)
    held, settings = copy(source), copy(source.settings)
    for name, value in strict.items():
        setattr(settings, name, value)
    held.settings = settings
    return Held(held, sorted(strict))


def changes_of(source: Source, *, since: datetime, by: str | None) -> list[dict[str, Any]]:
    """What settings were before each change, the newest first."""
    from_here = since - LATE
    found = Event.objects.filter(
        subject=source.public_id, id__gte=first_id_at(from_here), at__gte=from_here, kind="settings.changed"
    )
    if by is not None:
        found = found.filter(actor=by)
    return [data.get("before", {}) for data in found.order_by("-id").values_list("data", flat=True)]


def stricter_values(settings: SourceSettings, changes: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Those that differ from what is in force."""
    strict: dict[str, Any] = {}
    for before in changes:
        for name in STRICTER.keys() & before.keys():
            value = SourceSettings._meta.get_field(name).to_python(before[name])  # type: ignore[union-attr]
            strict[name] = STRICTER[name](value, strict.get(name, getattr(settings, name)))
    return {name: value for name, value in strict.items() if value != getattr(settings, name)}


def judge_own_changes(held: Held, *, since: datetime, by: str) -> list[Verdict]:
    """What the attempt says of it for good. Terms which one person wrote and approved, where the business
    lets them, are no second person's word either."""
    if held.by_two and approved_own_terms(held.source, since=since, by=by):
        # In words that tell its sender nothing of our house.
        return [failed(OWN_CHANGES, "A second person looks at it first.", effect=Effect.HOLD)]
    if not held.settings:
        return []
    counting = "the earlier count" if held.by_two else "one person is enough here, so those in force count"
    said = f"{WHO} changed these settings since it came; {counting}: {held.describe()}."
    return [passed(OWN_CHANGES, said)]


def say_to_them(detail: str) -> str:
    """The same to the person themselves, before anything is done."""
    return detail.replace(WHO, "You", 1)


def approved_own_terms(source: Source, *, since: datetime, by: str) -> bool:
    """Whether the last approval is theirs alone. What was narrowed since allows no more than it did."""
    approvals = Review.objects.filter(terms__source=source, decision=Review.Decision.APPROVED)
    last = approvals.select_related("terms").order_by("id").last()
    return last is not None and last.by == by and last.at >= since - LATE and by in authors_of(last.terms)
