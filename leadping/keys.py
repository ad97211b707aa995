"""The shape of the keys that we hand out: `lp_<prefix>_<secret><checksum>`.

Pure. The prefix finds the row, the checksum makes a mistyped key cost no query, and of the key itself only
a SHA-256 is kept: it carries 190 bits of randomness, so a slow hash would add nothing.
"""

import hashlib
import hmac
import re
import secrets
import string
import zlib
from dataclasses import dataclass

BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
PREFIX_LENGTH = 8
SECRET_LENGTH = 32
CHECKSUM_LENGTH = 6

API_KEY = "lp"
API_SECRET = "lps"  # noqa: S105 (the kind, not a secret)
USER_TOKEN = "lpu"  # noqa: S105
INVITATION = "lpi"

# In the middle of other text too, and with or without the checksum at its end.
FOUND_KEY = re.compile(
    rf"(?:{API_SECRET}|{API_KEY})_[0-9A-Za-z]{{{PREFIX_LENGTH}}}_[0-9A-Za-z]{{{SECRET_LENGTH}}}"
)


@dataclass(frozen=True, slots=True)
class NewKey:
    """`text` is shown once and never stored."""

    text: str
    prefix: str
    hash: bytes


def generate(kind: str, prefix: str | None = None) -> NewKey:
    prefix = prefix or random_text(PREFIX_LENGTH)
    body = f"{kind}_{prefix}_{random_text(SECRET_LENGTH)}"
    text = body + checksum(body)
    return NewKey(text, prefix, digest(text))


def read_prefix(kind: str, text: str) -> str | None:
    """The prefix of a well-formed key of this kind, or None for a mistyped or foreign one."""
    head, _, rest = text.partition("_")
    prefix, _, tail = rest.partition("_")
    if head != kind or len(prefix) != PREFIX_LENGTH or len(tail) != SECRET_LENGTH + CHECKSUM_LENGTH:
        return None
    if not text.isascii() or not (prefix + tail).isalnum():
        return None
    if not hmac.compare_digest(checksum(text[:-CHECKSUM_LENGTH]), tail[SECRET_LENGTH:]):
        return None
    return prefix


def find_keys(text: str) -> list[str]:
    """Every API key and secret of ours in a text, as far as the look tells."""
    return FOUND_KEY.findall(text)


def completed(text: str) -> NewKey:
    """A key that was found, with its checksum: the characters before it are the whole secret."""
    head, _, rest = text.partition("_")
    prefix, _, tail = rest.partition("_")
    body = f"{head}_{prefix}_{tail[:SECRET_LENGTH]}"
    whole = body + checksum(body)
    return NewKey(whole, prefix, digest(whole))


def matches(text: str, stored: bytes) -> bool:
    return hmac.compare_digest(digest(text), bytes(stored))


def digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def checksum(body: str) -> str:
    number = zlib.crc32(body.encode())
    letters = []
    for _ in range(CHECKSUM_LENGTH):
        number, rest = divmod(number, 62)
        letters.append(BASE62[rest])
    return "".join(reversed(letters))


def random_text(length: int) -> str:
    return "".join(secrets.choice(BASE62) for _ in range(length))
