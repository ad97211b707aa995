"""From where the person came, as the certificate has it and as the lead says. Pure."""

from ipaddress import IPv4Address, IPv6Address, ip_address

from compliance.checks.check import Check, Evidence, Finding, one_of, unknown
from leadping.states import NAMES

SAME = "Send what the person's own browser told, from the visit in which the certificate was made."


def find_ip(seen: Evidence) -> Finding:
    """The sentences travel to the sender and stay for ever, so they name no address."""
    shown, claimed = read_ip(seen.facts.ip or ""), read_ip(seen.claim.ip)
    if claimed is None:
        return unknown("the person's IP address", "The lead came without one.")
    if shown is None:
        return unknown("the person's IP address")
    if shown.version != claimed.version:
        return unknown("whether it is the same IP address", "One is IPv4 and the other IPv6.")
    said = {
        True: "The lead and the certificate name the same IP address of the person.",
        False: "The lead and the certificate name different IP addresses of the person.",
    }
    return one_of(shown == claimed, said)


def read_ip(text: str) -> IPv4Address | IPv6Address | None:
    try:
        ip = ip_address(text.strip())
    except ValueError:
        return None
    return getattr(ip, "ipv4_mapped", None) or ip


def find_state(seen: Evidence) -> Finding:
    """By where the internet address is thought to be, which is a guess of the vendor's."""
    claimed, shown, country = seen.claim.state, seen.facts.state, seen.facts.country
    if not claimed:
        return unknown("the person's state", "The lead came without one.")
    if not shown:
        return unknown("the person's state")
    place = NAMES.get(shown, shown) if country in {None, "US"} else f"{shown}, {country}"
    said = {
        True: f"The person's internet address lies in {place}, as the lead says.",
        False: f"The person's internet address lies in {place}; the lead says {NAMES.get(claimed, claimed)}.",
    }
    return one_of(shown == claimed and country in {None, "US"}, said)


def find_device(seen: Evidence) -> Finding:
    shown, claimed = seen.facts.user_agent, seen.claim.user_agent
    if not claimed:
        return unknown("the person's browser", "The lead came without one.")
    if not shown:
        return unknown("the person's browser")
    said = {
        True: "The lead and the certificate name the same browser.",
        False: "The lead and the certificate name different browsers.",
    }
    return one_of(" ".join(shown.split()) == " ".join(claimed.split()), said)


CHECKS = (
    Check("certificate_other_ip", ("ip",), find_ip, SAME, field="ip_address"),
    Check("certificate_other_state", ("state", "country"), find_state, SAME, field="state"),
    Check("certificate_other_device", ("user_agent",), find_device, SAME, field="user_agent"),
)
