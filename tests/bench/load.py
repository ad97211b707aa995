"""Load on the product: wrk in closed loop, each sender posting again as soon as it is answered."""

import itertools
import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import requests

from leadping.run.samples import PEOPLE, sample_leads
from tests.bench.database import ask
from tests.bench.figures import Run
from tests.bench.product import Product

SCRIPTS = Path(__file__).parent
THREADS = 2
# Seconds from the last request to the end, in which the last answers arrive; see pace.lua.
LINGER = 1
# One by one, each on a connection of its own, so that each process of the web server gets some.
WARM_UP_ALONE = 10
WARM_UP_SENDERS = 32
WARM_UP_LEADS = 320

# One for each run, so that no two send the same lead. None of the stored leads has one of them.
AREA_CODES = itertools.cycle([line.split("|")[2] for line in PEOPLE.strip().splitlines()])
FIRST_LOCAL_NUMBER = 2_000_000
CERTIFICATE = "https://cert.trustedform.com/{id}-{{number}}"

# What an answer leaves behind, as a query that counts it.
LEADS = "SELECT count(*) FROM leads_lead"
REFUSALS = "SELECT count(*) FROM leads_submission WHERE outcome = 'refused'"
STRANGERS = "SELECT coalesce(sum(count), 0) FROM leadping_event WHERE kind = 'authentication.failed'"


@dataclass(frozen=True, slots=True)
class Tally:
    """What wrk counted: all answers, those that were not 2xx, connections that broke, answers after 10 s;
    and the milliseconds that answers took."""

    answers: int
    failures: int
    breaks: int
    late: int
    p50: float
    p95: float
    p99: float
    longest: float


def lead_body(certificate: str = "", **fields: str) -> str:
    """A lead as a well-kept form sends it, with "{number}" for ten digits that make it one of its own.

    `certificate` is the beginning of the certificate's id, by which the sandbox chooses its answer.
    """
    own = {"email": "maria.{number}@example.com", "phone": "+1{number}", "externalId": "bench-{number}"}
    lead = next(sample_leads()) | own | fields | {"trustedFormUrl": CERTIFICATE.format(id=certificate)}
    if not certificate:
        del lead["trustedFormUrl"]
    return json.dumps(lead)


def post_leads(
    product: Product,
    headers: Mapping[str, str],
    body: str,
    *,
    senders: int,
    seconds: int,
    linger: int = LINGER,
    evidence: str = LEADS,
) -> Run:
    """To the flat door as JSON. The count of `evidence` must grow by one for each answer."""
    before = ask(product.database, evidence)
    tally = run_wrk(
        "leads.lua",
        [next(AREA_CODES), body],
        url=f"{product.address}/leads/intake",
        headers={**headers, "Content-Type": "application/json"},
        senders=senders,
        seconds=seconds,
        linger=linger,
    )
    grown = ask(product.database, evidence) - before
    faults = find_faults(tally, expected_failures=0 if evidence is LEADS else tally.answers)
    if grown != tally.answers:
        faults.append(f"{tally.answers:,} answers, but {grown:,} of them in the database")
    return as_run(tally, senders=senders, seconds=seconds, faults=faults)


def read_paths(
    product: Product, headers: Mapping[str, str], paths: Sequence[str], *, senders: int, seconds: int
) -> Run:
    tally = run_wrk(
        "paths.lua", paths, url=product.address, headers=headers, senders=senders, seconds=seconds
    )
    return as_run(tally, senders=senders, seconds=seconds, faults=find_faults(tally))


def warm_up(product: Product, headers: Mapping[str, str], body: str) -> None:
    """Leads that nobody counts: the first few load what is loaded on demand, the others open connections."""
    area = next(AREA_CODES)

    def post(turn: int) -> None:
        lead = body.replace("{number}", f"{area}{FIRST_LOCAL_NUMBER + turn}").encode()
        json_headers = {**headers, "Content-Type": "application/json"}
        requests.post(f"{product.address}/leads/intake", lead, headers=json_headers, timeout=10)

    for turn in range(WARM_UP_ALONE):
        post(turn)
    with ThreadPoolExecutor(WARM_UP_SENDERS) as pool:
        list(pool.map(post, range(WARM_UP_ALONE, WARM_UP_LEADS)))


def find_faults(tally: Tally, *, expected_failures: int = 0) -> list[str]:
    faults = []
    if tally.failures != expected_failures:
        faults.append(f"{tally.failures:,} of {tally.answers:,} answers were not 2xx")
    if tally.breaks:
        faults.append(f"{tally.breaks:,} connections broke")
    if tally.late:
        faults.append(f"{tally.late:,} answers took over 10 s")
    return faults


def as_run(tally: Tally, *, senders: int, seconds: int, faults: Sequence[str]) -> Run:
    # Every sender was waiting for one more answer when the time was up.
    rate = max(0, tally.answers - senders) / seconds
    return Run(rate, tally.p50, tally.p95, tally.p99, faults=tuple(faults), longest=tally.longest)


def run_wrk(
    script: str,
    words: Sequence[str],
    *,
    url: str,
    headers: Mapping[str, str],
    senders: int,
    seconds: int,
    linger: int = LINGER,
) -> Tally:
    command = [
        "wrk",
        f"--threads={THREADS}",
        f"--connections={senders}",
        f"--duration={seconds + linger}s",
        "--timeout=10s",
        f"--script={SCRIPTS / script}",
        *(f"--header={name}: {value}" for name, value in headers.items()),
        url,
        "--",
        str(seconds),
        *words,
    ]
    environment = {**os.environ, "LUA_PATH": f"{SCRIPTS}/?.lua"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return Tally(**json.loads(done.stdout.splitlines()[-1]))
