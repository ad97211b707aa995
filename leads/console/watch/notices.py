"""What the front page says of sources that fail, and of proofs that are about to be lost."""

from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from leadping.console.notices import Notice, NoticeLine, look_at
from leadping.console.reach import reach
from leadping.console.scoped import ScopedAdmin
from leads.models import FailingSource, PerishingSource
from leads.pages.wording import title_of
from leads.watching.failing import DAY, failing_sources
from leads.watching.perishing import perishing_sources


def list_failing(screen: ScopedAdmin, request: HttpRequest) -> list[Notice]:
    found, figure = look_at(failing_sources(reach(request)))
    if not found:
        return []
    lines = [
        NoticeLine(one.source.name, f"{screen.address(one.source, 'watch')}?span={DAY.name}", why(one))
        for one in found
    ]
    url = reverse("console:sources_source_watching", query={"span": DAY.name})
    return [Notice("Failing sources", figure, url, "bad", lines)]


def why(one: FailingSource) -> str:
    refused = f"{one.refused / one.requests:.0%}"
    said = f"{one.accepted / one.requests:.0%} of {one.requests:,} accepted, {refused} refused"
    if one.accepted * 2 >= one.requests and one.before is not None:
        said = f"{refused} of {one.requests:,} refused, {one.before:.0%} the week before"
    return f"{said}; most refused for: {title_of(one.code)}" if one.code else said


def list_perishing(screen: ScopedAdmin, request: HttpRequest) -> list[Notice]:
    now = timezone.now()
    found, figure = look_at(perishing_sources(reach(request), now=now))
    if not found:
        return []
    lines = [
        NoticeLine(
            one.source.name, reverse("console:leads_lead_change", args=[one.lead_id]), what(one, now=now)
        )
        for one in found
    ]
    return [Notice("Sources that lose certificates soon", figure, lines[0].url, "warn", lines)]


def what(one: PerishingSource, *, now: datetime) -> str:
    when = f"{say_when(one.at, now=now)}: {one.lead}"
    return f"one, {when}" if one.certificates == 1 else f"{one.certificates:,}, the first {when}"


def say_when(at: datetime, *, now: datetime) -> str:
    days = (at - now).days
    return "today" if days < 1 else "in 1 day" if days == 1 else f"in {days} days"
