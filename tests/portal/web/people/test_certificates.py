"""The certificate on the erasure's page: pending, escalated, being issued, to download."""

from collections.abc import Callable

from django.test import Client
from django.utils import timezone

from tenants.organizations.models import Property
from tenants.organizations.roles import Role
from tenants.rights import jobs
from tenants.rights.kinds import ErasureReason
from tenants.rights.models import Certificate, Erasure
from tenants.rights.services import certificates
from tenants.rights.services.erasures import order_erasure
from tests import factories
from tests.recognition.steps import erase

Address = Callable[..., str]


def test_it_is_offered_once_it_is_issued(manager: Client, tenant: Property, address: Address) -> None:
    person = factories.make_person(tenant)
    erasure = order_erasure(tenant=tenant, person=person, reason=ErasureReason.WITHDRAWN)
    page = address("erasure", erasure.pk)
    file = address("erasure_certificate", erasure.pk)
    assert file not in manager.get(page).content.decode()
    assert manager.get(file).status_code == 404
    erase(erasure)
    assert "being issued" in manager.get(page).content.decode()
    jobs.certify(tenant_id=tenant.pk, erasure_id=erasure.pk)
    shown = manager.get(page).content.decode()
    assert file in shown
    assert Certificate.objects.get().number in shown
    answer = manager.get(file)
    assert answer.content == certificates.file(Certificate.objects.get())
    assert manager.get(file, {"format": "pdf"})["Content-Type"] == "application/pdf"


def test_one_that_waits_too_long_says_so_and_what_helps(manager: Client, tenant: Property, address: Address) -> None:
    erasure = order_erasure(tenant=tenant, person=factories.make_person(tenant), reason=ErasureReason.WITHDRAWN)
    Erasure.objects.filter(pk=erasure.pk).update(escalated_at=timezone.now(), tries=7)
    shown = manager.get(address("erasure", erasure.pk)).content.decode()
    assert "Waits too long" in shown
    assert "declare it lost" in shown
    assert "Waits too long" in manager.get(address("erasures")).content.decode()


def test_the_desk_has_no_certificates(desk: Client, tenant: Property, address: Address) -> None:
    person = factories.make_person(tenant)
    erasure = erase(order_erasure(tenant=tenant, person=person, reason=ErasureReason.WITHDRAWN))
    jobs.certify(tenant_id=tenant.pk, erasure_id=erasure.pk)
    assert desk.get(address("erasure_certificate", erasure.pk)).status_code == 403


def test_an_auditor_has_them(sign_in: Callable[[Role], Client], tenant: Property, address: Address) -> None:
    person = factories.make_person(tenant)
    erasure = erase(order_erasure(tenant=tenant, person=person, reason=ErasureReason.WITHDRAWN))
    jobs.certify(tenant_id=tenant.pk, erasure_id=erasure.pk)
    assert sign_in(Role.AUDITOR).get(address("erasure_certificate", erasure.pk)).status_code == 200
