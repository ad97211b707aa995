"""SHA256SUMS: the SHA-256 of each file, in the form that `sha256sum --check` reads. Pure.

Lines that begin with # are comments to that program; ours names the key of the signature.
"""

import re
from collections.abc import Mapping
from hashlib import sha256

MANIFEST, SIGNATURE = "SHA256SUMS", "SHA256SUMS.sig"
# What cannot hold its own hash.
UNLISTED = frozenset({MANIFEST, SIGNATURE})
HEAD = "# Leadping dossier, signed with the Ed25519 key {}\n"
KEY_LINE = re.compile(HEAD.format("([0-9a-f]{64})").strip())
LINE = re.compile(r"([0-9a-f]{64})  (.+)")


def write_manifest(files: Mapping[str, bytes], key_id: str) -> bytes:
    lines = [f"{sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items())]
    return (HEAD.format(key_id) + "".join(lines)).encode()


def read_manifest(manifest: bytes) -> tuple[str, dict[str, str]]:
    """The id of the key, empty where none is named, and the hashes by name."""
    head, *lines = manifest.decode("utf-8", "replace").splitlines() or [""]
    named = KEY_LINE.fullmatch(head)
    found = [match for match in map(LINE.fullmatch, lines) if match]
    return (named[1] if named else ""), {match[2]: match[1] for match in found}


def compare_files(listed: Mapping[str, str], files: Mapping[str, bytes]) -> list[str]:
    """What differs, a sentence each."""
    there = {name: content for name, content in files.items() if name not in UNLISTED}
    changed = [
        f"{name} was changed."
        for name, content in there.items()
        if name in listed and sha256(content).hexdigest() != listed[name]
    ]
    missing = [f"{name} is missing." for name in listed if name not in there]
    return [*changed, *missing, *(f"{name} was added." for name in there if name not in listed)]
