"""The base of every screen of the console: it shows what Membership allows, and acts through verbs alone."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Field, Model, Q, QuerySet
from django.forms import Field as FormField
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from leadping.accounts.reauthentication import confirm_identity, recently_authenticated
from leadping.accounts.roles import Deed
from leadping.console.history import show_history
from leadping.console.listing import UncountedList
from leadping.console.notices import Notice
from leadping.console.reach import person, reach
from leadping.console.reasons import with_reason
from leadping.rows import Row
from leadping.verbs import VerbError


@dataclass(frozen=True, slots=True)
class Step:
    """A page of its own for one deed on one object, at `…/{id}/{name}/`. Any one of `deeds` opens it."""

    take: Callable[[Any, HttpRequest, Any], HttpResponse]
    deeds: Iterable[Deed]
    # Only for somebody who gave password or second factor in the last minutes; others are asked first.
    confirms: bool = False


class ScopedAdmin(ModelAdmin):
    """Lists, choices, history and objects of the person's own businesses; an id of another is no id at all.

    `save_model` hands what was entered to `create` or `change`, which call one verb. Nothing is deleted.
    """

    # The way from a row to the id of its business.
    scope: ClassVar[str] = "business_id"
    # What seeing any of it takes, and what adding and changing takes.
    reading: ClassVar[Deed] = Deed.READ
    deed: ClassVar[Deed]
    steps: ClassVar[Mapping[str, Step]] = {}
    # What an empty list says, where it can say how something gets there.
    none_yet: ClassVar[str] = ""
    adds: ClassVar[str] = ""  # What the button says that adds one, if not “Add …”.
    # Other views of what the list shows, as URL name and text.
    beside: ClassVar[Iterable[tuple[str, str]]] = ()

    show_full_result_count = False
    list_per_page = 50

    # --- scope

    def within(self, queryset: QuerySet[Any], businesses: Iterable[UUID]) -> QuerySet[Any]:
        return queryset.filter(**{f"{self.scope}__in": businesses})

    def reaches(self, request: HttpRequest, obj: Model | None, deed: Deed) -> bool:
        """May the person do `deed` to this object; without one, to any?"""
        businesses = reach(request, deed)
        return bool(businesses) if obj is None else self.business_of(obj) in businesses

    def business_of(self, obj: Model) -> UUID:
        return reduce(getattr, self.scope.split("__"), obj)  # type: ignore[return-value]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.within(super().get_queryset(request), reach(request, self.reading))

    def with_columns(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Adds what the list shows beside the row's own columns."""
        return queryset

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Only what the filters offer: any other lets one guess at columns that no page shows."""
        offered = {getattr(given, "parameter_name", given) for given in self.list_filter}
        return lookup.removesuffix("__exact") in offered

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        """The choices of a foreign key: what its own screen shows of businesses where `deed` is allowed."""
        screen = self.admin_site._registry.get(db_field.remote_field.model)
        if screen is None:
            return db_field.remote_field.model._default_manager.none()
        assert isinstance(screen, ScopedAdmin)
        return screen.within(screen.get_queryset(request), reach(request, self.deed))

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, *args: Any) -> HttpResponse:
        """Where Django would lead to the front page: what is not there, or not for this person, is a 404."""
        raise Http404

    # --- permissions

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.reaches(request, obj, self.reading)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.reaches(request, None, self.deed)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.reaches(request, obj, self.deed)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    # --- verbs

    def create(self, request: HttpRequest, fields: dict[str, Any], **context: Any) -> Model:
        """Calls the verb that creates; `context` holds `by`, `now` and `reason`."""
        raise NotImplementedError

    def change(self, request: HttpRequest, obj: Any, changes: dict[str, Any], **context: Any) -> None:
        """Calls the verb that changes, with what was changed; `context` holds `by`, `now` and `reason`."""
        raise NotImplementedError

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        fields = dict(form.cleaned_data)
        context = {"by": person(request).public_id, "now": timezone.now(), "reason": fields.pop("reason")}
        if change:
            changes = {name: fields[name] for name in form.changed_data if name in fields}
            self.change(request, self.get_object(request, str(obj.pk)), changes, **context)
        else:
            obj.pk = self.create(request, fields, **context).pk

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any
    ) -> type[ModelForm]:
        """Whoever makes or changes something says why."""
        if self.asks_why(request, obj):
            options["form"] = with_reason(self.form)
        return super().get_form(request, obj, change, **options)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        asked = [(None, {"fields": ("reason",)})] if self.asks_why(request, obj) else []
        return [*fieldsets, *asked]

    def asks_why(self, request: HttpRequest, obj: Any) -> bool:
        return self.has_change_permission(request, obj) if obj else self.has_add_permission(request)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except VerbError as refusal:
            messages.error(request, str(refusal))
            return redirect(request.get_full_path())

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Nothing: the verbs write events, and Django's own log would be a second truth."""

    log_change = log_addition

    # --- pages

    def get_urls(self) -> list[URLPattern]:
        return [*(self.step_url(name, step) for name, step in self.steps.items()), *super().get_urls()]

    def step_url(self, name: str, step: Step) -> URLPattern:
        def view(request: HttpRequest, object_id: str) -> HttpResponse:
            obj = self.get_object(request, object_id)
            if obj is None:
                raise Http404
            if not self.may_take(request, obj, step):
                raise PermissionDenied
            if step.confirms and not recently_authenticated(request):
                return confirm_identity(request)
            return step.take(self, request, obj)

        return path(f"<str:object_id>/{name}/", self.admin_site.admin_view(view), name=self.url_name(name))

    def url_name(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def may_take(self, request: HttpRequest, obj: Model, step: Step) -> bool:
        return any(self.reaches(request, obj, deed) for deed in step.deeds)

    def address(self, obj: Model, page: str = "change") -> str:
        return reverse(f"{self.admin_site.name}:{self.url_name(page)}", args=[obj.pk])

    def list_address(self) -> str:
        return reverse(f"{self.admin_site.name}:{self.url_name('changelist')}")

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """Gives the template the steps that this person may take, by name, and what `panels` adds."""
        if obj:
            context["steps"] = {
                name: self.address(obj, name)
                for name, step in self.steps.items()
                if self.may_take(request, obj, step)
            }
            context |= self.panels(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def panels(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """What the object's own template shows this person beside the fields."""
        return {}

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[UncountedList]:
        return UncountedList

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A prefixed id in the search box leads to its object, whatever list the box belongs to."""
        if not self.can_be_ids(request.POST.getlist(ACTION_CHECKBOX_NAME)):
            messages.error(request, "What was chosen is nothing of this list.")
            return redirect(self.list_address())
        found = find_address(self.admin_site, request, request.GET.get("q", ""))
        return redirect(found) if found else super().changelist_view(request, extra_context)

    def can_be_ids(self, texts: Iterable[str]) -> bool:
        try:
            return all(self.opts.pk.to_python(text) is not None for text in texts)
        except ValidationError:
            return False

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self.get_object(request, object_id)
        if obj is None:
            raise Http404
        subject, further = self.subject_of(obj), self.further_events(obj)
        return show_history(self, request, obj, subject=subject, further=further, businesses=reach(request))

    def subject_of(self, obj: Any) -> str:
        """The prefixed id under which events speak of the object."""
        return obj.public_id

    def further_events(self, obj: Any) -> Q:
        """Those of another subject that belong into its history."""
        return Q()

    def named(self, request: HttpRequest, text: str) -> QuerySet[Any]:
        """The object with this prefixed id, as a queryset of one or none."""
        queryset = self.get_queryset(request)
        if not issubclass(self.model, Row):
            return queryset.none()
        return queryset.filter(pk__in=self.model.named(text).values("pk"))

    def notices(self, request: HttpRequest) -> list[Notice]:
        """What the front page should say about these objects."""
        return []

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> FormField | None:
        """Without the buttons that open other objects in a small window."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field


class ReadOnlyAdmin(ScopedAdmin):
    """For what is never changed by hand: what came in, what was said, what happened."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def find_address(site: AdminSite, request: HttpRequest, text: str) -> str | None:
    """Where the object with this prefixed id is shown, if the person may see it."""
    if "_" not in text:
        return None
    for screen in site._registry.values():
        assert isinstance(screen, ScopedAdmin)
        found = screen.named(request, text.strip()).first()
        if found:
            return screen.address(found)
    return None


def screen_of(other: ModelAdmin, model: type[Model]) -> ScopedAdmin:
    """The screen on which rows of `model` are shown, for links from another screen."""
    screen = other.admin_site._registry[model]
    assert isinstance(screen, ScopedAdmin)
    return screen
