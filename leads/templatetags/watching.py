"""The figures and charts on the first page of the console, which lies on a floor that knows no leads."""

from typing import Any

from django import template

from leads.console.watch.page import overview

register = template.Library()


@register.inclusion_tag("admin/watch/overview.html", takes_context=True)
def watching(context: dict[str, Any]) -> dict[str, Any]:
    return overview(context["request"])
