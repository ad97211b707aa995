"""A submission and what repeats it: the attempt with which it came, and each time it was judged again."""

from datetime import datetime

from leads.models import Submission


def attempts_before(submission: Submission) -> list[Submission]:
    """The first one first."""
    earlier: list[Submission] = []
    before = submission.repeats_id
    while before:
        earlier.insert(0, Submission.objects.select_related("lead").get(pk=before))
        before = earlier[0].repeats_id
    return earlier


def first_of(submission: Submission) -> Submission:
    """The attempt with which its sender came."""
    return [*attempts_before(submission), submission][0]


def first_came(submission: Submission) -> datetime:
    return first_of(submission).received_at


def attempts_after(submission: Submission) -> list[Submission]:
    later: list[Submission] = []
    newest = submission
    while found := Submission.objects.select_related("lead").filter(repeats=newest).first():
        later.append(found)
        newest = found
    return later


def chain_of(submission: Submission) -> list[Submission]:
    return [*attempts_before(submission), submission, *attempts_after(submission)]


def newest_attempt(submission: Submission) -> Submission:
    return [submission, *attempts_after(submission)][-1]
