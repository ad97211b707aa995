"""Whether new terms allow anything that the old ones do not. Pure.

Whatever is not plainly narrower counts as wider: then somebody has to review it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sources.models import Terms
from sources.rules import match_key

# Those of the first line are compared as intake compares them.
LISTS: dict[str, Callable[[str], str]] = {
    **dict.fromkeys(("states", "products", "verticals", "audiences"), match_key),
    **dict.fromkeys(("websites", "landing_pages", "link_domains"), str),
}
# Empty, these allow any. In the others empty says nothing, so that what comes to them is new.
ANY_WHEN_EMPTY = frozenset({"states", "products", "verticals"})
# The further right, the stricter.
RETENTION = (Terms.Retention.NONE, Terms.Retention.VENDOR, Terms.Retention.RETAIN)
# An example allows nothing.
HARMLESS = frozenset({"example_payload"})


def widenings(old: Terms, new_fields: Mapping[str, Any]) -> list[str]:
    """One sentence for each field that would allow more than `old` does; none means that nothing widens."""
    changed = {name: value for name, value in new_fields.items() if getattr(old, name) != value}
    return [
        f"{label(name)}: {why}"
        for name, value in changed.items()
        if (why := find_widening(name, getattr(old, name), value, changed))
    ]


def find_widening(name: str, old: Any, new: Any, changed: Mapping[str, Any]) -> str:
    if name in HARMLESS or (name == "exception_reason" and changed.get("trustedform_required")):
        return ""
    if name in LISTS:
        return widen_list(name, old, new)
    if name == "trustedform_required":
        return "" if new else "a certificate would no longer be required."
    if name == "certificate_retention":
        safer = RETENTION.index(new) > RETENTION.index(old)
        return "" if safer else "certificates would be kept less safely."
    if name == "expected_per_day":
        return "" if is_fewer(new, old) else "more leads would be expected."
    return "another text needs a review."


def is_fewer(new: int | None, old: int | None) -> bool:
    """Nothing said is any number."""
    return new is not None and (old is None or new < old)


def widen_list(name: str, old: list[str], new: list[str]) -> str:
    key = LISTS[name]
    if not old and name in ANY_WHEN_EMPTY:
        return ""
    if not new:
        return "none given would allow any."
    known = set(map(key, old))
    added = [item for item in new if key(item) not in known]
    return f"{', '.join(added)} would be added." if added else ""


def label(name: str) -> str:
    text = str(Terms._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return text[0].upper() + text[1:]
