"""The kinds of evidence there are, and which of what was sent is a token of theirs. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from compliance.evidence import kinds
from compliance.evidence.kind import Kind
from leadping.redaction import plain_word
from leadping.verdicts import Effect, Verdict, failed, passed

# A lead carries one or two; whoever sends dozens has something else in mind.
MOST = 4
LONGEST_NAME, LONGEST_TOKEN, LONGEST_FIELD = 60, 200, 300


def find_kinds() -> Iterator[Kind]:
    for module in sorted(found.name for found in iter_modules(kinds.__path__)):
        kind = import_module(f"{kinds.__name__}.{module}").KIND
        assert isinstance(kind, Kind)
        yield kind


KINDS = {kind.key: kind for kind in find_kinds()}
BY_NAME = {plain_word(name): kind for kind in KINDS.values() for name in kind.names}
HINTED = {plain_word(name): kind for kind in KINDS.values() for name in kind.hinted}
CODES = frozenset(kind.problem.code for kind in KINDS.values())


@dataclass(frozen=True, slots=True)
class Claim:
    """A token as it was sent. `field` is the path at which it stood."""

    kind: Kind
    token: str
    field: str

    @property
    def well_formed(self) -> bool:
        return self.kind.fits(self.token)


@lru_cache(maxsize=4096)
def kind_of_word(name: str) -> Kind | None:
    """Asked of every field that is none of ours, and senders name theirs alike."""
    return BY_NAME.get(plain_word(name))


def kind_named(name: str) -> Kind | None:
    """The kind whose token is sent under this name, whatever its case and separators."""
    return kind_of_word(name) if len(name) <= LONGEST_NAME else None


def find_claims(sent: Iterable[tuple[str, Any]]) -> list[Claim]:
    """Among fields, each with its path. The same token under two names is one claim."""
    found: dict[tuple[str, str], Claim] = {}
    for path, value in sent:
        kind = kind_named(path.rpartition(".")[2])
        if kind and len(found) < MOST:
            token = str(value)[:LONGEST_TOKEN]
            found.setdefault((kind.key, token), Claim(kind, token, path[:LONGEST_FIELD]))
    return list(found.values())


def suggest_name(name: str, value: object) -> str | None:
    """The documented name of what the value looks like, where its own also means other things."""
    kind = HINTED.get(plain_word(name))
    return kind.name if kind and isinstance(value, str) and kind.fits(value) else None


def judge_claim(claim: Claim) -> Verdict:
    """Its shape proves nothing, so even what fits is only said to be there."""
    kind = claim.kind
    if claim.well_formed:
        return passed(kind.problem.code, f"A {kind.title} came in “{claim.field}”. Nobody verified it.")
    message = f"This is not the shape of a {kind.title}. It was kept as it came."
    return failed(kind.problem.code, message, field=claim.field, effect=Effect.WARN)
