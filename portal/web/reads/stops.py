"""What stops when the impact assessment goes out of date, said before it does (Measures Art 9)."""

from django.utils.translation import gettext as _

from tenants.clearance.rules.endings import GRACE
from tenants.organizations.models import Property
from tenants.people.kinds import FaceState
from tenants.people.models import Person
from tenants.premises.kinds import DeviceState
from tenants.premises.models import Device


def all_stops(tenant: Property) -> list[str]:
    """Say what follows for the whole property when its assessment is out of date."""
    count = {
        "devices": Device.objects.filter(tenant=tenant, state=DeviceState.ACTIVE).count(),
        "faces": Person.objects.filter(tenant=tenant, face_state=FaceState.ENROLLED).count(),
    }
    return [
        _(
            "The impact assessment is out of date from this moment: every face of the property stops until the next "
            "version is signed (Measures Art 9). Active devices: %(devices)s. People: %(faces)s."
        )
        % count,
        _("A face that has been stopped for %(days)s days is erased (PIPL 47).") % {"days": GRACE.days},
        _("Cards, PINs, QR passes and the desk go on as before."),
    ]
