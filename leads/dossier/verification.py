"""Whether a dossier is, bit by bit, the one that was signed. Pure: needs the file and the public key."""

from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from leads.dossier.archive import ArchiveError, first_difference, pack, unpack
from leads.dossier.manifest import MANIFEST, SIGNATURE, compare_files, read_manifest, write_manifest
from leads.dossier.signing import is_signed, key_id


@dataclass(frozen=True, slots=True)
class Verified:
    """No fault, a sentence each, means that nothing was changed. `files` are those that could be read."""

    faults: list[str]
    files: dict[str, bytes]
    key: str = ""


def seal(files: dict[str, bytes], key: Ed25519PrivateKey) -> bytes:
    """The archive of these files with its manifest and the signature on that."""
    manifest = write_manifest(files, key_id(key.public_key()))
    return pack({**files, MANIFEST: manifest, SIGNATURE: key.sign(manifest)})


def verify(data: bytes, keys: Sequence[Ed25519PublicKey]) -> Verified:
    try:
        files = unpack(data)
        packed = pack(files)
    except ArchiveError as error:
        return Verified([str(error)], {})
    faults = []
    if packed != data:
        place = first_difference(packed, data)
        faults = [f"The archive itself was changed, at or before byte {place} of {len(data)}."]
    if MANIFEST not in files or SIGNATURE not in files:
        return Verified([*faults, f"{MANIFEST} or {SIGNATURE} is missing: nothing proves the rest."], files)
    named, listed = read_manifest(files[MANIFEST])
    faults += check_signature(files[MANIFEST], files[SIGNATURE], named, keys)
    return Verified([*faults, *compare_files(listed, files)], files, named)


def check_signature(
    manifest: bytes, signature: bytes, named: str, keys: Sequence[Ed25519PublicKey]
) -> list[str]:
    ours = [key for key in keys if key_id(key) == named]
    if not ours:
        return [f"{MANIFEST} names the key {named or '(none)'}, which is not the one given."]
    if not is_signed(manifest, signature, ours[0]):
        return [f"{MANIFEST} is not what was signed, or {SIGNATURE} was changed."]
    return []
