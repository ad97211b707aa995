"""The shape of one check of what a certificate shows. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from compliance.checks.demands import Claim, Demands
from compliance.checks.facts import CertificateFacts
from leadping.verdicts import Effect

# Under which the lead's certificate is sent.
FIELD = "trusted_form_url"
# With which a sentence begins that says why something was not judged.
UNAVAILABLE = "Not available"


@dataclass(frozen=True, slots=True)
class Finding:
    """`passed` is None where there was nothing to judge by; that is nobody's fault, and the sentence says
    why. `code` is one of its own where it is another fault than the check's usual one. Nothing graver than
    `gravest` follows from it."""

    passed: bool | None
    sentence: str
    code: str = ""
    gravest: Effect = Effect.REFUSE


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that a check may look at."""

    facts: CertificateFacts
    claim: Claim
    demands: Demands
    now: datetime


@dataclass(frozen=True, slots=True)
class Check:
    """`needs` are names of facts, each of which may be billed. `is_set`: whether the source says what to look
    for; without, nothing is asked for it."""

    code: str
    needs: tuple[str, ...]
    find: Callable[[Evidence], Finding]
    hint: str
    field: str = FIELD
    is_set: Callable[[Demands], bool] = lambda demands: True


def good(sentence: str) -> Finding:
    return Finding(True, sentence)


def bad(sentence: str) -> Finding:
    return Finding(False, sentence)


def for_a_person(code: str, sentence: str) -> Finding:
    """A demand is not met, and nobody can tell whose fault it is."""
    return Finding(False, sentence, code, Effect.HOLD)


def unknown(what: str, why: str = "The certificate does not tell it.") -> Finding:
    return Finding(None, f"{UNAVAILABLE}: {what}. {why}")


def one_of(passed: bool, sentences: Mapping[bool, str]) -> Finding:
    return Finding(passed, sentences[passed])
