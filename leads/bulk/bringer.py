"""Who brings many leads at once: a source with its key, or a person on a source's behalf."""

from dataclasses import dataclass
from datetime import datetime

from sources.authentication import Stranger, fetch_credential
from sources.models import Credential, Source
from sources.problems import CREDENTIALS_INVALID


class NoLongerKnown(Exception):  # noqa: N818 (nothing failed)
    """The key was revoked, or the source deleted, while its leads were being taken in."""

    def __init__(self, stranger: Stranger) -> None:
        super().__init__(stranger.problem.title)
        self.stranger = stranger


@dataclass(slots=True)
class Bringer:
    """`credential` is None where a person brings the leads."""

    source: Source
    credential: Credential | None = None
    # Whether the key came in the address.
    shows_key: bool = False

    def look_again(self, now: datetime) -> None:
        """Takes note of how the source stands by now. Raises NoLongerKnown."""
        if self.credential is None:
            self.source = Source.objects.with_rules().get(pk=self.source.pk)
            return
        found = fetch_credential(self.credential.prefix)
        if found is None or not found.is_live(now):
            raise NoLongerKnown(Stranger(CREDENTIALS_INVALID, self.source.public_id, self.credential.prefix))
        self.credential, self.source = found, found.source
