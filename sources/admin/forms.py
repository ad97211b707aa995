"""What people type about a source, read into the shapes that the verbs take."""

from calendar import day_name
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from leadping.accounts.models import Account, Business, User
from leadping.console.reasons import KEPT, reason_field
from leadping.redaction import redact_values
from sources.admin.certificate_form import CERTIFICATE_SETTINGS, CertificateForm
from sources.admin.lists import ListField, StatesField, addresses, words
from sources.admin.sections import (
    LABELS,
    SETTINGS_FIELDS,
    SETTINGS_SECTIONS,
    TERMS_FIELDS,
    TERMS_SECTIONS,
    Sectioned,
)
from sources.models import Source, SourceSettings, Terms
from sources.models.settings import network, time_zones
from sources.thresholds import SHARES

# Longer texts are no messages; and what a review keeps of them stays small enough to read.
TEXT_LIMIT = 20_000
# A lead over this size is refused at the doors.
PAYLOAD_LIMIT = 64 * 1024
USUAL_ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
    "UTC",
)


def text(help_text: str, *, rows: int = 5) -> forms.CharField:
    widget = forms.Textarea({"rows": rows})
    return forms.CharField(required=False, max_length=TEXT_LIMIT, widget=widget, help_text=help_text)


class TermsForm(Sectioned, forms.ModelForm):
    sections = TERMS_SECTIONS

    websites = addresses("The sites that the pages are part of; one address a line.")
    landing_pages = addresses("The pages on which people ask to be contacted; one address a line.")
    states = StatesField(
        forms.CharField(), help_text="Codes or names, such as TX or Texas. None given means any state."
    )
    products = words(
        200, help_text="As the sender writes them; case does not matter. None means any product."
    )
    verticals = words(200, help_text="As the sender writes them; case does not matter. None means any.")
    audiences = words(200, help_text="Whom the pages address, such as “turning 65” or “homeowners”.")
    consent_wording = text("The disclosure shown at opt-in, word for word.", rows=6)
    message_copy = text("The first messages, as they will be sent.")
    call_script = text("What is said on the first call.")
    link_domains = words(253, help_text="Domains that links in our messages lead to.")
    exception_reason = text("Needed where no certificate is required: why, and who agreed to it.", rows=3)
    example_payload = forms.CharField(
        required=False,
        max_length=PAYLOAD_LIMIT,
        widget=forms.Textarea({"rows": 14, "class": "code", "spellcheck": "false"}),
        help_text="JSON, as it would be posted to /leads/intake, with an invented person and no keys.",
    )
    reason = reason_field(
        label="Note", required=False, help_text="What you changed and why, for the history; may stay empty."
    )

    class Meta:
        model = Terms
        fields = TERMS_FIELDS

    def clean_example_payload(self) -> str:
        payload = self.cleaned_data["example_payload"]
        if redact_values(payload) != payload:
            raise ValidationError(
                "The example holds what looks like a real key; replace it by an invented one."
            )
        return payload

    def clean(self) -> dict[str, Any]:
        fields = self.cleaned_data
        if not fields.get("trustedform_required") and not fields.get("exception_reason", "").strip():
            self.add_error("exception_reason", "Say why no certificate is required.")
        return fields


@cache
def list_zones() -> list[tuple[str, list[tuple[str, str]]]]:
    others = sorted(time_zones() - set(USUAL_ZONES))
    return [
        ("Usual", [(name, name.replace("_", " ")) for name in USUAL_ZONES]),
        ("All others", [(name, name.replace("_", " ")) for name in others]),
    ]


# Which stay as they are where the form comes without them.
ALWAYS_SET = (
    *(f"{name}_of" for name in SHARES),
    *("pause_complaints_days", "dispute_effect", "certificate_reuse", "suppression_effect"),
    *CERTIFICATE_SETTINGS,
)


