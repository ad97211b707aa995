"""Having submissions judged again: one, those chosen in a list, or all of a source that match."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from hashlib import sha256
from itertools import groupby
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone

from leadping.accounts.roles import Deed
from leadping.console.display import listed
from leadping.console.reach import person, reach
from leadping.console.reasons import ReasonForm, reason_field
from leadping.console.scoped import ScopedAdmin, screen_of
from leadping.console.steps import Preview, ask_first, entered, leave
from leads.console.display import say_last
from leads.console.traffic import REFUSAL_CODES, rank
from leads.models import Rejudgement, Submission
from leads.pages.wording import OUTCOMES, title_of
from leads.rejudging.asking import ask_many
from leads.rejudging.attempt import NotAgainError
from leads.rejudging.foresight import Foreseen, Group, foresee, group
from leads.rejudging.many import JUDGEABLE, MOST, matching
from leads.rejudging.verbs import judge_again
from sources.models import Source

DAYS = (1, 7, 30, 90)
KEEPS = "The old answer stays on record; the new one stands beside it, with your name and reason."
MOMENTS = (
    "Schedule and sender's address are judged as when it came; approval, pause, disputes, caps and "
    "duplicates as they are now."
)
BILLED = "TrustedForm is asked where it says so below, which is billed, and may say otherwise."

SOMEBODY_ELSE = (
    "Nobody passes over failed evidence alone: have somebody else judge again, who goes by what is in force "
    "now, or ask a second person in the audit queue to confirm what stays held."
)


def one(screen: ScopedAdmin, request: HttpRequest, submission: Submission) -> HttpResponse:
    form = ReasonForm(entered(request))
    (foreseen,) = foresee([submission], by=person(request).public_id, now=timezone.now())

    def act() -> HttpResponse:
        reason, by = form.cleaned_data["reason"], person(request).public_id
        new = judge_again(submission, by=by, reason=reason, now=timezone.now())
        worded = OUTCOMES[Submission.Outcome(new.outcome)].text.lower()
        return leave(request, f"It was judged again: {worded}.", screen.address(new))

    preview = Preview(
        "Judge it again",
        "Judge it again",
        [KEEPS, MOMENTS, *([BILLED] if foreseen.asks else []), *say_own([foreseen])],
        rows=[say_group(one) for one in group([foreseen])],
    )
    return ask_first(screen, request, form, preview, act=act, back=screen.address(submission), obj=submission)


def chosen(screen: ScopedAdmin, request: HttpRequest, found: QuerySet[Submission]) -> HttpResponse:
    """The list posts here twice: first what was chosen, then the same with a reason."""
    own = found.filter(business_id__in=reach(request, Deed.DECIDE_HELD))
    submissions = list(own.select_related("lead", "source").order_by("id")[: MOST + 1])
    if len(submissions) > MOST:
        messages.error(request, f"At most {MOST:,} are judged again at once; choose fewer.")
        return redirect(screen.list_address())
    form = ReasonForm(request.POST if "reason" in request.POST else None)
    foreseen = foresee(submissions, by=person(request).public_id, now=timezone.now())
    hidden = [
        ("action", "judge_again"),
        *((ACTION_CHECKBOX_NAME, str(submission.pk)) for submission in submissions),
    ]
    return ask_first(
        screen,
        request,
        form,
        preview_of(foreseen),
        act=lambda: start(screen, request, foreseen, form.cleaned_data["reason"]),
        back=screen.list_address(),
        hidden=hidden,
    )


class MatchingForm(forms.Form):
    """Which of the source's. Without a reason it only shows what would come of them."""

    code = forms.ChoiceField(label="Stopped for", required=False, help_text="The check that failed.")
    days = forms.TypedChoiceField(
        label="Came in",
        coerce=int,
        choices=[(days, say_last(days)) for days in DAYS],
        initial=7,
        help_text="Refused bodies are deleted after a while; what has no body cannot be judged again.",
    )
    reason = reason_field(
        required=False,
        help_text="Leave it empty to see first what would come of it. Kept for good with your name.",
    )


