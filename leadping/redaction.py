"""Finding credentials in text that others sent, and certificate URLs in text that we log."""

import re
from functools import lru_cache
from typing import Any

REDACTED = "[redacted]"

# Ours (`lp_…`, `lps_…`, `lpu_…`, also without their last characters, which are a checksum of the others) and
# the published shapes of common foreign keys. They may stand in the middle of other text, such as `%3Dlp_…`.
SECRET_VALUE = re.compile(
    r"lp[su]?_[0-9A-Za-z]{8}_[0-9A-Za-z]{32,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----(?:.*?-----END [A-Z ]*PRIVATE KEY-----|.*)"
    r"|(?:AKIA|ASIA)[0-9A-Z]{16}(?![0-9A-Za-z])"
    r"|gh[pousr]_[0-9A-Za-z]{36,}|github_pat_[0-9A-Za-z_]{22,}"
    r"|[sr]k_(?:live|test)_[0-9A-Za-z]{16,}|whsec_[0-9A-Za-z]{24,}"
    r"|xox[abeoprs]-[0-9A-Za-z-]{10,}",
    re.DOTALL,
)
# No text below has room for one; most fields of a lead are shorter.
SHORTEST_VALUE = len("xoxb-0123456789")
# As it is, percent-encoded once or more, or with the slashes that some JSON writers escape.
DOT = r"(?:\.|%(?:25)*2e)"
CERTIFICATE_URL = re.compile(
    rf"(?:https?:)?(?://|%2f%2f)?(?:cert|ping){DOT}trustedform{DOT}com(?:\\+(?:/|u002f)|[^\s\"'<>\\])*", re.I
)
# Who has the whole of it reads a source's posting instructions; the id alone opens nothing.
LINK = re.compile(rf"(link_[0-9a-z]{{26}}){DOT}[\w%-]+", re.I)
QUERY_CREDENTIAL = re.compile(r"(?i)\b(apikey|apisecret|api_key|access_token|password|token)=[^&\s\"']+")
AUTHORIZATION = re.compile(r"(?i)\b(basic|bearer)\s+[0-9a-z+/_.=-]{8,}")

# Names whose value is a secret whatever it looks like, compared without case and separators.
SECRET_NAMES = frozenset(
    (
        "password",
        "passwd",
        "secret",
        "clientsecret",
        "apikey",
        "apisecret",
        "xapikey",
        "accesstoken",
        "refreshtoken",
        "privatekey",
        "authorization",
    )
)


# The longest name of a field whose answer is kept in memory.
LONGEST_WORD = 60


def is_secret_name(name: str) -> bool:
    # Names of a sender's own making may be as long as a body; none of them is kept.
    return is_secret_word(name) if len(name) <= LONGEST_WORD else plain_word(name) in SECRET_NAMES


@lru_cache(maxsize=4096)
def is_secret_word(name: str) -> bool:
    """Asked of every field of every lead, and senders name their fields alike."""
    return plain_word(name) in SECRET_NAMES


def plain_word(name: str) -> str:
    return "".join(filter(str.isalnum, name)).lower()


def redact_values(text: str) -> str:
    """`text` with everything that has the shape of a credential replaced."""
    return text if len(text) < SHORTEST_VALUE else SECRET_VALUE.sub(REDACTED, text)


def redact_log_line(text: str) -> str:
    """`text` fit for a log: without credentials, also foreign ones, certificate URLs and links of vendors."""
    text = CERTIFICATE_URL.sub("[certificate]", redact_values(text))
    text = LINK.sub(r"\1." + REDACTED, text)
    text = QUERY_CREDENTIAL.sub(r"\1=" + REDACTED, text)
    return AUTHORIZATION.sub(r"\1 " + REDACTED, text)


def holds_secret(value: Any) -> bool:
    """Whether `redact_tree` would find something in a parsed JSON value."""
    if isinstance(value, str):
        return bool(SECRET_VALUE.search(value))
    if isinstance(value, list):
        return any(map(holds_secret, value))
    if isinstance(value, dict):
        return any(
            holds_secret(name) or (is_secret_name(name) and bool(inner)) or holds_secret(inner)
            for name, inner in value.items()
        )
    return False


def redact_tree(value: Any) -> Any:
    """A parsed JSON value with its credentials replaced, whether known by name or by shape."""
    if isinstance(value, str):
        return redact_values(value)
    if isinstance(value, list):
        return [redact_tree(inner) for inner in value]
    if isinstance(value, dict):
        return {
            redact_values(name): REDACTED if is_secret_name(name) and inner else redact_tree(inner)
            for name, inner in value.items()
        }
    return value


ASCII_ESCAPE = re.compile(r"\\u00([2-7][0-9A-Fa-f])")
NAMED_SECRET = re.compile(
    r"""(["']?\b(?:password|passwd|(?:client|api)?[_-]?secret|api[_-]?key|(?:access|refresh)[_-]?token"""
    r"""|private[_-]?key|authorization)\b["']?\s*[:=]\s*)("(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s,;&}\]]+)""",
    re.IGNORECASE,
)


def plain_ascii(text: str) -> str:
    return ASCII_ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def redact_text(text: str) -> str:
    """Text that could not be parsed, with its credentials replaced as well as can be told from its look.

    Escapes such as `\\u0070assword` are undone first where that brings a credential to light.
    """
    plain = plain_ascii(text)
    redacted = NAMED_SECRET.sub(rf"\1{REDACTED}", redact_values(plain))
    return text if redacted == plain else redacted
