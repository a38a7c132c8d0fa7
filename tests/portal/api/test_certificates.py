"""The certificate by the API: the exact bytes, for whoever may see erasures."""

from django.test import Client

from tenants.organizations.models import Property
from tenants.organizations.roles import Role
from tenants.rights import jobs
from tenants.rights.certificate_text import Verdict, check
from tenants.rights.kinds import ErasureReason
from tenants.rights.services.erasures import order_erasure
from tests import factories
from tests.recognition.steps import erase


def test_it_is_downloaded_as_it_was_signed(client: Client, tenant: Property) -> None:
    erasure = order_erasure(tenant=tenant, person=factories.make_person(tenant), reason=ErasureReason.WITHDRAWN)
    address = f"/api/v1/properties/{tenant.slug}/erasures/{erasure.pk}/certificate/"
    client.force_login(factories.make_member(tenant, Role.AUDITOR))
    assert client.get(address).status_code == 404
    jobs.certify(tenant_id=tenant.pk, erasure_id=erase(erasure).pk)
    assert check(client.get(address).content).verdict == Verdict.VALID
    client.force_login(factories.make_member(tenant, Role.FRONT_DESK))
    assert client.get(address).status_code == 403
