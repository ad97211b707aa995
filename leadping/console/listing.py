"""Lists that are never counted: one row more than a page holds tells whether there is another page."""

from typing import Any, Protocol, cast

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.db import DataError
from django.db.models import QuerySet
from django.http import HttpRequest


class WithColumns(Protocol):
    def with_columns(self, queryset: QuerySet[Any]) -> QuerySet[Any]: ...


class UncountedList(ChangeList):
    """A list with a page before and a page after; how many there are in all is not known."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        self.root_queryset = cast(WithColumns, self.model_admin).with_columns(self.root_queryset)
        return super().get_queryset(request, exclude_parameters)

    def get_results(self, request: HttpRequest) -> None:
        self.page_num = max(self.page_num, 1)
        start = (self.page_num - 1) * self.list_per_page
        try:
            rows = list(self.queryset[start : start + self.list_per_page + 1])
        except DataError as error:
            # A page or a value of a filter, typed into the address, that PostgreSQL cannot even compare.
            raise IncorrectLookupParameters from error
        self.has_next_page = len(rows) > self.list_per_page
        self.result_list = rows[: self.list_per_page]
        # What Django's own templates and actions ask of a list.
        self.result_count = len(self.result_list)
        self.full_result_count = None
        self.show_full_result_count = False
        self.show_admin_actions = bool(rows)
        self.can_show_all = False
        self.multi_page = self.page_num > 1 or self.has_next_page

    @property
    def previous_page(self) -> str:
        """The query string of the page before, or nothing on the first."""
        return self.get_query_string({PAGE_VAR: self.page_num - 1}) if self.page_num > 1 else ""

    @property
    def next_page(self) -> str:
        return self.get_query_string({PAGE_VAR: self.page_num + 1}) if self.has_next_page else ""
