"""Filters of the lists of leads and submissions."""

from typing import Any

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest

from leadping.console.reach import reach
from leadping.problems import PROBLEMS
from leads.intake.problems import CATALOGUE
from leads.models import Import, Submission
from sources.models import Source

# More than these would not be read; the page of a source leads to its own submissions and leads.
OFFERED = 30
# Deleted ones are still asked about, the latest most.
OFFERED_DELETED = 10
OFFERED_IMPORTS = 10


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


class ImportFilter(SimpleListFilter):
    """The rows of one file, or the leads that they made; offered are the last files and the one asked for."""

    title = "import"
    parameter_name = "import"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        own = Import.objects.filter(business_id__in=reach(request)).exclude(started_at=None)
        asked = Import.named(request.GET.get("import", "")).values("pk")
        latest = own.order_by("-id").only("id", "name")[:OFFERED_IMPORTS]
        found = [*latest, *own.filter(pk__in=asked).only("id", "name")]
        return list({imported.public_id: str(imported) for imported in found}.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        imported = Import.named(self.value() or "").values("pk")
        if queryset.model is Submission:
            return queryset.filter(imported_in__in=imported)
        # A row that was only a repetition made no lead of its own.
        rows = Submission.objects.filter(imported_in__in=imported).exclude(
            outcome=Submission.Outcome.REPLAYED
        )
        return queryset.filter(pk__in=rows.values("lead"))


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
