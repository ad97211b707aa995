"""What legal holds keep of the records beside leads and requests: rules by which such rows are looked for."""

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from compliance.models import CertificateCheck
from leadping.ids import public_id
from leads.models import Lead
from leads.retention.holds import Holds
from sources.models import Source


def held_checks(holds: Holds) -> Q:
    if holds.everything:
        return Q(pk__isnull=False)
    sources = [public_id(Source.PREFIX, source_id) for source_id in holds.sources]
    rule = Q(source__in=sources) | Q(
        certificate__in=Lead.objects.filter(holds.lead_rule()).values("certificate")
    )
    for person in holds.people:
        said = CertificateCheck.objects.annotate(said=Cast("raw", TextField()))
        rule |= Q(pk__in=said.filter(said__iregex=person.pattern).values("pk"))
    return rule


def held_complaints(holds: Holds) -> Q:
    if holds.everything:
        return Q(pk__isnull=False)
    rule = Q(source__in=holds.sources) | holds.lead_rule("lead__")
    for person in holds.people:
        rule |= Q(details__iregex=person.pattern) | Q(raised_by__iregex=person.pattern)
        rule |= Q(outcome_reason__iregex=person.pattern)
    return rule


def held_files(holds: Holds) -> Q:
    if holds.everything:
        return Q(pk__isnull=False)
    rule = Q(source__in=holds.sources)
    for person in holds.people:
        rule |= Q(content__iregex=person.pattern)
    return rule


def held_lists(holds: Holds) -> Q:
    """Files of suppressed contacts, which come through no source."""
    if holds.everything:
        return Q(pk__isnull=False)
    rule = Q(pk__in=[])
    for person in holds.people:
        rule |= Q(content__iregex=person.pattern)
    return rule
