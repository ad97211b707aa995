"""The body of a batch: read to its end before anything is answered, for a sender who still writes reads no
answer; of a large one, what is not being worked on lies on disk."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from leadping.middleware import ScopedRequest
from leads.intake.arrival import BODY_LIMIT
from leads.intake.doors import DRAIN_LIMIT, stream_of

BATCH_LIMIT = 20 * 1024 * 1024
MOST_LINES = 10_000
PIECE = 64 * 1024
IN_MEMORY = 1024 * 1024


@dataclass(slots=True)
class BatchBody:
    stored: IO[bytes]
    digest: Any = field(default_factory=sha256)
    size: int = 0
    ends: int = 0
    # Whether it ended before its end, or its chunks made no sense.
    broken: bool = False

    @property
    def too_large(self) -> bool:
        return self.size > BATCH_LIMIT or self.ends > MOST_LINES


@dataclass(frozen=True, slots=True)
class BatchLine:
    """`sent` holds at most one byte more than a lead may have; `sent_sha256` is of all of it."""

    number: int
    sent: bytes
    sent_sha256: bytes
    # Whether the batch ended within it.
    broken: bool = False


def read_batch(request: ScopedRequest) -> BatchBody:
    body = BatchBody(SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115 (closed when the last line is answered)
    last = b"\n"
    for piece in pieces(request, body):
        body.size += len(piece)
        body.digest.update(piece)
        body.ends += piece.count(b"\n")
        last = piece[-1:]
        if body.too_large:
            break
        body.stored.write(piece)
    body.ends += last != b"\n"
    if body.too_large:
        drain(request)
    declared = request.META.get("CONTENT_LENGTH") or "0"
    ended_early = declared.isdecimal() and body.size < int(declared) and not body.too_large
    body.broken = body.broken or ended_early
    return body


def pieces(request: ScopedRequest, body: BatchBody) -> Iterator[bytes]:
    stream = stream_of(request)
    try:
        while piece := stream.read(PIECE):
            yield piece
    except Exception:  # each web server has its own for a body that breaks off
        body.broken = True
    if body.broken:
        yield from what_was_left(stream)


def what_was_left(stream: Any) -> Iterator[bytes]:
    """gunicorn keeps what it had read of a piece when the next chunk turned out broken."""
    try:
        if piece := stream.read(PIECE):
            yield piece
    except Exception:
        return


def drain(request: ScopedRequest) -> bytes:
    """Reads on for a while, so that a sender whose batch is not taken hears why; gives the SHA-256 of it."""
    digest, stream = sha256(), stream_of(request)
    with suppress(Exception):  # as above
        for _ in range(DRAIN_LIMIT // PIECE):
            digest.update(stream.read(PIECE))
    return digest.digest()


def lines_of(body: BatchBody) -> Iterator[BatchLine]:
    """Numbered from 1; blank lines count, and are left out."""
    body.stored.seek(0)
    number = 0
    while read := body.stored.readline(BODY_LIMIT + 2):
        number += 1
        sent = read.rstrip(b"\r\n")
        digest = sha256(sent)
        while not read.endswith(b"\n") and (read := body.stored.readline(PIECE)):
            digest.update(read)
        if sent.strip():
            broken = body.broken and not read
            yield BatchLine(number, sent[: BODY_LIMIT + 1], digest.digest(), broken)
