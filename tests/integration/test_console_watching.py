"""The pages of watching: what they count, for whom, over which time, and as files."""

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from time_machine import travel

from leadping.accounts.models import Business, User
from leadping.accounts.roles import ALLOWED, Deed, Role
from leadping.console.display import NOTHING
from leadping.console.export import EXPORTED
from leadping.models import Event
from leads.models import BusinessTally, SourceTally, TallyReach
from leads.watching.buckets import Period, floor
from sources.lifecycle import delete_source, pause_source
from sources.models import Source
from tests.senders import Sender
from tests.situations import BY, REASON, SenderFactory, sign_in

# A Monday shortly after the clocks of New York went forward.
NOW = datetime(2026, 3, 9, 14, 3, 20, tzinfo=UTC)
INDEX, SOURCES, EXPORT = (
    "console:index",
    "console:sources_source_watching",
    "console:sources_source_watching_export",
)


@pytest.fixture(autouse=True)
def monday() -> Any:
    with travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def console(client: Client, owner: User) -> Client:
    sign_in(client, owner)
    return client


def tallied(source: Source, at: datetime, **figures: Any) -> None:
    """As the job leaves it: the hour and the day, of the source and of its business."""
    TallyReach.objects.get_or_create(id=1, defaults={"since": NOW - timedelta(days=999), "until": NOW})
    for period in (Period.HOUR, Period.DAY):
        own = {"business": source.business, "period": period, "starts_at": floor(at, period)}
        for model, keys in ((SourceTally, {**own, "source": source}), (BusinessTally, own)):
            row, _ = model._default_manager.get_or_create(**keys)
            for name, value in figures.items():
                old = getattr(row, name)
                if isinstance(value, dict):
                    setattr(
                        row, name, {code: old.get(code, 0) + value.get(code, 0) for code in {**old, **value}}
                    )
                else:
                    setattr(row, name, old + value)
            row.save()


def tiles(page: Any) -> dict[str, tuple[str, str]]:
    return {tile.title: (tile.value, tile.before) for tile in page.context["tiles"]}


def watch(client: Client, source: Source, **asked: str) -> Any:
    return client.get(reverse("console:sources_source_watch", args=[source.pk]), asked)


def lines(response: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode())))


def test_the_first_page_sums_up_the_businesses_of_its_reader(
    console: Client, business: Business, waived_source: Source, other_business: Business
) -> None:
    tallied(waived_source, NOW, accepted=30, held=5, refused=15, spent=Decimal("87.5"))
    tallied(
        SenderFactory.create(business=business).source, NOW - timedelta(days=6), accepted=10, duplicates=2
    )
    tallied(SenderFactory.create(business=other_business).source, NOW, accepted=1000)
    shown = tiles(console.get(reverse(INDEX)))
    assert shown["Requests"] == ("62", "0")
    assert shown["Accepted"] == ("64.5%", NOTHING)
    assert shown["Cost per lead"] == ("1.86", NOTHING)
    assert shown["Cost per accepted lead"] == ("2.19", NOTHING)


def test_what_needs_somebody_stands_above_the_charts(console: Client, waived_source: Source) -> None:
    tallied(waived_source, NOW, accepted=1)
    pause_source(waived_source, by=BY, reason="Too many complaints.", now=NOW)
    page = console.get(reverse(INDEX)).text
    assert 0 < page.index("Paused sources") < page.index("<svg")


def test_a_new_installation_says_what_to_do_next(console: Client, business: Business) -> None:
    page = console.get(reverse(INDEX)).text
    assert "Nothing is counted yet" in page
    assert "a minute after the first lead" in page
    assert "<svg" not in page


def test_a_source_that_sent_nothing_says_so(console: Client, waived_source: Source) -> None:
    page = watch(console, waived_source, span="24h").text
    assert "Nothing came from this source during these 24 hours" in page
    assert "No source sent anything" in console.get(reverse(SOURCES)).text


def test_a_source_has_a_page_of_its_own_figures(
    console: Client, business: Business, waived_source: Source
) -> None:
    tallied(
        waived_source, NOW, accepted=3, refused=2, refused_codes={"state_not_allowed": 2, "phone_invalid": 1}
    )
    tallied(SenderFactory.create(business=business).source, NOW, accepted=1000)
    page = watch(console, waived_source)
    assert tiles(page)["Requests"] == ("5", "0")
    assert "State not allowed" in page.text
    assert page.text.count('role="img"') == 1 + 1


