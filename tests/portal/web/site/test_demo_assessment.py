"""The demonstration's assessment leaves no place open, whatever the translation says."""

from portal.web.demo.assessment import COMMENT, assess
from tenants.organizations.models import Property, User
from tenants.transparency.models import AssessmentState
from tenants.transparency.services.scopes import scope_of
from tests import factories


def test_the_demonstration_signs_what_its_devices_do(tenant: Property, owner: User) -> None:
    factories.make_device(tenant)
    signed = assess(tenant, writer=factories.make_member(tenant), signer=owner)
    assert (signed.state, signed.scope) == (AssessmentState.SIGNED, scope_of(tenant))
    assert signed.officer_comment == COMMENT
    assert "轮椅" in signed.lawfulness
