"""Samples that run as they stand, in a shell or a program that finds the key in SOURCE_KEY. Pure.

Each sends a dry run, so that whoever tries it makes no lead; the line to remove is named beside it.
"""

import shlex
from pprint import pformat
from string import Template

from leads.intake.envelope import JSON, LINES
from leads.posting.facts import Facts
from leads.posting.samples import Lead, pretty

PYTHON = Template('''\
import json
import os
import time
import urllib.error
import urllib.request
import uuid

ADDRESS = $address
HEADERS = {
    "X-Leadping-Source-Id": $source,
    "X-Leadping-Source-Key": os.environ["SOURCE_KEY"],
    "Content-Type": "application/json",
    "Leadping-Dry-Run": "true",  # remove this line to send real leads
}
LEAD = $lead


def post(lead, idempotency_key):
    """Status and answer. What is safe to send again is sent again, with the same key."""
    headers = {**HEADERS, "Idempotency-Key": idempotency_key}
    body = json.dumps(lead).encode()
    for wait in (1, 5, 30, None):
        try:
            request = urllib.request.Request(ADDRESS, body, headers)
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            later = int(error.headers.get("Retry-After", wait or 0))
            if error.code not in (429, 500, 502, 503, 504) or wait is None or later > 60:
                return error.code, json.load(error)
            time.sleep(later)
        except OSError:
            if wait is None:
                raise
            time.sleep(wait)


status, answer = post(LEAD, str(uuid.uuid4()))
print(status, json.dumps(answer, indent=2))
''')

JAVASCRIPT = Template("""\
const ADDRESS = $address;
const HEADERS = {
  "X-Leadping-Source-Id": $source,
  "X-Leadping-Source-Key": process.env.SOURCE_KEY,
  "Content-Type": "application/json",
  "Leadping-Dry-Run": "true", // remove this line to send real leads
};
const LEAD = $lead;

// Status and answer. What is safe to send again is sent again, with the same key.
async function post(lead, idempotencyKey) {
  const headers = { ...HEADERS, "Idempotency-Key": idempotencyKey };
  const body = JSON.stringify(lead);
  for (const wait of [1, 5, 30, null]) {
    let later = wait;
    try {
      const answer = await fetch(ADDRESS, { method: "POST", headers, body });
      later = Number(answer.headers.get("Retry-After") ?? wait);
      if (![429, 500, 502, 503, 504].includes(answer.status) || wait === null || later > 60) {
        return [answer.status, await answer.json()];
      }
    } catch (error) {
      if (wait === null) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, later * 1000));
  }
}

const [status, answer] = await post(LEAD, crypto.randomUUID());
console.log(status, JSON.stringify(answer, null, 2));
""")


def python(facts: Facts, lead: Lead) -> str:
    return PYTHON.substitute(
        address=pformat(f"{facts.address}/leads/intake"),
        source=pformat(facts.source.public_id),
        lead=python_literal(lead),
    )


def python_literal(lead: Lead) -> str:
    lines = "".join(f"    {name!r}: {pformat(value, sort_dicts=False)},\n" for name, value in lead.items())
    return f"{{\n{lines}}}"


def javascript(facts: Facts, lead: Lead) -> str:
    return JAVASCRIPT.substitute(
        address=pretty(f"{facts.address}/leads/intake"),
        source=pretty(facts.source.public_id),
        lead=pretty(lead),
    )


def post(facts: Facts, path: str, lead: Lead) -> str:
    return curl(facts, path, *send(JSON), f"-d {shlex.quote(pretty(lead))}")


def post_many(facts: Facts, lines: str) -> str:
    return curl(facts, "/leads/batch", *send(LINES), f"--data-binary {shlex.quote(lines)}")


def send(content_type: str) -> tuple[str, ...]:
    return (f"-H 'Content-Type: {content_type}'", "-H 'Leadping-Dry-Run: true'")


def read_source(facts: Facts) -> str:
    return curl(facts, "/source")


def read_submission(facts: Facts, public_id: str) -> str:
    return curl(facts, f"/submissions/{public_id}")


def curl(facts: Facts, path: str, *options: str) -> str:
    lines = [
        f"curl -sS {shlex.quote(facts.address + path)}",
        f"-H 'X-Leadping-Source-Id: {facts.source.public_id}'",
        '-H "X-Leadping-Source-Key: $SOURCE_KEY"',
        *options,
    ]
    return " \\\n  ".join(lines)