def test_the_page_of_a_source_leads_to_its_figures(console: Client, waived_source: Source) -> None:
    page = console.get(reverse("console:sources_source_change", args=[waived_source.pk])).text
    assert f'href="{reverse("console:sources_source_watch", args=[waived_source.pk])}"' in page


def test_a_deleted_source_can_still_be_watched(console: Client, waived_source: Source) -> None:
    tallied(waived_source, NOW, accepted=7)
    delete_source(waived_source, by=BY, reason=REASON, now=NOW)
    assert tiles(watch(console, waived_source))["Requests"] == ("7", "0")
    assert "(Deleted)" in console.get(reverse(SOURCES)).text


@pytest.mark.parametrize(
    ("span", "within", "before"),
    [
        ("24h", timedelta(hours=23, minutes=3), timedelta(hours=23, minutes=4)),
        ("7d", timedelta(days=6, hours=14, minutes=3), timedelta(days=6, hours=14, minutes=4)),
        ("7d-hours", timedelta(hours=167, minutes=3), timedelta(hours=167, minutes=4)),
        ("30d", timedelta(days=29, hours=14, minutes=3), timedelta(days=29, hours=14, minutes=4)),
        ("90d", timedelta(days=89, hours=14, minutes=3), timedelta(days=89, hours=14, minutes=4)),
    ],
)
def test_a_period_begins_on_a_whole_hour_or_day_of_utc(
    console: Client, waived_source: Source, span: str, within: timedelta, before: timedelta
) -> None:
    tallied(waived_source, NOW - within, accepted=1)
    tallied(waived_source, NOW - before, accepted=10)
    assert tiles(watch(console, waived_source, span=span))["Requests"] == ("1", "10")


def test_no_hour_is_lost_or_doubled_where_local_clocks_change(console: Client, waived_source: Source) -> None:
    """Two in the morning of 8 March does not exist in New York."""
    change = datetime(2026, 3, 8, 4, 30, tzinfo=UTC)
    for hour in range(6):
        tallied(waived_source, change + timedelta(hours=hour), accepted=1)
    page = watch(console, waived_source, span="7d-hours")
    assert tiles(page)["Requests"] == ("6", "0")
    points = page.context["charts"][0].table.series.points
    assert [at for at, _ in points] == [
        floor(NOW, Period.HOUR) - timedelta(hours=n) for n in range(167, -1, -1)
    ]


def test_until_when_it_is_counted_stands_on_the_page(console: Client, waived_source: Source) -> None:
    tallied(waived_source, NOW, accepted=1)
    assert "Counted until 14:03 UTC" in watch(console, waived_source).text


def test_while_history_is_being_counted_the_page_says_what_is_missing(
    console: Client, waived_source: Source
) -> None:
    tallied(waived_source, NOW, accepted=1)
    TallyReach.objects.update(since=NOW - timedelta(days=10))
    assert "is being counted" in watch(console, waived_source, span="30d").text
    assert "is being counted" not in watch(console, waived_source, span="7d").text


def test_nonsense_for_a_period_is_the_usual_one(console: Client, waived_source: Source) -> None:
    for nonsense in ("", "1y", "7d\x00", "9" * 5000, "<script>"):
        page = watch(console, waived_source, span=nonsense)
        assert page.context["span"].name == "7d"
        assert "<script>" not in page.text


# --- the table of sources


def test_the_source_that_accepts_least_comes_first(console: Client, business: Business) -> None:
    names = {}
    for name, accepted, refused in (("Fine", 95, 5), ("Broken", 1, 99), ("Rare", 0, 2), ("Half", 50, 50)):
        source = SenderFactory.create(business=business, name=name).source
        tallied(source, NOW, accepted=accepted, refused=refused, refused_codes={"phone_invalid": refused})
        names[source.pk] = name
    page = console.get(reverse(SOURCES))
    assert [line["source"].name for line in page.context["lines"]] == ["Broken", "Half", "Fine", "Rare"]
    assert page.context["lines"][0]["top_refusal"] == "Phone invalid"
    page = console.get(reverse(SOURCES), {"order": "requests"})
    assert [line["source"].name for line in page.context["lines"]][-1] == "Rare"


