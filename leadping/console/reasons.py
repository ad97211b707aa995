"""The one field that every change asks for: why."""

from typing import Any

from django import forms

KEPT = "Kept for good with your name and the time."


def reason_field(**options: Any) -> forms.CharField:
    said = {"help_text": KEPT, **options}
    return forms.CharField(max_length=2000, widget=forms.Textarea({"rows": 3}), **said)


class ReasonForm(forms.Form):
    reason = reason_field()


def with_reason(form: type[forms.ModelForm]) -> type[forms.ModelForm]:
    """The form with the field of that name behind its own."""
    return type(form.__name__, (form,), {"reason": reason_field()})
