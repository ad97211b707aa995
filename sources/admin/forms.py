"""What people type about a source, read into the shapes that the verbs take."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from leadping.accounts.models import Account, Business
from leadping.states import read_state
from sources.admin.plain_words import SETTINGS_FIELDS, TERMS_FIELDS
from sources.models import Source, SourceSettings, Terms


class ListField(forms.Field):
    """Several items, each on a line of its own or, where it cannot hold one itself, after a comma."""

    def __init__(self, item: forms.Field, *, commas: bool = True, **options: Any) -> None:
        self.item = item
        self.separator = re.compile(r"[,\n]" if commas else r"\n")
        super().__init__(required=False, widget=forms.Textarea({"rows": 2}), **options)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        texts = (text.strip() for text in self.separator.split(value or ""))
        return list(dict.fromkeys(self.read(text) for text in texts if text))

    def read(self, text: str) -> str:
        return self.item.clean(text)


class StatesField(ListField):
    def read(self, text: str) -> str:
        code = read_state(text)
        if code is None:
            raise ValidationError(f"There is no state “{text}”.")
        return code


def words(length: int, **options: Any) -> ListField:
    return ListField(forms.CharField(max_length=length), **options)


class TermsForm(forms.ModelForm):
    states = StatesField(
        forms.CharField(), help_text="Codes or names, such as TX or Texas. None given means any state."
    )
    products = words(
        200, help_text="As the sender writes them; case does not matter. None means any product."
    )
    verticals = words(200)
    audiences = words(200)
    landing_pages = ListField(
        forms.URLField(max_length=2048, assume_scheme="https"),
        commas=False,
        help_text="Where the person opts in; one address a line.",
    )
    link_domains = words(253, help_text="Domains that links in our messages lead to.")

    class Meta:
        model = Terms
        fields = TERMS_FIELDS

    def clean(self) -> dict[str, Any]:
        fields = self.cleaned_data
        if not fields.get("trustedform_required") and not fields.get("exception_reason", "").strip():
            self.add_error("exception_reason", "Say why no certificate is required.")
        return fields


class SettingsForm(forms.ModelForm):
    tags = words(50, help_text="Put on each new lead of this source.")

    class Meta:
        model = SourceSettings
        fields = SETTINGS_FIELDS


class SourceForm(forms.ModelForm):
    """The general part of a source that exists."""

    class Meta:
        model = Source
        fields = ("name", "account", "kind", "enabled")

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        return free_name(self.instance.business, name, self.instance)

    def clean_account(self) -> Account | None:
        return account_of(self.instance.business, self.cleaned_data.get("account"))


class NewSourceForm(forms.ModelForm):
    """The choices are given by the screen, which knows whose form it is."""

    class Meta:
        model = Source
        fields = ("business", "name", "account", "kind", "enabled")

    def clean(self) -> dict[str, Any]:
        fields = self.cleaned_data
        if "business" in fields:
            self.check(fields["business"], fields)
        return fields

    def check(self, business: Business, fields: dict[str, Any]) -> None:
        try:
            account_of(business, fields.get("account"))
        except ValidationError as error:
            self.add_error("account", error)


def free_name(business: Business, name: str, source: Source) -> str:
    if business.sources.alive().filter(name__iexact=name).exclude(pk=source.pk).exists():
        raise ValidationError("Another source of this business has the name already.")
    return name


def account_of(business: Business, account: Account | None) -> Account | None:
    """Of two businesses that one person may manage, neither lends its accounts to the other."""
    if account and account.business_id != business.pk:
        raise ValidationError("This account belongs to another business.")
    return account
