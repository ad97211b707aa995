"""Failed evidence that people passed over, or wanted to, in plain words. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from leads.models import Override
from leads.pages.moments import Moment, describe
from leads.pages.wording import title_of

State = Override.State
# {codes}, {asked_by}, {settled_by}.
SENTENCES = {
    State.WAITING: "{asked_by} asks to release it although {codes}. A second person must confirm.",
    State.CONFIRMED: "Released although {codes}: asked by {asked_by}, confirmed by {settled_by}.",
    State.ALONE: "Released although {codes}: by {asked_by} alone, with no second person asked for.",
    State.DECLINED: "{asked_by} asked to release it although {codes}; {settled_by} declined.",
    State.WITHDRAWN: "{asked_by} asked to release it although {codes}, and took it back.",
    State.LAPSED: "{asked_by} asked to release it although {codes}; the lead changed first, so it lapsed.",
}
TONES = {State.WAITING: "accent", State.CONFIRMED: "warn", State.ALONE: "bad"}


@dataclass(frozen=True, slots=True)
class OverrideLine:
    """`released`: the lead was released by it. `public_id` names the request."""

    public_id: str
    sentence: str
    tone: str
    state: str
    released: bool
    waits: bool
    asked_by: str
    asked: Moment
    reason: str
    settled_by: str
    settled: Moment | None
    settled_reason: str


def describe_override(override: Override, actors: Mapping[str, str], *, now: datetime) -> OverrideLine:
    state = State(override.state)
    return OverrideLine(
        public_id=override.public_id,
        sentence=say_override(override, actors),
        tone=TONES.get(state, "plain"),
        state=state.label,
        released=override.released,
        waits=state is State.WAITING,
        asked_by=actors.get(override.asked_by, override.asked_by),
        asked=describe(override.asked_at, now=now),
        reason=override.reason,
        settled_by=actors.get(override.settled_by, override.settled_by),
        settled=describe(override.settled_at, now=now) if override.settled_at else None,
        settled_reason=override.settled_reason,
    )


def say_override(override: Override, actors: Mapping[str, str]) -> str:
    return SENTENCES[State(override.state)].format(
        codes=say_codes(override.codes),
        asked_by=actors.get(override.asked_by, override.asked_by),
        settled_by=actors.get(override.settled_by, override.settled_by),
    )


def say_codes(codes: Iterable[str]) -> str:
    """Each with its code, by which it is known everywhere else."""
    return " and ".join(f"“{title_of(code)}” ({code})" for code in codes)


def hands_of(overrides: Iterable[Override]) -> list[str]:
    """Who had to do with them."""
    return [by for override in overrides for by in (override.asked_by, override.settled_by) if by]
