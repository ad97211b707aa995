"""Filters of the lists of leads and submissions."""

from typing import Any

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest

from leadping.console.reach import reach
from leadping.problems import PROBLEMS
from leads.intake.problems import CATALOGUE
from sources.models import Source

# More than these would not be read; the page of a source leads to its own submissions and leads.
OFFERED = 30
# Deleted ones are still asked about, the latest most.
OFFERED_DELETED = 10


class SourceFilter(SimpleListFilter):
    title = "source"
    parameter_name = "source"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        """The first by name, the last that were deleted, and the one that was asked for."""
        own = Source.objects.filter(business_id__in=reach(request))
        asked = Source.named(request.GET.get("source", "")).values("pk")
        deleted = own.exclude(deleted_at=None).order_by("-deleted_at")[:OFFERED_DELETED]
        sources = [*own.alive().order_by("name")[:OFFERED], *deleted, *own.filter(pk__in=asked)]
        return list({source.public_id: str(source) for source in sources}.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return (
            queryset.filter(source__in=Source.named(self.value() or "").values("pk"))
            if self.value()
            else queryset
        )


class CodeFilter(SimpleListFilter):
    """By the code of a check that failed, whatever its effect."""

    title = "code"
    parameter_name = "code"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        """All but the floor's, which answer other addresses, and those for which nothing is stored."""
        return [
            (code, problem.title)
            for code, problem in CATALOGUE.items()
            if problem not in PROBLEMS and problem.status not in {401, 414, 503}
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(codes__contains=[self.value()]) if self.value() in CATALOGUE else queryset
