"""What a source's settings demand of a certificate, in sentences for its vendor. Pure."""

from collections.abc import Callable, Iterator, Mapping

from compliance.checks.demands import Demands
from compliance.checks.page import hosts_of
from leads.demands import demands_of
from leads.posting import limits
from leads.posting.check import EFFECTS, Check
from leads.posting.facts import Facts
from sources.models.certificate_checks import OptIn

OPT_INS = dict(OptIn.choices)
HUMAN = "The form is filled in by a person, not by a program."


def say_fresh(demands: Demands) -> str:
    age = f"{demands.age_minutes:,} minutes" if demands.age_minutes != 1 else "minute"
    return f"The person was active on the page within the last {age} before the lead comes."


def say_pages(demands: Demands) -> str:
    hosts = list(dict.fromkeys(hosts_of(demands.pages)))
    if not hosts:
        return ""
    return f"The form is on {limits.joined(hosts, 'or')}, or on a host below; so is a page around it."


def say_speed(demands: Demands) -> str:
    return (
        f"The person is on the page for {demands.seconds_least} seconds at least, and types at most "
        f"{demands.keys_per_minute_most:,} keys a minute."
    )


def say_people(demands: Demands) -> str:
    people = "1 person comes" if demands.people_most == 1 else f"{demands.people_most:,} people come"
    days = "a day" if demands.people_days == 1 else f"{demands.people_days} days"
    return f"At most {people} from one IP address within {days}."


def say_required(demands: Demands) -> str:
    phrases = [f"“{phrase}”" for phrase in demands.phrases_required]
    return f"The page shows, word for word: {limits.joined(phrases, 'and')}." if phrases else ""


def say_forbidden(demands: Demands) -> str:
    phrases = [f"“{phrase}”" for phrase in demands.phrases_forbidden]
    return f"The page does not show {limits.joined(phrases, 'or')}." if phrases else ""


def say_advertiser(demands: Demands) -> str:
    if not demands.advertiser:
        return ""
    return f"The person agrees to be contacted by “{demands.advertiser}”, by TrustedForm's consent tags."


def say_opt_in(demands: Demands) -> str:
    kinds = [OPT_INS.get(kind, kind).lower() for kind in demands.opt_in_types]
    return f"The kind of each opt-in of the form is: {limits.joined(kinds, 'or')}."


def say_print(demands: Demands) -> str:
    return (
        f"The consent wording is {demands.font_px_least} px large at least, at a contrast of "
        f"{demands.contrast_least:g} to 1."
    )


# By code; an empty sentence says that there is nothing to keep to.
SENTENCES: Mapping[str, str | Callable[[Demands], str]] = {
    "certificate_not_found": "TrustedForm knows the certificate.",
    "certificate_invented": "TrustedForm made it: its id is not invented.",
    "certificate_not_claimable": "It was not made in TrustedForm's test mode.",
    "certificate_expired": "It has not expired, where TrustedForm tells when it does.",
    "certificate_mismatch": "It shows the lead's phone or email.",
    "certificate_phone_mismatch": "It shows the lead's phone.",
    "certificate_email_mismatch": "It shows the lead's email.",
    "certificate_overclaimed": "It was not claimed too often.",
    "certificate_too_old": say_fresh,
    "certificate_other_page": say_pages,
    "certificate_masked": "The certificate is not masked.",
    "certificate_framed": "The form is not in a frame of another page.",
    "certificate_owner_unknown": "The certificate is made by an account that TrustedForm has verified.",
    "certificate_other_ip": "The person's IP address is that of the certificate, where you send one.",
    "certificate_shared_ip": say_people,
    "certificate_other_state": "The person's internet address lies in the lead's state.",
    "certificate_other_device": "The person's browser is that of the certificate, where you send one.",
    "certificate_bot": HUMAN,
    "certificate_too_fast": say_speed,
    "certificate_pasted": "Something in the form is typed: not all is pasted or filled in beforehand.",
    "certificate_hidden_content": "No part of the page is hidden from TrustedForm.",
    "certificate_not_submitted": "The form is submitted.",
    "certificate_wording_unapproved": "The page shows a consent wording that we approved.",
    "certificate_phrase_missing": say_required,
    "certificate_phrase_forbidden": say_forbidden,
    "certificate_advertiser_missing": say_advertiser,
    "certificate_opt_in_type": say_opt_in,
    "certificate_small_print": say_print,
}


def list_certificate_checks(facts: Facts) -> Iterator[Check]:
    """In the order in which they are judged; none where no certificate is needed."""
    demands = demands_of(facts.settings, facts.terms)
    for code, says in SENTENCES.items():
        sentence = says if isinstance(says, str) else says(demands)
        if demands.is_on(code) and sentence:
            yield Check(sentence, EFFECTS[demands.effect_of(code)], (code,))
