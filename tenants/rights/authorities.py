"""Where anybody complains outside the house (PIPL 65): the local authority, then the hot lines of the whole country."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Property


@dataclass(frozen=True)
class Authority:
    """One place to complain to. Empty where nothing is known."""

    name: str | Promise
    phone: str = ""
    address: str = ""
    url: str = ""


# Both take complaints about any property, so nobody is left without an address before the owner wrote the local one.
EVERYWHERE = (
    Authority(name=_("Cyberspace administration, reporting centre"), phone="12377", url="https://www.12377.cn"),
    Authority(name=_("Government hot line of your city"), phone="12345"),
)


def authorities_of(tenant: Property) -> list[Authority]:
    """Return where to complain about this property: the local authority first, if the property named it."""
    local = Authority(
        name=tenant.authority_name,
        phone=tenant.authority_phone,
        address=tenant.authority_address,
        url=tenant.authority_url,
    )
    return [*([local] if tenant.authority_name else []), *EVERYWHERE]
