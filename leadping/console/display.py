"""How the console writes things down. Everything that comes from outside goes through `format_html`."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from leadping.moments import ago

NOTHING = "\N{EN DASH}"


def badge(text: str, tone: str = "") -> SafeString:
    """`tone` is good, warn, bad or accent; without one the badge is plain."""
    return format_html('<span class="badge{}">{}</span>', f" badge-{tone}" if tone else "", text)


def badges(pairs: Iterable[tuple[str, str]]) -> SafeString:
    """Several of the above, each as text and tone."""
    return format_html_join(" ", "{}", ((badge(text, tone),) for text, tone in pairs))


def moment(value: datetime | None) -> str:
    """A point in time in UTC, exact to the second for whoever points at it."""
    if value is None:
        return NOTHING
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        value.isoformat(),
        f"{value:%Y-%m-%d %H:%M:%S} UTC",
        f"{value:%-d %b %Y, %H:%M}",
    )


def lately(value: datetime | None, *, now: datetime) -> str:
    """How long ago, for lists that are wide as they are; exact for whoever points at it."""
    if value is None:
        return NOTHING
    text = '<time datetime="{}" title="{}">{}</time>'
    return format_html(text, value.isoformat(), f"{value:%Y-%m-%d %H:%M:%S} UTC", ago(value, now=now))


def link(url: str, text: object) -> SafeString:
    return format_html('<a href="{}">{}</a>', url, text)


def address(text: str) -> SafeString:
    """An email address or another name, which a narrow column may break behind the @."""
    return format_html_join(mark_safe("@<wbr>"), "{}", ((part,) for part in text.split("@")))


def yes_or_no(value: bool | None) -> str:
    return NOTHING if value is None else "yes" if value else "no"


def code(text: str) -> SafeString:
    return format_html("<code>{}</code>", text)


def listed(items: Iterable[object], otherwise: str = NOTHING) -> str:
    return ", ".join(map(str, items)) or otherwise


def json_block(value: Any) -> str:
    """A value of a JSON column, one member a line."""
    if not value:
        return NOTHING
    return format_html('<pre class="block">{}</pre>', json.dumps(value, indent=2, ensure_ascii=False))
