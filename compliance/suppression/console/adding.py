"""Putting a contact on the list by hand, and releasing one; both say beforehand what will be."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from compliance.suppression.contacts import LONGEST, ContactFault, ContactPoint, read_contact
from compliance.suppression.models import Suppression
from compliance.suppression.verbs import CHANNELS, LONGEST_NOTE, release_suppression, suppress
from leadping.accounts.models import Account, Business
from leadping.accounts.roles import Deed
from leadping.console.reach import person, reach
from leadping.console.reasons import ReasonForm
from leadping.console.scoped import ScopedAdmin
from leadping.console.steps import Preview, ask_first, entered

PHONE_CHANNELS = [(one.value, one.label) for one in CHANNELS["phone"]]


class ScopeForm(forms.Form):
    """For whom it is: a business in which the person may do it, and one of its accounts or all."""

    only_business: Business | None = None
    business = forms.ModelChoiceField(
        Business.objects.none(), empty_label=None, help_text="Nobody of this business contacts them."
    )
    account = forms.ModelChoiceField(
        Account.objects.none(),
        required=False,
        empty_label="The whole business",
        help_text="Choose one only where they asked that account alone.",
    )

    def offer(self, request: HttpRequest, deed: Deed) -> None:
        businesses = Business.objects.filter(pk__in=reach(request, deed)).order_by("name")
        accounts = Account.objects.filter(business__in=reach(request, deed))
        business: Any = self.fields["business"]
        account: Any = self.fields["account"]
        business.queryset = businesses
        account.queryset = accounts.order_by("name")
        if len(businesses) == 1:
            # Where there is no choice nothing is asked.
            self.only_business = businesses[0]
            del self.fields["business"]
        if not accounts.exists():
            del self.fields["account"]

    def clean(self) -> dict[str, Any]:
        fields = self.cleaned_data
        if self.only_business:
            fields["business"] = self.only_business
        business, account = fields.get("business"), fields.setdefault("account", None)
        if business and account and account.business_id != business.pk:
            self.add_error("account", "This account belongs to another business.")
        return fields


class SuppressForm(ScopeForm):
    contact = forms.CharField(
        label="Phone or email",
        max_length=LONGEST,
        help_text="A phone in any notation, such as (512) 555-0123 or +15125550123, or an email address.",
    )
    channel = forms.ChoiceField(
        label="If it is a phone, for",
        choices=PHONE_CHANNELS,
        help_text="An email address is closed to emails in any case.",
    )
    note = forms.CharField(
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="Why, for whoever asks later: their words, who took them, when.",
    )
    field_order = ("contact", "channel", "note", "business", "account")

    def clean_contact(self) -> ContactPoint:
        try:
            return read_contact(self.cleaned_data["contact"])
        except ContactFault as fault:
            raise forms.ValidationError(str(fault)) from fault


def add(screen: ScopedAdmin, request: HttpRequest) -> HttpResponse:
    if not reach(request, Deed.SUPPRESS):
        raise PermissionDenied
    form = SuppressForm(entered(request))
    form.offer(request, Deed.SUPPRESS)

    def act() -> HttpResponse | str:
        fields = form.cleaned_data
        contact: ContactPoint = fields["contact"]
        made = suppress(
            fields["business"],
            contact,
            channel=fields["channel"] if contact.kind == "phone" else Suppression.Channel.EMAIL,
            account=fields["account"],
            origin=Suppression.Origin.MANUAL,
            note=fields["note"],
            by=person(request).public_id,
            now=timezone.now(),
        )
        if made.added:
            return f"{made.entry} is not contacted any more."
        return f"{made.entry} was on the list already, since {made.entry.created_at:%-d %b %Y}."

    preview = Preview(
        "Suppress a contact",
        "Do not contact any more",
        [
            "It holds at once, whatever source or lead the contact is known from.",
            "Somebody with the right to may release it later, with a reason. The history of both stays.",
        ],
    )
    return ask_first(screen, request, form, preview, act=act, back=screen.list_address())


def release(screen: ScopedAdmin, request: HttpRequest, entry: Suppression) -> HttpResponse:
    form = ReasonForm(entered(request))

    def act() -> str:
        reason = form.cleaned_data["reason"]
        release_suppression(entry, by=person(request).public_id, reason=reason, now=timezone.now())
        return f"{entry} is released."

    preview = Preview(
        f"Release {entry}",
        "Release",
        [
            f"{entry} may be contacted again by {entry.get_channel_display().lower()}, unless another entry "
            "stands against it.",
            "Do this where they asked for it anew, or where the entry was a mistake. An old certificate is "
            "no new consent.",
        ],
        grave=True,
    )
    return ask_first(screen, request, form, preview, act=act, back=screen.address(entry), obj=entry)
