"""Text made comparable, and secrets taken out, before any field is read."""

import unicodedata
from dataclasses import dataclass, field
from typing import Any

from leadping.characters import FORBIDDEN
from leadping.redaction import REDACTED, holds_secret, is_secret_name, redact_values
from leadping.verdicts import Effect, Verdict, failed
from leads.intake.payload.shapes import FLAT_PATHS, STRUCTURED_PATHS

# Names of a sender's own making come back in answers, and no field is called so.
LONGEST_NAME = 200
METADATA = "sourceMetadata"
# Nothing is to be found in names of ours.
DOCUMENTED = frozenset(
    name for path in (*FLAT_PATHS.values(), *STRUCTURED_PATHS.values()) for name in path.split(".")
)


@dataclass(slots=True)
class Cleaning:
    """What came of cleaning one payload: what is wrong with it, and whether it held secrets."""

    faults: list[Verdict] = field(default_factory=list)
    warnings: list[Verdict] = field(default_factory=list)
    found_secret: bool = False


def clean_object(sent: dict[str, Any], found: Cleaning, above: str = "") -> dict[str, Any]:
    """`sent` with its text in NFC and trimmed, without what is blank, and with secrets replaced."""
    cleaned = {}
    for sent_name, value in sent.items():
        path = f"{above}{sent_name}"
        if sent_name in DOCUMENTED:
            name, kept = sent_name, clean_value(value, found, path)
        else:
            name, kept = clean_stranger(sent_name, value, found, above)
        if kept is not None:
            cleaned[name] = kept
    return cleaned


def clean_stranger(sent_name: str, value: Any, found: Cleaning, above: str) -> tuple[str, Any]:
    """A field of the sender's own making."""
    name = redact_values(sent_name)
    path = f"{above}{name}"
    if name != sent_name:
        note_secret(path, found)
    if FORBIDDEN.search(name):
        found.faults.append(forbidden(FORBIDDEN.sub("\ufffd", path)))
        found.found_secret |= holds_secret({name: value})
    elif len(name) > LONGEST_NAME:
        found.faults.append(long_name(path))
        found.found_secret |= holds_secret(value)
    elif value not in (None, "") and is_secret_name(name):
        note_secret(path, found)
        return name, REDACTED
    else:
        return name, clean_value(value, found, path)
    return name, None


def clean_value(value: Any, found: Cleaning, path: str) -> Any:
    if isinstance(value, str):
        return clean_text(value, found, path)
    if isinstance(value, dict):
        return clean_object(value, found, f"{path}.")
    if isinstance(value, list):
        return [clean_value(inner, found, f"{path}.{index}") for index, inner in enumerate(value)]
    return value


def clean_text(text: str, found: Cleaning, path: str) -> str | None:
    redacted = redact_values(text)
    if redacted != text:
        note_secret(path, found)
    if redacted.isascii() and redacted.isprintable():
        return redacted.strip() or None
    if FORBIDDEN.search(redacted):
        found.faults.append(forbidden(path))
        return None
    return unicodedata.normalize("NFC", redacted).strip() or None


def shown(name: str) -> str:
    """A field's name of the sender's own making, fit to be told and stored."""
    return FORBIDDEN.sub("\ufffd", redact_values(name))


def long_name(path: str) -> Verdict:
    message = f"A field's name has at most {LONGEST_NAME} characters."
    return failed("field_too_long", message, field=path[:LONGEST_NAME])


def forbidden(path: str) -> Verdict:
    return failed(
        "characters_not_allowed",
        "This holds a control character or half a character, which no text needs.",
        field=path,
    )


def note_secret(path: str, found: Cleaning) -> None:
    """A secret in metadata refuses the lead; anywhere else it is flagged. It is stored nowhere."""
    found.found_secret = True
    in_metadata = METADATA in path.split(".")
    found_as = found.faults if in_metadata else found.warnings
    found_as.append(
        failed(
            "secret_in_metadata" if in_metadata else "secret_in_payload",
            "This looks like a credential; it was not stored.",
            field=path,
            hint="Send no keys, tokens or passwords with a lead, and rotate this one.",
            effect=Effect.REFUSE if in_metadata else Effect.WARN,
        )
    )
