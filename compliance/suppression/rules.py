"""What intake says of a suppressed contact. Pure."""

from leadping.verdicts import Effect, Verdict, failed, passed

CODE = "contact_suppressed"


def judge_suppressed(suppressed: bool, *, effect: Effect) -> Verdict:
    """Neither which of the contacts it is, nor since when or why: that is the person's business and ours."""
    if not suppressed:
        return passed(CODE)
    return failed(
        CODE,
        "This person is not to be contacted by us.",
        hint="Do not send this person again, unless they ask for it anew with us.",
        effect=effect,
    )
