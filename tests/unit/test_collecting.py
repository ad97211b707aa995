"""Looking over memory seldom while a job runs."""

import gc

from leadping.collecting import SELDOM, collecting_seldom


def test_jobs_that_overlap_leave_it_as_it_was() -> None:
    usual = gc.get_threshold()
    first, second = collecting_seldom(), collecting_seldom()
    first.__enter__()
    second.__enter__()
    assert gc.get_threshold() == SELDOM
    first.__exit__(None, None, None)
    second.__exit__(None, None, None)
    assert gc.get_threshold() == usual
