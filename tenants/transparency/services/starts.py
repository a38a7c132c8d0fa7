"""What a first draft says: what the portal knows and does by itself, with open places (____) for what only people know.

Nothing here may promise more than the portal does; a member takes out or mends what does not fit the property.
"""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants.organizations.kinds import StorageMode
from tenants.organizations.models import Property
from tenants.premises.kinds import DevicePurpose, MethodKind
from tenants.premises.models import AccessMethod
from tenants.transparency.models import RiskKind
from tenants.transparency.services.scopes import scope_of

_NEITHER = gettext_lazy("none that works yet")
_LEAST = gettext_lazy(
    "One person is checked (1:1) wherever that is possible. It is deleted when its time is over, when the person "
    "leaves, or at once when the person says stop."
)


def starting_texts(tenant: Property) -> dict[str, str]:
    """Return the texts of the four items, in the language of whoever begins."""
    on_device = tenant.storage_mode == StorageMode.ON_DEVICE
    return {
        "lawfulness": _(
            "Faces are used only for: %(purposes)s, of people who agreed to it separately "
            "(PIPL Arts 13, 29; Measures Arts 4, 6). Nothing is given for agreeing and nothing is taken for declining. "
            "Faces are not used for attendance, fees, marketing or lists of people. "
            "It is needed at these doors because ____."
        )
        % {"purposes": _purposes_of(tenant)},
        "alternative_considered": _(
            "Other ways at these doors: %(ways)s, free of charge. They stay for everybody, at the same hours. "
            "For those who agree they are not enough because ____."
        )
        % {"ways": ways_of(tenant)},
        "least_impact": "\n".join([_storage(on_device=on_device), str(_LEAST)]),
        "rights_impact": _(
            "People may feel watched, or fear trouble if they decline. Whoever declines passes the same doors; the "
            "right to pass does not depend on a face; nobody is asked again after a refusal. People can see, correct "
            "and delete what is held, and complain. Whether this works is seen from ____, looked at every ____ months."
        ),
        "harm": _(
            "A face cannot be changed like a password. If it leaked, or were taken, sold or used unlawfully, others "
            "could pretend to be the person or follow them. If it were changed, lost or damaged, somebody could be let "
            "in wrongly or kept outside. The single risks, with their weight, are in the table below."
        ),
        "safeguards": _(
            "Lawful: the notice is read first, consent is separate, every deletion leaves a receipt. "
            "Effective: encryption with a key of its own for each person, rights by role, each property kept apart in "
            "the database, changes written to a log. "
            "Fitting the risk: because ____."
        ),
    }


def _purposes_of(tenant: Property) -> str:
    wanted = scope_of(tenant)["purposes"] or [DevicePurpose.ACCESS.value]
    return _(", ").join(str(DevicePurpose(purpose).label) for purpose in wanted)


def _storage(*, on_device: bool) -> str:
    if on_device:
        return _("The face stays in the device at the door and is not sent over the internet (Measures Art 8).")
    return _(
        "Only an encrypted template is stored, never a photo, and only after a second separate consent to sending it "
        "here (Measures Art 8)."
    )


def ways_of(tenant: Property) -> str:
    """Return the ways other than a face that work somewhere in this property, in words."""
    live = AccessMethod.objects.filter(tenant=tenant, is_live=True).exclude(kind=MethodKind.FACE)
    kinds = set(live.values_list("kind", flat=True))
    return _(", ").join(str(kind.label) for kind in MethodKind if kind.value in kinds) or str(_NEITHER)


def starting_risks(tenant: Property) -> list[dict[str, Any]]:
    """Return the typical risks of faces at doors, each with what the portal already does about it."""
    on_device = tenant.storage_mode == StorageMode.ON_DEVICE
    leak = (
        _("The portal stores no face of any kind; templates are in the devices only.")
        if on_device
        else _(
            "Templates are encrypted with a key of their own for each person; destroying the key makes every copy "
            "unreadable. Pages and the API cannot read them. No photo is stored."
        )
    )
    children = (
        _("Children under 14 are enrolled only with a guardian's own separate consent, under the rules for minors.")
        if tenant.allows_under_14
        else _("Children under 14 are not enrolled; they pass with a card or another way.")
    )
    rows = (
        (RiskKind.LEAK, 2, 5, leak),
        (
            RiskKind.OTHER_PURPOSE,
            2,
            4,
            _("The portal has no function for attendance, fees, marketing or watch lists, and refuses such fields."),
        ),
        (
            RiskKind.PRESSURE,
            3,
            3,
            _(
                "Agree and decline are equal in size and place. After a refusal nobody asks again. "
                "Doors always open in another way, or faces are switched off there."
            ),
        ),
        (
            RiskKind.PASSERS_BY,
            3,
            3,
            _("What matches nobody leaves no picture and no template. A notice hangs at the device."),
        ),
        (
            RiskKind.CHILDREN,
            2,
            5,
            children,
        ),
        (
            RiskKind.FALSE_REJECTION,
            3,
            2,
            _("Another way works at the same door. Nobody is refused for good because a device does not know them."),
        ),
        (
            RiskKind.DEVICE_THEFT,
            2,
            4,
            _("A device's keys can be replaced, and the device suspended or retired, at once."),
        ),
        (
            RiskKind.INSIDER,
            2,
            4,
            _("Rights by role; each property kept apart in the database as well; changes are written to a log."),
        ),
        (
            RiskKind.VENDOR,
            2,
            4,
            _(
                "The vendor has no account here. "
                "The processing contract names purpose, term and deletion (PIPL Art 21)."
            ),
        ),
    )
    return [
        {"kind": kind, "title": str(kind.label), "likelihood": likelihood, "impact": impact, "measure": measure}
        for kind, likelihood, impact, measure in rows
    ]
