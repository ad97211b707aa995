"""What is done with a source on its screen, in the order in which it is offered."""

from leadping.accounts.roles import Deed
from leadping.console.scoped import Step
from leads.console import as_vendor, complaining, drafting, narrowing
from leads.console.imports import uploading
from leads.console.launch import page as launch
from leads.console.rejudging import steps as rejudging
from leads.console.retention.holding import hold_source
from leads.console.watch.screen import WATCHING
from leads.console.whatif import asking as whatif
from sources.admin.source import PREPARE, SourceAdmin

HOLD = Step(hold_source, (Deed.HOLD,))
COMPLAIN = Step(complaining.complain_of_source, (Deed.RECORD_COMPLAINTS,))
# People complain of a source, and go to court about it, long after it was deleted.
LONG_AFTER = (HOLD, COMPLAIN)

STEPS = {
    "draft": Step(drafting.draft, PREPARE),
    "narrow": Step(narrowing.narrow, (Deed.APPROVE_TERMS,), confirms=True),
    **SourceAdmin.steps,
    "submit": Step(drafting.submit, PREPARE),
    "settings": Step(whatif.change_settings, (Deed.MANAGE_SOURCES,)),
    "judge_again": Step(rejudging.all_that_match, (Deed.DECIDE_HELD,)),
    "what_if": Step(whatif.try_terms, PREPARE),
    "launch": Step(launch.show, (Deed.READ,)),
    "import": Step(uploading.begin, (Deed.IMPORT_LEADS,)),
    **WATCHING,
    "hold": HOLD,
    "complain": COMPLAIN,
    "as_vendor": Step(as_vendor.show, (Deed.READ,)),
}
