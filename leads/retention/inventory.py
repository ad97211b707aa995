"""Where the people of leads stand in the database: each column that can hold text, in each table.

A test holds this against the models: what is new has to be named here. What is named personal also needs its
place in `erasing.py`, and another test looks for what was sent in every table after an erasure.
"""

from collections.abc import Mapping

# Of a lead, each column that the person or the sender filled, and what stands there afterwards. Product and
# vertical stay where the terms list them, for then they are the terms' own words; so does the state.
LEFT_OF_LEAD: Mapping[str, object] = {
    **dict.fromkeys(
        (
            *("first_name", "last_name", "email", "email_key", "phone", "phone_extension", "phone_region"),
            *("phone_line_type", "phone_carrier", "address1", "address2", "city", "postal_code", "gender"),
            *("external_id", "seller_lead_id", "sub_id", "landing_page", "referrer", "user_agent"),
        ),
        "",
    ),
    **dict.fromkeys(("birth_date", "ip_address"), None),
    **{"utm": {}, "source_metadata": {}, "extra": {}, "phone_time_zones": []},
}

# What is left of the personal columns, in words.
PERSONAL: Mapping[str, Mapping[str, str]] = {
    "leads.Lead": {
        **dict.fromkeys(LEFT_OF_LEAD, "nothing"),
        "product": "a word of the terms, or nothing",
        "vertical": "a word of the terms, or nothing",
        "state": "the state",
        "trusted_form_url": "the certificate's reference",
    },
    "leads.Submission": {
        "body": "nothing; its hash stays",
        "answer": "its shape, ids, codes and times",
        "verdicts": "code, effect and our own name of the field",
        "ip": "nothing",
        "user_agent": "nothing",
        "content_type": "the type without parameters",
        "key_sha256": "nothing: a short key can be guessed from its hash",
        "replay_token": "nothing, so that whoever comes again is new",
        "body_sha256": "the hash of what was sent",
    },
    "leads.Complaint": dict.fromkeys(("raised_by", "details", "outcome_reason"), "nothing"),
    "leads.Import": {
        **dict.fromkeys(("content", "findings", "faults"), "nothing: the file is given up"),
    },
    "leads.Evidence": {
        "token": "the other service's reference; nothing where it has not the shape of one",
        "field": "our own name of the field, or nothing",
    },
    "leads.LegalHold": {"phone": "nothing once released", "email": "nothing once released"},
    "compliance.Certificate": {"url": "the certificate's reference"},
    "compliance.CertificateCheck": {
        "raw": "what was found and when",
        "reason": "nothing",
        "findings": "code and effect",
    },
    "compliance.CertificateRetention": {"reason": "nothing"},
    "compliance.Suppression": {"value": "nothing; its hash stays", "note": "nothing"},
    "compliance.SuppressionImport": dict.fromkeys(("content", "findings"), "nothing: the file is given up"),
    "conversations.Conversation": {"address": "the row's own id"},
}

# Columns of the same and of other tables that hold our words, those of the people who work here, or hashes.
OURS: Mapping[str, tuple[str, ...]] = {
    "leads.Lead": ("status", "held_for", "tags", "trusted_form_outcome"),
    "leads.Submission": ("door", "outcome", "codes", "request_id", "repeated_by", "repeated_reason"),
    "leads.Complaint": ("kind", "opened_by", "outcome", "closed_by"),
    "leads.Import": (
        # A row that holds a lead is refused as headings.
        *(
            "headings",
            "columns",
            "name",
            "status",
            "sha256",
            "outcomes",
            "codes",
            "failure",
            "created_by",
            "imported_by",
        ),
        *("imported_reason", "undone_by", "undone_reason"),
    ),
    "leads.Rejudgement": ("by", "reason", "submission_ids", "left", "status", "failure"),
    "leads.RetentionPeriod": ("kind", "changed_by"),
    "leads.LastPurge": ("kind",),
    "leads.LegalHold": ("scope", "contact_hashes", "reason", "placed_by", "released_by", "released_reason"),
    "leads.Erasure": ("contact_hashes", "lead_ids", "counts", "by", "reason"),
    "leads.FailingSource": ("code",),
    "leads.SourceTally": ("period", "held_codes", "refused_codes"),
    "leads.BusinessTally": ("period", "held_codes", "refused_codes"),
    # Counts, codes and ids alone: see leads/whatif/outcome.py.
    "leads.WhatIf": ("settings", "basis", "status", "result", "failure", "asked_by"),
    "leads.Evidence": ("kind", "state"),
    # Ids, the certificate's reference, and TrustedForm's word why it is not stored.
    "compliance.CertificateRetention": ("lead", "source", "status", "masked_url"),
    "leads.Override": ("codes", "asked_by", "reason", "state", "settled_by", "settled_reason"),
    "leads.CertificateUse": ("certificate_hash", "phone_hash", "email_hash"),
    "leads.AddressUse": ("ip_hash", "phone_hash", "email_hash"),
    "compliance.CertificateCheck": ("outcome", "host", "about", "source", "operations"),
    "compliance.Suppression": (
        *("kind", "contact_hash", "channel", "origin", "about", "created_by", "released_by"),
        *("release_reason", "also_origin"),
    ),
    "compliance.SuppressionImport": (
        *("name", "status", "sha256", "headings", "columns", "channel", "note", "counts", "failure"),
        *("created_by", "imported_by", "imported_reason", "undone_by", "undone_reason"),
    ),
    "conversations.Conversation": ("channel",),
    # Its data names ids, codes and counts; reasons are what people who work here write, and stay for good.
    "leadping.Event": ("kind", "subject", "actor", "reason", "data", "fold_key", "chain_hash"),
    "leadping.ChainHead": ("hash",),
    # Mail goes to the people who work here and tells of sources.
    "leadping.WaitingMail": ("body",),
    "sources.Source": ("name", "kind", "paused_reason"),
    "sources.CapCount": ("period",),
    "sources.Credential": (
        *("prefix", "key_hash", "secret_hash", "created_by", "last_used_ip", "exposed_in"),
    ),
    "sources.PostingLink": ("label", "created_by"),
}

# Tables in which no lead stands at all, and what they are about instead. Jobs name rows by their ids.
WITHOUT_LEADS: Mapping[str, str] = {
    **dict.fromkeys(
        (
            *("accounts.Business", "accounts.Account", "accounts.User", "accounts.Membership"),
            *(
                "accounts.UserRequestCount",
                "accounts.UserToken",
                "accounts.Invitation",
                "accounts.Attempts",
                "account.EmailAddress",
            ),
            *("account.EmailConfirmation", "mfa.Authenticator", "sessions.Session", "admin.LogEntry"),
        ),
        "the people who work here",
    ),
    **dict.fromkeys(("sources.SourceSettings", "sources.Terms", "sources.Review"), "agreed with senders"),
    **dict.fromkeys(
        (
            *("auth.Permission", "auth.Group", "contenttypes.ContentType", "sources.RequestCount"),
            *("procrastinate.ProcrastinateWorker", "procrastinate.ProcrastinateJob"),
            *("procrastinate.ProcrastinateEvent", "procrastinate.ProcrastinatePeriodicDefer"),
            *("compliance.ServiceTrouble", "compliance.CertificateCalls", "compliance.DryRunCall"),
            *("leads.ThresholdLook", "leads.ThresholdReach", "leads.PerishingSource", "leads.TallyReach"),
        ),
        "machinery",
    ),
}
