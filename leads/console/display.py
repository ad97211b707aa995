"""How the console writes down what it knows of traffic."""

from django.utils.html import format_html

from leadping.console.display import NOTHING, badge
from leads.console.traffic import Traffic
from leads.pages.wording import title_of


def say_rate(traffic: Traffic) -> str:
    if not traffic.requests:
        return NOTHING
    share = traffic.accepted / traffic.requests
    tone = "good" if share >= 0.9 else "warn" if share >= 0.5 else "bad"
    return format_html(
        '<span title="of the last {} requests in 7 days">{}</span>',
        traffic.requests,
        badge(f"{share:.0%}", tone),
    )


def say_refusal(traffic: Traffic) -> str:
    return title_of(traffic.top_refusal) if traffic.top_refusal else NOTHING


def say_last(days: int) -> str:
    return "the last day" if days == 1 else f"the last {days} days"
