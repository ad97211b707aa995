"""Having certificates retained at once: one, those chosen in the list, or all that match."""

from collections.abc import Sequence

from django import forms
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from compliance.models import CertificateRetention
from compliance.retaining import RetainingError, is_possible, retain_now
from leadping.accounts.roles import Deed
from leadping.console.reach import person, reach
from leadping.console.reasons import ReasonForm, reason_field
from leadping.console.scoped import ScopedAdmin
from leadping.console.steps import Preview, ask_first, entered
from sources.models import Source

Status = CertificateRetention.Status
MOST = 5_000
BILLED = (
    "Each is an operation of its own that TrustedForm bills; what is stored already it does not store again."
)
COURSE = "The worker asks for them within the next minutes, those first that are deleted first."
NO_KEY = "No TrustedForm API key is set, so nothing can be retained: set TRUSTEDFORM_API_KEY first."


def one(screen: ScopedAdmin, request: HttpRequest, row: CertificateRetention) -> HttpResponse:
    form = ReasonForm(entered(request))
    return ask_first(
        screen,
        request,
        form,
        preview_of(1),
        act=lambda: ask(request, [row], form.cleaned_data["reason"]),
        back=screen.address(row),
        obj=row,
    )


def chosen(screen: ScopedAdmin, request: HttpRequest, found: QuerySet[CertificateRetention]) -> HttpResponse:
    """The list posts here twice: first what was chosen, then the same with a reason."""
    rows = list(at_risk(found, request)[:MOST])
    form = ReasonForm(request.POST if "reason" in request.POST else None)
    hidden = [("action", "retain_chosen"), *((ACTION_CHECKBOX_NAME, str(row.pk)) for row in rows)]
    return ask_first(
        screen,
        request,
        form,
        preview_of(len(rows)),
        act=lambda: ask(request, rows, form.cleaned_data["reason"]),
        back=screen.list_address(),
        hidden=hidden,
    )


class MatchingForm(forms.Form):
    source = forms.ChoiceField(required=False, help_text="Whose certificates. Empty means all sources.")
    state = forms.ChoiceField(
        required=False,
        choices=[("", "all that are not retained"), *Status.choices[:1], *Status.choices[2:]],
        help_text="Those given up were refused by TrustedForm, and will probably be refused again.",
    )
    reason = reason_field()


def all_that_match(screen: ScopedAdmin, request: HttpRequest) -> HttpResponse:
    if not reach(request, Deed.DECIDE_HELD):
        raise PermissionDenied
    form = MatchingForm(entered(request), initial={"state": ""})
    own = Source.objects.filter(business_id__in=reach(request, Deed.DECIDE_HELD)).order_by("name")
    named = [(source.public_id, str(source)) for source in own]
    form.fields["source"].choices = [("", "all sources"), *named]  # type: ignore[attr-defined]

    def act() -> str:
        return ask(request, matching(request, form), form.cleaned_data["reason"])

    count = len(at_risk(CertificateRetention.objects.all(), request)[: MOST + 1])
    return ask_first(screen, request, form, preview_of(count), act=act, back=screen.list_address())


def matching(request: HttpRequest, form: forms.Form) -> Sequence[CertificateRetention]:
    found = at_risk(CertificateRetention.objects.all(), request)
    if source := form.cleaned_data["source"]:
        found = found.filter(source=source)
    if state := form.cleaned_data["state"]:
        found = found.filter(status=state)
    return list(found[:MOST])


def at_risk(found: QuerySet[CertificateRetention], request: HttpRequest) -> QuerySet[CertificateRetention]:
    """Not stored, and of businesses where the person may decide; what is deleted first comes first."""
    own = found.filter(business_id__in=reach(request, Deed.DECIDE_HELD)).exclude(status=Status.STORED)
    return own.order_by("dies_at", "id")


def preview_of(count: int) -> Preview:
    how_many = f"more than {MOST:,}" if count > MOST else f"{count:,}"
    sentences = [
        f"{how_many} certificate{'' if count == 1 else 's'} not retained yet.",
        BILLED,
        COURSE if is_possible() else NO_KEY,
    ]
    if count > MOST:
        sentences.append(f"At most {MOST:,} at a time, those first that are deleted first.")
    return Preview("Retain now", "Retain now", sentences)


def ask(request: HttpRequest, rows: Sequence[CertificateRetention], reason: str) -> str:
    if not is_possible():
        raise RetainingError(NO_KEY)
    now = timezone.now()
    asked = retain_now([row.pk for row in rows], by=person(request).public_id, reason=reason, now=now)
    if not asked:
        raise RetainingError("None of them is left to be retained.")
    return f"{asked:,} certificate{' is' if asked == 1 else 's are'} retained within the next minutes."
