"""One that fails keeps no other from its turn."""

from leadping.one_by_one import one_by_one


def test_whoever_comes_after_a_failure_is_done_all_the_same() -> None:
    assert one_by_one([1, 0, 2], lambda number: 2 // number, otherwise="not divided") == 3
