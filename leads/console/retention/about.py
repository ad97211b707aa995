"""Whom a form is about: the business, and a person by phone or email."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms

from leadping.accounts.models import Business
from leads.retention.people import Person, UnknownPersonError, read_person


class BusinessForm(forms.Form):
    """Asks for the business only where there is a choice."""

    business = forms.ModelChoiceField(
        Business.objects.none(), help_text="Only this business is looked through; others keep what is theirs."
    )

    def __init__(self, *args: Any, businesses: Iterable[UUID], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["business"]
        field.queryset = Business.objects.filter(pk__in=businesses).order_by("name")
        rows = list(field.queryset[:2])
        if len(rows) == 1:
            field.widget = forms.HiddenInput()
            self.initial.setdefault("business", rows[0].pk)


class PersonForm(BusinessForm):
    phone = forms.CharField(
        max_length=40, required=False, help_text="In any writing, for example (512) 555-0123."
    )
    email = forms.CharField(
        max_length=320,
        required=False,
        help_text="Give what you have. Whoever is known by the one or by the other is meant.",
    )

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or {}
        if self.needs_person(fields) and not self.errors:
            try:
                fields["person"] = read_person(fields.get("phone", ""), fields.get("email", ""))
            except UnknownPersonError as error:
                raise forms.ValidationError(str(error)) from error
        return fields

    def needs_person(self, fields: dict[str, Any]) -> bool:
        return True

    @property
    def person(self) -> Person:
        person: Person = self.cleaned_data["person"]
        return person
