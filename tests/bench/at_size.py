"""The product with a million leads stored beside one with hardly any: taking in more, and reading."""

from tests.bench.cast import Cast
from tests.bench.database import fresh_database
from tests.bench.figures import Aim, Line, Run, sum_up
from tests.bench.fill import fill
from tests.bench.load import lead_body, post_leads, warm_up
from tests.bench.pace import Pace
from tests.bench.product import Product, running_product
from tests.bench.reading import measure_reading
from tests.bench.report import say
from tests.bench.typical import read_typical_lead

SENDERS = 32


def measure_at_size(cast: Cast, pace: Pace) -> list[Line]:
    with (
        fresh_database("bench_small") as small,
        fresh_database("bench_big") as big,
        running_product(small) as with_few,
    ):
        # What they leave is what the big table is made of.
        warm_up(with_few, cast.certified, lead_body("valid"))
        say(f"Storing {pace.stored:,} leads ...")
        fill(big, pace.stored, like=read_typical_lead(small))
        with running_product(big) as with_many:
            for product in (with_few, with_many):
                warm_up(product, cast.waived, lead_body())
            return [
                *compare_intake(with_few, with_many, cast, pace),
                *measure_reading(with_many, cast, pace),
            ]


def compare_intake(with_few: Product, with_many: Product, cast: Cast, pace: Pace) -> list[Line]:
    few: list[Run] = []
    many: list[Run] = []
    for _ in range(pace.rounds):
        for product, runs in ((with_few, few), (with_many, many)):
            runs.append(post_leads(product, cast.waived, lead_body(), senders=SENDERS, seconds=pace.seconds))
    return [
        sum_up("accepted, hardly any lead stored", SENDERS, few),
        sum_up(
            f"accepted, {pace.stored:,} leads stored (of the same with hardly any)",
            SENDERS,
            many,
            Aim("ratio", least=0.9),
            base=few,
        ),
    ]
