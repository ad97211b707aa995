"""The screen of a source: who it is, what it may send, with which keys, and how it is run."""

from datetime import datetime
from typing import Any

from django.contrib.admin import display
from django.core.exceptions import PermissionDenied
from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from leadping.accounts.roles import Deed
from leadping.console.display import NOTHING, badges, code, lately, moment, yes_or_no
from leadping.console.notices import Notice
from leadping.console.reach import person, reach
from leadping.console.scoped import ScopedAdmin, Step
from leadping.console.steps import Preview, ask_first, entered
from sources.admin import keys, links, running, terms
from sources.admin.difference import first_few, summarise
from sources.admin.filters import StateFilter
from sources.admin.forms import NewSourceForm, SourceForm
from sources.admin.key_states import describe_keys
from sources.admin.plain_words import (
    describe_settings,
    describe_terms,
    list_checks,
    list_obstacles,
    list_states_of,
    say_expiry,
)
from sources.admin.stopped import list_stopped
from sources.lifecycle import change_source, create_source
from sources.models import Credential, Review, Source, Terms
from sources.versions import terms_in_the_making

LONG_TEXTS = [f"terms_in_force__{name}" for name in terms.LONG_TEXTS]
PREPARE = (Deed.MANAGE_SOURCES, Deed.APPROVE_TERMS)


