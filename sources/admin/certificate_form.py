"""What people type about the checks of certificates."""

from django import forms

from sources.admin.certificate_section import CERTIFICATE_FIELDS
from sources.admin.lists import ListField
from sources.models import SourceSettings
from sources.models.certificate_checks import OptIn

# Left out of a form they stay as they are.
CERTIFICATE_SETTINGS = tuple(
    name for name in CERTIFICATE_FIELDS if name.endswith(("_effect", "_minutes", "_least", "_most"))
)


def phrases(name: str, label: str) -> ListField:
    help_text = SourceSettings._meta.get_field(name).help_text  # type: ignore[union-attr]
    item = forms.CharField(max_length=2000)
    return ListField(item, commas=False, label=label, help_text=help_text)


class CertificateForm(forms.Form):
    instance: SourceSettings

    certificate_phrases_required = phrases("certificate_phrases_required", "Required phrases")
    certificate_phrases_forbidden = phrases("certificate_phrases_forbidden", "Forbidden phrases")
    certificate_opt_in_types = forms.MultipleChoiceField(
        label="Allowed kinds of opt-in",
        required=False,
        choices=OptIn.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=SourceSettings._meta.get_field("certificate_opt_in_types").help_text,
    )

    def clean_certificate_opt_in_types(self) -> list[str]:
        return self.cleaned_data["certificate_opt_in_types"] or self.instance.certificate_opt_in_types
