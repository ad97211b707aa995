"""What a lead says of itself, and what its source demands that the certificate shows. Sources and leads fill
these in; the rules know nothing of either. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from leadping.verdicts import Effect

# What becomes of a lead where nobody set anything else; a check that is not named is off.
USUAL_EFFECTS: Mapping[str, Effect] = MappingProxyType(
    {
        "certificate_not_found": Effect.REFUSE,
        "certificate_not_claimable": Effect.REFUSE,
        "certificate_expired": Effect.REFUSE,
        "certificate_overclaimed": Effect.HOLD,
        "certificate_mismatch": Effect.HOLD,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What the lead says of the person. Absent text is empty; `ip` and `user_agent` are the person's own, not
    those of the system that posted. `phone` is an E.164 number, `state` a two-letter code."""

    phone: str = ""
    email: str = ""
    state: str = ""
    ip: str = ""
    user_agent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demands:
    """`effects` by the code of the check. `outage`: what to do while TrustedForm cannot be asked.

    `pages` are the approved landing pages and websites. `asks_expiry`: it is asked when the certificate
    expires, whether a check needs to know or not.
    """

    effects: Mapping[str, Effect] = field(default_factory=lambda: USUAL_EFFECTS)
    outage: Effect = Effect.HOLD
    asks_expiry: bool = False
    age_minutes: int = 20
    pages: tuple[str, ...] = ()
    seconds_least: int = 5
    keys_per_minute_most: int = 1000
    phrases_required: tuple[str, ...] = ()
    phrases_forbidden: tuple[str, ...] = ()
    advertiser: str = ""
    opt_in_types: tuple[str, ...] = ("manual",)
    # Of as many people from one IP address; judged where other leads are known, and so not here.
    people_most: int = 5
    people_days: int = 7
    font_px_least: int = 13
    contrast_least: float = 4.5

    def effect_of(self, code: str) -> Effect:
        return self.effects.get(code, Effect.OFF)

    def is_on(self, code: str) -> bool:
        return self.effect_of(code) is not Effect.OFF
