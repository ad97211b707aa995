"""Reading the certificate URL that a sender gives us. Pure.

TrustedForm publishes one host and several shapes of id (web 40 hex, mobile 40 or 80 characters, Meta `0.` and
three parts, 255 at most). An id of another shape is not refused here: the service is asked about it.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

CERTIFICATE_HOST = "cert.trustedform.com"
PING_HOST = "ping.trustedform.com"
VENDOR_DOMAIN = ".trustedform.com"

# Printed in the vendor's documentation, and pasted from there into forms as a constant.
SAMPLE_IDS = frozenset(
    ("454a35b802f3e7b63ffabb4efedb7c6ebe67886c", "eb9fc4dd9bed9ad451a5648946cf4bf09b5bb947")
)
# The API's own suffixes and the address of the snapshot, which people copy from their browser.
SUFFIXES = ("/validate", "/ping", "/peek", "/check_in", "/snapshot/index.html")

ADDRESS = re.compile(r"https?://(?P<authority>[^/?#]+)(?P<path>[^?#]*)", re.I)
# A backslash is a slash to some readers of URLs and not to others, so no URL of ours has one.
PLAIN = re.compile(r"[!-\[\]-~]+")
CERTIFICATE_ID = re.compile(r"[-_A-Za-z0-9][-_.A-Za-z0-9]{0,254}")
HEX_ID = re.compile(r"[0-9a-f]{40}", re.I)
META_ID = re.compile(r"0(?:\.[-_A-Za-z0-9]+){3}")
MOBILE_ID = re.compile(r"[-_A-Za-z0-9]{80}|[-_A-Za-z0-9]{40}")
LONE_ID = re.compile(r"[-_A-Za-z0-9]{20,255}|0(?:\.[-_A-Za-z0-9]+){3}")
SCHEMELESS = re.compile(r"(?://)?cert\.trustedform\.com/", re.I)

CERTIFICATE_VALUE = re.compile(r"\s*https?://cert\.trustedform\.com/", re.I)
PING_VALUE = re.compile(r"\s*https?://ping\.trustedform\.com/", re.I)
CERTIFICATE_NAMES = ("trustedform", "tfcert", "tfurl")

SEND_THE_FIELD = (
    "Send the value of the form's hidden field xxTrustedFormCertUrl: https://cert.trustedform.com/…"
)


@dataclass(frozen=True, slots=True)
class CertificateUrl:
    """`url` is the normalised text; `several` says that it was the first of a comma list."""

    url: str
    id: str
    several: bool = False


@dataclass(frozen=True, slots=True)
class UrlFault:
    """Neither text repeats what was sent."""

    code: str
    message: str
    hint: str


# Of one lead it is asked several times.
@lru_cache(maxsize=1024)
def read_certificate_url(text: str) -> CertificateUrl | UrlFault:
    first, *others = [part.strip() for part in text.split(",") if part.strip()] or [""]
    address = ADDRESS.match(first)
    if address is None or not PLAIN.fullmatch(first):
        return not_an_address(first)
    if fault := find_host_fault(address["authority"].lower()):
        return fault
    certificate_id = address["path"].removeprefix("/").rstrip("/")
    if not CERTIFICATE_ID.fullmatch(certificate_id):
        return not_an_id(certificate_id)
    if HEX_ID.fullmatch(certificate_id):
        # No other id may be touched: those of mobile certificates are case-sensitive.
        certificate_id = certificate_id.lower()
    if certificate_id in SAMPLE_IDS:
        return sample()
    return CertificateUrl(f"https://{CERTIFICATE_HOST}/{certificate_id}", certificate_id, bool(others))


def is_of_web_page(certificate_id: str) -> bool:
    """By the shape of its id. Those of apps and of Meta are compared with nobody, as far as is known."""
    if HEX_ID.fullmatch(certificate_id):
        return True
    return not (META_ID.fullmatch(certificate_id) or MOBILE_ID.fullmatch(certificate_id))


def not_an_address(text: str) -> UrlFault:
    hint = SEND_THE_FIELD
    if SCHEMELESS.match(text):
        hint = "Begin with https://."
    elif LONE_ID.fullmatch(text):
        hint = f"This looks like a bare id: send the whole URL, https://{CERTIFICATE_HOST}/ and then the id."
    return UrlFault("certificate_malformed", "The certificate is not a URL.", hint)


def find_host_fault(authority: str) -> UrlFault | None:
    """`authority` in lower case; it must be the host and nothing else."""
    host = authority.rpartition("@")[2].partition(":")[0]
    if host == PING_HOST:
        message = "This is a ping URL, not a certificate."
        return UrlFault("certificate_ping_url", message, SEND_THE_FIELD)
    if host != CERTIFICATE_HOST:
        return wrong_host(host)
    if host != authority:
        message = "The certificate URL carries a port, a user name or a password."
        return UrlFault(
            "certificate_malformed", message, f"Send https://{CERTIFICATE_HOST}/ and then the id."
        )
    return None


def wrong_host(host: str) -> UrlFault:
    message = f"The certificate URL is not on {CERTIFICATE_HOST}."
    if host.endswith(VENDOR_DOMAIN):
        hint = f"This is another of TrustedForm's hosts. Certificates are on {CERTIFICATE_HOST} only."
    else:
        hint = SEND_THE_FIELD
    return UrlFault("certificate_wrong_host", message, hint)


def not_an_id(path: str) -> UrlFault:
    hint = SEND_THE_FIELD
    for suffix in SUFFIXES:
        if path.endswith(suffix):
            hint = f"Leave off {suffix}."
    return UrlFault("certificate_malformed", "The certificate URL does not end in a certificate id.", hint)


def sample() -> UrlFault:
    message = "This is the sample certificate of TrustedForm's documentation."
    hint = "Replace the constant in your form by the value that TrustedForm's script writes for each visitor."
    return UrlFault("certificate_sample", message, hint)


def looks_like_certificate(name: str, value: object) -> bool:
    """Whether a field that is not ours holds a certificate, by its value or by its name. For hints only.

    A ping URL is none whatever its field is called.
    """
    if isinstance(value, str) and PING_VALUE.match(value):
        return False
    if isinstance(value, str) and CERTIFICATE_VALUE.match(value):
        return True
    # Form scripts put `xx` before their fields and number those of a second form on the page.
    letters = "".join(filter(str.isalnum, name)).lower().removeprefix("xx").rstrip("0123456789")
    return any(known in letters for known in CERTIFICATE_NAMES)
