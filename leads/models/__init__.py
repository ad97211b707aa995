"""What came in, the leads made of it, and what became known of it since."""

from leads.models.complaints import Complaint
from leads.models.evidence import Evidence
from leads.models.imports import Import
from leads.models.lead import Lead
from leads.models.looks import ThresholdLook, ThresholdReach
from leads.models.overrides import Override
from leads.models.rejudging import Rejudgement
from leads.models.retaining import RetainingReach
from leads.models.retention import Erasure, KeptKind, LastPurge, LegalHold, RetentionPeriod
from leads.models.standing import FailingSource, PerishingSource
from leads.models.submission import Submission
from leads.models.tallies import BusinessTally, SourceTally, TallyReach
from leads.models.trials import WhatIf
from leads.models.uses import AddressUse, CertificateUse

__all__ = [
    "AddressUse",
    "BusinessTally",
    "CertificateUse",
    "Complaint",
    "Erasure",
    "Evidence",
    "FailingSource",
    "Import",
    "KeptKind",
    "LastPurge",
    "Lead",
    "LegalHold",
    "Override",
    "PerishingSource",
    "Rejudgement",
    "RetainingReach",
    "RetentionPeriod",
    "SourceTally",
    "Submission",
    "TallyReach",
    "ThresholdLook",
    "ThresholdReach",
    "WhatIf",
]
