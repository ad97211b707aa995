"""What the front page says of sources that send nothing: paused ones, and those that lack something."""

from collections.abc import Callable

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import Truncator

from leadping.console.display import listed
from leadping.console.notices import Notice, NoticeLine, look_at
from leadping.console.reach import reach
from leadping.console.scoped import ScopedAdmin
from sources.admin.filters import CANNOT_SEND
from sources.admin.plain_words import list_states_of
from sources.models import Source

# A reason may be long, and its source's page has all of it.
TOLD = 120


def list_stopped(screen: ScopedAdmin, request: HttpRequest) -> list[Notice]:
    alive = screen.within(Source.objects.alive(), reach(request))
    paused = alive.filter(paused_at__isnull=False).order_by("-paused_at")
    stopped = alive.filter(CANNOT_SEND, paused_at=None).select_related("terms_in_force").order_by("-id")
    return [
        *notice(screen, "Paused sources", "paused", paused, lambda source: short(source.paused_reason)),
        *notice(screen, "Sources that cannot send", "stopped", stopped, missing),
    ]


def short(reason: str) -> str:
    """Without the counts of single codes, which its page has."""
    return Truncator(reason.split("): ", maxsplit=1)[0] + (")" if "): " in reason else "")).chars(TOLD)


def missing(source: Source) -> str:
    return listed(text for text, tone in list_states_of(source, now=timezone.now()) if tone != "good")


def notice(
    screen: ScopedAdmin, title: str, state: str, found: QuerySet[Source], note: Callable[[Source], str]
) -> list[Notice]:
    rows, figure = look_at(found)
    if not rows:
        return []
    lines = [NoticeLine(row.name, screen.address(row), note(row)) for row in rows]
    return [Notice(title, figure, f"{screen.list_address()}?state={state}", "warn", lines)]
