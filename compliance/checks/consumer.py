"""From where the person came, as the certificate has it and as the lead says. Pure."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address

from compliance.checks.check import Check, Evidence, Finding, one_of, unknown
from leadping.states import NAMES

SAME = "Send what the person's own browser told, from the visit in which the certificate was made."

# In this order, for one who has the first of them often names a later one too.
SYSTEMS = (
    (re.compile("windows phone", re.I), frozenset({"windows phone"})),
    (re.compile("android", re.I), frozenset({"android"})),
    (re.compile(r"\bi(?:os|phone|pod)\b", re.I), frozenset({"ios"})),
    (re.compile(r"\bipad(?:os)?\b", re.I), frozenset({"ios", "mac"})),
    (re.compile("windows", re.I), frozenset({"windows"})),
    (re.compile(r"\bmac", re.I), frozenset({"mac"})),
    (re.compile(r"\bcros\b|chrome ?os", re.I), frozenset({"chrome os"})),
    (re.compile("linux|ubuntu|fedora|x11", re.I), frozenset({"linux"})),
)


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
    """By the browser; by the device alone where the certificate tells no more, such as that of an app."""
    shown, claimed = seen.facts.user_agent, seen.claim.user_agent
    if not claimed:
        return unknown("the person's browser", "The lead came without one.")
    if not shown:
        return find_system(seen)
    said = {
        True: "The lead and the certificate name the same browser.",
        False: "The lead and the certificate name different browsers.",
    }
    return one_of(" ".join(shown.split()) == " ".join(claimed.split()), said)


def find_system(seen: Evidence) -> Finding:
    shown, claimed = systems_in(seen.facts.system or ""), systems_in(seen.claim.user_agent)
    if not shown or not claimed:
        return unknown("the person's browser")
    said = {
        True: "The lead and the certificate name the same kind of device.",
        False: "The lead and the certificate name different kinds of devices.",
    }
    return one_of(not shown.isdisjoint(claimed), said)


def systems_in(text: str) -> frozenset[str]:
    """None where it is of no known kind. An iPad calls itself a Mac, an Android device Linux."""
    return next((system for pattern, system in SYSTEMS if pattern.search(text)), frozenset())


CHECKS = (
    Check("certificate_other_ip", ("ip",), find_ip, SAME, field="ip_address"),
    Check("certificate_other_state", ("state", "country"), find_state, SAME, field="state"),
    Check("certificate_other_device", ("user_agent", "system"), find_device, SAME, field="user_agent"),
)
