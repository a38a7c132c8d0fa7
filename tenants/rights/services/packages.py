"""The access package: what we hold about a person, why and since when (PIPL 45).

It is made when it is downloaded and is never stored, so there is nothing to leak or to erase.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.people.models import Person
from tenants.rights import stores
from tenants.rights.models import RightsRequest


def contents(*, person: Person) -> dict[str, object]:
    """Return the package as JSON-ready data. It holds no template: that is the vendor's own form."""
    tenant = person.tenant
    return {
        "format": "consentry-access-package/1",
        "made_at": timezone.now(),
        "handler": {"name": tenant.handler.name, "contact": tenant.handler.contact_phone},
        "property": tenant.name,
        "person": {
            "id": str(person.pk),
            "kind": person.kind,
            "age_band": person.age_band,
            "face_state": person.face_state,
            "face_enrolled_on": person.face_enrolled_on,
            "stay_ends_on": person.stay_ends_on,
        },
        "stores": {store.name: store.export(person) for store in stores.stores()},
    }


@transaction.atomic
def download(*, request: RightsRequest) -> dict[str, object]:
    """Return the package of an answered request and count the download. Raises ValidationError when it is over."""
    request = (
        RightsRequest.objects.select_for_update(of=("self",))
        .select_related("person__tenant__handler")
        .get(pk=request.pk)
    )
    if request.person is None or request.package_until is None or request.package_until < timezone.now():
        raise ValidationError(_("There is nothing to download, or the time for it is over."), code="no_package")
    request.downloads += 1
    request.save()
    return contents(person=request.person)
