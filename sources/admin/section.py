"""Fields that belong together on a page. Pure."""

from dataclasses import dataclass

from django.utils.text import slugify


@dataclass(frozen=True, slots=True)
class Section:
    """`sentence` says what the fields are for."""

    title: str
    sentence: str
    fields: tuple[str, ...]

    @property
    def anchor(self) -> str:
        return slugify(self.title)
