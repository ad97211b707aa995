"""Row ids, inside and outside."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadping.ids import new_id, parse_public_id, public_id


def test_a_new_id_is_a_uuid_of_version_7() -> None:
    made = new_id()
    assert (made.version, made.variant) == (7, "specified in RFC 4122")


def test_no_two_ids_are_alike() -> None:
    assert len({new_id() for _ in range(10_000)}) == 10_000


def test_ids_sort_by_age_inside_and_outside(time_machine: object) -> None:
    made = []
    for second in range(5):
        time_machine.move_to(1_800_000_000 + second)  # type: ignore[attr-defined]
        made.append(new_id())
    assert sorted(made) == made
    named = [public_id("lead", row_id) for row_id in made]
    assert sorted(named) == named


@given(st.uuids())
def test_a_public_id_reads_back(row_id: UUID) -> None:
    assert parse_public_id("lead", public_id("lead", row_id)) == row_id


def test_a_public_id_is_26_characters_of_crockfords_base_32() -> None:
    assert public_id("source", UUID(int=(1 << 128) - 1)) == "source_7zzzzzzzzzzzzzzzzzzzzzzzzz"


def test_a_public_id_is_read_in_any_case_and_as_it_is_misread() -> None:
    row_id = UUID(int=(1 << 35) + 1)
    written = public_id("lead", row_id)
    assert parse_public_id("lead", f"  {written.upper()} ") == row_id
    # Crockford: i and l are ones, o is a zero.
    assert parse_public_id("lead", "lead_" + "o" * 18 + "1ooooooi") == row_id


@pytest.mark.parametrize(
    "text",
    [
        "",
        "lead",
        "lead_",
        "lead_0",
        "lead_" + "0" * 25,
        "lead_" + "0" * 27,
        "lead_8" + "0" * 25,  # 2**128
        "lead_" + "z" * 26,
        "lead_" + "u" * 26,
        "sub_" + "0" * 26,
        "lead" + "0" * 26,
        "lead_" + "\u0660" * 26,
        "lead_\x00" + "0" * 25,
        "' OR 1=1 --",
    ],
)
def test_what_is_no_id_of_ours_is_none(text: str) -> None:
    assert parse_public_id("lead", text) is None


@given(st.text())
def test_no_text_makes_it_raise(text: str) -> None:
    assert parse_public_id("lead", text) is None
    assert parse_public_id("lead", f"lead_{text}") is None or len(text.strip()) == 26
