"""What happened to an object, as people read it: our events, newest first."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, cast
from uuid import UUID

from django.contrib.admin import AdminSite, ModelAdmin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode

from leadping.accounts.models import User
from leadping.console.display import NOTHING, link, listed, yes_or_no
from leadping.events import COMMAND_LINE, SYSTEM
from leadping.ids import parse_public_id
from leadping.models import Event
from leadping.rows import Row

SHOWN = 200
# The parameter by which the list of events is asked for those about one object.
ABOUT = "about"
# Rows that events name beside the source they belong to, and the name in the event's data.
PARTS = {
    "Terms": "terms",
    "Credential": "credential",
    "UserToken": "token",
    "Complaint": "complaint",
    "PostingLink": "link",
}
# What is told by the page in its own way, or proves rather than tells.
UNTOLD = {"before", "after", "settings", "fingerprints"}
ACTORS = {SYSTEM: "Leadping itself", COMMAND_LINE: "the command line", "": "an unknown caller"}


@dataclass(frozen=True, slots=True)
class Change:
    """What one field was and what it is; `None` where the event does not say."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Entry:
    event: Event
    what: str
    who: str
    changes: list[Change]
    details: str
    address: str


def show_history(
    screen: ModelAdmin,
    request: HttpRequest,
    obj: Model,
    *,
    subject: str,
    businesses: Collection[UUID],
    further: Q,
) -> HttpResponse:
    """`further` are events of another subject that are about the object too."""
    events = list(events_about(request, obj, subject, businesses, further).order_by("-id")[:SHOWN])
    names = name_rows(screen.admin_site, request, (event.actor for event in events))
    log = screen_address(screen.admin_site, Event)
    context = {
        **screen.admin_site.each_context(request),
        "title": "History",
        "subtitle": str(obj),
        "opts": screen.opts,
        "object": obj,
        "entries": [
            Entry(
                event,
                say_kind(event.kind),
                names[event.actor],
                list_changes(event.data),
                list_details(event.data),
                reverse(f"{log}_change", args=[event.pk]),
            )
            for event in events
        ],
        "shown": SHOWN,
        "log": f"{reverse(f'{log}_changelist')}?{urlencode({ABOUT: subject})}",
    }
    return TemplateResponse(request, "admin/object_history.html", context)


def events_about(
    request: HttpRequest, obj: Model, subject: str, businesses: Collection[UUID], further: Q
) -> QuerySet[Event]:
    """Those of the businesses; what a person did outside of any is for that person alone.

    Events speak of a source where its terms or keys are meant, and name those beside: then only they count.
    """
    events = Event.objects.filter(Q(subject=subject) | further)
    own = Q(business_id__in=businesses)
    if isinstance(request.user, User) and subject == request.user.public_id:
        own |= Q(business_id__isnull=True)
    part = PARTS.get(type(obj).__name__)
    if part and isinstance(obj, Row):
        events = events.filter(**{f"data__{part}": obj.public_id})
    return events.filter(own)


def screen_address(site: AdminSite, model: type[Model]) -> str:
    return f"{site.name}:{model._meta.app_label}_{model._meta.model_name}"


def say_kind(kind: str) -> str:
    """`terms.approved` as “Terms approved”."""
    return kind.replace(".", " ").replace("_", " ").capitalize()


def list_changes(data: Mapping[str, Any]) -> list[Change]:
    before, after = data.get("before") or {}, data.get("after") or {}
    return [
        Change(name.replace("_", " "), say_value(before.get(name)), say_value(after.get(name)))
        for name in {**before, **after}
    ]


def list_details(data: Mapping[str, Any]) -> str:
    """What an event says beside before and after, such as the number of the terms."""
    told = {name: value for name, value in data.items() if name not in {*UNTOLD, *PARTS.values()}}
    said = ((name.replace("_", " "), value) for name, value in told.items())
    return listed(
        (f"{name} {say_value(value)}" for name, value in said if value not in ("", None, [], {})), ""
    )


def say_value(value: Any) -> str:
    if isinstance(value, bool):
        return yes_or_no(value)
    if isinstance(value, list):
        return listed(value)
    if isinstance(value, dict):
        return listed((f"{name} {say_value(inner)}" for name, inner in value.items()))
    return NOTHING if value is None or value == "" else str(value)


def name_actor(public_id: str) -> str:
    """The one who acted, on a page that shows what was done and may therefore say by whom."""
    user = User.named(public_id).first()
    return str(user or ACTORS.get(public_id, public_id))


class Screen(Protocol):
    """What is needed of a screen to name and to link the rows that it shows."""

    model: type[Model]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]: ...

    def address(self, obj: Any) -> str: ...


def name_rows(site: AdminSite, request: HttpRequest, public_ids: Iterable[str]) -> dict[str, str]:
    """A link with the name of each row that the person may see, otherwise the id itself.

    One query for each kind of row, whatever the number of ids.
    """
    names = {text: ACTORS.get(text, text) for text in public_ids}
    wanted: dict[str, list[str]] = defaultdict(list)
    for text in names:
        wanted[text.rpartition("_")[0]].append(text)
    for screen in site._registry.values():
        prefix = getattr(screen.model, "PREFIX", "")
        if prefix in wanted:
            names |= name_rows_of(cast(Screen, screen), request, prefix, wanted[prefix])
    return names


def name_rows_of(screen: Screen, request: HttpRequest, prefix: str, public_ids: list[str]) -> dict[str, str]:
    rows = screen.get_queryset(request).in_bulk([parse_public_id(prefix, text) for text in public_ids])
    found = ((text, rows.get(parse_public_id(prefix, text))) for text in public_ids)
    return {text: link(screen.address(row), row) for text, row in found if row}
