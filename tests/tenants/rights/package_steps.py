"""The steps of somebody who asks what is held: asked, answered, built, opened."""

import io
import json
import zipfile
from typing import Any

from tenants.organizations.models import Property
from tenants.people.models import Person
from tenants.rights import package_jobs
from tenants.rights.kinds import IdentityProof, PackageKind, RequestKind, RequestState
from tenants.rights.models import Package, RightsRequest
from tenants.rights.services import packages, requests


def ask(
    tenant: Property, person: Person, kind: PackageKind = PackageKind.ACCESS, language: str = "zh-hans", **fields: Any
) -> tuple[Package, str]:
    """An answered request with its package waiting; return that and the tracking code."""
    request, code = requests.receive(
        tenant=tenant, kind=RequestKind.ACCESS, name="本人", contact="1", language=language, **fields
    )
    rows = RightsRequest.objects.filter(pk=request.pk)
    rows.update(person=person, state=RequestState.ANSWERED, identity_by=IdentityProof.IN_PERSON, answer="请下载")
    return packages.order(request=rows.get(), kind=kind), code


def build(package: Package, **how: Any) -> Package:
    package_jobs.build(tenant_id=package.tenant_id, package_id=package.pk, **how)
    package.refresh_from_db()
    return package


def unpack(zipped: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(zipped)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def get(tenant: Property, person: Person, **how: Any) -> dict[str, bytes]:
    """The files that the person ends up with."""
    package, code = ask(tenant, person, **how)
    build(package)
    return unpack(packages.open_package(request=package.request, code=code))


def read(files: dict[str, bytes], name: str = "package.json") -> dict[str, Any]:
    return json.loads(files[name])
