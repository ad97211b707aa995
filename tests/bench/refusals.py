"""Requests that are refused: they must not be what a sender can bring the product down with."""

from tests.bench.cast import Cast
from tests.bench.database import fresh_database
from tests.bench.figures import Line, sum_up
from tests.bench.load import REFUSALS, STRANGERS, lead_body, post_leads, warm_up
from tests.bench.pace import Pace
from tests.bench.product import running_product

SENDERS = 32


def measure_refusals(cast: Cast, pace: Pace) -> list[Line]:
    kinds = {
        "refused, key that nobody issued": (cast.stranger, lead_body(), STRANGERS),
        "refused, state not allowed": (cast.texan, lead_body(state="CA", zip="94103"), REFUSALS),
    }
    lines = []
    with fresh_database("bench_refusals") as database, running_product(database) as product:
        warm_up(product, cast.waived, lead_body())
        for what, (headers, body, evidence) in kinds.items():
            run = post_leads(product, headers, body, senders=SENDERS, seconds=pace.seconds, evidence=evidence)
            lines.append(sum_up(what, SENDERS, [run]))
    return lines
