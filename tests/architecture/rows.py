"""At least one row of every tenant-owned table, for one property, made by the services."""

from dataclasses import dataclass, field

from recognition.enrollment import captures
from recognition.enrollment import jobs as enrolment_jobs
from recognition.enrollment.services import submit_photo
from recognition.matching import jobs as matching_jobs
from tenants.organizations.models import Property
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.people.services.links import issue_link
from tenants.premises.models import AccessMethod
from tenants.rights import jobs as rights_jobs
from tenants.rights.kinds import RequestKind
from tenants.rights.services import requests
from tenants.rights.services.withdrawals import withdraw
from tenants.transparency.services import notices
from tests import factories
from tests.fakes import face_photo
from tests.roles import database_role


@dataclass
class Rows:
    """One property with one row of everything. `ids` are the primary keys by the noun of an address."""

    tenant: Property
    ids: dict[str, object] = field(default_factory=dict)


def fill(tenant: Property | None = None) -> Rows:
    """Fill every table; leaves the property's context entered."""
    tenant = tenant or factories.make_property()
    enter_tenant(tenant.pk)
    rows = Rows(tenant)
    person, visit = factories.make_consented_person(tenant)
    device, credential = factories.make_active_device(tenant)
    enrollment = _enrol(tenant, person)
    _knock(tenant, device, person)
    request, code = requests.receive(tenant=tenant, kind=RequestKind.ACCESS, name="李阿姨", contact="13800138000")
    door = device.access_point
    rows.ids = {
        "member": factories.make_member(tenant, Role.AUDITOR).memberships.get(tenant=tenant).pk,
        "zone": door.zone_id,
        "door": door.pk,
        "method": AccessMethod.objects.filter(access_point=door).exclude(kind="face").get().pk,
        "device": device.pk,
        "credential": credential,
        "notice": notices.start_draft(tenant=tenant).pk,
        "person": person.pk,
        "enrollment": enrollment.pk,
        "capture": captures.put(tenant_id=tenant.pk, photo=face_photo("somebody")).pk,
        "request": request.pk,
        "erasure": _erasure(tenant),
        "link": visit.link.pk,
        "token": issue_link(tenant=tenant, person=person),
        "code": code,
    }
    return rows


def _enrol(tenant: Property, person: object) -> object:
    enrollment = submit_photo(tenant=tenant, person=person, photo=face_photo("li"))
    with database_role("recognition"):
        enrolment_jobs.process(tenant_id=tenant.pk, enrollment_id=enrollment.pk)
    return enrollment


def _knock(tenant: Property, device: object, person: object) -> None:
    capture = captures.put(tenant_id=tenant.pk, photo=face_photo("li"))
    with database_role("recognition"):
        matching_jobs.match(tenant_id=tenant.pk, capture_id=capture.pk, device_id=device.pk, person_id=person.pk)


def _erasure(tenant: Property) -> object:
    _person, visit = factories.make_consented_person(tenant)
    erasure = withdraw(visit=visit)
    with database_role("recognition"):
        rights_jobs.erase(tenant_id=tenant.pk, erasure_id=erasure.pk, runs_as="recognition")
    return erasure.pk
