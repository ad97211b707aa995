"""The floor: what the same PostgreSQL does with the very statement of intake when no product is around it."""

import re
import subprocess

from conversations.models import Conversation
from leadping.embedded_postgres import BENCH, program
from leadping.models import Event
from leads.intake.statement import insert_text, own_columns
from leads.models import Lead, Submission
from sources.models import Source
from tests.bench.database import ask
from tests.bench.figures import Run
from tests.bench.load import AREA_CODES, LEADS, THREADS
from tests.bench.typical import Model, TypicalLead

# In the order of intake, for a lead whose certificate is waived.
TABLES: tuple[Model, ...] = (Conversation, Lead, Event, Submission)
GUARD = "SELECT id FROM sources_source"

# As in leads.lua.
NUMBER = r"""
\set turn :turn + 1
\set number :area * 10000000 + 2000000 + (:client_id * 200000 + :turn) * 1234577 % 8000000
"""
# The server makes the ids, in place of the product.
MADE = """
    SELECT id, lead_id, :number::text AS number, 'lead_' || left(lead_id::text, 26) AS subject
    FROM (SELECT uuidv7() AS lead_id OFFSET 0) AS made, sources_source
"""
OWN_EXPRESSIONS: dict[tuple[Model, str], str] = {
    (Lead, "id"): "lead_id",
    (Submission, "lead_id"): "lead_id",
    (Submission, "replay_token"): "sha256(number::bytea)",
    (Conversation, "id"): "uuidv7()",
    (Event, "id"): "uuidv7()",
    (Submission, "id"): "uuidv7()",
}


def run_floor(database: str, like: TypicalLead, *, senders: int, seconds: int) -> Run:
    """Leads a second that pgbench stores, prepared, in one round trip each."""
    before = ask(database, LEADS)
    script = NUMBER + statement(like) + ";\n"
    options = ["--no-vacuum", "--protocol=prepared", f"--client={senders}", f"--jobs={THREADS}"]
    options += [f"--time={seconds}", f"--define=area={next(AREA_CODES)}", "--define=turn=0", "--file=-"]
    command = [str(program("pgbench")), *options, BENCH.url(database)]
    done = subprocess.run(command, input=script, capture_output=True, text=True, check=True)
    stored = int(find(r"actually processed: (\d+)", done.stdout))
    grown = ask(database, LEADS) - before
    faults = () if grown == stored else (f"{stored:,} transactions, but {grown:,} leads",)
    return Run(float(find(r"tps = ([\d.]+)", done.stdout)), faults=faults)


def find(pattern: str, output: str) -> str:
    found = re.search(pattern, output)
    assert found, output
    return found[1]


def statement(like: TypicalLead) -> str:
    """Intake's own, on one line, with the values of the typical lead in place of its parameters."""
    values = [like.expression(Source, "id"), like.expression(Source, "version")]
    for place, column in own_columns(TABLES):
        model = TABLES[place]
        values.append(OWN_EXPRESSIONS.get((model, column)) or f"({like.expression(model, column)})")
    text = insert_text(TABLES).replace(GUARD, " ".join(MADE.split()))
    return re.sub(r"\$(\d+)", lambda place: values[int(place[1]) - 1], text)
