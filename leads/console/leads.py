"""The screen of leads: found by contact, external id or any prefixed id; held ones are decided on here."""

from collections.abc import Sequence
from typing import Any

from django.contrib.admin import display
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from compliance.countdown import count_down
from compliance.models import CertificateRetention, Suppression
from leadping.accounts.roles import Deed
from leadping.console.display import NOTHING, badge, badges, code, json_block, link, listed, moment
from leadping.console.filters import WithinFilter
from leadping.console.listing import UncountedList
from leadping.console.reach import reach
from leadping.console.scoped import ReadOnlyAdmin, Step, screen_of
from leads.console import complaining
from leads.console.dossiers import take_dossier
from leads.console.filters import ImportFilter, SourceFilter
from leads.console.retention.holding import hold_lead
from leads.console.trouble import list_complaints
from leads.do_not_contact import suppressions_of
from leads.models import Complaint, Lead, LegalHold, Submission
from leads.pages.evidence import describe_tokens
from leads.pages.search import search_condition
from leads.pages.wording import CERTIFICATES, LEAD_STATUSES, title_of
from leads.retention.holds import holds_on


class HeldList(UncountedList):
    """With the legal holds on each lead, by one query for a page."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        held = holds_on(list(self.result_list), readable=reach(request, Deed.READ_MATTERS))
        for lead in self.result_list:
            lead.holds = held[lead.pk]


def say_kept(lead: Lead, holds: Sequence[LegalHold]) -> list[tuple[str, str]]:
    """What stands beside the name, as text and tone."""
    told = [(f"Erased on {lead.erased_at:%-d %b %Y}", "")] if lead.erased_at else []
    return [*told, *([("Legal hold", "warn")] if holds else [])]


class LeadAdmin(ReadOnlyAdmin):
    steps = {
        "complain": Step(complaining.complain_of_lead, (Deed.RECORD_COMPLAINTS,)),
        "dossier": Step(take_dossier, (Deed.EXPORT,), confirms=True),
        "hold": Step(hold_lead, (Deed.HOLD,)),
    }
    change_form_template = "admin/leads/lead.html"
    list_display = ("name", "status_shown", "contact", "product", "source", "created")
    list_select_related = ("source",)
    list_filter = ("status", WithinFilter, SourceFilter, ImportFilter)
    search_fields = ("external_id",)
    search_help_text = "Phone, email, external id, or any prefixed id."
    ordering = ("-id",)
    sortable_by = ()
    fieldsets = (
        (
            None,
            {"fields": ("name", "status_shown", "held", "contact", "where", "public_id_shown", "created")},
        ),
        (
            "Offer",
            {
                "fields": (
                    "product",
                    "vertical",
                    "external_id",
                    "seller_lead_id",
                    "sub_id",
                    "price",
                    "tags_shown",
                )
            },
        ),
        (
            "Proof",
            {
                "fields": (
                    "source",
                    "account",
                    "terms",
                    "certificate",
                    "certificate_shown",
                    "evidence_shown",
                    "retention_shown",
                    "submissions_shown",
                    "conversation",
                )
            },
        ),
        (
            "Sent along",
            {"fields": ("landing_page", "referrer", "utm_shown", "metadata_shown", "extra_shown")},
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Lead | None = None) -> list[str]:
        return [str(name) for _, options in self.fieldsets for name in options["fields"]]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return (queryset.filter(search_condition(search_term)) if search_term else queryset), False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[HeldList]:
        return HeldList

    def panels(self, request: HttpRequest, obj: Lead) -> dict[str, Any]:
        holds = holds_on([obj], readable=reach(request, Deed.READ_MATTERS))[obj.pk]
        return {
            "is_held": obj.status == Lead.Status.AUDIT,
            "workspace": reverse("workspace:lead", args=[obj.public_id]),
            "suppressions": [
                (entry, screen_of(self, Suppression).address(entry)) for entry in suppressions_of(obj)
            ],
            "complaints": list_complaints(obj.complaints.order_by("-id"), screen_of(self, Complaint)),
            "badges": format_html("{} {}", self.status_shown(obj), badges(say_kept(obj, holds))),
            "holds": [(screen_of(self, LegalHold).address(hold), hold) for hold in holds],
        }

    def further_events(self, obj: Lead) -> Q:
        """A complaint is an event of the source and names the lead."""
        if not obj.complaints.exists():
            return Q()
        subject = obj.source.public_id
        return Q(subject=subject, kind__startswith="complaint.", data__about=obj.public_id)

    @display(description="lead")
    def name(self, lead: Any) -> str:
        return format_html("{} {}", lead, badges(say_kept(lead, getattr(lead, "holds", ()))))

    @display(description="status")
    def status_shown(self, lead: Lead) -> SafeString:
        worded = LEAD_STATUSES[Lead.Status(lead.status)]
        return badge(worded.text, worded.tone)

    @display(description="held for")
    def held(self, lead: Lead) -> str:
        return listed(map(title_of, lead.held_for))

    @display(description="contact")
    def contact(self, lead: Lead) -> str:
        return " · ".join(filter(None, [lead.phone, lead.email]))

    @display(description="address")
    def where(self, lead: Lead) -> str:
        return (
            ", ".join(filter(None, [lead.address1, lead.address2, lead.city, lead.state, lead.postal_code]))
            or NOTHING
        )

    @display(description="created")
    def created(self, lead: Lead) -> str:
        return moment(lead.created_at)

    @display(description="id")
    def public_id_shown(self, lead: Lead) -> SafeString:
        return code(lead.public_id)

    @display(description="tags")
    def tags_shown(self, lead: Lead) -> str:
        return listed(lead.tags)

    @display(description="TrustedForm")
    def certificate_shown(self, lead: Lead) -> SafeString:
        worded = CERTIFICATES[lead.trusted_form_outcome or "unasked"]
        return badge(worded.badge.text, worded.badge.tone)

    @display(description="other evidence")
    def evidence_shown(self, lead: Lead) -> str:
        rows = (
            (token.title, badge(token.badge.text, token.badge.tone), code(token.token))
            for token in describe_tokens(list(lead.evidence.order_by("kind", "field")))
        )
        return format_html_join("", "<p>{} {} {}</p>", rows) or NOTHING

    @display(description="retained")
    def retention_shown(self, lead: Lead) -> str:
        retention = CertificateRetention.objects.filter(certificate=lead.certificate_id).first()
        if retention is None:
            return NOTHING
        told = count_down(retention, now=timezone.now()).sentence
        return link(screen_of(self, CertificateRetention).address(retention), told)

    @display(description="submissions")
    def submissions_shown(self, lead: Lead) -> SafeString:
        screen = screen_of(self, Submission)
        rows = (
            (link(screen.address(one), one.public_id), moment(one.received_at))
            for one in lead.submissions.all()
        )
        return format_html_join("", "<p>{} {}</p>", rows)

    @display(description="UTM")
    def utm_shown(self, lead: Lead) -> str:
        return json_block(lead.utm)

    @display(description="source metadata")
    def metadata_shown(self, lead: Lead) -> str:
        return json_block(lead.source_metadata)

    @display(description="unknown fields")
    def extra_shown(self, lead: Lead) -> str:
        return json_block(lead.extra)