def all_that_match(screen: ScopedAdmin, request: HttpRequest, source: Source) -> HttpResponse:
    """Sent without a reason, or when others match by now, it shows what would come of it."""
    form = matching_form(source, entered(request))
    preview, foreseen = first_preview(), list[Foreseen]()
    hidden: list[tuple[str, str]] = []
    if form.is_bound and form.is_valid():
        foreseen, more = find_matching(
            source, form.cleaned_data["code"], form.cleaned_data["days"], by=person(request).public_id
        )
        preview, seen = preview_of(foreseen, more=more), digest_of(foreseen)
        hidden = [("seen", seen)]
        if not form.cleaned_data["reason"].strip():
            # Shown again with what would come of it, and nothing is at fault.
            form = matching_form(source, initial=form.cleaned_data)
        elif foreseen and request.POST.get("seen") != seen:
            form.add_error(None, "Others match than you were shown. Look again, then send it once more.")
    return ask_first(
        screen,
        request,
        form,
        preview,
        act=lambda: start(screen, request, foreseen, form.cleaned_data["reason"]),
        back=screen.address(source),
        obj=source,
        hidden=hidden,
    )


def matching_form(source: Source, sent: QueryDict | None = None, **options: Any) -> MatchingForm:
    form = MatchingForm(sent, **options)
    form.fields["code"].choices = codes_of(source)  # type: ignore[attr-defined]
    return form


def digest_of(foreseen: Sequence[Foreseen]) -> str:
    """Of what a page showed, so that nothing else is judged."""
    return sha256("".join(str(one.submission.pk) for one in foreseen).encode()).hexdigest()


def first_preview() -> Preview:
    return Preview("Judge again", "See what would come of it", [KEEPS, MOMENTS])


def codes_of(source: Source) -> list[tuple[str, str]]:
    """Those that refused or held something lately, the most frequent first."""
    recent = Submission.objects.filter(source=source, outcome__in=JUDGEABLE).order_by("-id")[:MOST]
    refusals = recent.values_list(REFUSAL_CODES, flat=True)
    held = (
        codes
        for outcome, codes in recent.values_list("outcome", "codes")
        if outcome == Submission.Outcome.AUDIT
    )
    ranked = rank([*refusals, *held])
    return [("", "anything"), *((code, f"{title_of(code)} ({count})") for code, count in ranked)]


def find_matching(source: Source, code: str, days: int, *, by: str) -> tuple[list[Foreseen], bool]:
    """The oldest of them, and whether there are more than can be judged at once."""
    now = timezone.now()
    found = matching(source, code=code, since=now - timedelta(days=days))
    submissions = list(found.select_related("lead", "source")[: MOST + 1])
    return foresee(submissions[:MOST], by=by, now=now), len(submissions) > MOST


def start(
    screen: ScopedAdmin, request: HttpRequest, foreseen: Sequence[Foreseen], reason: str
) -> HttpResponse:
    """One job for each business; the page of the first is shown."""
    by, now = person(request).public_id, timezone.now()
    judged = [one.submission for one in foreseen if not one.left]
    if not judged:
        raise NotAgainError("None of them can be judged again; the reasons stand above.")
    rows = [
        ask_many(submissions, by=by, reason=reason, now=now) for submissions in by_business(judged).values()
    ]
    return redirect(screen_of(screen, Rejudgement).address(rows[0]))


def by_business(submissions: Iterable[Submission]) -> dict[UUID, list[Submission]]:
    in_order = sorted(submissions, key=lambda one: (one.business_id, one.pk))
    return {key: list(members) for key, members in groupby(in_order, key=lambda one: one.business_id)}


def preview_of(foreseen: Sequence[Foreseen], *, more: bool = False) -> Preview:
    able = sum(not one.left for one in foreseen)
    sentences = [KEEPS, MOMENTS]
    if any(one.asks for one in foreseen):
        sentences.append(BILLED)
    sentences += say_own(foreseen)
    if more:
        sentences.append(f"There are more than {MOST:,}; these are the oldest. Come back for the others.")
    if not foreseen:
        sentences = ["Nothing refused or held matches that was not judged again already."]
    return Preview(
        f"Judge {able} submission{'s' if able != 1 else ''} again",
        "Judge again",
        sentences,
        rows=[say_group(one) for one in group(foreseen)],
    )


def say_own(foreseen: Iterable[Foreseen]) -> list[str]:
    """What the person loosened themselves, and who can judge by it."""
    said = list(dict.fromkeys(one.own for one in foreseen if one.own))
    return [*said, SOMEBODY_ELSE] if said else []


def say_group(found: Group) -> str:
    before = OUTCOMES[found.before].text.lower()
    if found.left or found.after is None:
        return f"{found.count} {before}, left as they are: {found.left}"
    after = OUTCOMES[found.after].text.lower()
    codes = f" for {listed(map(title_of, found.codes))}" if found.codes else ""
    asks = ", if TrustedForm says yes, which would be asked" if found.asks else ""
    return f"{found.count} {before} → {after}{codes}{asks}"