class SettingsForm(Sectioned, CertificateForm, forms.ModelForm):
    sections = SETTINGS_SECTIONS

    tags = words(50, help_text="Put on each new lead of this source, for routing and reports.")
    schedule_days = forms.TypedMultipleChoiceField(
        label="Days",
        required=False,
        coerce=int,
        choices=list(enumerate(day_name)),
        widget=forms.CheckboxSelectMultiple,
        help_text="None ticked means every day.",
    )
    time_zone = forms.ChoiceField(
        choices=list_zones,
        help_text="For the schedule, and for the day and month of the caps.",
    )
    ip_list = ListField(
        forms.CharField(max_length=50, validators=[network]),
        label="Addresses",
        help_text="Of the systems that post: single ones or networks such as 203.0.113.0/24. None means any.",
    )
    support_contact = forms.CharField(
        max_length=200,
        required=False,
        help_text="Who mends the source when it fails. An email address in it, such as "
        "“Ada Example, ada@example.com”, is written to when the source is paused or reopened.",
    )
    reason = reason_field()

    class Meta:
        model = SourceSettings
        fields = SETTINGS_FIELDS
        labels = {name: text[0].upper() + text[1:] for name, text in LABELS.items()}
        help_texts = {
            f"{name}_of": "From 5 to 1,000; nothing is paused before as many came." for name in SHARES
        } | {
            "pause_complaints_days": "From 1 to 365.",
            "cost_per_lead": "What a lead costs that comes without a price of its own. Empty means unknown.",
            "notes": "For the colleagues; neither the sender nor the posting instructions show them.",
            "duplicate_window_hours": "How long a lead is remembered; 720 hours are 30 days.",
        }
        widgets = {
            "schedule_from": forms.TimeInput({"type": "time"}, format="%H:%M"),
            "schedule_until": forms.TimeInput({"type": "time"}, format="%H:%M"),
            "notes": forms.Textarea({"rows": 4}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ALWAYS_SET:
            self.fields[name].required = False

    def say_taken(self, taken: Mapping[str, int]) -> None:
        """Beside each cap, how many leads it would have counted by now."""
        for period, said in (("hour", "this hour"), ("day", "today"), ("month", "this month")):
            field = self.fields[f"cap_per_{period}"]
            field.help_text = f"{field.help_text} So far {taken[period]:,} {said}; they count.".strip()

    def clean(self) -> dict[str, Any]:
        fields = self.cleaned_data
        emptied = [name for name in ALWAYS_SET if fields.get(name, "") in (None, "")]
        fields |= {name: getattr(self.instance, name) for name in emptied if name not in self.errors}
        start, end = fields.get("schedule_from"), fields.get("schedule_until")
        if {"schedule_from", "schedule_until"} & self.errors.keys():
            return fields
        if (start is None) != (end is None):
            missing = "schedule_from" if start is None else "schedule_until"
            self.add_error(missing, "Give both hours, or neither.")
        elif start is not None and start == end:
            self.add_error(
                "schedule_until", "This is the same as the beginning; leave both empty for all day."
            )
        return fields


HELP = {
    "business": "It stays with this business for good.",
    "name": "As you and the sender call it. No other source of the business has the same.",
    "account": "To whom its leads belong. Without one every lead is refused; make one under “Accounts”.",
    "kind": "Internal is a form or system of your own, vendor one of a partner.",
    "enabled": "Without the tick every lead is refused.",
}


class SourceForm(forms.ModelForm):
    """The general part of a source that exists."""

    class Meta:
        model = Source
        fields = ("name", "owner", "account", "kind", "enabled")
        help_texts = HELP

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        return free_name(self.instance.business, name, self.instance)

    def clean_account(self) -> Account | None:
        return account_of(self.instance.business, self.cleaned_data.get("account"))

    def clean_owner(self) -> User | None:
        return member_of(self.instance.business, self.cleaned_data.get("owner"))


class NewSourceForm(forms.ModelForm):
    """The choices are given by the screen, which knows whose form it is."""

    reason = reason_field(
        label="What it is for",
        help_text=f"Who asked for it, and why. {KEPT}",
    )

    class Meta:
        model = Source
        fields = ("business", "name", "owner", "account", "kind", "enabled")
        help_texts = HELP

    def clean(self) -> dict[str, Any]:
        fields = self.cleaned_data
        if "business" in fields:
            self.check("account", account_of, fields)
            self.check("owner", member_of, fields)
        return fields

    def check(self, name: str, belongs: Callable[[Business, Any], Any], fields: dict[str, Any]) -> None:
        try:
            belongs(fields["business"], fields.get(name))
        except ValidationError as error:
            self.add_error(name, error)


def free_name(business: Business, name: str, source: Source) -> str:
    if business.sources.alive().filter(name__iexact=name).exclude(pk=source.pk).exists():
        raise ValidationError("Another source of this business has the name already.")
    return name


def account_of(business: Business, account: Account | None) -> Account | None:
    """Of two businesses that one person may manage, neither lends its accounts to the other."""
    if account and account.business_id != business.pk:
        raise ValidationError("This account belongs to another business.")
    return account


def member_of(business: Business, user: User | None) -> User | None:
    if user and not business.memberships.filter(user=user).exists():
        raise ValidationError("Only a member of this business can own one of its sources.")
    return user
