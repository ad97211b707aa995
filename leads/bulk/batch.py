"""One batch on its way from its lines to the answers, which go out as the leads are stored."""

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice
from time import perf_counter

import structlog
from django.db import InterfaceError, OperationalError
from structlog.contextvars import bound_contextvars

from leadping.database import forget_broken_connections, release_connection
from leadping.problems import CONTENT_TYPE, RETRY_SECONDS, STORAGE_UNAVAILABLE, problem_body
from leads.bulk.answers import Summary, line_answer
from leads.bulk.body import BatchBody, BatchLine, lines_of
from leads.bulk.bringer import Bringer, NoLongerKnown
from leads.bulk.receive import TOGETHER, Brought, Taken, take_in
from leads.intake.answers import Reply
from leads.intake.arrival import Arrival
from leads.intake.case import Provenance
from leads.intake.strangers import turn_away

log = structlog.get_logger("leads.bulk")


@dataclass(slots=True)
class Batch:
    """`whole` is the request without its body."""

    whole: Arrival
    bringer: Bringer
    body: BatchBody
    summary: Summary = field(default_factory=Summary)
    # The answer to all lines from the one on that could not be stored.
    end: Reply | None = None

    def answers(self) -> Iterator[bytes]:
        """Each line's is given when the line is committed. Whoever stops listening stops the batch there."""
        started = perf_counter()
        self.summary.broken = self.body.broken
        lines = lines_of(self.body)
        with closing(self.body.stored), bound_contextvars(request_id=self.whole.request_id):
            while block := list(islice(lines, TOGETHER)):
                yield from self.take_in(block)
            yield self.summary.as_line().encode()
            log.info("batch", ms=round((perf_counter() - started) * 1000, 1), **self.summary.as_dict())

    def take_in(self, block: Sequence[BatchLine]) -> Iterator[bytes]:
        now = datetime.now(UTC)
        waiting = deque(line.number for line in block)
        if self.end is None:
            try:
                for some in take_in([self.brought(line, now) for line in block], self.bringer):
                    yield self.tell([(waiting.popleft(), taken) for taken in some])
            except (OperationalError, InterfaceError) as error:
                log.error("storage unavailable", error=str(error))
                forget_broken_connections()
                self.end = unavailable(self.whole)
            except NoLongerKnown as gone:
                self.end = turn_away(gone.stranger, self.whole)
            finally:
                release_connection()
        if self.end and waiting:
            yield self.tell([(number, Taken(self.end, None)) for number in waiting])

    def brought(self, line: BatchLine, now: datetime) -> Brought:
        """The line as if it had come by itself."""
        arrival = replace(
            self.whole,
            sent=line.sent,
            sent_sha256=line.sent_sha256,
            broken=line.broken,
            received_at=now,
            idempotency_key=self.key_of(line),
        )
        return arrival, Provenance(row_number=line.number)

    def key_of(self, line: BatchLine) -> str | None:
        """The batch's own is as long as a key may be."""
        if self.whole.idempotency_key is None:
            return None
        return f"{sha256(self.whole.idempotency_key.encode()).hexdigest()}:{line.number}"

    def tell(self, answered: Sequence[tuple[int, Taken]]) -> bytes:
        for _, taken in answered:
            self.summary.count(taken)
        return "".join(line_answer(number, taken) for number, taken in answered).encode()


def unavailable(whole: Arrival) -> Reply:
    body = problem_body(STORAGE_UNAVAILABLE, request_id=whole.request_id)
    return Reply(STORAGE_UNAVAILABLE.status, body, CONTENT_TYPE, {"Retry-After": RETRY_SECONDS})
