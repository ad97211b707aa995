"""All that the page says."""

from typing import Any

from leads.api.examples import ACCEPTED
from leads.docs.errors import ticked
from leads.intake.problems import CATALOGUE
from leads.posting import commands, limits
from leads.posting.answers import list_answers
from leads.posting.banner import Banner, read_banner
from leads.posting.checks import list_checks
from leads.posting.facts import Facts
from leads.posting.needs import list_fields
from leads.posting.openapi import describe_source_api, endpoints, two_lines
from leads.posting.samples import flat_sample, pretty, structured

SAFE_TO_RETRY = [problem for problem in CATALOGUE.values() if problem.retry]


def describe_page(facts: Facts, banner: Banner | None = None) -> dict[str, Any]:
    flat = flat_sample(facts)
    nested = structured(flat)
    return {
        "facts": facts,
        "source": facts.source,
        "business": facts.source.business,
        "banner": banner or read_banner(facts),
        "endpoints": endpoints(describe_source_api(facts)),
        "allowed": list_allowed(facts),
        "limits": list_limits(facts),
        "fields": list_fields(facts, flat),
        "checks": list_checks(facts),
        "answers": list_answers(facts),
        "safe_to_retry": [(problem, ticked(problem.remedy)) for problem in SAFE_TO_RETRY],
        "flat": pretty(flat),
        "structured": pretty(nested),
        "commands": [
            ("curl-flat", "curl, flat", "A shell with curl.", commands.post(facts, "/leads/intake", flat)),
            (
                "curl-structured",
                "curl, structured",
                "A shell with curl.",
                commands.post(facts, "/leads", nested),
            ),
            ("python", "Python", "Python 3.8 or newer; nothing to install.", commands.python(facts, flat)),
            (
                "batch",
                "curl, many at once",
                "One lead a line, flat or structured; the answer has a line for each, then a summary.",
                commands.post_many(facts, two_lines(flat)),
            ),
            (
                "javascript",
                "JavaScript",
                "Node 20 or newer, saved as post.mjs; nothing to install.",
                commands.javascript(facts, flat),
            ),
        ],
        "read_source": commands.read_source(facts),
        "read_submission": commands.read_submission(facts, ACCEPTED["submissionId"]),
    }


def list_allowed(facts: Facts) -> list[tuple[str, str, str]]:
    """What, in words, and the list to copy."""
    terms = facts.terms
    return [
        ("States", limits.say_states(terms), ", ".join(terms.states)),
        ("Products", limits.say_words("product", terms.products), "\n".join(terms.products)),
        ("Verticals", limits.say_words("vertical", terms.verticals), "\n".join(terms.verticals)),
        ("TrustedForm certificate", limits.say_certificate(terms), ""),
    ]


def list_limits(facts: Facts) -> list[tuple[str, str]]:
    settings = facts.settings
    said = [
        ("Schedule", limits.say_schedule(settings)),
        ("Caps", limits.say_caps(settings)),
        ("Rate", limits.say_rate(settings)),
        ("IP addresses", limits.say_addresses(settings)),
        ("Duplicates", limits.say_duplicates(settings)),
        ("TrustedForm out of order", limits.say_outage(facts.terms, settings)),
    ]
    return [(name, sentence) for name, sentence in said if sentence]
