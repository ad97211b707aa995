"""The console: Django's admin under our own name, with what waits for a decision on its first page."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse

from leadping.accounts.views import ChangePasswordView
from leadping.console.display import NOTHING
from leadping.console.notices import Notice
from leadping.console.scoped import ScopedAdmin, find_address

# The list that a search leads to when what was typed is no prefixed id.
SEARCHED = "console:leads_lead_changelist"


class ConsoleSite(AdminSite):
    site_header = site_title = "Leadping"
    index_title = "What needs you now"
    enable_nav_sidebar = False
    password_change_template = "admin/password.html"  # noqa: S105 (the name of a template)
    password_change_done_template = "admin/password_changed.html"  # noqa: S105
    logout_template = "admin/signed_out.html"
    empty_value_display = NOTHING

    def __init__(self) -> None:
        # Django's templates say `admin:`, the name of every admin; `console:` is the name of this one.
        super().__init__("console")
        self.disable_action("delete_selected")

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[ModelAdmin] | None = None,
        **options: Any,
    ) -> None:
        """Takes scoped screens alone: the ones that packages bring along know nothing of memberships."""
        if admin_class and issubclass(admin_class, ScopedAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def get_urls(self) -> list[URLResolver | URLPattern]:
        return [path("search/", self.admin_view(self.search), name="search"), *super().get_urls()]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """To the sign-in of the whole product, unless that is done and the person may see nothing here."""
        if request.user.is_authenticated and not self.has_permission(request):
            context = {**self.each_context(request), "title": "No business"}
            return TemplateResponse(request, "admin/no_business.html", context, status=403)
        onward = request.GET.get(REDIRECT_FIELD_NAME) or reverse("console:index")
        return redirect(reverse("account_login", query={REDIRECT_FIELD_NAME: onward}))

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """PostgreSQL knows no NUL, and what holds one names nothing."""
        if "\x00" in request.GET.get("term", ""):
            return JsonResponse({"results": [], "pagination": {"more": False}})
        return super().autocomplete_view(request)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        view = ChangePasswordView.as_view(
            template_name=self.password_change_template,
            success_url=reverse("console:password_change_done"),
            extra_context={**self.each_context(request), **(extra_context or {})},
        )
        return view(request)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Nothing: `templates/admin/navigation.html` names the lists, in the order of people's need."""
        return []

    def search(self, request: HttpRequest) -> HttpResponse:
        """To the object with this prefixed id, else to the leads with this phone, email or external id."""
        text = request.GET.get("q", "").strip()
        return redirect(find_address(self, request, text) or reverse(SEARCHED, query={"q": text}))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        context = {
            **self.each_context(request),
            "title": self.index_title,
            "notices": self.notices(request),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/index.html", context)

    def notices(self, request: HttpRequest) -> list[Notice]:
        screens = (screen for screen in self._registry.values() if isinstance(screen, ScopedAdmin))
        found = [notice for screen in screens for notice in screen.notices(request)]
        # What is bad comes first, what waits for nobody last; otherwise the order of the screens is kept.
        return sorted(found, key=lambda notice: (notice.told, notice.tone != "bad"))
