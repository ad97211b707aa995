"""States as senders write them, and which state a ZIP code lies in."""

from functools import cache

import us
import zipcodes

# USPS addresses of the armed forces, which the `us` package does not list as states.
MILITARY = {"AA": "Armed Forces Americas", "AE": "Armed Forces Europe", "AP": "Armed Forces Pacific"}
NAMES = {state.abbr: state.name for state in us.states.STATES_AND_TERRITORIES} | {
    "DC": "District of Columbia"
}
NAMES |= MILITARY
CODES = {name.casefold(): code for code, name in NAMES.items()} | {code.casefold(): code for code in NAMES}
CODES |= {"washington dc": "DC", "washington d.c.": "DC", "d.c.": "DC"}


def read_state(text: str) -> str | None:
    """`TX`, `tx` and `Texas` are TX; None where no such state exists."""
    return CODES.get(" ".join(text.split()).casefold())


def state_of_zip(postal_code: str) -> str | None:
    """The state of a five-digit or ZIP+4 code, or None where the table does not know it."""
    return zip_table().get(postal_code[:5])


@cache
def zip_table() -> dict[str, str]:
    """The package searches its list of 42,000 from end to end; a dictionary is asked on each lead."""
    return {place["zip_code"]: place["state"] for place in zipcodes.list_all()}
