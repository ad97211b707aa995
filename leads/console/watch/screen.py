"""What watching adds to the screen of sources: pages of one source and of all, files, and who is failing."""

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from leadping.accounts.roles import Deed
from leadping.console.notices import Notice
from leadping.console.scoped import ScopedAdmin, Step
from leads.console.watch.files import export_businesses, export_source
from leads.console.watch.notices import list_failing, list_perishing
from leads.console.watch.page import show_source
from leads.console.watch.sources import show_sources

WATCHING = {
    "watch": Step(show_source, (Deed.READ,)),
    "watch_export": Step(export_source, (Deed.EXPORT,)),
}


class WatchingScreen(ScopedAdmin):
    def get_urls(self) -> list[URLPattern]:
        every = (("watching/", self.watching_view), ("watching/export/", self.watching_export_view))
        pages = [
            path(
                route,
                self.admin_site.admin_view(view),
                name=self.url_name(route.strip("/").replace("/", "_")),
            )
            for route, view in every
        ]
        return [*pages, *super().get_urls()]

    def watching_view(self, request: HttpRequest) -> HttpResponse:
        return show_sources(self, request)

    def watching_export_view(self, request: HttpRequest) -> HttpResponse:
        if not self.reaches(request, None, Deed.EXPORT):
            raise PermissionDenied
        return export_businesses(request)

    def notices(self, request: HttpRequest) -> list[Notice]:
        return [*list_failing(self, request), *super().notices(request), *list_perishing(self, request)]

    def may_take(self, request: HttpRequest, obj: Model, step: Step) -> bool:
        """Of a deleted source too: what it sent can still be looked at."""
        if step in WATCHING.values():
            return ScopedAdmin.may_take(self, request, obj, step)
        return super().may_take(request, obj, step)
