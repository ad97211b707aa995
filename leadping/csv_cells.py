"""Text in the cells of a CSV file, which a spreadsheet must never run."""

# A spreadsheet takes what begins so for a formula, the full-width forms too.
FORMULA = tuple("=+-@\uff1d\uff0b\uff0d\uff20")
CONTROL = ("\t", "\r", "\n")


def neutralise(text: str) -> str:
    """With an apostrophe before what a spreadsheet would run; some of them skip blanks to find it."""
    if text[:1].isalnum() and "\x00" not in text:
        return text
    text = text.replace("\x00", "")
    return f"'{text}" if text.startswith(CONTROL) or text.lstrip().startswith(FORMULA) else text


def restore(cell: str) -> str:
    """Without the apostrophe that exports, ours too, put before what could be taken for a formula."""
    return cell[1:] if cell[:1] == "'" and neutralise(cell[1:]) == cell else cell
