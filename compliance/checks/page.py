"""Where a certificate was made: page, frame, masking, publisher. Pure."""

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from compliance.checks.check import Check, Evidence, Finding, bad, good, one_of, unknown
from compliance.checks.facts import CertificateFacts

APPROVED = "Send only leads of the pages that are approved, or ask to have this page approved."
PLAIN = "Ask the publisher for certificates that are not masked."
UNFRAMED = "Show the form on a page of its own, not in a frame of another."
OWNED = "Have the publisher's TrustedForm account verified by ActiveProspect."


def find_page(seen: Evidence) -> Finding:
    """Every page that the certificate names must be approved: a frame shows a good page on a bad one."""
    facts = seen.facts
    if facts.masked:
        return unknown("the page", "The certificate is masked, and the domain in it a disguise.")
    approved = set(hosts_of(seen.demands.pages))
    if not approved:
        return unknown("the page", "The terms in force name no landing page and no website.")
    found = list(dict.fromkeys(shown_hosts(facts)))
    if not found:
        return unknown("the page")
    others = [host for host in found if not is_within(host, approved)]
    if others:
        return bad(f"The form was on {' and '.join(others)}, which is not approved for this source.")
    return good(f"The form was on {' and '.join(found)}, which is approved for this source.")


def shown_hosts(facts: CertificateFacts) -> Iterator[str]:
    yield from hosts_of([facts.page_url or "", facts.parent_page_url or ""])
    if facts.domain:
        yield clean_host(facts.domain)


def hosts_of(pages: Iterable[str]) -> Iterator[str]:
    for page in pages:
        if host := host_of(page):
            yield host


def host_of(url: str) -> str:
    """Empty where there is none; as ASCII, so that one name is not taken for two."""
    try:
        return clean_host(urlsplit(url).hostname or "")
    except ValueError:
        return ""


def clean_host(host: str) -> str:
    name = host.strip().rstrip(".").lower()
    try:
        return name.encode("idna").decode()
    except UnicodeError:
        return name


def is_within(host: str, approved: Iterable[str]) -> bool:
    """The very host, with `www.` in front or without, or one below it."""
    bare = host.removeprefix("www.")
    return any(bare == name.removeprefix("www.") or host.endswith(f".{name}") for name in approved)


def find_mask(seen: Evidence) -> Finding:
    if seen.facts.masked is None:
        return unknown("whether the certificate is masked")
    said = {
        True: "The certificate is not masked.",
        False: "The certificate is masked: who runs the page is hidden.",
    }
    return one_of(not seen.facts.masked, said)


def find_frame(seen: Evidence) -> Finding:
    if seen.facts.framed is None:
        return unknown("whether the form was framed")
    said = {
        True: "The form was not in a frame of another page.",
        False: "The form was shown in a frame of another page.",
    }
    return one_of(not seen.facts.framed, said)


def find_owner(seen: Evidence) -> Finding:
    owner = seen.facts.owner
    if owner is None:
        return unknown("whose account made the certificate")
    if owner:
        return good(f"The certificate was made by: {owner}.")
    return bad("TrustedForm knows no verified account that made the certificate.")


CHECKS = (
    Check(
        "certificate_other_page",
        ("page_url", "parent_page_url", "domain", "masked"),
        find_page,
        APPROVED,
        is_set=lambda demands: bool(demands.pages),
    ),
    Check("certificate_masked", ("masked",), find_mask, PLAIN),
    Check("certificate_framed", ("framed",), find_frame, UNFRAMED),
    Check("certificate_owner_unknown", ("owner",), find_owner, OWNED),
)
