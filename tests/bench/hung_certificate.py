"""Full load while TrustedForm takes every request and never answers: senders must hear something soon, people
must be able to work, and nothing may be called verified. Beside it the same with TrustedForm well."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from tests.bench.cast import Cast
from tests.bench.database import ask, fresh_database
from tests.bench.figures import Aim, Line, Run, sum_up
from tests.bench.load import lead_body, post_leads, read_paths, warm_up
from tests.bench.pace import Pace
from tests.bench.product import Product, running_product

SENDERS = 64
READERS = 2
# The time-outs to connect and to read, and half a second for all else.
LONGEST_MS = 3500
SLOWER_AT_MOST = 1.2
PAGES = ("/console/", "/console/leads/lead/", "/workspace/leads/")
VERIFIED = "SELECT count(*) FROM leads_lead WHERE trusted_form_outcome = 'verified'"


def measure_hung_certificate(cast: Cast, pace: Pace) -> list[Line]:
    with fresh_database("bench_hung") as database, running_product(database) as product:
        warm_up(product, cast.certified, lead_body("valid"))
        well = [run(product, cast, "valid", pace) for _ in range(pace.rounds)]
        hung = [without_verified(product, cast, pace) for _ in range(pace.rounds)]
    normal = sum_up("console beside it", READERS, [console for _, console in well])
    slower = Aim("p99", most=round(SLOWER_AT_MOST * (normal.p99 or 0), 1))
    return [
        sum_up("accepted, TrustedForm answers", SENDERS, [intake for intake, _ in well]),
        normal,
        sum_up(
            "held, TrustedForm hangs", SENDERS, [intake for intake, _ in hung], Aim("p99", most=LONGEST_MS)
        ),
        sum_up("console beside it, TrustedForm hangs", READERS, [console for _, console in hung], slower),
    ]


def without_verified(product: Product, cast: Cast, pace: Pace) -> tuple[Run, Run]:
    before = ask(product.database, VERIFIED)
    intake, console = run(product, cast, "hang", pace)
    faults = list(intake.faults)
    if verified := ask(product.database, VERIFIED) - before:
        faults.append(f"{verified:,} leads were called verified")
    if intake.longest is not None and intake.longest > LONGEST_MS:
        faults.append(f"an answer took {intake.longest:,.0f} ms")
    return replace(intake, faults=tuple(faults)), console


def run(product: Product, cast: Cast, certificate: str, pace: Pace) -> tuple[Run, Run]:
    """Senders and readers at the same time."""
    with ThreadPoolExecutor(2) as both:
        intake = both.submit(
            post_leads,
            product,
            cast.certified,
            lead_body(certificate),
            senders=SENDERS,
            seconds=pace.seconds,
            # The last answers come no later.
            linger=1 + LONGEST_MS // 1000,
        )
        console = both.submit(read_paths, product, cast.person, PAGES, senders=READERS, seconds=pace.seconds)
        return intake.result(), console.result()
