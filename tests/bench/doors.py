"""Accepted leads beside the floor: the certificate waived, and a certificate service that answers at once."""

from tests.bench.cast import Cast
from tests.bench.database import fresh_database
from tests.bench.figures import Aim, Line, Run, sum_up
from tests.bench.floor import run_floor
from tests.bench.load import lead_body, post_leads, warm_up
from tests.bench.pace import Pace
from tests.bench.product import Product, running_product
from tests.bench.typical import TypicalLead, read_typical_lead

SENDERS = (8, 32)
FLOOR = "floor: the statement alone, pgbench"
WAIVED = "accepted, certificate waived (of the floor)"
CERTIFIED = "accepted, certificate verified at once (of the floor)"
AIMS = {WAIVED: (Aim("ratio", least=0.40),), CERTIFIED: (Aim("ratio", least=0.25),)}


def measure_doors(cast: Cast, pace: Pace) -> list[Line]:
    with fresh_database("bench_doors") as database, running_product(database) as product:
        warm_up(product, cast.waived, lead_body())
        like = read_typical_lead(database)
        rounds = [run_round(product, like, cast, pace) for _ in range(pace.rounds)]
    runs = {kind: [a_round[kind] for a_round in rounds] for kind in rounds[0]}
    return [
        sum_up(what, senders, runs[what, senders], *AIMS.get(what, ()), base=base)
        for senders in SENDERS
        for what, base in (
            (FLOOR, None),
            (WAIVED, runs[FLOOR, senders]),
            (CERTIFIED, runs[FLOOR, senders]),
        )
    ]


def run_round(product: Product, like: TypicalLead, cast: Cast, pace: Pace) -> dict[tuple[str, int], Run]:
    """By what was measured and the number of senders."""
    doors = {WAIVED: (cast.waived, lead_body()), CERTIFIED: (cast.certified, lead_body("valid"))}
    runs = {}
    for senders in SENDERS:
        runs[FLOOR, senders] = run_floor(product.database, like, senders=senders, seconds=pace.seconds)
        for what, (headers, body) in doors.items():
            runs[what, senders] = post_leads(product, headers, body, senders=senders, seconds=pace.seconds)
    return runs
