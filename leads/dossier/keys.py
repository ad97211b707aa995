"""The installation's key for dossiers: a file that only we read, made when it is first needed.

Its old public halves stay in a file beside it, for dossiers are shown years after they were made.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from leadping.events import record_event
from leadping.verbs import VerbError
from leads.dossier.signing import (
    PUBLIC_BLOCK,
    KeyFormatError,
    key_id,
    private_pem,
    public_pem,
    read_private_key,
    read_public_keys,
)

MADE, ROTATED = "dossier.key_made", "dossier.key_rotated"
PRIVATE_TO_US = 0o600
OTHERS = 0o077


class KeyFileError(VerbError):
    """The key cannot be read or made; the message says to whoever runs the installation what to do."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    fingerprint: str
    pem: str


def key_file() -> Path:
    return Path(settings.DOSSIER_KEY_FILE)


def retired_file() -> Path:
    """`dossier-key.retired.pem` beside `dossier-key.pem`: public keys, the newest first."""
    return key_file().with_suffix(".retired.pem")


def signing_key(*, by: str, now: datetime) -> Ed25519PrivateKey:
    """The key that signs now. Where there is none yet, one is made and its id put on record."""
    if is_made():
        return load_key()
    with only_writer():
        if is_made():
            return load_key()
        key = Ed25519PrivateKey.generate()
        write_whole(key_file(), private_pem(key))
    record_key(MADE, key, by=by, now=now)
    return key


def rotate_key(*, by: str, reason: str, now: datetime) -> Ed25519PrivateKey:
    """A new key signs from here on. The old public one is kept before the old private one is gone."""
    signing_key(by=by, now=now)
    with only_writer():
        old, new = load_key(), Ed25519PrivateKey.generate()
        write_whole(retired_file(), public_pem(old.public_key()) + read_retired())
        write_whole(key_file(), private_pem(new))
    record_key(ROTATED, new, by=by, now=now, reason=reason, before=key_id(old.public_key()))
    return new


def record_key(
    kind: str, key: Ed25519PrivateKey, *, by: str, now: datetime, reason: str = "", before: str | None = None
) -> None:
    """In the installation's own chain, so that a key put in by hand is one that no event knows."""
    told = {"before": {"key": before}} if before else {}
    after = {"key": key_id(key.public_key())}
    record_event(kind, subject="", by=by, business_id=None, now=now, reason=reason, **told, after=after)


def is_made() -> bool:
    try:
        return key_file().exists()
    except OSError as error:
        raise unreadable(error) from error


def unreadable(error: OSError) -> KeyFileError:
    return KeyFileError(f"{key_file()} cannot be read: {error.strerror}. See DOSSIER_KEY_FILE.")


def load_key() -> Ed25519PrivateKey:
    path = key_file()
    try:
        if path.stat().st_mode & OTHERS:
            raise KeyFileError(f"{path} may be read by others, so it proves nothing: chmod 600 {path}")
        return read_private_key(path.read_bytes())
    except OSError as error:
        raise unreadable(error) from error
    except KeyFormatError as error:
        raise KeyFileError(f"{path} is not usable: {error}") from error


def public_keys() -> bytes:
    """The key that signs now, then the retired ones; empty before the first is made."""
    if not is_made():
        return b""
    return public_pem(load_key().public_key()) + read_retired()


def current_key() -> PublicKey | None:
    """What pages show of the key that signs now; None before it is made, or while it cannot be read."""
    try:
        keys = read_public_keys(pem) if (pem := public_keys()) else []
    except KeyFileError:
        return None
    return PublicKey(key_id(keys[0]), public_pem(keys[0]).decode()) if keys else None


def public_key(wanted: str) -> bytes:
    """The public key with this id, present or retired; empty where there is none."""
    keys = read_public_keys(pem) if (pem := public_keys()) else []
    return next((public_pem(key) for key in keys if key_id(key) == wanted), b"")


def read_retired() -> bytes:
    path = retired_file()
    return b"".join(PUBLIC_BLOCK.findall(path.read_bytes())) if path.exists() else b""


@contextmanager
def only_writer() -> Iterator[None]:
    """Several processes may want the first key at once."""
    path = key_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, PRIVATE_TO_US)
    except OSError as error:
        raise KeyFileError(
            f"{error.filename} cannot be written: {error.strerror}. DOSSIER_KEY_FILE must name a place that "
            "web server and worker may write to, or a key that was put there."
        ) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def write_whole(path: Path, content: bytes) -> None:
    """All of it or nothing, on the disk when this returns, and never readable by others meanwhile."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_TO_US)
    try:
        os.write(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    part.replace(path)
