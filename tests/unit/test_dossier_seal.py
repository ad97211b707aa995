"""A dossier says of itself whether any byte was changed, to whoever has the public key."""

import random
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis.strategies import binary

from leads.dossier.archive import ArchiveError, first_difference, pack, unpack
from leads.dossier.manifest import MANIFEST, SIGNATURE
from leads.dossier.verification import seal, verify

KEY = Ed25519PrivateKey.generate()
PUBLIC = [KEY.public_key()]
FILES = {
    "README.txt": b"How to check this.\n",
    "dossier.json": b'{"lead": "lead_1", "made_at": "2026-06-14", "made_by": "tests"}',
    "submissions/01/request.txt": "Zoë 王\n".encode() * 50,
    "empty.txt": b"",
}
DOSSIER = seal(FILES, KEY)


def faults(data: bytes) -> list[str]:
    return verify(data, PUBLIC).faults


def test_an_untouched_dossier_has_no_fault() -> None:
    assert faults(DOSSIER) == []


def test_a_thousand_random_flips_of_a_bit_are_all_found() -> None:
    chance = random.Random(20260614)
    missed = []
    for _ in range(1000):
        place, bit = chance.randrange(len(DOSSIER)), 1 << chance.randrange(8)
        changed = bytearray(DOSSIER)
        changed[place] ^= bit
        if not faults(bytes(changed)):
            missed.append((place, bit))
    assert missed == []


def test_each_byte_is_watched() -> None:
    changed = bytearray(DOSSIER)
    missed = []
    for place in range(len(DOSSIER)):
        changed[place] ^= 0xFF
        if not faults(bytes(changed)):
            missed.append(place)
        changed[place] ^= 0xFF
    assert missed == []


@pytest.mark.parametrize("size", [0, 1, 3, 4, 29, 30, 31, len(DOSSIER) // 2, len(DOSSIER) - 1])
def test_a_dossier_that_breaks_off_is_found(size: int) -> None:
    assert faults(DOSSIER[:size])


def test_bytes_before_after_and_between_are_found() -> None:
    middle = DOSSIER.index(b"PK\x01\x02")
    for changed in (b"x" + DOSSIER, DOSSIER + b"\x00", DOSSIER[:middle] + b"PK" + DOSSIER[middle:]):
        assert faults(changed)


@given(before=binary(max_size=40), one=binary(max_size=5), other=binary(max_size=5))
def test_the_place_told_is_that_of_the_first_byte_that_differs(
    before: bytes, one: bytes, other: bytes
) -> None:
    place = first_difference(before + one, before + other)
    assert (before + one)[:place] == (before + other)[:place]
    assert (before + one)[place : place + 1] != (before + other)[place : place + 1] or one == other


def test_a_comment_of_the_archive_is_found() -> None:
    buffer = BytesIO(DOSSIER)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.comment = b"nothing to see"
    assert faults(buffer.getvalue())


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_packing_the_same_files_otherwise_is_found(method: int) -> None:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in sorted(unpack(DOSSIER).items()):
            archive.writestr(name, content)
    assert faults(buffer.getvalue())


def repacked(**changes: bytes | None) -> bytes:
    files: dict[str, bytes | None] = {**unpack(DOSSIER), **changes}
    return pack({name: content for name, content in files.items() if content is not None})


def test_what_was_done_to_which_file_is_told() -> None:
    assert faults(repacked(**{"README.txt": b"Trust me.\n"})) == ["README.txt was changed."]
    assert faults(repacked(**{"README.txt": None})) == ["README.txt is missing."]
    assert faults(repacked(**{"notes.txt": b"By hand."})) == ["notes.txt was added."]
    assert faults(repacked(**{"README.txt": None, "READ.txt": FILES["README.txt"]})) == [
        "README.txt is missing.",
        "READ.txt was added.",
    ]


def test_a_manifest_made_anew_by_somebody_else_is_found() -> None:
    other = Ed25519PrivateKey.generate()
    [fault] = faults(seal({**FILES, "README.txt": b"Trust me.\n"}, other))
    assert "which is not the one given" in fault


def test_a_manifest_that_claims_our_key_but_is_signed_with_another_is_found() -> None:
    manifest = unpack(DOSSIER)[MANIFEST]
    forged = repacked(**{SIGNATURE: Ed25519PrivateKey.generate().sign(manifest)})
    assert faults(forged) == [f"{MANIFEST} is not what was signed, or {SIGNATURE} was changed."]


def test_without_manifest_or_signature_nothing_is_proven() -> None:
    assert faults(repacked(**{MANIFEST: None}))
    assert faults(repacked(**{SIGNATURE: None}))


def test_an_old_key_among_several_still_verifies() -> None:
    assert verify(DOSSIER, [Ed25519PrivateKey.generate().public_key(), *PUBLIC]).faults == []


def test_the_same_files_are_the_same_bytes_in_whatever_order() -> None:
    assert seal(dict(reversed(FILES.items())), KEY) == DOSSIER


def test_ordinary_programs_open_the_archive(tmp_path: Path) -> None:
    with zipfile.ZipFile(BytesIO(DOSSIER)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in FILES} == FILES


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a/../b", "", "a b", "ä", ".hidden", "a//b"])
def test_a_name_that_could_lead_elsewhere_is_never_packed(name: str) -> None:
    with pytest.raises(ArchiveError):
        pack({name: b""})


def test_names_that_lead_elsewhere_are_no_dossier() -> None:
    assert faults(DOSSIER.replace(b"README.txt", b"../../etc/")) != []
