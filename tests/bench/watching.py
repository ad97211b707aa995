"""The pages of watching with 5,000 sources and so many submissions, and the job that keeps them fast."""

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import requests
from django.conf import settings
from django.test import Client

from leadping.accounts.models import User
from leadping.embedded_postgres import BENCH
from tests.bench.cast import USER, Cast, Headers
from tests.bench.database import ask, fresh_database
from tests.bench.figures import Aim, Line, Run, sum_up
from tests.bench.load import lead_body, read_paths, warm_up
from tests.bench.pace import Pace
from tests.bench.product import Product, running_product
from tests.bench.report import say, show
from tests.bench.watched import SOURCES, add_minutes, count_again, fill_watched, run_in

READERS = 2
AIM = Aim("p95", most=300)
BUSY = 500
MINUTES = 6
# A minute's run that takes longer than its minute falls behind for ever.
IN_TIME = Aim("p95", most=60_000)
WATCHED = "SELECT id FROM sources_source WHERE name = 'Watched 1'"
LISTS, FILES = "/console/sources/source/watching/", "/console/sources/source/watching/export/"


def measure_watching(cast: Cast, pace: Pace) -> list[Line]:
    person = sign_in_for_long()
    return [line for size in pace.watched for line in measure_size(cast, person, size, pace)]


def measure_size(cast: Cast, person: Headers, size: int, pace: Pace) -> list[Line]:
    with fresh_database("bench_watched") as database:
        with running_product(database) as product:
            warm_up(product, cast.waived, lead_body())
            # One held and one refused, for the many to be like.
            warm_up(product, cast.certified, lead_body("valid"))
            warm_up(product, cast.certified, lead_body("mismatch"))
            warm_up(product, cast.texan, lead_body(state="CA", zip="94103"))
        say(f"Storing {size:,} submissions of {SOURCES:,} sources ...")
        fill_watched(database, cast.business_id, size)
        lines = measure_tallying(database, size)
        with running_product(database) as product:
            lines += measure_pages(product, person, size, pace)
        say(show(lines))
        return [*lines, *measure_costs(database, person, size)]


def measure_tallying(database: str, size: int) -> list[Line]:
    # What the worker counted while the product was warmed up would be a head start.
    filled = run_in(
        database,
        "t.TallyReach.objects.all().delete()\n"
        "t.tally(now=timezone.now())\n"
        "while t.fill_back(now=timezone.now()): pass\n"
        "t.tally(now=timezone.now())",
    )
    faults = [
        f"{column}: {tallied:,} tallied, {stored:,} stored"
        for column in ("accepted", "held", "refused")
        for tallied, stored in [count_again(database, column)]
        if tallied != stored
    ]
    add_minutes(database, MINUTES, BUSY)
    first = run_in(database, "t.tally(now=timezone.now())")
    again = run_in(database, "t.tally(now=timezone.now())")
    ended = run_in(database, "t.close(now=timezone.now() + t.LENGTHS[t.Period.DAY])")
    run_in(database, "t.close(now=timezone.now())")
    perishing = run_in(database, "p.note_perishing(now=timezone.now())")
    return [
        sum_up(
            f"tallying {size:,} submissions from nothing (rows a second; ms in all)",
            1,
            [Run(size / filled, p50=filled * 1000, faults=tuple(faults))],
        ),
        *(
            sum_up(f"{what}, {BUSY} submissions a second", 1, [timed(took)], IN_TIME)
            for what, took in (("the tallying job", first), ("the tallying job again", again))
        ),
        sum_up("adding up closed spans after midnight", 1, [timed(ended)], IN_TIME),
        sum_up("certificates that go soon, each hour", 1, [timed(perishing)], IN_TIME),
    ]


def timed(took: float) -> Run:
    return Run(BUSY * 60 / took, p50=took * 1000, p95=took * 1000)


def measure_pages(product: Product, person: Headers, size: int, pace: Pace) -> list[Line]:
    return [
        sum_up(
            f"watching, {size:,} stored: {what}{say_load()}",
            READERS,
            [read(product, person, page, pace)],
            AIM,
        )
        for what, page in pages_of(product.database).items()
    ]


