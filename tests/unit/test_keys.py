"""The shape of the keys that we hand out."""

from hashlib import sha256

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from leadping.keys import (
    API_KEY,
    API_SECRET,
    BASE62,
    USER_TOKEN,
    checksum,
    completed,
    find_keys,
    generate,
    matches,
    read_prefix,
)

KEY = generate(API_KEY)


@pytest.mark.parametrize("kind", [API_KEY, API_SECRET, USER_TOKEN])
def test_a_key_says_its_kind_and_its_prefix(kind: str) -> None:
    key = generate(kind)
    assert key.text.startswith(f"{kind}_{key.prefix}_")
    assert read_prefix(kind, key.text) == key.prefix


def test_key_and_secret_of_one_credential_share_a_prefix() -> None:
    assert generate(API_SECRET, "AbCd0123").text.startswith("lps_AbCd0123_")


def test_of_a_key_its_sha_256_is_kept() -> None:
    assert KEY.hash == sha256(KEY.text.encode()).digest()


def test_no_two_keys_are_alike() -> None:
    assert len({generate(API_KEY).text for _ in range(1_000)}) == 1_000


@pytest.mark.parametrize("kind", [API_SECRET, USER_TOKEN, "", "LP"])
def test_a_key_of_another_kind_is_not_read(kind: str) -> None:
    assert read_prefix(kind, KEY.text) is None


@given(st.integers(0, len(KEY.text) - 1), st.sampled_from(BASE62 + "_-é\x00"))
def test_each_single_typo_is_caught(position: int, typed: str) -> None:
    assume(KEY.text[position] != typed)
    mistyped = KEY.text[:position] + typed + KEY.text[position + 1 :]
    assert read_prefix(API_KEY, mistyped) is None


@given(st.integers(0, len(KEY.text) - 2))
def test_each_swap_of_neighbours_is_caught(position: int) -> None:
    left, right = KEY.text[position], KEY.text[position + 1]
    assume(left != right)
    swapped = KEY.text[:position] + right + left + KEY.text[position + 2 :]
    assert read_prefix(API_KEY, swapped) is None


@pytest.mark.parametrize("pattern", ["", "lp", "lp_", "{:.49}", "{}0", " {}", "{} "])
def test_what_is_not_whole_is_not_read(pattern: str) -> None:
    assert read_prefix(API_KEY, pattern.format(KEY.text)) is None


@given(st.text())
def test_no_text_makes_it_raise(text: str) -> None:
    assert read_prefix(API_KEY, text) is None
    assert read_prefix(API_KEY, f"lp_{text}") is None


@pytest.mark.parametrize("prefix", ["\x00AAAAAAA", "AAAA AAA", "AAAA'AAA", "%AAAAAAA"])
def test_a_forged_checksum_does_not_let_other_characters_in(prefix: str) -> None:
    body = f"lp_{prefix}_{'0' * 32}"
    assert read_prefix(API_KEY, body + checksum(body)) is None


def test_case_matters() -> None:
    assert read_prefix(API_KEY, KEY.text.swapcase()) is None


def test_only_the_key_itself_matches_what_is_kept() -> None:
    assert matches(KEY.text, KEY.hash)
    assert matches(KEY.text, memoryview(KEY.hash))
    assert not matches(KEY.text[:-1], KEY.hash)
    assert not matches("", KEY.hash)


@pytest.mark.parametrize("kind", [API_KEY, API_SECRET])
@pytest.mark.parametrize("around", ["{}", "key={}&x=1", "%3D{}", "a{}b", "https://example.com/?k={},{}"])
def test_our_keys_are_found_in_the_middle_of_other_text(kind: str, around: str) -> None:
    key = generate(kind)
    assert {completed(found) for found in find_keys(around.format(key.text, key.text))} == {key}


def test_a_user_token_is_no_key_of_a_source() -> None:
    assert find_keys(generate(USER_TOKEN).text) == []
