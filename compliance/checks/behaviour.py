"""Whether a person filled in the form: signs of programs, of haste, and of what was hidden. Pure."""

from compliance.checks.check import Check, Evidence, Finding, bad, good, one_of, unknown

HUMAN = "Send only leads of people who filled in the form themselves."
OPEN = "Hide nothing on the page from TrustedForm but what a person types in confidence."
SENT = "Send the lead once its form was submitted, and have the script see it."
# Ways in which a value comes into a field without the person writing it there. Autofill is ordinary.
UNWRITTEN = {"paste": "pasted", "pre-populated": "filled in beforehand"}


def find_bot(seen: Evidence) -> Finding:
    if seen.facts.bot is None:
        return unknown("whether a program filled in the form")
    said = {
        True: "No program was seen at work in the form.",
        False: "A program was seen at work in the form.",
    }
    return one_of(not seen.facts.bot, said)


def find_haste(seen: Evidence) -> Finding:
    seconds, keys = seen.facts.seconds_on_page, seen.facts.keys_per_minute
    if seconds is None and keys is None:
        return unknown("how fast the form was filled in")
    least, most = seen.demands.seconds_least, seen.demands.keys_per_minute_most
    told = []
    if seconds is not None:
        told.append(f"The person was {seconds:,.0f} seconds on the page (at least {least}).")
    if keys is not None:
        told.append(f"The form was typed at {keys:,.0f} keys a minute (at most {most:,}).")
    hasty = (seconds is not None and seconds < least) or (keys is not None and keys > most)
    return one_of(not hasty, dict.fromkeys((True, False), " ".join(told)))


def find_input(seen: Evidence) -> Finding:
    methods = seen.facts.input_methods
    if not methods:
        return unknown("how the form was filled in")
    if set(methods) <= UNWRITTEN.keys():
        ways = " or ".join(UNWRITTEN[method] for method in methods)
        return bad(f"Nothing was typed into the form: all of it was {ways}.")
    return good(f"How the form was filled in: {', '.join(methods)}.")


def find_hidden(seen: Evidence) -> Finding:
    count = seen.facts.hidden_elements
    if count is None:
        return unknown("whether parts of the page are hidden")
    if count:
        return bad(f"Parts of the page hidden in the certificate: {count}.")
    return good("No part of the page is hidden in the certificate.")


def find_submission(seen: Evidence) -> Finding:
    if seen.facts.submitted is None:
        return unknown("whether the form was submitted")
    said = {
        True: "The form was submitted.",
        False: "The certificate does not show that the form was submitted.",
    }
    return one_of(seen.facts.submitted, said)


CHECKS = (
    Check("certificate_bot", ("bot",), find_bot, HUMAN),
    Check("certificate_too_fast", ("seconds_on_page", "keys_per_minute"), find_haste, HUMAN),
    Check("certificate_pasted", ("input_methods",), find_input, HUMAN),
    Check("certificate_hidden_content", ("hidden_elements",), find_hidden, OPEN),
    Check("certificate_not_submitted", ("submitted",), find_submission, SENT),
)
