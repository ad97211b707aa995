"""Posting instructions in the console: the links under which vendors read them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib.admin import display
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from leadping.accounts.roles import Deed
from leadping.console.display import badge, moment
from leadping.console.history import name_actor
from leadping.console.reach import person
from leadping.console.reasons import ReasonForm, reason_field
from leadping.console.scoped import ReadOnlyAdmin, ScopedAdmin, Step, screen_of
from leadping.console.steps import Preview, ask_first, entered, leave
from sources.models import PostingLink, Source
from sources.posting_links import LONGEST, USUAL, make_link, revoke_link, token_of

# Of so many links a source's page tells; the list of links has all.
MOST = 50


class LinkForm(forms.Form):
    label = forms.CharField(
        label="For whom",
        max_length=100,
        help_text="The vendor or developer who gets it, so that you know later whose link to revoke.",
    )
    days = forms.IntegerField(
        label="Days until it ends",
        initial=USUAL.days,
        min_value=1,
        max_value=LONGEST.days,
        help_text=f"Afterwards it opens nothing. At most {LONGEST.days}.",
    )
    reason = reason_field()


@dataclass(frozen=True, slots=True)
class LinkLine:
    """`url` is empty for whoever may not see the address, and for a link that opens nothing."""

    link: PostingLink
    open: bool
    state: SafeString
    by: str
    url: str
    revoke: str


def show(screen: ScopedAdmin, request: HttpRequest, source: Source) -> HttpResponse:
    may_manage = screen.reaches(request, source, Deed.MANAGE_SOURCES)
    context = {
        **screen.admin_site.each_context(request),
        "title": "Posting instructions",
        "opts": screen.opts,
        "original": source,
        "lines": list_lines(screen, request, source, may_manage=may_manage, now=timezone.now()),
        "may_manage": may_manage,
        "make": screen.address(source, "new_link"),
        "look": screen.address(source, "as_vendor"),
        "back": screen.address(source),
    }
    return TemplateResponse(request, "admin/sources/instructions.html", context)


def list_lines(
    screen: ScopedAdmin, request: HttpRequest, source: Source, *, may_manage: bool, now: datetime
) -> list[LinkLine]:
    """Those that work first, the newest of them before others."""
    links = sorted(source.posting_links.order_by("-id")[:MOST], key=lambda link: not link.is_open(now))
    names = {by: name_actor(by) for by in {link.created_by for link in links}}
    revoking = screen_of(screen, PostingLink)
    return [
        LinkLine(
            link,
            link.is_open(now),
            state_of(link, now=now),
            names[link.created_by],
            address_of(request, link) if may_manage and link.is_open(now) else "",
            revoking.address(link, "revoke") if may_manage and link.is_open(now) else "",
        )
        for link in links
    ]


def address_of(request: HttpRequest, link: PostingLink) -> str:
    return request.build_absolute_uri(reverse("instructions:page", args=[token_of(link)]))


def state_of(link: PostingLink, *, now: datetime) -> SafeString:
    if link.revoked_at:
        return badge("Revoked", "bad")
    if not link.is_open(now):
        return badge("Expired", "warn")
    if link.expires_at - now < timedelta(days=3):
        return badge("Ends soon", "warn")
    return badge("Open", "good")


def make(screen: ScopedAdmin, request: HttpRequest, source: Source) -> HttpResponse:
    form = LinkForm(entered(request))
    back = screen.address(source, "instructions")

    def act() -> HttpResponse:
        now, fields = timezone.now(), form.cleaned_data
        ends = now + timedelta(days=fields["days"])
        said = {"by": person(request).public_id, "reason": fields["reason"]}
        link, _ = make_link(source, label=fields["label"], expires_at=ends, now=now, **said)
        return leave(request, f"The link for {link.label} is made. Copy it below and send it.", back)

    preview = Preview(
        "Make a link to the posting instructions",
        "Make link",
        [
            "Whoever holds the link reads how to post for this source, without signing in. Send it to the "
            "vendor's developers alone.",
            "It shows this source's terms and limits in plain words, with samples and a form for dry runs. "
            "It never shows a key, a cost, a note, or anything of another source.",
        ],
    )
    return ask_first(screen, request, form, preview, act=act, back=back, obj=source)


def revoke(screen: "PostingLinkAdmin", request: HttpRequest, link: PostingLink) -> HttpResponse:
    form = ReasonForm(entered(request))

    def act() -> str:
        reason = form.cleaned_data["reason"]
        revoke_link(link, by=person(request).public_id, reason=reason, now=timezone.now())
        return f"The link for {link.label} is revoked."

    preview = Preview(
        f"Revoke the link for {link.label}",
        "Revoke link",
        [
            "From now on it opens nothing, and its page says to ask for a new one.",
            "Keys are not touched: whoever has a key can go on posting.",
        ],
        grave=True,
    )
    back = screen_of(screen, Source).address(link.source, "instructions")
    return ask_first(screen, request, form, preview, act=act, back=back, obj=link)


class PostingLinkAdmin(ReadOnlyAdmin):
    steps = {"revoke": Step(revoke, (Deed.MANAGE_SOURCES,))}
    change_form_template = "admin/sources/link.html"
    list_display = ("label", "source", "state", "created", "expires", "opened", "times_opened")
    list_select_related = ("source",)
    search_fields = ("label", "source__name")
    search_help_text = "For whom the link is, or the name of its source."
    ordering = ("-id",)
    sortable_by = ()
    fields = ("label", "source", "state", "created", "author", "expires", "opened", "times_opened")
    readonly_fields = fields

    def subject_of(self, obj: PostingLink) -> str:
        return obj.source.public_id

    def panels(self, request: HttpRequest, obj: PostingLink) -> dict[str, Any]:
        instructions = screen_of(self, Source).address(obj.source, "instructions")
        return {"open": obj.is_open(timezone.now()), "instructions": instructions}

    @display(description="state")
    def state(self, link: PostingLink) -> str:
        return state_of(link, now=timezone.now())

    @display(description="made")
    def created(self, link: PostingLink) -> str:
        return moment(link.created_at)

    @display(description="made by")
    def author(self, link: PostingLink) -> str:
        return name_actor(link.created_by)

    @display(description="ends or ended")
    def expires(self, link: PostingLink) -> str:
        return moment(link.revoked_at or link.expires_at)

    @display(description="last opened")
    def opened(self, link: PostingLink) -> str:
        return moment(link.last_opened_at)
