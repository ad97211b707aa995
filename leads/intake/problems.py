"""The codes of reading a request and of intake's own rules, and the closed list of all codes."""

from compliance import problems as compliance
from leadping import problems as floor
from leadping.problems import Problem
from sources import problems as sources


def fault(code: str, title: str, meaning: str, remedy: str) -> Problem:
    return Problem(code, 400, title, meaning, remedy)


READING = (
    fault(
        "json_malformed",
        "JSON malformed",
        "The body is not one JSON object in UTF-8, or it is nested deeper than 20 levels, has "
        "more than 200 keys, "
        "or holds a number that JSON does not allow.",
        "Check the place named in the message. Let a JSON library write the body.",
    ),
    fault(
        "body_broken",
        "Body broken",
        "The body ended before its end, or its chunks were malformed.",
        "Let an HTTP library send the request.",
    ),
    fault(
        "form_malformed",
        "Form malformed",
        "The form body or query string is not percent-encoded UTF-8, or has more than 200 fields.",
        "Let a library encode the fields.",
    ),
    fault(
        "field_required",
        "Field required",
        "The structured payload needs the objects `metadata`, `contact` and `customer`.",
        "Send all three; `customer` may be empty.",
    ),
    fault(
        "field_wrong_type",
        "Wrong type",
        "The field has the wrong JSON type.",
        "The message says which it needs.",
    ),
    fault(
        "row_malformed",
        "Row malformed",
        "In an imported file, the row has more cells than there are headings, or quotes that do not match, "
        "so that nobody can tell which cell is which. The other rows are not concerned.",
        "Put a cell that holds a delimiter or a quote in quotes, and double the quotes inside it.",
    ),
    fault("field_too_long", "Too long", "The field has more characters than are stored.", "Shorten it."),
    fault(
        "field_repeated",
        "Field repeated",
        "The same name was given twice: in JSON always a fault, in a form or query when the values differ.",
        "Send each field once.",
    ),
    fault(
        "characters_not_allowed",
        "Characters not allowed",
        "The text holds control characters such as NUL, or half of a surrogate pair.",
        "Remove them; they usually come from a wrong conversion between encodings.",
    ),
    fault(
        "email_invalid",
        "Email invalid",
        "The email address cannot exist as written.",
        "Ask the person again.",
    ),
    fault(
        "phone_invalid",
        "Phone invalid",
        "The phone number cannot exist as written: it has too few or too many digits, or is no number.",
        "Send ten digits or E.164, for example `+15125550123`.",
    ),
    fault(
        "phone_not_us",
        "Phone not in the U.S.",
        "The number belongs to another country. The United States and its territories are taken.",
        "Do not send leads from other countries.",
    ),
    fault(
        "date_invalid", "Date invalid", "The date does not exist or lies in the future.", "Send `YYYY-MM-DD`."
    ),
    fault(
        "price_invalid",
        "Price invalid",
        "The price is not a decimal number from 0 to under 100,000,000.",
        "Send a number such as `18.5`, without currency or thousands separators.",
    ),
    fault(
        "url_invalid", "URL invalid", "The address is not an http or https URL.", "Send the whole address."
    ),
    fault(
        "state_unknown",
        "State unknown",
        "There is no such U.S. state or territory. This is checked on every source.",
        "Send the two-letter code or the full English name.",
    ),
    fault(
        "metadata_not_an_object",
        "Metadata is not an object",
        "`sourceMetadata` must be a JSON object; in forms and queries its JSON text or "
        "`sourceMetadata[key]` fields.",
        "Send an object.",
    ),
    fault(
        "metadata_too_large",
        "Metadata too large",
        "`sourceMetadata` is larger than 16 KiB.",
        "Send less of it.",
    ),
    fault(
        "secret_in_metadata",
        "Secret in metadata",
        "`sourceMetadata` holds something that is named or looks like a credential. It was not stored.",
        "Remove it, and rotate the credential: it has travelled where it should not.",
    ),
    fault(
        "idempotency_key_invalid",
        "Idempotency key invalid",
        "An `Idempotency-Key` has 1 to 255 printable ASCII characters.",
        "Send a UUID.",
    ),
    fault(
        "dry_run_invalid",
        "Dry run invalid",
        "`Leadping-Dry-Run` is either `true` or `full`.",
        "Leave the header out to send a real lead.",
    ),
)

RULES = (
    fault(
        "contact_missing",
        "Contact missing",
        "A lead needs a phone number or an email address.",
        "Send at least one of them.",
    ),
    fault(
        "duplicate_lead",
        "Duplicate lead",
        "The same external id, phone or email came through this source within its duplicate window.",
        "Do not send it again. Another source is judged on its own.",
    ),
    fault(
        "own_changes",
        "Own changes",
        "The lead was judged again by somebody who wrote and approved the source's terms alone since it "
        "came. A second person looks at it first.",
        "Nothing needs to be sent again; the answer to the submission changes once it is decided.",
    ),
)

WARNINGS = (
    fault(
        "field_unknown",
        "Field unknown",
        "A field is not one of this endpoint's. It is kept with the lead, and nothing is done "
        "with it. A warning only.",
        "Rename it if the hint names the field you meant; otherwise put it in `sourceMetadata`.",
    ),
    fault(
        "secret_in_payload",
        "Secret in payload",
        "A field is named or looks like a credential. Its value was replaced before anything was stored. "
        "A warning only.",
        "Stop sending it, and rotate the credential.",
    ),
    fault(
        "zip_state_mismatch",
        "ZIP and state disagree",
        "The ZIP code lies in another state than the one sent. A warning only.",
        "Check which of the two the person gave.",
    ),
    fault(
        "credentials_in_query",
        "Credentials in the query",
        "The source key travelled in the address, where proxies and browsers write it down. A warning only.",
        "Send the headers `X-Leadping-Source-Id` and `X-Leadping-Source-Key`.",
    ),
)

ENVELOPE = (
    Problem(
        "body_too_large",
        413,
        "Body too large",
        "The body, or the line of a batch, is over 64 KiB.",
        "Send less; a lead is small.",
    ),
    Problem(
        "batch_too_large",
        413,
        "Batch too large",
        "The batch has more than 10,000 lines, or over 20 MiB. None of its lines was looked at.",
        "Send it in several parts.",
    ),
    Problem(
        "content_type_unsupported",
        415,
        "Content type unsupported",
        "POST /leads takes JSON; POST /leads/intake takes JSON or `application/x-www-form-urlencoded`; "
        "POST /leads/batch takes `application/x-ndjson`; all in UTF-8.",
        "Set `Content-Type: application/json`, and for a batch `application/x-ndjson`.",
    ),
    Problem(
        "idempotency_key_reused",
        422,
        "Idempotency key reused",
        "The key was used in the last 24 hours with a different body, whose lead was accepted.",
        "Use a new key for each lead.",
    ),
)

CATALOGUE = {
    problem.code: problem
    for problem in (
        *floor.PROBLEMS,
        *sources.PROBLEMS,
        *ENVELOPE,
        *READING,
        *RULES,
        *compliance.PROBLEMS,
        *compliance.USER_PROBLEMS,
        *WARNINGS,
    )
}
