"""The screen of a source: who it is, what it may send, with which keys, and how it is run."""

from typing import Any

from django.contrib.admin import ModelAdmin, SimpleListFilter, display
from django.core.exceptions import PermissionDenied
from django.db.models import Model, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from leadping.accounts.roles import Deed
from leadping.console.display import NOTHING, badges, code, listed, moment
from leadping.console.notices import Notice, NoticeLine, capped
from leadping.console.scoped import ScopedAdmin, Step, person, reach
from leadping.console.steps import Preview, ask_first, entered
from sources.admin import keys, running, terms
from sources.admin.forms import NewSourceForm, SourceForm
from sources.admin.plain_words import (
    describe_settings,
    describe_terms,
    list_checks,
    list_obstacles,
    list_states_of,
)
from sources.approval import ApprovalError, terms_in_the_making
from sources.credentials import CredentialError
from sources.lifecycle import SourceError, change_source, create_source
from sources.models import Credential, Source, Terms

MANY = 100
PREPARE = (Deed.MANAGE_SOURCES, Deed.APPROVE_TERMS)
CANNOT_SEND = Q(terms_in_force=None) | Q(enabled=False) | Q(account=None) | Q(paused_at__isnull=False)


class StateFilter(SimpleListFilter):
    """Deleted sources are shown only to those who ask for them."""

    title = "state"
    parameter_name = "state"
    conditions = {
        "sending": ("Can send", ~CANNOT_SEND),
        "stopped": ("Cannot send", CANNOT_SEND),
        "unapproved": ("Not approved", Q(terms_in_force=None)),
        "disabled": ("Disabled", Q(enabled=False)),
        "paused": ("Paused", Q(paused_at__isnull=False)),
        "unattached": ("No account", Q(account=None)),
    }

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        return [*((name, text) for name, (text, _) in self.conditions.items()), ("deleted", "Deleted")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "deleted":
            return queryset.exclude(deleted_at=None)
        _, condition = self.conditions.get(self.value() or "", ("", Q()))
        return queryset.filter(condition, deleted_at=None)


class SourceAdmin(ScopedAdmin):
    deed = Deed.MANAGE_SOURCES
    refusals = (ApprovalError, CredentialError, SourceError)
    steps = {
        "draft": Step(terms.draft, PREPARE),
        "submit": Step(terms.submit, PREPARE),
        "approve": Step(terms.approve, (Deed.APPROVE_TERMS,), confirms=True),
        "revoke": Step(terms.revoke, (Deed.APPROVE_TERMS,)),
        "issue_key": Step(keys.issue, (Deed.MANAGE_SOURCES,), confirms=True),
        "settings": Step(running.change, (Deed.MANAGE_SOURCES,)),
        "pause": Step(running.pause, PREPARE),
        "resume": Step(running.resume, PREPARE),
        "delete": Step(running.delete, (Deed.MANAGE_SOURCES,)),
    }
    form = SourceForm
    change_form_template = "admin/sources/source.html"
    list_display: tuple[str, ...] = ("name_shown", "state", "kind", "account", "states", "key_used")
    list_select_related = ("account", "business", "terms_in_force")
    list_filter = (StateFilter, "kind")
    search_fields = ("name", "account__name")
    search_help_text = "Name of the source or its account, or any prefixed id."
    ordering = ("name",)
    autocomplete_fields = ("account",)
    fields = ("name", "account", "kind", "enabled")

    def with_columns(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        keys_by_use = Credential.objects.filter(source=OuterRef("pk"), last_used_at__isnull=False)
        last_use = keys_by_use.order_by("-last_used_at").values("last_used_at")[:1]
        return queryset.annotate(key_used_at=Subquery(last_use))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return not is_deleted(obj) and super().has_change_permission(request, obj)

    def may_take(self, request: HttpRequest, obj: Model, step: Step) -> bool:
        return not is_deleted(obj) and super().may_take(request, obj, step)

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

    def fill_choices(self, form: NewSourceForm, request: HttpRequest) -> NewSourceForm:
        for name in ("business", "account"):
            field: Any = form.fields[name]
            field.queryset = self.get_field_queryset(None, Source._meta.get_field(name), request)
        form.fields["account"].empty_label = "No account"  # type: ignore[attr-defined]
        if len(reach(request, self.deed)) == 1:
            form.fields["business"].initial = next(iter(reach(request, self.deed)))
        return form

    def add(self, request: HttpRequest, form: NewSourceForm) -> HttpResponse:
        by = person(request).public_id
        source, issued = create_source(**form.cleaned_data, by=by, now=timezone.now())
        return keys.show_key(self, request, source, issued, self.address(source))

    def panels(self, obj: Source) -> dict[str, Any]:
        making = terms_in_the_making(obj)
        judged_by = obj.terms_in_force or making
        return {
            "badges": badges(list_states_of(obj)),
            "obstacles": list_obstacles(obj),
            "terms_in_force": obj.terms_in_force,
            "terms_said": describe_terms(obj.terms_in_force) if obj.terms_in_force else [],
            "terms_draft": making if making and making.status == Terms.Status.DRAFT else None,
            "terms_waiting": making if making and making.status == Terms.Status.SUBMITTED else None,
            "draft_said": describe_terms(making) if making else [],
            "settings_said": describe_settings(obj.settings),
            "credentials": obj.credentials.order_by("revoked_at", "-id"),
            "checks": list(list_checks(judged_by, obj.settings)) if judged_by else [],
            "id_shown": code(obj.public_id),
            "created": moment(obj.created_at),
        }

    def notices(self, request: HttpRequest) -> list[Notice]:
        stopped = self.within(Source.objects.alive(), reach(request)).filter(CANNOT_SEND)
        rows = list(stopped.order_by("-id")[: MANY + 1])
        if not rows:
            return []
        lines = [
            NoticeLine(
                row.name,
                self.address(row),
                listed(text for text, tone in list_states_of(row) if tone != "good"),
            )
            for row in rows[:5]
        ]
        return [
            Notice(
                "Sources cannot send",
                capped(len(rows), MANY),
                f"{self.list_address()}?state=stopped",
                "warn",
                lines,
            )
        ]

    @display(description="source", ordering="name")
    def name_shown(self, source: Source) -> str:
        return str(source)

    @display(description="state")
    def state(self, source: Source) -> str:
        return badges(list_states_of(source))

    @display(description="states")
    def states(self, source: Source) -> str:
        return listed(source.terms_in_force.states, "any") if source.terms_in_force else NOTHING

    @display(description="key last used", ordering="key_used_at")
    def key_used(self, source: Any) -> str:
        return moment(source.key_used_at)


def is_deleted(source: Model | None) -> bool:
    return isinstance(source, Source) and source.deleted_at is not None