class SourceAdmin(ScopedAdmin):
    deed = Deed.MANAGE_SOURCES
    steps = {
        "submit": Step(terms.submit, PREPARE),
        "withdraw": Step(terms.withdraw, PREPARE),
        "revoke": Step(terms.revoke, (Deed.APPROVE_TERMS,)),
        "issue_key": Step(keys.issue, (Deed.MANAGE_SOURCES,), confirms=True),
        "settings": Step(running.change, (Deed.MANAGE_SOURCES,)),
        "pause": Step(running.pause, PREPARE),
        "resume": Step(running.resume, PREPARE),
        "ready": Step(running.ready, PREPARE),
        "delete": Step(running.delete, (Deed.MANAGE_SOURCES,)),
        "restore": Step(running.restore, (Deed.MANAGE_SOURCES,)),
        "instructions": Step(links.show, (Deed.READ,)),
        "new_link": Step(links.make, (Deed.MANAGE_SOURCES,)),
    }
    form = SourceForm
    change_form_template = "admin/sources/source.html"
    list_display: tuple[str, ...] = ("name_shown", "state", "kind", "account", "states", "key_used")
    list_select_related = ("account", "business", "terms_in_force")
    list_filter = (StateFilter, "kind")
    search_fields = ("name", "account__name")
    search_help_text = "Name of the source or its account, or any prefixed id."
    none_yet = (
        "There is no source yet. Add one for each path by which leads come in: its key is shown once, and a "
        "checklist says what is missing before it can send."
    )
    ordering = ("name",)
    autocomplete_fields = ("account",)
    fields = ("name", "owner", "account", "kind", "enabled")
    readonly_fields = ("enabled_shown",)

    def with_columns(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        keys_by_use = Credential.objects.filter(source=OuterRef("pk"), last_used_at__isnull=False)
        last_use = keys_by_use.order_by("-last_used_at").values("last_used_at")[:1]
        # A list that is sorted by name would carry the long texts of all terms along.
        return queryset.annotate(key_used_at=Subquery(last_use)).defer(*LONG_TEXTS)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return not is_deleted(obj) and super().has_change_permission(request, obj)

    def may_take(self, request: HttpRequest, obj: Model, step: Step) -> bool:
        """With a deleted source nothing can be done but to restore it, and with no other that."""
        restores = step.take is running.restore
        return is_deleted(obj) == restores and super().may_take(request, obj, step)

    def get_fields(self, request: HttpRequest, obj: Source | None = None) -> tuple[str, ...]:
        if self.has_change_permission(request, obj):
            return self.fields
        return (*self.fields[:-1], "enabled_shown")

    def change(self, request: HttpRequest, obj: Source, changes: dict[str, Any], **context: Any) -> None:
        change_source(obj, changes, **context)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = self.fill_choices(NewSourceForm(entered(request)), request)
        preview = Preview(
            "Add a source",
            "Create source",
            [
                "One source for each real intake path: a form, a partner, a publisher, a system.",
                "Its key and secret are made with it and shown once, on the next page.",
                "It sends nothing until its terms are approved.",
            ],
        )
        return ask_first(
            self, request, form, preview, act=lambda: self.add(request, form), back=self.list_address()
        )

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "owner":
            options["empty_label"] = "Nobody yet"
        return super().formfield_for_foreignkey(db_field, request, **options)

    def fill_choices(self, form: NewSourceForm, request: HttpRequest) -> NewSourceForm:
        for name in ("business", "account", "owner"):
            field: Any = form.fields[name]
            field.queryset = self.get_field_queryset(None, Source._meta.get_field(name), request)
        form.fields["account"].empty_label = "No account"  # type: ignore[attr-defined]
        form.fields["owner"].empty_label = "Nobody yet"  # type: ignore[attr-defined]
        form.fields["owner"].initial = person(request).pk
        if len(reach(request, self.deed)) == 1:
            form.fields["business"].initial = next(iter(reach(request, self.deed)))
        return form

    def add(self, request: HttpRequest, form: NewSourceForm) -> HttpResponse:
        by = person(request).public_id
        source, issued = create_source(**form.cleaned_data, by=by, now=timezone.now())
        return keys.show_key(self, request, source, issued, self.address(source))

    def panels(self, request: HttpRequest, obj: Source) -> dict[str, Any]:
        now = timezone.now()
        return {
            "badges": badges(list_states_of(obj, now=now)),
            "obstacles": list_obstacles(obj, now=now),
            "settings_said": describe_settings(obj.settings),
            "keys": describe_keys(obj.credentials.order_by("revoked_at", "-id"), now=now),
            "id_shown": code(obj.public_id),
            "created": moment(obj.created_at),
            **self.terms_panel(obj, now=now),
        }

    def terms_panel(self, obj: Source, *, now: datetime) -> dict[str, Any]:
        making = terms_in_the_making(obj)
        judged_by = obj.terms_in_force or making
        return {
            "terms_in_force": obj.terms_in_force,
            "expiry": say_expiry(obj.terms_in_force, now=now),
            "terms_said": describe_terms(obj.terms_in_force) if obj.terms_in_force else [],
            "terms_draft": making if making and making.status == Terms.Status.DRAFT else None,
            "terms_waiting": making if making and making.status == Terms.Status.SUBMITTED else None,
            "making": making,
            "making_differs": summarise(obj.terms_in_force, making) if making else "",
            "draft_said": describe_terms(making) if making else [],
            "sent_back": last_word(obj) if making is None or making.status == Terms.Status.DRAFT else None,
            "checks": list_checks(judged_by, obj.settings) if judged_by else [],
        }

    def notices(self, request: HttpRequest) -> list[Notice]:
        return list_stopped(self, request)

    @display(description="source", ordering="name")
    def name_shown(self, source: Source) -> str:
        return str(source)

    @display(description="state")
    def state(self, source: Source) -> str:
        return badges(list_states_of(source, now=timezone.now()))

    @display(description="enabled")
    def enabled_shown(self, source: Source) -> str:
        return yes_or_no(source.enabled)

    @display(description="states")
    def states(self, source: Source) -> str:
        return first_few(source.terms_in_force.states, "any") if source.terms_in_force else NOTHING

    @display(description="key last used", ordering="key_used_at")
    def key_used(self, source: Any) -> str:
        return lately(source.key_used_at, now=timezone.now())


def last_word(source: Source) -> Review | None:
    """The latest decision on terms of this source, if it sent them back or turned them down."""
    latest = Review.objects.filter(terms__source=source).order_by("-id").first()
    turned_down = {Review.Decision.CHANGES_REQUESTED, Review.Decision.REFUSED}
    return latest if latest and latest.decision in turned_down else None


def is_deleted(source: Model | None) -> bool:
    return isinstance(source, Source) and source.deleted_at is not None
