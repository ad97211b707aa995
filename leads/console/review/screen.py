"""The screen of terms with their review, which looks at traffic, of which the sources know nothing."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from leadping.accounts.roles import Deed
from leadping.console.notices import Notice, NoticeLine, look_at
from leadping.console.reach import reach
from leadping.console.scoped import Step
from leadping.moments import ago
from leads.console.review.page import review
from leads.console.review.queue import requested_at, show_queue, waiting
from sources.admin.terms import LONG_TEXTS, TermsAdmin
from sources.models import Terms


class ReviewedTermsAdmin(TermsAdmin):
    change_form_template = "admin/sources/terms.html"
    # Everybody may look; the page itself says who decides.
    steps = {"review": Step(review, (Deed.READ,))}

    def get_urls(self) -> list[URLPattern]:
        queue = path("review/", self.admin_site.admin_view(self.queue_view), name=self.url_name("queue"))
        return [queue, *super().get_urls()]

    def queue_view(self, request: HttpRequest) -> HttpResponse:
        return show_queue(self, request)

    def panels(self, request: HttpRequest, obj: Terms) -> dict[str, object]:
        return {"waits": obj.status == Terms.Status.SUBMITTED}

    def notices(self, request: HttpRequest) -> list[Notice]:
        now = timezone.now()
        rows, figure = look_at(waiting(reach(request)).select_related("source").defer(*LONG_TEXTS))
        if not rows:
            return super().notices(request)
        lines = [
            NoticeLine(str(terms), self.address(terms, "review"), ago(requested_at(terms), now=now))
            for terms in rows
        ]
        url = reverse("console:sources_terms_queue")
        notice = Notice("Terms that wait for a decision", figure, url, "accent", lines)
        return [notice, *super().notices(request)]
