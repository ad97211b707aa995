"""The codes of the checks of what a certificate shows."""

from leadping.problems import Problem

BY_SOURCE = "What comes of it, from a warning to a refusal, is set for each source."


def fault(code: str, title: str, meaning: str, remedy: str) -> Problem:
    return Problem(code, 400, title, f"{meaning} {BY_SOURCE}", remedy)


PROBLEMS = (
    fault(
        "certificate_expired",
        "Certificate expired",
        "TrustedForm says that the certificate could be used until a moment that is over.",
        "Send leads at once, with the certificate of the page view in which the person opted in.",
    ),
    fault(
        "certificate_phone_mismatch",
        "Phone not in the certificate",
        "The source demands that the lead's phone itself was entered in the form that the certificate shows.",
        "Send the certificate of the form into which the person typed this phone number.",
    ),
    fault(
        "certificate_email_mismatch",
        "Email not in the certificate",
        "The source demands that the lead's email itself was entered in the form that the certificate shows.",
        "Send the certificate of the form into which the person typed this email address.",
    ),
    *(
        Problem(
            f"certificate_{short}_absent",
            400,
            f"No {name} in the certificate",
            f"The source demands that the lead's {name} was entered in the form that the certificate shows. "
            "The certificate has none to compare with: the form recorded none, or TrustedForm did not "
            "compare it. That is no mismatch, for nothing shows another person. The lead is held for a "
            "person to look at, or taken with a warning where the source only warns.",
            f"Ask for the {name} in the form itself, and load TrustedForm's script before it is shown.",
        )
        for short, name in (("phone", "phone number"), ("email", "email address"))
    ),
    fault(
        "certificate_too_old",
        "Certificate too old",
        "The person was last active on the page longer ago than the source allows.",
        "Send leads at once; do not keep them back.",
    ),
    fault(
        "certificate_other_page",
        "Certificate of another page",
        "The form was on a host that is not among the source's approved landing pages and websites, nor "
        "below one of them. For a framed form the page around it counts too.",
        "Send only leads of approved pages, or ask to have this page approved.",
    ),
    fault(
        "certificate_masked",
        "Certificate masked",
        "The certificate hides whose page it was made on.",
        "Ask the publisher for certificates that are not masked.",
    ),
    fault(
        "certificate_framed",
        "Form in a frame",
        "The form was shown in a frame of another page.",
        "Show the form on a page of its own.",
    ),
    fault(
        "certificate_owner_unknown",
        "Publisher not verified",
        "TrustedForm knows no verified account that made the certificate.",
        "Have the publisher's TrustedForm account verified by ActiveProspect.",
    ),
    fault(
        "certificate_other_ip",
        "Another IP address than the certificate's",
        "The IP address that the lead gives for the person is not the one that the certificate recorded.",
        "Send in `ipAddress` that of the person's own browser, from the same visit.",
    ),
    fault(
        "certificate_other_state",
        "Another state than the certificate's",
        "The internet address from which the form was filled in lies in another state than the lead says.",
        "Check where the lead's state comes from.",
    ),
    fault(
        "certificate_other_device",
        "Another browser than the certificate's",
        "The browser that the lead gives for the person is not the one that the certificate recorded, or "
        "runs on another kind of device.",
        "Send in `userAgent` that of the person's own browser, from the same visit.",
    ),
    fault(
        "certificate_bot",
        "Program at work",
        "TrustedForm saw a program fill in the form.",
        "Send only leads of people who filled in the form themselves.",
    ),
    fault(
        "certificate_too_fast",
        "Filled in too fast",
        "The form was filled in faster than a person does it: too few seconds on the page, or too many "
        "keys a minute.",
        "Send only leads of people who filled in the form themselves.",
    ),
    fault(
        "certificate_pasted",
        "Nothing typed",
        "All that stands in the form was pasted or filled in beforehand.",
        "Send only leads of people who filled in the form themselves.",
    ),
    fault(
        "certificate_hidden_content",
        "Hidden parts of the page",
        "Parts of the page are hidden in the certificate, so nobody can see later what stood there.",
        "Hide nothing from TrustedForm but what a person types in confidence.",
    ),
    fault(
        "certificate_not_submitted",
        "Form not submitted",
        "The certificate does not show that the form was submitted.",
        "Send the lead once its form was submitted, and let TrustedForm's script see it.",
    ),
    fault(
        "certificate_wording_unapproved",
        "Consent wording not approved",
        "The page showed no consent wording that is approved.",
        "Show the approved disclosure on the page, word for word.",
    ),
    fault(
        "certificate_phrase_missing",
        "Required words missing",
        "The page did not show words that must be on it.",
        "Show the approved disclosure on the page, word for word.",
    ),
    fault(
        "certificate_phrase_forbidden",
        "Forbidden words on the page",
        "The page showed words that must not be on it.",
        "Take them off the page, and send leads of the new page only.",
    ),
    fault(
        "certificate_advertiser_missing",
        "Seller not named",
        "The person is not shown to have agreed to be contacted by the seller by name.",
        "Name the seller in the disclosure, and set TrustedForm's consent tags on the page.",
    ),
    fault(
        "certificate_opt_in_type",
        "Kind of opt-in not allowed",
        "An opt-in of the form is of a kind that is not allowed, such as a box that is ticked beforehand.",
        "Let the person agree actively, such as by ticking an empty box.",
    ),
    fault(
        "certificate_small_print",
        "Consent hard to read",
        "The consent wording was smaller or paler than is allowed.",
        "Print the disclosure large and dark enough to be read.",
    ),
)
