"""The codes of certificates."""

from compliance.checks import problems as checks
from compliance.evidence.registry import KINDS
from leadping.problems import Problem


def refusal(code: str, title: str, meaning: str, remedy: str, *, retry: bool = False) -> Problem:
    return Problem(code, 400, title, meaning, remedy, retry)


SEND_WHOLE_URL = (
    "Send what the TrustedForm script wrote into the form's hidden field, whole: "
    "`https://cert.trustedform.com/` and the certificate's id."
)

PROBLEMS = (
    refusal(
        "certificate_missing",
        "Certificate missing",
        "The source needs a TrustedForm certificate with each lead, and none was sent as `trustedFormUrl`.",
        SEND_WHOLE_URL,
    ),
    refusal(
        "certificate_malformed",
        "Certificate malformed",
        "The value is not the URL of a certificate, or TrustedForm says that no such id can exist.",
        SEND_WHOLE_URL,
    ),
    refusal(
        "certificate_wrong_host",
        "Certificate on another host",
        "Certificates live on `cert.trustedform.com` alone.",
        SEND_WHOLE_URL,
    ),
    refusal(
        "certificate_ping_url",
        "Ping URL instead of a certificate",
        "A `ping.trustedform.com` URL shows a part of the certificate before a lead is "
        "bought. It proves nothing later.",
        "Send the value of `xxTrustedFormCertUrl`, not that of `xxTrustedFormPingUrl`.",
    ),
    refusal(
        "certificate_sample",
        "Sample certificate",
        "This is the certificate printed in TrustedForm's documentation.",
        "Send the certificate of this lead; the form's hidden field probably holds a constant.",
    ),
    refusal(
        "certificate_not_found",
        "Certificate not found",
        "TrustedForm knows no such certificate, or it has expired: unclaimed certificates "
        "live 72 hours, or 90 days "
        "when the form was submitted.",
        "Send leads at once, with the certificate of the page view in which the person opted in.",
    ),
    refusal(
        "certificate_invented",
        "Certificate invented",
        "TrustedForm never made a certificate with this id. This is looked for where the source is set to, "
        "and the lead is then refused, held for a person to look at, or taken with a warning.",
        "Send what TrustedForm's script wrote into the form of this person; never make up or fill in an id.",
    ),
    refusal(
        "certificate_not_claimable",
        "Certificate not claimable",
        "The certificate was made in TrustedForm's sandbox mode.",
        "Remove `sandbox=true` from the form's script.",
    ),
    refusal(
        "certificate_mismatch",
        "Certificate of somebody else",
        "Neither the phone nor the email of the lead was entered in the form that the certificate shows. "
        "The lead is held for a person to look at.",
        "Send the certificate of this lead, not one kept from an earlier one.",
    ),
    refusal(
        "certificate_overclaimed",
        "Certificate claimed too often",
        "TrustedForm says that the certificate has been claimed too many times. "
        "The lead is held for a person to look at.",
        "Do not sell the same lead again and again.",
    ),
    refusal(
        "certificate_unavailable",
        "Certificate service unavailable",
        "TrustedForm could not be asked. By the source's outage policy the lead is held and asked "
        "about again, or refused.",
        "If it was refused, send it again later.",
        retry=True,
    ),
    refusal(
        "certificate_reused_person",
        "Certificate of somebody before",
        "The certificate came before with another phone and another email. By the setting of the source the "
        "lead is refused, held for a person to look at, or taken with a warning. The same lead sent again is "
        "not meant: the same phone or email is the same person.",
        "Send the certificate of the page view in which this person opted in; a form that keeps one in a "
        "constant or a cache sends the same for everybody.",
    ),
    refusal(
        "certificate_reused_source",
        "Certificate used elsewhere",
        "The certificate came before through another source. By the setting of the source the lead is "
        "refused, held for a person to look at, or taken with a warning.",
        "Send each lead through one source alone.",
    ),
    refusal(
        "certificate_shared_ip",
        "Many people from one IP address",
        "More people than the source allows came from the IP address that the certificate, or the lead where "
        "TrustedForm was not asked for it, names for the person. The same phone or email is the same person. "
        "By the setting of the source the lead is refused, held for a person to look at, or taken with a "
        "warning.",
        "Send leads of people who filled in the form on their own devices, and in `ipAddress` each one's "
        "own, never that of your server.",
    ),
    refusal(
        "contact_suppressed",
        "Contact suppressed",
        "The phone or the email is on our list of those that are not to be contacted. By the source's "
        "setting the lead is refused, held for a person to look at, or taken with a warning. A certificate "
        "does not override the list. Which of the two it is, since when and why is told to nobody outside.",
        "Do not send this person again. Whoever gave you the key can look into a single case.",
    ),
    refusal(
        "certificate_several",
        "Several certificates",
        "More than one certificate was sent; the first was used. A warning only.",
        "Send one certificate.",
    ),
    refusal(
        "certificate_unasked",
        "Certificate not asked about",
        "A dry run does not ask TrustedForm, since each call is billed. A warning only.",
        "Send `Leadping-Dry-Run: full` to have it asked.",
    ),
    *(kind.problem for kind in KINDS.values()),
    *checks.PROBLEMS,
)

SUPPRESSION_RELEASED = Problem(
    "suppression_released",
    409,
    "Suppression released already",
    "The entry was released before. Who did it and why stands in the entry.",
    "Read the entry. To suppress the contact again, post it anew.",
)
# Of addresses for users, which no door ever answers.
USER_PROBLEMS = (SUPPRESSION_RELEASED,)
