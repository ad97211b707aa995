"""Whatever is done by somebody says why: each verb takes a reason."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("leadping", "sources", "compliance", "conversations", "leads")

# Verbs that ask for none, and what says enough in its place.
WITHOUT: dict[str, str] = {
    "decide": "the form of a decision, which holds it",
    "revoke_invitations_of": "a sentence of its own: who made them may no longer invite",
    "verify_and_record": "the log is looked at, and nothing changed",
    "ask_terms": "a what-if changes nothing",
    "ask_settings": "a what-if changes nothing",
    "start_check": "the check of a file changes nothing",
    "upload_file": "a file is not imported yet; importing it asks",
    "record_complaint": "its details, in the words of who complains",
    "note_disputed": "a sentence of its own: whether a complaint is open",
    "settle_source": "what follows from a complaint's own reason",
    "make_dossier": "a copy is taken, and nothing changed",
    "suppress": "its note, and where it comes from",
    "hear_opt_out": "the person's own words",
    "keep_from_contact": "the complaint's details",
    "leave_audit": "that of the verb it is a part of",
    "lapse_when_changed": "a sentence of its own: the lead is held for something else",
    "erase_found": "that of the erasure it is a part of",
    "give_up": "that of the erasure it is a part of",
    "foresee": "a preview changes nothing",
    "foresee_one": "a preview changes nothing",
    "demand_too": "its origin, and what it is about",
    "signing_key": "a sentence of its own: it was not there yet",
}


def verbs() -> Iterator[tuple[str, set[str]]]:
    """Functions to which somebody's deed and its moment are handed, with all of their parameters."""
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.FunctionDef):
                    names = {given.arg for given in [*node.args.args, *node.args.kwonlyargs]}
                    if {"by", "now"} <= names and not node.args.kwarg:
                        yield node.name, names


def test_each_verb_takes_a_reason() -> None:
    assert {name for name, parameters in verbs() if "reason" not in parameters} == WITHOUT.keys()
