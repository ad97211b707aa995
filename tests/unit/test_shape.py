"""The shape of the house: what may know what."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import ForeignKey, ManyToManyField, Model, OneToOneField

ROOT = Path(__file__).resolve().parents[2]
# Higher rooms may point at lower ones; compliance and sources stand side by side.
FLOORS = {"leadping": 0, "sources": 1, "compliance": 1, "conversations": 2, "leads": 3}
FOLDERS = {"leadping", "sources", "leads", "compliance", "conversations", "templates", "static", "tests"}
FILES = {"manage.py", "pyproject.toml", "README.md", "Makefile", "requirements.txt", "LICENSE"}
FORBIDDEN_NAMES = {"utils", "helpers", "services", "common", "misc"}


def code_files() -> list[Path]:
    """All Python files of ours, seen from the top."""
    found = (path.relative_to(ROOT) for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
    return [path for path in found if "migrations" not in path.parts]


def test_imports_only_go_down_and_never_in_a_circle() -> None:
    linted = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert linted.returncode == 0, linted.stdout


def room_of(model: type[Model]) -> str:
    return model.__module__.partition(".")[0]


def our_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if room_of(model) in FLOORS]


def foreign_keys() -> Iterator[tuple[str, type[Model], type[Model]]]:
    """Each foreign key between rows of ours: its name, its model and the one it points at."""
    for model in our_models():
        for field in model._meta.get_fields():
            if (
                not isinstance(field, ForeignKey | OneToOneField | ManyToManyField)
                or field.model is not model
            ):
                continue
            if isinstance(target := field.related_model, type) and room_of(target) in FLOORS:
                yield f"{model.__name__}.{field.name}", model, target


def test_foreign_keys_only_point_down() -> None:
    climbing = {
        name: f"{room_of(model)} -> {room_of(target)}"
        for name, model, target in foreign_keys()
        if room_of(model) != room_of(target) and FLOORS[room_of(target)] >= FLOORS[room_of(model)]
    }
    assert climbing == {}


def test_the_walk_over_the_foreign_keys_sees_them() -> None:
    assert {"Lead.source", "Submission.lead", "Source.account"} <= {name for name, _, _ in foreign_keys()}


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model.__name__)
def test_nothing_is_hidden_in_saving(model: type[Model]) -> None:
    """No save() of our own; what happens is written where it is done."""
    overridden = [
        name
        for kind in model.__mro__
        if kind.__module__.partition(".")[0] in FLOORS
        for name in ("save", "delete", "clean", "full_clean")
        if name in vars(kind)
    ]
    assert overridden == []


def test_the_top_level_is_exactly_the_house() -> None:
    top = {path.name: path.is_dir() for path in ROOT.iterdir() if not path.name.startswith((".", "__"))}
    assert {name for name, is_folder in top.items() if is_folder} == FOLDERS
    assert {name for name, is_folder in top.items() if not is_folder} == FILES


def test_nothing_is_named_for_nothing() -> None:
    named = [path for path in code_files() if FORBIDDEN_NAMES & {*path.parts, path.stem}]
    assert named == []


def test_no_file_of_the_product_is_longer_than_three_hundred_lines() -> None:
    product = [path for path in code_files() if path.parts[0] != "tests"]
    assert [path for path in product if len((ROOT / path).read_text().splitlines()) > 300] == []
