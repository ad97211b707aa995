"""What the front page says of sources that fail, and of proofs that are about to be lost."""

from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from leadping.console.notices import Notice, NoticeLine, capped
from leadping.console.reach import reach
from leadping.console.scoped import ScopedAdmin
from leads.pages.wording import title_of
from leads.watching.failing import DAY, Failing, find_failing
from leads.watching.perishing import MANY, find_perishing
from leads.watching.reading import top_refusals

WORST = 5


def list_failing(screen: ScopedAdmin, request: HttpRequest) -> list[Notice]:
    now = timezone.now()
    found = find_failing(reach(request), now=now)
    if not found:
        return []
    codes = top_refusals([one.source.pk for one in found[:WORST]], DAY, now=now)
    lines = [
        NoticeLine(
            one.source.name,
            f"{screen.address(one.source, 'watch')}?span={DAY.name}",
            why(one, codes.get(one.source.pk, "")),
        )
        for one in found[:WORST]
    ]
    url = reverse("console:sources_source_watching", query={"span": DAY.name})
    return [Notice("Failing sources", str(len(found)), url, "bad", lines)]


def why(one: Failing, code: str) -> str:
    said = f"{one.accepted / one.requests:.0%} of {one.requests:,} accepted"
    if one.accepted * 2 >= one.requests and one.before is not None:
        said = (
            f"{one.refused / one.requests:.0%} of {one.requests:,} refused, {one.before:.0%} the week before"
        )
    return f"{said}; most refused for: {title_of(code)}" if code else said


def list_perishing(screen: ScopedAdmin, request: HttpRequest) -> list[Notice]:
    now = timezone.now()
    found = find_perishing(reach(request), now=now)
    if not found:
        return []
    leads = [reverse("console:leads_lead_change", args=[one.lead_id]) for one in found[:WORST]]
    lines = [
        NoticeLine(one.source.name, lead, f"the first {say_when(one.at, now=now)}")
        for one, lead in zip(found[:WORST], leads, strict=True)
    ]
    figure = capped(len(found), MANY)
    return [Notice("Sources that lose certificates soon", figure, lines[0].url, "warn", lines)]


def say_when(at: datetime, *, now: datetime) -> str:
    days = (at - now).days
    return "today" if days < 1 else "in 1 day" if days == 1 else f"in {days} days"
