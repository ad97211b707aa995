"""The figures and charts on the first page of the console, which lies on a floor that knows no leads."""

from typing import Any

from django import template

from leadping.console.reach import reach
from leads.console.watch.page import overview
from sources.models import Source

register = template.Library()


@register.simple_tag(takes_context=True)
def has_sources(context: dict[str, Any]) -> bool:
    """Whether there is anything yet that could need somebody."""
    return Source.objects.filter(business_id__in=reach(context["request"])).exists()


@register.inclusion_tag("admin/watch/overview.html", takes_context=True)
def watching(context: dict[str, Any]) -> dict[str, Any]:
    return overview(context["request"])
