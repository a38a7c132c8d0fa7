"""Something serious happened: recorded on a page that says first what stops, shown where the assessment is shown."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tenants.organizations.models import Property
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.premises.kinds import DeviceState
from tenants.transparency.models import Assessment
from tenants.transparency.services import assessments
from tests import factories
from tests.portal.web.site.test_assessment_files import words

pytestmark = pytest.mark.django_db

At = Callable[..., str]
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}


def test_the_list_leads_to_a_page_that_says_what_stops_and_then_it_does(
    client: Client, tenant: Property, at: At
) -> None:
    device, _code = factories.make_active_device(tenant)
    address = at("assessment_incident")
    assert address in client.get(at("assessments")).content.decode()
    asked = client.get(address, **ENGLISH)
    assert "Active devices: 1. People: 0." in asked.content.decode()

    day = timezone.localdate() - timedelta(days=1)
    told = {"happened_on": day.isoformat(), "description": "一台终端被盗，里面有人脸"}
    after = client.post(address, told, follow=True, **ENGLISH)
    assert "is out of date" in after.content.decode()
    enter_tenant(tenant.pk)
    device.refresh_from_db()
    assert device.state == DeviceState.SUSPENDED
    stale = assessments.current(tenant)
    page = client.get(at("assessment", stale)).content.decode()
    assert told["description"] in page
    assert "".join(told["description"].split()) in words(client.get(at("assessment_pdf", stale)).content)

    client.post(at("assessment_draft"))
    enter_tenant(tenant.pk)
    draft = Assessment.objects.get(tenant=tenant, state="draft")
    assert told["description"] in client.get(at("assessment_edit", draft)).content.decode()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"description": " "}, "description"),
        ({"description": "长" * 2001}, "description"),
        ({"happened_on": "2999-01-01"}, "happened_on"),
        ({"happened_on": "yesterday"}, "happened_on"),
    ],
)
def test_what_is_not_said_or_still_to_come_is_named_and_nothing_stops(
    client: Client, tenant: Property, at: At, change: dict[str, str], field: str
) -> None:
    factories.make_assessment(tenant)
    data = {"happened_on": timezone.localdate().isoformat(), "description": "被盗"} | change
    assert set(client.post(at("assessment_incident"), data).context["form"].errors) == {field}
    enter_tenant(tenant.pk)
    assert assessments.current(tenant).stale_for == []


def test_where_nothing_is_signed_there_is_nothing_to_stop(client: Client, tenant: Property, at: At) -> None:
    data = {"happened_on": timezone.localdate().isoformat(), "description": "被盗"}
    assert at("assessment_incident") not in client.get(at("assessments")).content.decode()
    assert client.post(at("assessment_incident"), data).context["form"].non_field_errors()


def test_a_manager_may_and_an_auditor_may_not(tenant: Property, at: At, as_role: Callable[[Role], Client]) -> None:
    factories.make_assessment(tenant)
    assert as_role(Role.MANAGER).get(at("assessment_incident")).status_code == 200
    assert as_role(Role.AUDITOR).get(at("assessment_incident")).status_code == 403
    assert at("assessment_incident") not in as_role(Role.AUDITOR).get(at("assessments")).content.decode()
