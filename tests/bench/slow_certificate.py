"""Accepted leads while the certificate service takes 300 ms: senders wait, connections must not."""

from dataclasses import replace

from tests.bench.cast import Cast
from tests.bench.database import fresh_database, watched_connections
from tests.bench.figures import Aim, Line, Run, sum_up
from tests.bench.load import lead_body, post_leads, warm_up
from tests.bench.pace import Pace
from tests.bench.product import Product, running_product

# 256 senders wait their turn.
SECONDS_TO_ANSWER = 3
WHAT = "accepted, certificate verified after 300 ms"
CONNECTIONS = Aim("connections", most=20)
# 64 senders who wait for 300 ms cannot send more than 213 leads a second.
AIMS = {
    64: (Aim("rate", least=195), Aim("p99", most=430), CONNECTIONS),
    256: (Aim("rate", least=450), CONNECTIONS),
}


def measure_slow_certificate(cast: Cast, pace: Pace) -> list[Line]:
    with fresh_database("bench_slow") as database, running_product(database) as product:
        warm_up(product, cast.certified, lead_body("valid"))
        runs = {senders: [run(product, cast, senders, pace) for _ in range(pace.rounds)] for senders in AIMS}
    return [sum_up(WHAT, senders, runs[senders], *aims) for senders, aims in AIMS.items()]


def run(product: Product, cast: Cast, senders: int, pace: Pace) -> Run:
    with watched_connections(product.database) as connections:
        done = post_leads(
            product,
            cast.certified,
            lead_body("delay-300"),
            senders=senders,
            seconds=pace.seconds,
            linger=SECONDS_TO_ANSWER,
        )
    return replace(done, connections=max(connections))
