"""Rows that many tests of a file begin with: brought about once, and found untouched by each of them.

What fixtures marked `prepared` make lies in transactions inside each other, which stay open from one test to
the next. A test runs in a savepoint on top of those that it asks for and gets copies of the objects, so
whatever it does to rows and objects is gone with it. A test that commits finds none of this: its rows are
made for it alone.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.db import connection
from django.db.transaction import Atomic, atomic, set_rollback
from pytest_django.fixtures import validate_django_db

Make = Callable[..., Any]

# What a prepared fixture may ask for besides others that are prepared, for it is the same in each test.
STEADY = {"sandbox", "sandbox_url"}
COMMITTING = {"transactional_db", "live_server"}


@dataclass(frozen=True)
class Layer:
    file: Path
    make: Make
    transaction: Atomic
    made: Any


# By the fixture that pytest knows; in the order of their definition, so each after those that it needs.
PREPARED: dict[Any, Make] = {}
# Those whose rows are in the database now, each in a transaction inside that of the one before.
LAYERS: list[Layer] = []
# For the test that runs.
COPIES: dict[Make, Any] = {}


def prepared(make: Make) -> Any:
    """A fixture whose rows are made once for all tests that follow each other and want the same."""

    def given(db: None, **needed: Any) -> Any:
        return COPIES[make] if make in COPIES else make(**needed)

    given.__doc__ = make.__doc__
    database, _ = inspect.signature(given).parameters.values()
    given.__signature__ = inspect.Signature([database, *needs(make).values()])  # type: ignore[attr-defined]
    fixture = pytest.fixture(given, name=make.__name__)
    PREPARED[fixture] = make
    return fixture


def needs(make: Make) -> Mapping[str, inspect.Parameter]:
    return inspect.signature(make).parameters


def wanted_by(item: pytest.Item) -> list[Make]:
    """What is to be prepared for this test, in the order of making."""
    if commits(item):
        return []
    places = (getattr(item, "module", None), sys.modules["tests.conftest"])
    asked = {found(name, places): name for name in getattr(item, "fixturenames", [])}
    known = set(STEADY)
    chosen = []
    for fixture, make in PREPARED.items():
        if fixture in asked and known.issuperset(needs(make)):
            known.add(asked[fixture])
            chosen.append(make)
    return chosen


def found(name: str, places: tuple[ModuleType | None, ...]) -> Any:
    """The fixture of this name: that of the test's own file before the common one."""
    return next((getattr(place, name) for place in places if hasattr(place, name)), name)


def commits(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    committing = marker is not None and any(validate_django_db(marker)[:2])
    return committing or not COMMITTING.isdisjoint(getattr(item, "fixturenames", []))


@contextmanager
def standing_on(wanted: list[Make], file: Path, steady: Callable[[str], Any]) -> Iterator[None]:
    """With the rows of these and of no other; `steady` gives what else they need, by name."""
    stays = 0 if connection.closed_in_transaction else common(wanted, file)
    take_away(stays)
    for make in wanted[stays:]:
        add(make, file, steady)
    # In one go, for what they have in common is to be one thing in the copies too.
    copies = deepcopy([layer.made for layer in LAYERS])
    COPIES.update(zip(wanted, copies, strict=True))
    try:
        yield
    finally:
        COPIES.clear()


def common(wanted: list[Make], file: Path) -> int:
    """How many of the layers can stay: from file to file none, lest they grow old."""
    alike = [layer.file == file and layer.make is make for layer, make in zip(LAYERS, wanted, strict=False)]
    return (*alike, False).index(False)


def add(make: Make, file: Path, steady: Callable[[str], Any]) -> None:
    made = {layer.make.__name__: layer.made for layer in LAYERS}
    transaction = atomic()
    # As Django marks those of its own test cases: what may only be outermost may be inside it.
    transaction._from_testcase = True  # type: ignore[attr-defined]
    transaction.__enter__()
    try:
        value = make(**{name: made[name] if name in made else steady(name) for name in needs(make)})
    except BaseException:
        roll_back(transaction)
        raise
    LAYERS.append(Layer(file, make, transaction, value))


def grouped(items: list[pytest.Item]) -> Iterator[pytest.Item]:
    """In each file those that want the same after each other, and otherwise as they were."""
    places = {make: place for place, make in enumerate(PREPARED.values())}
    for _, tests in groupby(items, key=lambda item: item.path):
        yield from sorted(tests, key=lambda item: [places[make] for make in wanted_by(item)])


def take_away(kept: int = 0) -> None:
    """All but the first so many."""
    while len(LAYERS) > kept:
        roll_back(LAYERS.pop().transaction)


def roll_back(transaction: Atomic) -> None:
    set_rollback(True)
    transaction.__exit__(None, None, None)
