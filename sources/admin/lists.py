"""Form fields of which a person types several, one a line."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from leadping.states import read_state


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


def addresses(help_text: str) -> ListField:
    item = forms.URLField(max_length=2048, assume_scheme="https")
    return ListField(item, commas=False, help_text=help_text)
