"""The terms that judged the lead, and who decided on them, having been shown what. Pure."""

from collections.abc import Iterator, Sequence

from leads.dossier.files import row_facts, write_json
from leads.dossier.record import Agreement, Record
from leads.dossier.report.blocks import Block, Facts, Files, Heading, Paragraph, Quote
from leads.dossier.sections.section import Section, place
from leads.dossier.sections.summary import say_approval
from leads.pages.moments import exact
from sources.models import Review, Terms

FOLDER = "terms"
# Texts of any length, each under a heading of its own.
LONG = ("consent_wording", "message_copy", "call_script")
SHORT = tuple(name for name in Terms.CONTENT if name not in {*LONG, "example_payload"})


def tell_terms(record: Record) -> Section:
    blocks: list[Block] = []
    files: dict[str, bytes] = {}
    for agreement in record.agreements:
        told, kept = tell_agreement(agreement, record)
        blocks += told
        files |= kept
    return Section("Terms and reviews", blocks, files)


def tell_agreement(agreement: Agreement, record: Record) -> tuple[Sequence[Block], dict[str, bytes]]:
    terms = agreement.terms
    name = f"{FOLDER}/terms-{terms.number}.json"
    reviews = {
        f"{place(FOLDER, number, review.public_id)}.json": review
        for number, review in enumerate(agreement.reviews, 1)
    }
    files = {name: write_json(row_facts(terms))} | {
        path: write_json(row_facts(review)) for path, review in reviews.items()
    }
    course = [
        ("Status now", terms.get_status_display()),
        ("Drafted by", f"{record.who(terms.created_by)}, {exact(terms.created_at)}"),
        ("Submitted by", say_submitted(terms, record)),
        ("What changes and why", terms.submitted_reason),
    ]
    blocks = [
        Heading(f"Terms {terms.number}"),
        Paragraph(say_approval(record, agreement)),
        Facts([*course, *content_facts(terms)]),
        *long_texts(terms),
        Files([name]),
    ]
    for path, review in reviews.items():
        blocks += [*tell_review(review, record), Files([path])]
    return blocks, files


def say_submitted(terms: Terms, record: Record) -> str:
    if terms.submitted_at is None:
        return ""
    return f"{record.who(terms.submitted_by or terms.created_by)}, {exact(terms.submitted_at)}"


def content_facts(terms: Terms) -> list[tuple[str, str]]:
    return [(label(name), say_value(terms, name)) for name in SHORT]


def label(name: str) -> str:
    said = str(Terms._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return said[:1].upper() + said[1:]


def say_value(terms: Terms, name: str) -> str:
    value = getattr(terms, name)
    if name in {"states", "products", "verticals"} and not value:
        return "Any"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return ", ".join(value)
    shown = getattr(terms, f"get_{name}_display", None)
    return str(shown()) if shown else str(value or "")


def long_texts(terms: Terms) -> Iterator[Block]:
    for name in LONG:
        if text := getattr(terms, name):
            yield Heading(f"{label(name)} of terms {terms.number}")
            yield Quote(text)


def tell_review(review: Review, record: Record) -> list[Block]:
    verb = Review.Decision(review.decision).label
    facts = [
        ("Decided by", record.who(review.by)),
        ("Reason", review.reason),
        ("Conditions", review.conditions),
        ("Until", exact(review.expires_at) if review.expires_at else ""),
        ("What was shown", say_seen(review)),
    ]
    return [Heading(f"{verb} on {exact(review.at)}"), Facts(facts)]


def say_seen(review: Review) -> str:
    """In short; the file has it word by word."""
    seen = review.seen
    changed = [str(item.get("field")) for item in seen.get("difference") or []]
    checklist = seen.get("checklist") or []
    done = sum(bool(item.get("passed")) for item in checklist)
    told = [
        "the terms in full" if seen.get("terms") else "",
        f"what they change ({', '.join(changed).replace('_', ' ')})" if changed else "",
        "an example lead, judged by them" if seen.get("example") else "",
        "the last check of a certificate" if seen.get("certificate") else "",
        f"the launch checklist, {done} of {len(checklist)} passed" if checklist else "",
    ]
    said = "; ".join(filter(None, told))
    return f"{said[:1].upper()}{said[1:]}." if said else ""
