"""How fresh a certificate is. Pure."""

from compliance.checks.check import Check, Evidence, Finding, bad, good, unknown

FRESH = "Send the lead at once, with the certificate of the page view in which the person opted in."


def find_age(seen: Evidence) -> Finding:
    """Since the person last did something on the page, not since it was loaded."""
    age = seen.facts.age_seconds
    limit = f"at most {minutes(seen.demands.age_minutes * 60)} are allowed"
    if age is None:
        return unknown("how long ago the person was last active on the page")
    said = f"The person was last active on the page {minutes(age)} before the lead came; {limit}."
    return good(said) if age <= seen.demands.age_minutes * 60 else bad(said)


def minutes(seconds: int) -> str:
    whole = round(seconds / 60)
    if seconds < 60:
        return f"{seconds} seconds"
    return "1 minute" if whole == 1 else f"{whole:,} minutes"


def find_expiry(seen: Evidence) -> Finding:
    end = seen.facts.expires_at
    if end is None:
        return unknown("when the certificate expires", "It was not asked for.")
    said = f"{end:%-d %b %Y, %H:%M} UTC"
    if end <= seen.now:
        return bad(f"The certificate expired on {said}.")
    return good(f"The certificate can be used until {said}.")


AGE = Check("certificate_too_old", ("age_seconds",), find_age, FRESH)
# Judged wherever it is known; an expired certificate is answered as one that was never made.
EXPIRY = Check("certificate_expired", (), find_expiry, FRESH)
CHECKS = (AGE, EXPIRY)
