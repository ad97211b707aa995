"""What differs between two versions of terms, side by side, with the words that came and went. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from leadping.console.display import NOTHING, listed
from leadping.console.history import Change
from sources.admin.plain_words import label, say
from sources.admin.sections import TERMS_FIELDS
from sources.models import Terms

WORDS = re.compile(r"\w+|\s+|[^\w\s]")
# Under this share of common words the marks would hide the text: then one text took the other's place.
ALIKE = 0.4
GONE, CAME = "del", "ins"
# Comparing word by word takes the square of their number: so many take a tenth of a second.
MOST_WORDS = 1_000
# What one line of a list can hold.
MOST_FIELDS, MOST_ITEMS, LONG = 4, 4, 60


@dataclass(frozen=True, slots=True)
class Difference:
    """One field as it was and as it is to be; in `before` and `after` what went and came is marked."""

    name: str
    field: str
    old: Any
    new: Any
    before: str
    after: str


def compare_terms(old: Terms | None, new: Terms) -> list[Difference]:
    """What differs; everything that is said at all where there is nothing to compare with."""
    return [
        compare(name, getattr(old, name) if old else None, getattr(new, name)) for name in changed(old, new)
    ]


def as_changes(differences: Iterable[Difference]) -> list[Change]:
    """For the pages that ask before a deed."""
    return [Change(one.field, one.before, one.after) for one in differences]


def changed(old: Terms | None, new: Terms) -> list[str]:
    if old is None:
        return [name for name in TERMS_FIELDS if getattr(new, name) not in (None, "", [])]
    return [name for name in TERMS_FIELDS if getattr(new, name) != getattr(old, name)]


def compare(name: str, old: Any, new: Any) -> Difference:
    before, after = mark(name, old, new)
    return Difference(name, label(Terms, name), old, new, before, after)


def mark(name: str, old: Any, new: Any) -> tuple[str, str]:
    if isinstance(new, list) and isinstance(old, list):
        return mark_items(old, new, GONE), mark_items(new, old, CAME)
    if old and new and isinstance(old, str) and isinstance(new, str) and say(name, new) == new:
        return mark_words(old, new)
    return say(name, old), say(name, new)


def mark_items(items: list[Any], others: list[Any], tag: str) -> SafeString | str:
    shown = [tagged(tag, str(item)) if item not in others else format_html("{}", item) for item in items]
    return mark_safe(", ".join(shown)) if shown else NOTHING  # noqa: S308 (each item is escaped)


def mark_words(old: str, new: str) -> tuple[SafeString, SafeString]:
    was, now = WORDS.findall(old), WORDS.findall(new)
    if max(len(was), len(now)) > MOST_WORDS:
        return mark_middle(was, now)
    matcher = SequenceMatcher(None, was, now, autojunk=False)
    if matcher.quick_ratio() < ALIKE or matcher.ratio() < ALIKE:
        return tagged(GONE, old), tagged(CAME, new)
    steps = matcher.get_opcodes()
    before = join(pieces(was, ((kind == "equal", start, end) for kind, start, end, _, _ in steps), GONE))
    after = join(pieces(now, ((kind == "equal", start, end) for kind, _, _, start, end in steps), CAME))
    return before, after


def mark_middle(was: Sequence[str], now: Sequence[str]) -> tuple[SafeString, SafeString]:
    """Of texts too long to be compared word by word: all between their common beginning and end."""
    head = count_shared(was, now)
    tail = count_shared(was[head:][::-1], now[head:][::-1])

    def marked(words: Sequence[str], tag: str) -> SafeString:
        end = len(words) - tail
        return join(pieces(words, [(True, 0, head), (False, head, end), (True, end, len(words))], tag))

    return marked(was, GONE), marked(now, CAME)


def count_shared(words: Sequence[str], others: Sequence[str]) -> int:
    """How many words at the beginning are the same in both."""
    differ = (place for place, (one, other) in enumerate(zip(words, others, strict=False)) if one != other)
    return next(differ, min(len(words), len(others)))


def pieces(words: Sequence[str], runs: Iterable[tuple[bool, int, int]], tag: str) -> Iterator[SafeString]:
    for same, start, end in runs:
        text = "".join(words[start:end])
        if text:
            yield format_html("{}", text) if same else tagged(tag, text)


def tagged(tag: str, text: str) -> SafeString:
    return format_html(f"<{tag}>{{}}</{tag}>", text)


def join(parts: Iterable[SafeString]) -> SafeString:
    return mark_safe("".join(parts))  # noqa: S308 (each part is escaped)


def summarise(old: Terms | None, new: Terms) -> str:
    """What differs in one line, for a list; of the first terms of a source, what matters most."""
    if old is None:
        return introduce(new)
    names = changed(old, new)
    said = [summarise_one(name, getattr(old, name), getattr(new, name)) for name in names[:MOST_FIELDS]]
    more = len(names) - MOST_FIELDS
    return "; ".join([*said, *([f"{more} more"] if more > 0 else [])]) or "Nothing differs."


def introduce(terms: Terms) -> str:
    said = [
        first_few(terms.states, "any state"),
        first_few(terms.products, "any product"),
        terms.publisher or terms.partner,
        "" if terms.trustedform_required else "no certificate",
    ]
    return " · ".join(filter(None, said))


def first_few(items: Sequence[str], otherwise: str) -> str:
    more = " …" if len(items) > MOST_ITEMS else ""
    return listed(items[:MOST_ITEMS], otherwise) + more


def summarise_one(name: str, old: Any, new: Any) -> str:
    field = label(Terms, name)
    if isinstance(new, list):
        steps = [f"+ {item}" for item in new if item not in (old or [])]
        steps += [f"\N{MINUS SIGN} {item}" for item in old or [] if item not in new]
        return f"{field}: {first_few(steps, NOTHING)}"
    if isinstance(new, str) and max(len(new), len(old or "")) > LONG:
        return f"{field} {'reworded' if old and new else 'given' if new else 'removed'}"
    return f"{field}: {say(name, new)}"
