"""What the instructions of one source are made of."""

from dataclasses import dataclass
from datetime import datetime

from sources.models import Source, SourceSettings, Terms
from sources.versions import terms_to_judge_by


@dataclass(frozen=True, slots=True)
class Facts:
    """`terms` are those in force, else those by which a dry run is judged, else the last ones; `written` says
    whether there are any, for without them the widest stand in.

    `address` is that of the installation, without a closing slash.
    """

    source: Source
    terms: Terms
    written: bool
    address: str
    now: datetime

    @property
    def settings(self) -> SourceSettings:
        return self.source.settings

    @property
    def approved(self) -> bool:
        return self.source.approved_at(self.now)


def gather(source: Source, *, address: str, now: datetime) -> Facts:
    terms = terms_to_judge_by(source, dry=True, now=now) or source.terms.order_by("number").last()
    return Facts(source, terms or Terms(number=0), terms is not None, address.rstrip("/"), now)
