"""To what the person agreed: the words on the page, who is named in them, and how they were agreed to.
Pure."""

from compliance.checks.check import Check, Evidence, Finding, bad, good, one_of, unknown

WORDS = "Show the approved disclosure on the page, word for word."
NAMED = "Name the seller in the disclosure, and have TrustedForm's consent tags set on the page."
ACTIVE = "Let the person agree actively, such as by ticking an empty box."
LEGIBLE = "Print the disclosure large and dark enough to be read."
CLEAN = "Take the forbidden words off the page."


def find_wording(seen: Evidence) -> Finding:
    if seen.facts.wording_approved is None:
        return unknown("whether the consent wording is approved")
    said = {
        True: "The page showed consent wording that is approved in our TrustedForm account.",
        False: "The page showed no consent wording that is approved in our TrustedForm account.",
    }
    return one_of(seen.facts.wording_approved, said)


def find_required(seen: Evidence) -> Finding:
    missing = seen.facts.phrases_missing
    if not seen.demands.phrases_required:
        return unknown("whether the page shows the wording", "No phrase is set, and the terms state none.")
    if missing is None:
        return unknown("whether the page shows the wording")
    if missing:
        return bad(f"The page did not show {quoted(missing)}.")
    return good(f"The page showed {quoted(seen.demands.phrases_required)}.")


def find_forbidden(seen: Evidence) -> Finding:
    found = seen.facts.phrases_forbidden
    if not seen.demands.phrases_forbidden:
        return unknown("whether the page shows forbidden words", "None are set.")
    if found is None:
        return unknown("whether the page shows forbidden words")
    if found:
        return bad(f"The page showed {quoted(found)}, which is forbidden.")
    return good(f"The page did not show {quoted(seen.demands.phrases_forbidden)}.")


def quoted(phrases: tuple[str, ...]) -> str:
    """Each cut where it is a whole paragraph."""
    return ", ".join(f"“{text if len(text) <= 120 else text[:119] + '…'}”" for text in phrases)


def find_advertiser(seen: Evidence) -> Finding:
    name = seen.demands.advertiser
    if not name:
        return unknown("whether the seller is named", "No advertiser is set, and the terms state no brand.")
    if seen.facts.advertiser_named is None:
        return unknown(f"whether “{name}” is named", "The page has no consent tags, or cannot have any.")
    said = {
        True: f"The person agreed to be contacted by “{name}”.",
        False: f"The certificate does not show that the person agreed to be contacted by “{name}”.",
    }
    return one_of(seen.facts.advertiser_named, said)


def find_opt_in(seen: Evidence) -> Finding:
    allowed = ", ".join(seen.demands.opt_in_types)
    if seen.facts.opt_in_allowed is None:
        return unknown("how the person opted in")
    said = {
        True: f"All opt-ins of the form are of an allowed type ({allowed}).",
        False: f"An opt-in of the form is of another type than is allowed ({allowed}).",
    }
    return one_of(seen.facts.opt_in_allowed, said)


def find_legibility(seen: Evidence) -> Finding:
    font, contrast = seen.facts.font_satisfied, seen.facts.contrast_satisfied
    if font is None and contrast is None:
        return unknown("how legible the consent wording is")
    demanded = f"at least {seen.demands.font_px_least} px and a contrast of {seen.demands.contrast_least:g}"
    if font is False or contrast is False:
        fault = " and ".join(
            word for word, met in (("too small", font), ("too pale", contrast)) if met is False
        )
        return bad(f"The consent wording is {fault}; {demanded} are demanded.")
    return good(f"The consent wording is legible: {demanded}.")


CHECKS = (
    Check("certificate_wording_unapproved", ("wording_approved", "wordings"), find_wording, WORDS),
    Check(
        "certificate_phrase_missing",
        ("phrases_missing",),
        find_required,
        WORDS,
        is_set=lambda demands: bool(demands.phrases_required),
    ),
    Check(
        "certificate_phrase_forbidden",
        ("phrases_forbidden",),
        find_forbidden,
        CLEAN,
        is_set=lambda demands: bool(demands.phrases_forbidden),
    ),
    Check(
        "certificate_advertiser_missing",
        ("advertiser_named",),
        find_advertiser,
        NAMED,
        is_set=lambda demands: bool(demands.advertiser),
    ),
    Check("certificate_opt_in_type", ("opt_in_allowed",), find_opt_in, ACTIVE),
    Check("certificate_small_print", ("font_satisfied", "contrast_satisfied"), find_legibility, LEGIBLE),
)
