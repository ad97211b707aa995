"""Sources: who may send leads, on what terms, how they are run, and with which keys."""

from sources.models.counts import CapCount, RequestCount
from sources.models.credentials import Credential
from sources.models.links import PostingLink
from sources.models.settings import SourceSettings
from sources.models.source import Source, SourceQuerySet
from sources.models.terms import Review, Terms

__all__ = [
    "CapCount",
    "Credential",
    "PostingLink",
    "RequestCount",
    "Review",
    "Source",
    "SourceQuerySet",
    "SourceSettings",
    "Terms",
]
