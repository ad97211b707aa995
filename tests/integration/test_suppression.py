"""Suppressing a contact, asking about it, releasing it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from compliance.models import Suppression
from compliance.suppression.contacts import ContactPoint, read_contact
from compliance.suppression.hearing import Heard, hear_opt_out
from compliance.suppression.looking import (
    closed_ways,
    find_suppressed,
    find_suppressions,
    may_contact,
    spans_of,
    was_suppressed,
)
from compliance.suppression.verbs import Suppressed, SuppressionError, release_suppression, suppress
from leadping.accounts.models import Account, Business
from leadping.models import Event
from tests.races import at_once
from tests.situations import BY, REASON, AccountFactory

pytestmark = pytest.mark.django_db
PHONE = ContactPoint("phone", "+15125550123")
EMAIL = ContactPoint("email", "jordan@example.com")


def put(
    business: Business, contact: ContactPoint = PHONE, channel: str = "all", account: Account | None = None
) -> Suppressed:
    return suppress(
        business,
        contact,
        channel=channel,
        account=account,
        origin="manual",
        note="They asked us to stop.",
        by=BY,
        now=timezone.now(),
    )


def release(entry: Suppression, reason: str = REASON) -> None:
    release_suppression(entry, by=BY, reason=reason, now=timezone.now())


def ask(business: Business, channel: str, account: Account | None = None) -> bool:
    return may_contact(
        business.pk,
        account_id=account.pk if account else None,
        channel=channel,
        phone=PHONE.value,
        email=EMAIL.value,
    )


# --- adding


def test_an_entry_says_who_when_and_why(business: Business) -> None:
    entry, added = put(business)
    assert added
    assert (entry.kind, entry.value, entry.channel, entry.note) == (
        "phone",
        PHONE.value,
        "all",
        "They asked us to stop.",
    )
    assert (entry.created_by, entry.released_at) == (BY, None)


def test_the_event_names_the_entry_and_never_the_contact(business: Business) -> None:
    entry, _ = put(business)
    release(entry)
    events = Event.objects.filter(subject=entry.public_id).order_by("id")
    assert [(event.kind, event.reason) for event in events] == [
        ("suppression.added", ""),
        ("suppression.released", REASON),
    ]
    told = str([event.data for event in events])
    assert PHONE.value not in told
    assert "asked us" not in told


def test_the_same_again_is_the_entry_that_there_is(business: Business) -> None:
    first, second = put(business), put(business)
    assert (first.entry.pk, second.added) == (second.entry.pk, False)
    assert Event.objects.filter(kind="suppression.added").count() == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_make_one_entry_and_one_event(business: Business) -> None:
    made = at_once(20, lambda _: put(business))
    assert len({one.entry.pk for one in made}) == 1
    assert sum(one.added for one in made) == 1
    assert Event.objects.filter(kind="suppression.added").count() == 1


@pytest.mark.django_db(transaction=True)
def test_however_it_is_added_and_released_at_once_one_entry_stands_at_most(business: Business) -> None:
    def deed(number: int) -> None:
        entry = put(business).entry
        if number % 2:
            try:
                release(entry)
            except SuppressionError:
                return

    at_once(16, deed)
    assert Suppression.objects.filter(released_at=None).count() <= 1
    assert (
        Event.objects.filter(kind="suppression.added").count()
        == Suppression.objects.filter(business=business).count()
    )


@pytest.mark.parametrize(
    ("contact", "channel"), [(PHONE, "email"), (EMAIL, "sms"), (EMAIL, "all"), (PHONE, "x")]
)
def test_a_channel_that_the_contact_does_not_have_is_refused(
    business: Business, contact: ContactPoint, channel: str
) -> None:
    with pytest.raises(SuppressionError, match="channel"):
        put(business, contact, channel)


def test_the_database_keeps_to_it_too(business: Business) -> None:
    entry, _ = put(business)
    for wrong in ({"channel": "email"}, {"released_at": timezone.now()}, {"origin": "rumour"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Suppression.objects.filter(pk=entry.pk).update(**wrong)


def test_an_account_of_another_business_is_refused(business: Business, other_business: Business) -> None:
    with pytest.raises(SuppressionError, match="another business"):
        put(business, account=AccountFactory.create(business=other_business))


# --- asking


@pytest.mark.parametrize(
    ("contact", "channel", "closed"),
    [
        (PHONE, "all", ["call", "sms"]),
        (PHONE, "call", ["call"]),
        (PHONE, "sms", ["sms"]),
        (EMAIL, "email", ["email"]),
    ],
)
def test_each_channel_closes_its_own_ways(
    business: Business, contact: ContactPoint, channel: str, closed: list[str]
) -> None:
    entry, _ = put(business, contact, channel)
    assert [way for way in ("call", "sms", "email") if not ask(business, way)] == closed
    assert closed_ways([entry]) == closed


def test_an_entry_of_the_business_holds_for_all_its_accounts(business: Business) -> None:
    put(business)
    assert not ask(business, "call", AccountFactory.create(business=business))


def test_one_of_an_account_holds_for_that_account_alone(business: Business) -> None:
    own, sibling = AccountFactory.create_batch(2, business=business)
    put(business, account=own)
    assert not ask(business, "call", own)
    assert ask(business, "call", sibling)
    assert not ask(business, "call"), "whoever does not say for whom may not call either"


def test_nobody_else_is_told_or_bound(business: Business, other_business: Business) -> None:
    put(business)
    assert ask(other_business, "call")
    assert find_suppressions(other_business.pk, account_id=None, phone=PHONE.value) == []


def test_it_is_one_query_and_none_where_there_is_nothing_to_look_for(business: Business) -> None:
    put(business)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        find_suppressions(business.pk, account_id=None, phone=PHONE.value, email=EMAIL.value)
    assert len(asked) == 1
    with CaptureQueriesContext(connection) as unasked:
        assert find_suppressions(business.pk, account_id=None) == []
        assert find_suppressed(business.pk, None, []) == set()
    assert len(unasked) == 0


def test_the_look_up_uses_the_index(business: Business) -> None:
    for number in range(300):
        put(business, read_contact(f"512555{number:04}"))
    with connection.cursor() as cursor:
        # Which index is taken depends on what the tests before left known of the table.
        cursor.execute("ANALYZE compliance_suppression")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT contact_hash FROM compliance_suppression WHERE business_id = %s "
            "AND contact_hash = ANY(%s) AND released_at IS NULL",
            [business.pk, [PHONE.hash, EMAIL.hash]],
        )
        assert "suppression_live_once" in str(cursor.fetchall())


def test_many_are_asked_about_at_once(business: Business) -> None:
    others = [read_contact(f"512555{number:04}") for number in range(200)]
    for contact in others[:3]:
        put(business, contact)
    assert find_suppressed(business.pk, None, others) == set(others[:3])


def test_the_value_may_be_erased_and_is_still_found(business: Business) -> None:
    entry, _ = put(business)
    Suppression.objects.filter(pk=entry.pk).update(value="", note="")
    assert not ask(business, "call")
    assert not put(business).added
    assert "Erased phone" in str(Suppression.objects.get())


def test_what_was_stored_under_the_secret_before_still_holds(business: Business, settings: Settings) -> None:
    put(business)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the new one"
    assert not ask(business, "call")
    assert find_suppressed(business.pk, None, [PHONE]) == {PHONE}
    assert not put(business).added


# --- releasing


def test_a_released_contact_may_be_contacted_again_and_its_history_stays(business: Business) -> None:
    entry, _ = put(business)
    release(entry, "They gave a new consent on 3 Nov.")
    assert ask(business, "call")
    stored = Suppression.objects.get()
    assert (stored.released_by, stored.release_reason) == (BY, "They gave a new consent on 3 Nov.")


def test_suppressed_again_it_gets_an_entry_of_its_own(business: Business) -> None:
    first, _ = put(business)
    release(first)
    second = put(business)
    assert second.added
    assert not ask(business, "call")
    assert Suppression.objects.count() == 2


def test_a_release_needs_a_reason_and_happens_once(business: Business) -> None:
    entry, _ = put(business)
    with pytest.raises(SuppressionError, match="Say why"):
        release(entry, "  ")
    release(entry)
    with pytest.raises(SuppressionError, match="released already"):
        release(entry)


@pytest.mark.django_db(transaction=True)
def test_of_many_releases_at_once_one_counts(business: Business) -> None:
    entry, _ = put(business)

    def deed(_: int) -> bool:
        try:
            release(Suppression.objects.get(pk=entry.pk))
        except SuppressionError:
            return False
        return True

    assert sum(at_once(12, deed)) == 1
    assert Event.objects.filter(kind="suppression.released").count() == 1


def test_another_entry_still_stands(business: Business) -> None:
    wide, _ = put(business)
    put(business, channel="sms")
    release(wide)
    assert ask(business, "call")
    assert not ask(business, "sms")


def test_the_list_can_be_asked_about_another_time(business: Business) -> None:
    entry, _ = put(business)
    release(entry)
    spans = spans_of(business.pk, None, [PHONE])[PHONE]
    entry.refresh_from_db()
    assert was_suppressed(spans, entry.created_at)
    assert not was_suppressed(spans, entry.created_at - timedelta(seconds=1))
    assert entry.released_at
    assert not was_suppressed(spans, entry.released_at)


# --- hearing an opt-out


def hear(
    business: Business, text: str, heard_by: str = "sms", contacts: tuple[ContactPoint, ...] = (PHONE,)
) -> Heard:
    return hear_opt_out(business, text, heard_by=heard_by, contacts=list(contacts), by=BY, now=timezone.now())


def test_stop_closes_calls_and_texts(business: Business) -> None:
    heard = hear(business, "Stop.")
    (made,) = heard.entries
    assert (made.entry.channel, made.entry.origin, made.added) == ("all", "opt_out", True)
    assert "Stop." in made.entry.note


def test_a_request_about_one_way_closes_that_way(business: Business) -> None:
    hear(business, "please don't call, text me")
    assert not ask(business, "call")
    assert ask(business, "sms")


def test_a_request_about_everything_closes_all_that_is_known(business: Business) -> None:
    heard = hear(business, "Never contact me again.", contacts=(PHONE, EMAIL))
    assert {made.entry.channel for made in heard.entries} == {"all", "email"}
    assert heard.unplaced == []


def test_what_cannot_be_placed_is_told(business: Business) -> None:
    heard = hear(business, "Stop emailing me")
    assert (heard.entries, heard.unplaced) == ([], ["email"])


def test_what_is_no_request_leaves_nothing(business: Business) -> None:
    assert hear(business, "Call me tomorrow").opt_out is None
    assert not Suppression.objects.exists()
    assert not Event.objects.filter(kind__startswith="suppression.").exists()
