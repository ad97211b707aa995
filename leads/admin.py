"""The screens of leads, and those of other rooms that show leads too."""

from django.contrib import admin

from compliance.models import CertificateRetention, SuppressionImport
from leads.console.audit.overrides import OverrideAdmin
from leads.console.audit.screen import AuditedLeadAdmin
from leads.console.certificates.retaining import RetentionAdmin
from leads.console.complaints import ComplaintAdmin
from leads.console.imports.screen import ImportAdmin
from leads.console.rejudging.screen import RejudgementAdmin
from leads.console.retention.lists import ImportedListAdmin
from leads.console.retention.screen import ErasureAdmin, LegalHoldAdmin, RetentionPeriodAdmin
from leads.console.review.screen import ReviewedTermsAdmin
from leads.console.sources import TrafficSourceAdmin
from leads.console.submissions import SubmissionAdmin
from leads.console.whatif.screen import WhatIfAdmin
from leads.models import (
    Complaint,
    Erasure,
    Import,
    Lead,
    LegalHold,
    Override,
    Rejudgement,
    RetentionPeriod,
    Submission,
    WhatIf,
)
from sources.models import Source, Terms

admin.site.register(CertificateRetention, RetentionAdmin)
admin.site.register(Complaint, ComplaintAdmin)
admin.site.register(Import, ImportAdmin)
admin.site.register(Lead, AuditedLeadAdmin)
admin.site.register(Override, OverrideAdmin)
admin.site.register(Submission, SubmissionAdmin)
admin.site.register(Rejudgement, RejudgementAdmin)
admin.site.register(WhatIf, WhatIfAdmin)
admin.site.register(Erasure, ErasureAdmin)
admin.site.register(LegalHold, LegalHoldAdmin)
admin.site.register(RetentionPeriod, RetentionPeriodAdmin)
admin.site.register(SuppressionImport, ImportedListAdmin)
admin.site.register(Source, TrafficSourceAdmin)
admin.site.register(Terms, ReviewedTermsAdmin)
