"""The parameters of a list, read as strictly as a body: all faults at once, each by its name."""

from collections.abc import Collection, Iterator
from difflib import get_close_matches

from django.http import QueryDict
from rest_framework.request import Request

from leadping.paging import MOST, USUAL_SIZE, Cursor
from leadping.problems import PARAMETER_INVALID
from leadping.verdicts import Verdict, failed

CURSOR = "cursor"
SIZE = "pageSize"


def judge_names(query: QueryDict, names: Collection[str]) -> Iterator[Verdict]:
    for name, values in query.lists():
        if name not in names:
            yield unknown(name, names)
        elif len(set(values)) > 1:
            yield fault(name, "This is given twice with different values.")
        elif not values[0].strip():
            # To ignore it would answer with all rows where somebody meant a few.
            yield fault(name, "This is empty.", "Leave the parameter out.")


def unknown(name: str, names: Collection[str]) -> Verdict:
    near = get_close_matches(name.lower(), {known.lower(): known for known in names}, n=1)
    meant = next((known for known in names if [known.lower()] == near), None)
    hint = f"Did you mean {meant}?" if meant else f"There are {', '.join(names)}."
    return fault(name, "There is no such parameter.", hint)


def judge_place(query: QueryDict, rows: str) -> Iterator[Verdict]:
    """`rows` is what the list holds, in the plural."""
    if query.get(CURSOR) and read_cursor(query) is None:
        yield fault(CURSOR, "This is not a cursor that we gave.", "Follow `next` and `previous`.")
    if not is_size(size_text(query)):
        yield fault(SIZE, f"A page has 1 to {MOST} {rows}.")


def read_cursor(query: QueryDict) -> Cursor | None:
    return Cursor.read(query.get(CURSOR, ""))


def size_text(query: QueryDict) -> str:
    return query.get(SIZE, "") or str(USUAL_SIZE)


def is_size(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= MOST


def fault(name: str, message: str, hint: str | None = None) -> Verdict:
    return failed(PARAMETER_INVALID.code, message, field=name, hint=hint)


def address_beside(request: Request, cursor: Cursor | None) -> str | None:
    """This list's address with another cursor."""
    if cursor is None:
        return None
    query = request.query_params.copy()
    query[CURSOR] = str(cursor)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