def test_many_sources_are_paged(console: Client, business: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leads.console.watch.sources.SHOWN", 2)
    for number in range(3):
        tallied(SenderFactory.create(business=business).source, NOW, accepted=number + 1)
    first = console.get(reverse(SOURCES))
    second = console.get(reverse(SOURCES), {"p": "2"})
    assert (len(first.context["lines"]), len(second.context["lines"])) == (2, 1)
    assert "p=2" in first.text
    assert "To the first page" in console.get(reverse(SOURCES), {"p": "9"}).text


# --- files


@pytest.mark.parametrize("role", Role)
def test_figures_are_exported_by_those_who_may(
    client: Client, member: Callable[[Role], User], waived_source: Source, role: Role
) -> None:
    tallied(waived_source, NOW, accepted=1)
    sign_in(client, member(role))
    allowed = role in ALLOWED[Deed.EXPORT]
    expected = 200 if allowed else 403
    own = reverse("console:sources_source_watch_export", args=[waived_source.pk])
    assert client.get(own).status_code == client.get(reverse(EXPORT)).status_code == expected
    assert ("Download as CSV" in watch(client, waived_source).text) is allowed
    assert Event.objects.filter(kind=EXPORTED).count() == (2 if allowed else 0)


def test_a_chart_is_exported_with_its_columns_and_every_bucket(
    console: Client, waived_source: Source
) -> None:
    tallied(waived_source, NOW, accepted=3, refused=1, spent=Decimal("10"))
    [header, *rows] = lines(console.get(reverse(EXPORT), {"chart": "costs", "span": "24h"}))
    assert header[:3] == ["hour from (UTC)", "Per lead taken", "Per accepted lead"]
    assert len(rows) == 24
    assert rows[-1] == ["2026-03-09T14:00:00+00:00", "3.33", "3.33", "10.00", "3", "3"]
    assert rows[0] == ["2026-03-08T15:00:00+00:00", "", "", "0.00", "0", "0"]


def test_every_code_is_exported_also_those_that_share_a_colour(
    console: Client, waived_source: Source
) -> None:
    codes = {f"code_{number}": 10 - number for number in range(9)}
    tallied(waived_source, NOW, refused=10, refused_codes=codes)
    address = reverse("console:sources_source_watch_export", args=[waived_source.pk])
    [header, *rows] = lines(console.get(address, {"chart": "refusals"}))
    assert header[1:] == list(codes)
    assert rows[-1][1:] == [str(count) for count in codes.values()]


def test_names_of_sources_are_no_formulas_in_a_file(console: Client, business: Business) -> None:
    source = SenderFactory.create(business=business, name='=HYPERLINK("https://evil.example")').source
    tallied(source, NOW, accepted=3, spent=Decimal("9"))
    [header, row] = lines(console.get(reverse(EXPORT), {"chart": "sources"}))
    assert row[0].startswith("'=HYPERLINK")
    assert dict(zip(header, row, strict=True))["cost per accepted lead"] == "3.00"


def test_an_unknown_chart_is_not_found(console: Client, waived_source: Source) -> None:
    address = reverse("console:sources_source_watch_export", args=[waived_source.pk])
    for chart in ("nothing", "", "outcomes\x00", "x" * 4000):
        assert console.get(address, {"chart": chart}).status_code == 404


def test_an_export_holds_only_businesses_where_one_may_export(
    client: Client, business: Business, other_business: Business, waived_source: Source, owner: User
) -> None:
    other_business.memberships.create(user=owner, role=Role.VIEWER)
    tallied(waived_source, NOW, accepted=3)
    tallied(SenderFactory.create(business=other_business).source, NOW, accepted=500)
    sign_in(client, owner)
    assert tiles(client.get(reverse(INDEX)))["Requests"][0] == "503"
    assert lines(client.get(reverse(EXPORT)))[-1][1] == "3"
    assert len(lines(client.get(reverse(EXPORT), {"chart": "sources"}))) == 2


def test_a_foreign_source_is_no_source(console: Client, other_business: Business) -> None:
    foreign = SenderFactory.create(business=other_business).source
    assert watch(console, foreign).status_code == 404
    address = reverse("console:sources_source_watch_export", args=[foreign.pk])
    assert console.get(address).status_code == 404


def test_nothing_on_the_pages_needs_a_style_of_its_own(console: Client, waived_sender: Sender) -> None:
    tallied(waived_sender.source, NOW, accepted=3, held=1, held_codes={"certificate_mismatch": 1}, opt_outs=2)
    for address in (reverse(INDEX), reverse(SOURCES)):
        assert not re.search(r"\sstyle=|<style|<script(?! src)", console.get(address).text)
    assert not re.search(r"\sstyle=|<style", watch(console, waived_sender.source).text)
