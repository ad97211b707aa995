"""What a source's own state, terms and settings say about a request. Pure: rows and facts go in, verdicts
come out."""

from datetime import datetime
from ipaddress import IPv6Address, ip_address, ip_network

from leadping.verdicts import Effect, Verdict, failed, passed
from sources.models import Source, SourceSettings, Terms
from sources.schedules import is_open, local_time, say_schedule

ASK = "Whoever gave you the key can tell you why, and change it."
NOT_YET = f"{ASK} Until then, send with “Leadping-Dry-Run: true” to be judged by the draft of its terms."
WIDEN = "Send only what is allowed, or ask whoever gave you the key to have the source's terms widened."


def judge_source(source: Source) -> list[Verdict]:
    """May this source send at all? Each failure answers 403 before the request is read."""
    return [
        passed("source_disabled", "The source is enabled.")
        if source.enabled
        else failed("source_disabled", "This source is switched off.", hint=ASK),
        passed("source_paused")
        if source.paused_at is None
        else failed("source_paused", f"This source is paused: {source.paused_reason}", hint=ASK),
        passed("source_unattached", "The source is attached to an account.")
        if source.account_id
        else failed("source_unattached", "This source is not attached to an account.", hint=ASK),
    ]


def judge_approval(terms: Terms | None) -> Verdict:
    if terms is None:
        return failed(
            "source_not_approved", "This source is not approved for production traffic.", hint=NOT_YET
        )
    return passed(
        "source_not_approved", f"Judged by terms {terms.number} ({Terms.Status(terms.status).label.lower()})."
    )


def judge_expiry(terms: Terms, *, now: datetime) -> Verdict:
    """On the second at which the approval ends it is over."""
    if terms.expires_at is None:
        return passed("approval_expired", "The approval does not expire.")
    end = f"{terms.expires_at:%-d %b %Y, %H:%M:%S} UTC"
    if terms.expired_at(now):
        return failed("approval_expired", f"The approval of this source ended on {end}.", hint=ASK)
    return passed("approval_expired", f"The approval ends on {end}.")


def judge_state(terms: Terms, state: str) -> Verdict:
    """`state` is a two-letter code or empty."""
    if not terms.states:
        return passed("state_not_allowed", "Any state is allowed.")
    allowed = ", ".join(terms.states)
    if not state:
        return failed("state_missing", f"A state is required; allowed: {allowed}.", field="state")
    if state not in terms.states:
        return failed(
            "state_not_allowed", f"{state} is not allowed; allowed: {allowed}.", field="state", hint=WIDEN
        )
    return passed("state_not_allowed", f"{state} is among the allowed states.")


def judge_product(terms: Terms, product: str) -> Verdict:
    return judge_word("product", product, terms.products)


def judge_vertical(terms: Terms, vertical: str) -> Verdict:
    return judge_word("vertical", vertical, terms.verticals)


def judge_word(name: str, word: str, allowed: list[str]) -> Verdict:
    code = f"{name}_not_allowed"
    if not allowed:
        return passed(code, f"Any {name} is allowed.")
    listed = ", ".join(allowed)
    if not word:
        return failed(f"{name}_missing", f"A {name} is required; allowed: {listed}.", field=name)
    if match_key(word) not in map(match_key, allowed):
        return failed(code, f"“{word}” is not allowed; allowed: {listed}.", field=name, hint=WIDEN)
    return passed(code, f"“{word}” is among the allowed {name}s.")


def match_key(text: str) -> str:
    """Products and verticals match whatever their case and outer space."""
    return text.strip().casefold()


def judge_schedule(settings: SourceSettings, *, now: datetime) -> Verdict:
    schedule = say_schedule(settings)
    if is_open(settings, now):
        return passed("outside_schedule", f"Leads are taken {schedule}.")
    there = f"{local_time(settings, now):%a %H:%M}"
    return failed(
        "outside_schedule",
        f"Leads are taken {schedule}; it is {there} there.",
        effect=Effect(settings.schedule_effect),
    )


def judge_dispute(source: Source) -> Verdict:
    """Whether somebody holds something against the source that is not settled yet."""
    if source.disputed_at is None:
        return passed("source_disputed", "No complaint or dispute about the source is open.")
    return failed(
        "source_disputed",
        f"A complaint or dispute about this source has been open since {source.disputed_at:%-d %b %Y}.",
        hint="It was taken note of. Whoever gave you the key can tell you what is held against the source.",
        effect=Effect(source.settings.dispute_effect),
    )


def judge_ip(settings: SourceSettings, ip: str) -> Verdict:
    """`ip` is that of the system that sends, not the consumer's. The list itself is told to nobody."""
    address = ip_address(ip)
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if not settings.ip_list or any(address in ip_network(text) for text in settings.ip_list):
        return passed("ip_not_allowed", f"The request came from {ip}, which is allowed.")
    return failed(
        "ip_not_allowed",
        f"The request came from {ip}, which is not among the addresses of this source.",
        effect=Effect(settings.ip_effect),
    )
