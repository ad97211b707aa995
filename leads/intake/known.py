"""What is known of a request beforehand, by what came before it. Pure; `beforehand.py` finds it out."""

from typing import NamedTuple

from leads.intake.statement import Accepted


class Uses(NamedTuple):
    """What is known of the earlier uses of a certificate."""

    by_others: bool = False
    elsewhere: bool = False


class Known(NamedTuple):
    """What no rule in force asks about is not looked for, and stays as if there were nothing."""

    # The hashes of contacts that are on the suppression list.
    suppressed: frozenset[bytes] = frozenset()
    uses: Uses = Uses()
    # The accepted submission that has the same token.
    accepted: Accepted | None = None
