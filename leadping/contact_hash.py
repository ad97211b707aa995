"""What stands for a phone, an email or an IP address where the plain value may be erased: the same person is
found again by it, and it names nobody to whoever has the database alone."""

import hmac
from functools import lru_cache
from typing import Literal

from django.conf import settings

Kind = Literal["phone", "email", "ip"]

SALT = b"leadping.contact"


def contact_hash(kind: Kind, value: str) -> bytes:
    """32 bytes. `value` is a phone in E.164, an email in lower case, or an IP address as it is usually
    written; nothing else finds it again."""
    return hash_with(settings.CONTACT_HASH_KEY or settings.SECRET_KEY, kind, value)


def contact_hashes(kind: Kind, value: str) -> list[bytes]:
    """What to look for: also what was stored under the keys before, while they are named as fallbacks."""
    secrets = (settings.CONTACT_HASH_KEY or settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [hash_with(str(secret), kind, value) for secret in secrets]


# While one lead is judged and stored, its contacts are hashed for several rules.
@lru_cache(maxsize=256)
def hash_with(secret: str, kind: Kind, value: str) -> bytes:
    return hmac.digest(derive_key(secret), f"{kind}:{value}".encode(), "sha256")


@lru_cache(maxsize=8)
def derive_key(secret: str) -> bytes:
    """A key of its own, so that no other use of the secret can ever give one of these hashes."""
    return hmac.digest(secret.encode(), SALT, "sha256")
