"""From which share of bad leads, or number of complaints, a source is paused by itself. Pure: what was sent
is handed in, newest first, and figures come out, which say themselves."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sources.models import SourceSettings

# Fields of the settings that switch a threshold on; those of shares have an `…_of` beside them.
SHARES = ("pause_bad_certificates", "pause_duplicates", "pause_refused")
COMPLAINTS = "pause_complaints"
CODES_TOLD = 5


@dataclass(frozen=True, slots=True)
class Sent:
    """One submission as thresholds see it. `bad_certificate` holds the codes that say so, and
    `refused_for` those that refused it."""

    certificate_judged: bool = False
    bad_certificate: Collection[str] = ()
    duplicate: bool = False
    refused: bool = False
    refused_for: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Words:
    label: str
    things: str
    were: str


WORDS = {
    "pause_bad_certificates": Words("Bad certificates", "certificates", "bad"),
    "pause_duplicates": Words("Duplicates", "submissions", "duplicates"),
    "pause_refused": Words("Refusals", "submissions", "refused"),
}


@dataclass(frozen=True, slots=True)
class Share:
    """`found` of the last `seen`, of which there must be `of` before `limit` percent count."""

    name: str
    limit: int
    of: int
    seen: int
    found: int
    codes: dict[str, int] = field(default_factory=dict)

    @property
    def crossed(self) -> bool:
        return self.seen >= self.of and self.found * 100 >= self.limit * self.seen

    @property
    def percent(self) -> int:
        """Rounded down, so that what is below the threshold never looks as if it had reached it."""
        return self.found * 100 // self.seen if self.seen else 0

    @property
    def label(self) -> str:
        return WORDS[self.name].label

    def say_now(self) -> str:
        told = f"{self.found} of the last {self.seen}: {self.percent} %; pauses at {self.limit} %"
        if not self.seen:
            told = f"None came yet; pauses at {self.limit} %"
        return told if self.seen >= self.of else f"{told} of at least {self.of}"

    def say_crossed(self) -> str:
        words = WORDS[self.name]
        told = (
            f"{self.found} of the last {self.seen} {words.things} were {words.were} "
            f"({self.percent} %; the threshold is {self.limit} %)"
        )
        return f"{told}{say_codes(self.codes)}."

    def as_data(self) -> dict[str, Any]:
        """As the event keeps it."""
        figures = {"found": self.found, "of": self.seen, "percent": self.percent, "threshold": self.limit}
        return {**figures, **({"codes": self.codes} if self.codes else {})}


@dataclass(frozen=True, slots=True)
class Complaints:
    limit: int
    days: int
    found: int
    name: str = COMPLAINTS
    label: str = "Complaints and disputes"
    codes: dict[str, int] = field(default_factory=dict)

    @property
    def crossed(self) -> bool:
        return self.found >= self.limit

    def say_now(self) -> str:
        return f"{self.found} of {self.limit} in the last {say_days(self.days)}"

    def say_crossed(self) -> str:
        raised = "1 complaint or dispute" if self.found == 1 else f"{self.found} complaints or disputes"
        return f"{raised} in the last {say_days(self.days)} (the threshold is {self.limit})."

    def as_data(self) -> dict[str, Any]:
        return {"found": self.found, "days": self.days, "threshold": self.limit}


Figure = Share | Complaints


def longest_look(settings: SourceSettings) -> int:
    """How many submissions the shares that are set are taken of, at most."""
    return max(
        (of_share(settings, name) for name in SHARES if getattr(settings, name) is not None), default=0
    )


def of_share(settings: SourceSettings, name: str) -> int:
    count: int = getattr(settings, f"{name}_of")
    return count


def measure(settings: SourceSettings, sent: Sequence[Sent], *, complaints: int) -> list[Figure]:
    """The figure of each threshold that is set."""
    found: list[Figure] = [
        measure_share(name, settings, sent) for name in SHARES if getattr(settings, name) is not None
    ]
    if settings.pause_complaints is not None:
        found.append(Complaints(settings.pause_complaints, settings.pause_complaints_days, complaints))
    return found


def measure_share(name: str, settings: SourceSettings, sent: Sequence[Sent]) -> Share:
    of = of_share(settings, name)
    if name == "pause_bad_certificates":
        looked_at = list(islice((one for one in sent if one.certificate_judged), of))
        hits = [one.bad_certificate for one in looked_at if one.bad_certificate]
    elif name == "pause_duplicates":
        looked_at = list(sent[:of])
        hits = [() for one in looked_at if one.duplicate]
    else:
        looked_at = list(sent[:of])
        hits = [one.refused_for for one in looked_at if one.refused]
    return Share(name, getattr(settings, name), of, len(looked_at), len(hits), count_codes(hits))


def count_codes(hits: Iterable[Collection[str]]) -> dict[str, int]:
    """Each code with the number of submissions that it was found in, the most frequent first."""
    return dict(Counter(code for codes in hits for code in dict.fromkeys(codes)).most_common())


def crossed(figures: Iterable[Figure]) -> list[Figure]:
    return [figure for figure in figures if figure.crossed]


def say_pause(figures: Sequence[Figure]) -> str:
    """Why it was paused, as the sender reads it too."""
    return " ".join(figure.say_crossed() for figure in figures)


def say_codes(codes: dict[str, int]) -> str:
    if not codes:
        return ""
    told = [f"{code} {count}" for code, count in codes.items()]
    more = f" and {len(told) - CODES_TOLD} more" if len(told) > CODES_TOLD else ""
    return f": {', '.join(told[:CODES_TOLD])}{more}"


def say_days(days: int) -> str:
    return "day" if days == 1 else f"{days} days"