def say_load() -> str:
    """What others ask of the machine just before, where that is more than it has cores."""
    load = os.getloadavg()[0]
    return f" (load {load:.0f})" if load > (os.cpu_count() or 1) + READERS else ""


def measure_costs(database: str, person: Headers, size: int) -> list[Line]:
    """Of one page at a time: in the place of p50 the CPU, of p95 the database's time."""
    pages = pages_of(database)
    # By its path: whoever imports the package is led to the benchmark's own database.
    command = [sys.executable, "-P", "tests/bench/page_cost.py", person["Cookie"]]
    done = subprocess.run(
        [*command, *(path for path, _ in pages.values())],
        env=os.environ | {"DATABASE_URL": BENCH.url(database), "PYTHONPATH": str(settings.BASE_DIR)},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        fault = done.stderr.strip().splitlines()[-1]
        return [sum_up(f"{size:,} stored: what pages cost", 1, [Run(0, faults=(fault,))])]
    costs = json.loads(done.stdout.splitlines()[-1])
    Path(settings.BASE_DIR, ".leadping", f"page-costs-{size}.json").write_text(json.dumps(costs, indent=2))
    return [
        sum_up(
            f"{size:,} stored: {what}: CPU, database ({costs[path]['queries']} queries)",
            1,
            [Run(1000 / costs[path]["cpu"], p50=costs[path]["cpu"], p95=costs[path]["database"])],
        )
        for what, (path, _) in pages.items()
    ]


def pages_of(database: str) -> dict[str, tuple[str, str]]:
    """The path of each, and what its page says."""
    source = ask(database, WATCHED)
    own = f"/console/sources/source/{source}"
    return {
        "first page": ("/console/", "What came in"),
        "first page, 24 hours": ("/console/?span=24h", "24 hours"),
        "first page, 7 days by hours": ("/console/?span=7d-hours", "by hours"),
        "first page, 90 days": ("/console/?span=90d", "90 days"),
        "a source": (f"{own}/watch/", "Watched 1"),
        "a source, 7 days by hours": (f"{own}/watch/?span=7d-hours", "Watched 1"),
        "a source, 90 days": (f"{own}/watch/?span=90d", "Watched 1"),
        "sources side by side": (LISTS, "Watched"),
        "sources, 24 hours": (f"{LISTS}?span=24h", "Watched"),
        "sources, 30 days": (f"{LISTS}?span=30d", "Watched"),
        "sources, 90 days": (f"{LISTS}?span=90d", "Watched"),
        "sources, 90 days, page 50": (f"{LISTS}?span=90d&p=50", "Watched"),
        "CSV of a chart": (f"{own}/watch_export/?chart=refusals&span=90d", "day from"),
        "CSV of a business": (f"{FILES}?chart=outcomes&span=90d", "day from"),
        "CSV of all sources": (f"{FILES}?chart=sources&span=7d", "source id"),
        "CSV of all sources, 90 days": (f"{FILES}?chart=sources&span=90d", "source id"),
    }


def read(product: Product, person: Headers, page: tuple[str, str], pace: Pace) -> Run:
    path, expected = page
    answer = requests.get(product.address + path, headers=person, allow_redirects=False, timeout=30)
    faults = () if expected in answer.text else (f"{path} answers {answer.status_code} without {expected}",)
    done = read_paths(product, person, [path], senders=READERS, seconds=max(2, pace.seconds // 2))
    if not done.p95:
        faults = (*faults, f"{path} was not answered in time once")
    return replace(done, faults=(*done.faults, *faults))


def sign_in_for_long() -> Headers:
    """As somebody who gave the password just now, for as long as the filling takes: files need it."""
    client = Client()
    user = User.objects.get(email=USER)
    client.force_login(user)
    session = client.session
    session["account_authentication_methods_user"] = str(user.pk)
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() + 6 * 3600}]
    session.save()
    return {"Cookie": "; ".join(f"{name}={cookie.value}" for name, cookie in client.cookies.items())}
