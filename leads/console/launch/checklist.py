"""What must be so before a source carries real traffic, as points with what to do next. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from compliance.checks.judging import list_blind
from leadping.console.display import listed
from leads.console.launch.facts import Facts, Proof
from leads.demands import demands_of
from leads.intake.problems import CATALOGUE
from sources.models import Terms
from sources.rules import match_key

# More would not be read.
NAMED = 12
COVERED = (("states", "state"), ("products", "product"), ("verticals", "vertical"))
TRIED = "Every allowed {field} was tried"


@dataclass(frozen=True, slots=True)
class Item:
    """One point. `todo` says what to do where it is missing; `page` is the step of the source that does it.

    `tries` are values that the sender can exercise with a dry run: pairs of field and value.
    """

    code: str
    title: str
    passed: bool
    detail: str
    todo: str = ""
    page: str = ""
    tries: tuple[tuple[str, str], ...] = ()
    needs_certificate: bool = False


def list_items(facts: Facts) -> list[Item]:
    return [
        judge_enabled(facts),
        judge_attached(facts),
        judge_key(facts),
        judge_approved(facts),
        judge_certificate(facts),
        *judge_checks(facts),
        *judge_coverage(facts),
        judge_tags(facts),
        judge_test_leads(facts),
        judge_outreach(facts),
    ]


def judge_enabled(facts: Facts) -> Item:
    source = facts.source
    point = ("enabled", "The source is enabled")
    if source.deleted_at:
        return Item(*point, False, "It is deleted.", "Restore it.", "restore")
    if not source.enabled:
        return Item(*point, False, "It is switched off.", "Tick “Enabled” on the source's page.", "change")
    if source.paused_at:
        return Item(*point, False, f"It is paused: {source.paused_reason}", "Resume it.", "resume")
    return Item(*point, True, "It is switched on and not paused.")


def judge_attached(facts: Facts) -> Item:
    point = ("attached", "It belongs to an account")
    if facts.source.account:
        return Item(*point, True, f"Its leads are given to {facts.source.account}.")
    return Item(*point, False, "Nobody would be given its leads.", "Choose an account.", "change")


def judge_key(facts: Facts) -> Item:
    point = ("key", "The sender has a key that nobody else has")
    if facts.exposed_keys:
        return Item(*point, False, "A key was sent inside a lead.", "Rotate or revoke it.", "change")
    if facts.has_live_key:
        return Item(*point, True, "A key is active, and none was seen in a lead.")
    return Item(*point, False, "No key is active.", "Issue one.", "issue_key")


def judge_approved(facts: Facts) -> Item:
    point = ("approved", "The intended use is approved")
    terms = facts.source.terms_in_force
    if terms and terms.expired_at(facts.now):
        return Item(*point, False, "The approval has expired.", "Draft new terms and submit them.", "draft")
    if terms:
        until = f" until {terms.expires_at:%-d %b %Y}" if terms.expires_at else ""
        conditions = f" Conditions: {terms.conditions}" if terms.conditions else ""
        return Item(*point, True, f"Terms {terms.number} are in force{until}.{conditions}")
    making = facts.terms
    if making is None:
        return Item(*point, False, "There are no terms.", "Draft them.", "draft")
    if making.status == Terms.Status.SUBMITTED:
        return Item(*point, False, f"Terms {making.number} wait for a review.", "Review them.", "review")
    return Item(*point, False, f"Terms {making.number} are a draft.", "Complete and submit them.", "submit")


def judge_certificate(facts: Facts) -> Item:
    point = ("certificate", "TrustedForm handling works")
    if facts.terms and not facts.terms.trustedform_required:
        return Item(*point, True, f"No certificate is needed: {facts.terms.exception_reason}")
    proof = facts.proof
    if proof and proof.real:
        return Item(*point, True, f"{say_proof(proof)} verified a certificate of this source.")
    todo = "Send one lead with a real certificate, or dry-run one in full."
    if proof:
        detail = f"Only the sandbox ({proof.host}) said so yet; that proves the wiring, not the certificates."
        return Item(*point, False, detail, todo, needs_certificate=True)
    return Item(
        *point, False, "No certificate of this source was verified yet.", todo, needs_certificate=True
    )


def judge_checks(facts: Facts) -> Iterator[Item]:
    """Told only where a check of certificates is on that can never find anything."""
    if facts.terms is None or not facts.terms.trustedform_required:
        return
    blind = list_blind(demands_of(facts.source.settings, facts.terms))
    if blind:
        titles = ", ".join(f"“{CATALOGUE[code].title}”" for code in blind)
        detail = f"On, and with nothing to look for: {titles}."
        todo = "Name landing pages, wording and brand in the terms, or the phrases in the settings."
        yield Item(
            "checks", "Each check of certificates has something to go by", False, detail, todo, "settings"
        )


def say_proof(proof: Proof) -> str:
    how = "in a full dry run, " if proof.dry_run else ""
    return f"On {proof.at:%-d %b %Y}, {how}{proof.host}"


def judge_coverage(facts: Facts) -> list[Item]:
    terms, came = facts.terms, facts.exercised
    if terms is None:
        return [judge_unwritten(code, field) for code, field in COVERED]
    return [
        judge_values("states", "state", terms.states, set(terms.states) - came.states),
        judge_values("products", "product", terms.products, unmatched(terms.products, came.products)),
        judge_values("verticals", "vertical", terms.verticals, unmatched(terms.verticals, came.verticals)),
    ]


def unmatched(allowed: Iterable[str], came: frozenset[str]) -> set[str]:
    return {value for value in allowed if match_key(value) not in came}


def judge_unwritten(code: str, field: str) -> Item:
    detail = f"No terms say yet which {field}s may come."
    return Item(code, TRIED.format(field=field), False, detail, "Draft them.", "draft")


def judge_values(code: str, field: str, allowed: list[str], missing: set[str]) -> Item:
    title = TRIED.format(field=field)
    if not allowed:
        return Item(code, title, True, f"Any {field} is allowed, so there is no list to go through.")
    if not missing:
        return Item(code, title, True, f"All {len(allowed)} came, live or in a dry run: {name(allowed)}.")
    left = [value for value in allowed if value in missing]
    return Item(
        code,
        title,
        False,
        f"{len(allowed) - len(left)} of {len(allowed)} came. Not seen yet: {name(left)}.",
        "Send a dry run for each, or take out what will not come (narrowing applies at once).",
        tries=tuple((field, value) for value in left),
    )


def name(values: list[str]) -> str:
    more = f" and {len(values) - NAMED} more" if len(values) > NAMED else ""
    return f"{listed(values[:NAMED])}{more}"


def judge_tags(facts: Facts) -> Item:
    point = ("tags", "Default tags are set")
    tags = facts.source.settings.tags
    if tags:
        return Item(*point, True, f"Each lead gets: {listed(tags)}.")
    return Item(
        *point, False, "Leads would come without a tag to route or report by.", "Set them.", "settings"
    )


def judge_test_leads(facts: Facts) -> Item:
    point = ("test_leads", "Test leads came with the expected metadata")
    if not facts.leads_seen:
        return Item(*point, False, "No lead has come yet.", "Send one, and look at it.", tries=(("", ""),))
    if not facts.expected_metadata:
        detail = "Leads came, but the terms bring no example that says what metadata to expect."
        return Item(*point, False, detail, "Give an example lead in the terms.", "draft")
    if facts.missing_metadata:
        detail = (
            f"The example names {listed(sorted(facts.missing_metadata))}; no recent lead brought all of it."
        )
        return Item(*point, False, detail, "Send a lead that does.", tries=(("", ""),))
    return Item(*point, True, f"A recent lead brought {listed(sorted(facts.expected_metadata))}.")


def judge_outreach(facts: Facts) -> Item:
    point = ("outreach", "The first outreach is ready")
    settings = facts.source.settings
    if settings.outreach_ready_at:
        return Item(*point, True, f"Confirmed on {settings.outreach_ready_at:%-d %b %Y}.")
    return Item(
        *point, False, "Nobody has confirmed that these leads will be answered.", "Confirm it.", "ready"
    )
