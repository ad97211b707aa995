"""The fields about certificates in the form of a source's settings, by what they are about. Pure."""

from sources.admin.section import Section

CERTIFICATE_SECTIONS = (
    Section(
        "Certificate: is it real",
        "Whether there is such a certificate and TrustedForm can still be asked about it. These cost nothing "
        "beyond the question that is asked anyway, but for what is said to be billed.",
        (
            *("certificate_not_found_effect", "certificate_invented_effect"),
            *("certificate_expired_effect", "certificate_asks_expiry"),
            *("certificate_not_claimable_effect", "certificate_overclaimed_effect", "outage_policy"),
        ),
    ),
    Section(
        "Certificate: is it this person's",
        "Whether the person of the lead is the one who filled in the form. What the certificate does not "
        "tell is no failure; where it has no phone or email that is demanded, the lead is held at most.",
        (
            *("certificate_mismatch_effect", "certificate_phone_mismatch_effect"),
            *("certificate_email_mismatch_effect", "certificate_other_ip_effect"),
            *("certificate_other_state_effect", "certificate_other_device_effect"),
        ),
    ),
    Section(
        "Certificate: many people, one address",
        "People who fill in forms for others do it from one place. Only hashes are kept for it.",
        ("certificate_shared_ip_effect", "certificate_people_most", "certificate_people_days"),
    ),
    Section(
        "Certificate: page and age",
        "Where and when it was made. Each check that is on is billed with every lead, and needs a plan with "
        "insights. What a certificate does not tell, such as one of an app or of Meta, is no failure.",
        (
            *("certificate_too_old_effect", "certificate_age_minutes", "certificate_other_page_effect"),
            *("certificate_framed_effect", "certificate_masked_effect"),
            "certificate_owner_unknown_effect",
        ),
    ),
    Section(
        "Certificate: how it was filled in",
        "Whether a person filled in the form, and in full sight. Needs a plan with insights, or with verify "
        "where it says so.",
        (
            *("certificate_bot_effect", "certificate_pasted_effect"),
            *("certificate_hidden_content_effect", "certificate_not_submitted_effect"),
            *("certificate_too_fast_effect", "certificate_seconds_least", "certificate_keys_per_minute_most"),
        ),
    ),
    Section(
        "Certificate: the consent",
        "What the page said, who was named, and how the person agreed. Verify judges by what is approved in "
        "our TrustedForm account; phrases are looked for word for word, and cost less.",
        (
            *("certificate_wording_unapproved_effect", "certificate_phrase_missing_effect"),
            *("certificate_phrases_required", "certificate_phrase_forbidden_effect"),
            *("certificate_phrases_forbidden", "certificate_advertiser_missing_effect"),
            *("certificate_advertiser", "certificate_opt_in_type_effect", "certificate_opt_in_types"),
            *("certificate_small_print_effect", "certificate_font_px_least", "certificate_contrast_least"),
        ),
    ),
)
CERTIFICATE_FIELDS = tuple(
    name for section in CERTIFICATE_SECTIONS for name in section.fields if name.startswith("certificate_")
)
# Of no weight while the checks are off that go by them.
LIMITS_OF = {
    "certificate_age_minutes": ("certificate_too_old_effect",),
    "certificate_seconds_least": ("certificate_too_fast_effect",),
    "certificate_keys_per_minute_most": ("certificate_too_fast_effect",),
    "certificate_people_most": ("certificate_shared_ip_effect",),
    "certificate_people_days": ("certificate_shared_ip_effect",),
    "certificate_phrases_required": ("certificate_phrase_missing_effect",),
    "certificate_phrases_forbidden": ("certificate_phrase_forbidden_effect",),
    "certificate_advertiser": ("certificate_advertiser_missing_effect",),
    "certificate_opt_in_types": ("certificate_opt_in_type_effect",),
    "certificate_font_px_least": ("certificate_small_print_effect",),
    "certificate_contrast_least": ("certificate_small_print_effect",),
}
