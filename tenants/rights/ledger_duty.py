"""The duty that erasures outlive a restore: the ledger beside the database is whole and knows them all."""

from django.utils.translation import gettext as _

from tenants.clearance.checks import Mend
from tenants.clearance.duties import Duty, Group, Status
from tenants.rights import ledger


def ledger_is_whole() -> Duty:
    """Return the duty; it concerns the whole installation, and each property says so. One query, rarely two."""
    wrong = _wrong()
    return Duty(
        code="ledger_not_whole",
        group=Group.PEOPLE,
        status=Status.DUE if wrong else Status.MET,
        title=_("The ledger of erasures is damaged or incomplete")
        if wrong
        else _("Erasures are kept in a ledger outside the database"),
        detail=_(
            "After a restore from a backup it says who was erased meanwhile, so that no door opens to them. "
            "The operator checks it with the command verify_ledger."
        ),
        article="PIPL 47",
        evidence=wrong,
        mend=Mend.ERASURES,
        broken=int(bool(wrong)),
        total=1,
    )


def _wrong() -> str:
    try:
        found = ledger.ledger()
        faults, last = len(found.faults()), found.last_number()
        if faults:
            return _("Lines that are not as they were written: %(count)s") % {"count": f"{faults:,}"}
        reached = ledger.reached_number()
        if last < reached:
            return _("Lines are missing at its end")
        return _("The database is older than the ledger") if last > reached and ledger.is_behind() else ""
    except OSError:
        return _("It cannot be read")
