"""What others sent, safe to look at: nothing in it is invisible or changes what stands around it. Pure."""

import re
import unicodedata

# They join letters into the forms that some languages need, and turn nothing around.
JOINERS = {"\u200c", "\u200d"}
NEW_LINES = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# More than this of one value is not shown in the report: the files of the archive have it in full.
LONGEST = 6_000


def visible(text: str) -> str:
    """Control characters and marks of direction by their number, such as [U+202E]; ends of lines stay."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(shown(character) for character in NEW_LINES.sub("\n", text))


def shown(character: str) -> str:
    if character in "\n" or character in JOINERS:
        return character
    if character == "\t":
        return "    "
    # Control, format, surrogate, private, unassigned.
    hidden = unicodedata.category(character).startswith("C")
    return name_characters(character) if hidden else character


def name_characters(characters: str) -> str:
    return "[" + " ".join(f"U+{ord(character):04X}" for character in characters) + "]"


def shortened(text: str, longest: int = LONGEST) -> str:
    if len(text) <= longest:
        return text
    return f"{text[:longest]} … ({len(text) - longest:,} more characters are in the files)"
