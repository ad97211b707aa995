"""Fields that belong together on a page. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """`sentence` says what the fields are for."""

    title: str
    sentence: str
    fields: tuple[str, ...]

    @property
    def anchor(self) -> str:
        return self.title.lower().replace(" ", "-").replace(":", "")
