"""A vendor's developer, who has the link to a source's posting instructions and, at times, its key."""

import html
import re
from datetime import datetime, time, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from leads.posting.facts import Facts, gather
from sources.models import PostingLink, Source
from sources.posting_links import make_link
from tests.situations import BY, REASON

# For a factory of senders: of everything a rule.
STRICT: dict[str, Any] = {
    "name": "Comparison site",
    "terms": {
        "states": ["TX", "OK"],
        "products": ["Final expense"],
        "verticals": ["Insurance"],
        "trustedform_required": True,
        "call_script": "A secret script",
    },
    "settings": {
        "schedule_days": [0, 1, 2, 3, 4],
        "schedule_from": time(9),
        "schedule_until": time(17),
        "cap_per_day": 40,
        "rate_per_minute": 30,
        "ip_list": ["203.0.113.0/24", "127.0.0.1"],
        "duplicate_rule": "refuse",
        "cost_per_lead": "12.34",
        "notes": "A secret note",
        "support_contact": "support-person@example.com",
    },
}


def facts_of(source: Source) -> Facts:
    fresh = Source.objects.select_related("settings", "terms_in_force", "business").get(pk=source.pk)
    return gather(fresh, address="https://leads.example.com/", now=timezone.now())


def link_to(source: Source, *, days: int = 30, now: datetime | None = None) -> tuple[PostingLink, str]:
    """The link and the path of its page."""
    now = now or timezone.now()
    link, token = make_link(
        source, label="A developer", expires_at=now + timedelta(days=days), by=BY, reason=REASON, now=now
    )
    return link, f"/instructions/{token}"


def read(source: Source, client: Client | None = None) -> str:
    """The page's text, as a browser shows it."""
    return read_at(link_to(source)[1], client)


def read_at(path: str, client: Client | None = None) -> str:
    answer = (client or Client()).get(path)
    assert answer.status_code == 200
    return shown(answer)


def shown(answer: Any) -> str:
    """Without tags, on one line."""
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(html.unescape(text).split())


def block(page: str, name: str) -> str:
    """The sample with this id, as its copy button copies it."""
    found = re.search(rf'<pre id="{name}"[^>]*><code>(.*?)</code></pre>', page, re.DOTALL)
    assert found, name
    return html.unescape(found[1])


def try_out(path: str, key: str, payload: str, **fields: str) -> Any:
    """Sends the form as a browser without scripts does."""
    sent = {"key": key, "payload": payload, "shape": "flat", "mode": "local", **fields}
    return Client().post(path, sent)
