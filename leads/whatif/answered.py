"""What TrustedForm answered in the past, to be judged anew: by other checks, effects, limits or pages."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from compliance.certificates import answer_of
from compliance.models import CertificateCheck
from compliance.trustedform.answers import CertificateAnswer
from compliance.trustedform.url import CertificateUrl, read_certificate_url
from leads.whatif.world import Came, World
from sources.models import Source

Read = list[tuple[Any, Came | str]]
# A certificate and a moment.
Asked = tuple[str, datetime]


def with_answers(source: Source, before: World, after: World, read: Read) -> Read:
    """The page as it was read; with each answer where the two worlds may judge it differently."""
    if before.demands == after.demands:
        return read
    answers = find_answers(source, [(url_of(came), came.arrival.received_at) for came in asked_about(read)])
    return [(row, answered(came, answers)) for row, came in read]


def asked_about(read: Read) -> Iterable[Came]:
    return (came for _, came in read if isinstance(came, Came) and came.certificate)


def url_of(came: Came) -> str:
    found = read_certificate_url(came.reading.draft.trusted_form_url) if came.reading else None
    return found.url if isinstance(found, CertificateUrl) else ""


def find_answers(source: Source, asked: list[Asked]) -> dict[Asked, CertificateAnswer]:
    """Each was asked about at the moment in which its submission came."""
    checks = CertificateCheck.objects.filter(
        certificate__business=source.business_id,
        certificate__url__in={url for url, _ in asked},
        at__in={at for _, at in asked},
    )
    found = checks.select_related("certificate")
    return {(check.certificate.url, check.at): answer_of(check) for check in found}


def answered(came: Came | str, answers: dict[Asked, CertificateAnswer]) -> Came | str:
    if isinstance(came, str) or not came.certificate:
        return came
    return came._replace(answer=answers.get((url_of(came), came.arrival.received_at)))
