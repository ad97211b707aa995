"""Finding out about one request: first what costs nothing, last what somebody bills us for."""

from collections.abc import Callable
from dataclasses import replace

from compliance.certificates import ask_about, judge_answer, judge_url, unasked
from leadping.database import release_connection
from leadping.verdicts import Effect, Verdict
from leads.intake.arrival import DryRun
from leads.intake.case import Case
from leads.intake.duplicates import is_switched_on, judge_duplicate
from leads.intake.envelope import judge_envelope
from leads.intake.payload.json_text import Unreadable
from leads.intake.payload.reading import Reading, read_object
from leads.intake.replays import replay_token, settle_repetition
from leads.intake.rules import judge_contact, judge_territory, judge_zip, key_in_query
from leads.intake.unpack import kept_text, kept_unread, unpack
from sources.approval import latest_terms
from sources.rates import judge_rate
from sources.rules import judge_approval, judge_source


def examine(case: Case) -> None:
    """Takes the steps in order, up to the one after which nothing more needs to be known."""
    for step in STEPS:
        if not step(case):
            return


def admit(case: Case) -> bool:
    """May the source send at all? If not, its request is not read."""
    if case.shows_key:
        case.find(key_in_query())
    if not case.find(*judge_source(case.source)):
        return False
    return case.find(judge_rate(case.source, now=case.arrival.received_at))


def weigh(case: Case) -> bool:
    return case.find(*judge_envelope(case.arrival))


def read(case: Case) -> bool:
    """Faults do not end the case yet: the rules judge whatever could be read, for one whole answer."""
    try:
        unpacked = unpack(case.arrival)
    except Unreadable as fault:
        case.body = kept_unread(case.arrival)
        return case.find(fault.verdict)
    today = case.arrival.latest_date()
    case.reading = reading = read_object(
        unpacked.sent, unpacked.shape, unpacked.paths, unpacked.written, today=today
    )
    case.find(*unpacked.findings, *reading.faults, *reading.warnings)
    case.body_redacted = reading.found_secret or case.shows_key
    case.body = unpacked.redacted() if case.body_redacted else kept_text(case.arrival.sent)
    return True


def judge(case: Case) -> bool:
    """All rules that need nobody else, together."""
    reading = the_reading(case)
    case.terms = case.source.terms_in_force or (latest_terms(case.source) if case.dry else None)
    verdicts = [judge_contact(reading), judge_approval(case.terms), judge_zip(reading)]
    if case.terms:
        verdicts += judge_territory(reading, case.terms)
    if not reading.is_faulty("trusted_form_url"):
        case.certificate, found = judge_url(
            reading.draft.trusted_form_url, required=case.certificate_required
        )
        verdicts += found
    if is_switched_on(case.source):
        verdicts.append(judge_duplicate(case.source, reading.draft, now=case.arrival.received_at))
    case.find(*(as_sent(verdict, reading) for verdict in verdicts))
    return True


def recognise(case: Case) -> bool:
    """Is it a repetition of a request that was accepted?

    A lead that can be taken without asking anybody need not look: storing it finds its twin, by the unique
    token that settles the race in any case.
    """
    case.replay_token = replay_token(case)
    if case.refusals or case.asks:
        settle_repetition(case)
    return not case.refusals and not case.original


def ask(case: Case) -> bool:
    """TrustedForm, unless an exception is approved. No connection is held while we wait."""
    if not case.asks:
        return True
    reading = the_reading(case)
    if case.arrival.dry_run is DryRun.LOCAL:
        return case.find(as_sent(unasked(), reading))
    if case.certificate_answer is None:
        release_connection()
        case.certificate_answer = ask_about(
            case.certificate,
            phone=reading.draft.phone.number if reading.draft.phone else "",
            email=reading.draft.email,
            insights=case.source.settings.insights,
        )
    verdict = judge_answer(case.certificate_answer, outage=Effect(case.source.settings.outage_policy))
    return case.find(as_sent(verdict, reading))


STEPS: tuple[Callable[[Case], bool], ...] = (admit, weigh, read, judge, recognise, ask)


def the_reading(case: Case) -> Reading:
    if case.reading is None:
        raise RuntimeError("A case is judged only after it was read.")
    return case.reading


def as_sent(verdict: Verdict, reading: Reading) -> Verdict:
    """A rule names our field; the answer names it as the sender wrote it, or should have written it."""
    if verdict.field is None:
        return verdict
    path = reading.paths[verdict.field]
    if verdict.code.endswith("_missing") and path in reading.misnamed:
        return replace(verdict, field=path, hint=f"Rename “{reading.misnamed[path]}” to “{path}”.")
    return replace(verdict, field=path)
