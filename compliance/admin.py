"""Certificates and what TrustedForm said about them. Both are looked at, never touched."""

from django.contrib import admin
from django.contrib.admin import display
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from compliance.countdown import count_down
from compliance.models import Certificate, CertificateCheck, CertificateRetention, Suppression
from compliance.suppression.console.screen import SuppressionAdmin
from compliance.trustedform.answers import Outcome
from leadping.console.display import badge, code, json_block, link, moment, yes_or_no
from leadping.console.filters import WithinFilter
from leadping.console.scoped import ReadOnlyAdmin, screen_of

NOT_WANTED = "It is not retained by us: it came with no accepted lead whose terms say so."
TONES = {
    Outcome.VERIFIED: "good",
    Outcome.REACHABLE: "accent",
    Outcome.MISMATCH: "warn",
    Outcome.OVERCLAIMED: "warn",
    Outcome.NOT_FOUND: "bad",
    Outcome.MALFORMED: "bad",
    Outcome.NOT_CLAIMABLE: "bad",
}


def outcome_badge(check: CertificateCheck) -> str:
    return badge(check.outcome.replace("_", " ").capitalize(), TONES.get(Outcome(check.outcome), "warn"))


@admin.register(Certificate)
class CertificateAdmin(ReadOnlyAdmin):
    list_display = ("public_id_shown", "url_as_sent", "first_seen")
    list_filter = (WithinFilter,)
    search_fields = ("=url",)
    search_help_text = "The whole URL, or any prefixed id."
    ordering = ("-id",)
    sortable_by = ()
    fields = ("public_id_shown", "url_shown", "first_seen", "retention_shown", "checks_shown")
    readonly_fields = fields

    @display(description="certificate")
    def public_id_shown(self, certificate: Certificate) -> str:
        return code(certificate.public_id)

    @display(description="URL")
    def url_shown(self, certificate: Certificate) -> str:
        return format_html('<a href="{0}" rel="noreferrer">{0}</a>', certificate.url)

    @display(description="URL")
    def url_as_sent(self, certificate: Certificate) -> str:
        return certificate.url

    @display(description="first seen")
    def first_seen(self, certificate: Certificate) -> str:
        return moment(certificate.first_seen_at)

    @display(description="how long")
    def retention_shown(self, certificate: Certificate) -> str:
        retention = CertificateRetention.objects.filter(certificate=certificate).first()
        return count_down(retention, now=timezone.now()).sentence if retention else NOT_WANTED

    @display(description="conversations with TrustedForm")
    def checks_shown(self, certificate: Certificate) -> str:
        screen = screen_of(self, CertificateCheck)
        rows = (
            (link(screen.address(check), moment(check.at)), outcome_badge(check), check.reason)
            for check in certificate.checks.order_by("-id")
        )
        return format_html_join("", "<p>{} {} {}</p>", rows) or "TrustedForm was not asked."


@admin.register(CertificateCheck)
class CertificateCheckAdmin(ReadOnlyAdmin):
    list_display = ("at_shown", "outcome_shown", "reason", "host", "took")
    list_filter = (WithinFilter,)
    ordering = ("-id",)
    sortable_by = ()
    fields = (
        "certificate",
        "at_shown",
        "outcome_shown",
        "reason",
        "phone_shown",
        "email_shown",
        "expires",
        "host_shown",
        "status_shown",
        "took",
        "answer",
    )
    readonly_fields = fields

    @display(description="when")
    def at_shown(self, check: CertificateCheck) -> str:
        return moment(check.at)

    @display(description="outcome")
    def outcome_shown(self, check: CertificateCheck) -> str:
        return outcome_badge(check)

    @display(description="shows the phone")
    def phone_shown(self, check: CertificateCheck) -> str:
        return yes_or_no(check.phone_match)

    @display(description="shows the email")
    def email_shown(self, check: CertificateCheck) -> str:
        return yes_or_no(check.email_match)

    @display(description="expires")
    def expires(self, check: CertificateCheck) -> str:
        return moment(check.expires_at)

    @display(description="answered by")
    def host_shown(self, check: CertificateCheck) -> str:
        """A sandbox's word proves nothing, so the page says whose it is."""
        return format_html("{} {}", check.host, badge("Sandbox", "warn")) if check.sandbox else check.host

    @display(description="HTTP status")
    def status_shown(self, check: CertificateCheck) -> int | None:
        return check.http_status

    @display(description="took")
    def took(self, check: CertificateCheck) -> str:
        return f"{check.elapsed_ms} ms"

    @display(description="answer as received")
    def answer(self, check: CertificateCheck) -> str:
        return json_block(check.raw)


admin.site.register(Suppression, SuppressionAdmin)
