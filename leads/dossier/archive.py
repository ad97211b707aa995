"""The ZIP of a dossier, which can be written in one way only. Pure.

Stored and not compressed, in the order of names, of one date, without comments and extra fields: the same
files are always the same bytes. So whoever unpacks one and packs it again sees whether anything was changed
around the files too, down to a single bit of a header.
"""

import re
from collections.abc import Mapping
from struct import Struct
from zlib import crc32

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
# The fields of the format in its own order; see APPNOTE.TXT 4.3.7, 4.3.12 and 4.3.16.
LOCAL_HEADER = Struct("<4s5H3L2H")
CENTRAL_HEADER = Struct("<4s6H3L5H2L")
END_RECORD = Struct("<4s4H2LH")
# Needs version 1.0, no flags, stored, 1 January 1980, midnight.
VERSION, FLAGS, STORED, TIME, DATE = 10, 0, 0, 0, 1 << 5 | 1
# Made on Unix, by version 1.0; a plain file that all may read and its owner may write.
MADE_BY, PLAIN_FILE = 3 << 8 | VERSION, 0o100644 << 16
NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")


class ArchiveError(Exception):
    """These bytes are no archive of ours; the message says where they stop being one."""


def pack(files: Mapping[str, bytes]) -> bytes:
    written, directory = bytearray(), bytearray()
    for name, content in sorted(files.items()):
        if not NAME.fullmatch(name):
            raise ArchiveError(f"“{name}” is no name for a file of a dossier.")
        facts = (crc32(content), len(content), len(content), len(name), 0)
        entry = (VERSION, FLAGS, STORED, TIME, DATE, *facts)
        directory += CENTRAL_HEADER.pack(CENTRAL, MADE_BY, *entry, 0, 0, 0, PLAIN_FILE, len(written))
        directory += name.encode()
        written += LOCAL_HEADER.pack(LOCAL, *entry) + name.encode() + content
    count = len(files)
    return bytes(written + directory) + END_RECORD.pack(
        END, 0, 0, count, count, len(directory), len(written), 0
    )


def unpack(data: bytes) -> dict[str, bytes]:
    """The files, read from front to end. Says nothing of what stands between and after them: `pack` does."""
    files: dict[str, bytes] = {}
    at = 0
    while data[at : at + 4] == LOCAL:
        if len(data) < at + LOCAL_HEADER.size:
            raise ArchiveError(f"The archive breaks off at byte {at}.")
        *_, method, _, _, _, size, _, name_length, extra_length = LOCAL_HEADER.unpack_from(data, at)
        begins = at + LOCAL_HEADER.size + name_length + extra_length
        name = data[at + LOCAL_HEADER.size :][:name_length].decode("latin-1")
        if method != STORED or name in files or begins + size > len(data):
            raise ArchiveError(f"The archive is not as Leadping packs it, from byte {at} on.")
        files[name] = data[begins : begins + size]
        at = begins + size
    return files


def first_difference(one: bytes, other: bytes) -> int:
    """By halves: a dossier with pages in it has a million bytes."""
    start, end = 0, min(len(one), len(other))
    while start < end:
        middle = (start + end + 1) // 2
        if one[start:middle] == other[start:middle]:
            start = middle
        else:
            end = middle - 1
    return start
