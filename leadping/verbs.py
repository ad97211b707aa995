"""What all verbs have in common."""


class VerbError(Exception):
    """The verb is not possible as things stand; the message says to a person why.

    Each room has its own below this one; a screen shows them all alike, beside what was entered.
    """
