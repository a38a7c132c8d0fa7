"""What platform staff are told before a deed that locks people out or ends in erasure."""

from datetime import date, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.admin.pages import Danger
from tenants.clearance.rules.endings import GRACE
from tenants.organizations.models import Handler, User

_DAY = timedelta(days=1)


def of_contract(before: Handler, *, signed: date | None, ends: date | None) -> Danger | None:
    """Ending a contract, or taking its date away, switches every device of the handler off, and erases in the end."""
    today = timezone.localdate()
    was_good = _is_good(before.contract_signed_on, before.contract_ends_on, today)
    if not was_good or _is_good(signed, ends, today):
        return None
    count = before.properties.count()
    over_since = ends + _DAY if ends and ends < today else None
    effects = [
        ngettext(
            "All faces of %(count)s property stop within a minute: no device opens by a face.",
            "All faces of %(count)s properties stop within a minute: no device opens by a face.",
            count,
        )
        % {"count": f"{count:,}"},
        _("Cards, PINs, QR passes and the desk go on."),
    ]
    if over_since:
        last = date_format(max(today, over_since + GRACE), "DATE_FORMAT")
        effects.append(
            _("If no new contract is entered by %(date)s, every face is erased, here and on every terminal.")
            % {"date": last}
        )
        effects.append(_("What is erased does not come back: everybody would be asked and photographed anew."))
    return Danger(
        question=_("End the contract of %(name)s?") % {"name": before.name},
        effects=[*effects],
        label=_("End the contract"),
        typed=before.credit_code,
    )


def _is_good(signed: date | None, ends: date | None, today: date) -> bool:
    return signed is not None and signed <= today and (ends is None or today <= ends)


def of_account(before: User, *, is_active: bool, is_staff: bool, is_lost: bool) -> Danger | None:
    """Closing an account, naming or unnaming platform staff, beginning anew after a lost second factor."""
    who = {"who": before.email}
    if before.is_active and not is_active:
        effects = [
            _("%(who)s is signed out everywhere at once and cannot sign in again.") % who,
            _("Their API tokens stop too. Roles and tokens hold again when the account is reopened."),
        ]
        return Danger(_("Close the account of %(who)s?") % who, [*effects], _("Close the account"), before.email)
    if before.is_staff and not is_staff:
        effects = [_("%(who)s sees no page of the platform any more, from the next click on.") % who]
        return Danger(
            _("Take the platform from %(who)s?") % who, [*effects], _("Take the rights of platform staff"), before.email
        )
    if is_staff and not before.is_staff:
        effects = [
            _("%(who)s sees all handlers, properties and members, and can change them.") % who,
            _("They can look into a property in an emergency; its owners are told."),
        ]
        return Danger(_("Make %(who)s platform staff?") % who, [*effects], _("Make them platform staff"), before.email)
    if is_lost:
        effects = [
            _("Password and second factors of %(who)s are taken off, and they are signed out everywhere.") % who,
            _("A letter to their address lets them choose a new password. Who reads their mail can do so too."),
        ]
        return Danger(_("Begin the sign-in of %(who)s anew?") % who, [*effects], _("Begin anew"))
    return None
