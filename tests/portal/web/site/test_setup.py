"""The setup guide: an empty property to its first lawful door, screen by screen, and what each screen asks."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override

from portal.web.forms.setup import PersonStep
from tenants.clearance.models import Clearance
from tenants.organizations.models import Property
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.organizations.services.properties import update_handler
from tenants.people.models import Consent, Person
from tenants.premises.kinds import DeviceState, MethodKind
from tenants.premises.models import AccessPoint, Device
from tenants.premises.services.doors import set_method_live
from tenants.transparency.models import Assessment
from tenants.transparency.services import assessments
from tests import factories

pytestmark = pytest.mark.django_db

At = Callable[..., str]


def answers(client: Client, address: str) -> dict[str, object]:
    """What the page suggests, as its form would send it."""
    page = client.get(address)
    form = page.context["form"]
    assert all(f'name="{name}"' in page.content.decode() for name in form.fields), "Every field is on the page"
    return {field.html_name: field.value() for field in form if field.value() is not None}


# What the guide does not know, by step.
TYPED: dict[str, dict[str, object]] = {
    "door": {"name": "东门"},
    "device": {"vendor": "示例厂商", "algorithm": "ArcFace", "algorithm_version": "3.2"},
    "assessment": {"needed": "双手提物", "not_enough": "忘带卡", "fits": "人脸少", "acceptable": "on"},
    "notice": {},
}


def sign_what_was_written(tenant: Property) -> None:
    """A second member signs what the guide has had written."""
    enter_tenant(tenant.pk)
    draft = Assessment.objects.get(tenant=tenant, state="draft")
    signer = factories.make_member(tenant, Role.PRIVACY_OFFICER)
    assessments.sign(tenant=tenant, assessment=draft, actor=signer, people_count=1, seen=draft.revision)


def walk(client: Client, tenant: Property, at: At) -> list[str]:
    """Go through the guide, typing only what it does not know; a second member signs. Return the screens."""
    typed = TYPED | {
        "sign": {"picture": SimpleUploadedFile("sign.jpg", factories.sign_photo(), "image/jpeg")},
        "activate": {},
        "person": {"name": "李秀英"},
    }
    screens = []
    for step, data in typed.items():
        address = at(f"setup_{step}")
        screens.append(address)
        client.post(address, answers(client, address) | data)
        if step == "assessment":
            sign_what_was_written(tenant)
    return screens


def test_the_guide_ends_with_a_lawful_device_and_a_person_who_was_not_asked_for(
    client: Client, tenant: Property, at: At
) -> None:
    first = client.get(at("setup"))
    assert first.context["next_url"] == at("setup_door")
    walk(client, tenant, at)
    enter_tenant(tenant.pk)
    device = Device.objects.get(tenant=tenant)
    assert device.state == DeviceState.ACTIVE
    assert Clearance.objects.filter(device=device).latest("answered_at").is_allowed
    assert Person.objects.filter(tenant=tenant).count() == 1
    assert not Consent.objects.filter(tenant=tenant).exists()
    assert client.get(at("setup")).context["step"] is None


def test_a_step_out_of_turn_leads_to_the_one_at_hand(client: Client, at: At) -> None:
    assert client.get(at("setup_activate"))["Location"] == at("setup_door")
    assert client.post(at("setup_person"), {"name": "李"})["Location"] == at("setup_door")


def test_bad_input_stands_beside_its_field_and_nothing_is_lost(client: Client, tenant: Property, at: At) -> None:
    answer = client.post(at("setup_door"), {"name": "东门", "place": "toilet", "methods": []})
    form = answer.context["form"]
    assert {"place", "methods"} == set(form.errors)
    assert form["name"].value() == "东门"
    enter_tenant(tenant.pk)
    assert not AccessPoint.objects.filter(tenant=tenant).exists()


def test_the_first_person_is_a_grown_up_and_the_page_says_so() -> None:
    with override("en"):
        assert "18 or older" in str(PersonStep().fields["name"].help_text)


def test_who_may_not_write_is_told_whose_turn_it_is(
    client: Client, tenant: Property, at: At, as_role: Callable[[Role], Client]
) -> None:
    for step, data in (
        ("door", {"name": "东门"}),
        ("device", {"vendor": "示例厂商", "algorithm": "ArcFace", "algorithm_version": "3.2"}),
    ):
        client.post(at(f"setup_{step}"), answers(client, at(f"setup_{step}")) | data)
    manager, desk = as_role(Role.MANAGER), as_role(Role.FRONT_DESK)
    assert desk.get(at("setup")).context["step"] == "assessment"
    assert not desk.get(at("setup")).context["may_go_on"]
    assert manager.get(at("setup")).context["may_go_on"], "Whoever may write it goes on"


def test_the_guide_goes_on_while_the_assessment_waits_for_a_second_member(
    client: Client, tenant: Property, at: At, as_role: Callable[[Role], Client]
) -> None:
    for step in ("door", "device", "assessment"):
        client.post(at(f"setup_{step}"), answers(client, at(f"setup_{step}")) | TYPED[step])
    assert client.get(at("setup")).context["step"] == "notice"
    client.post(at("setup_notice"), answers(client, at("setup_notice")))
    picture = SimpleUploadedFile("sign.jpg", factories.sign_photo(), "image/jpeg")
    client.post(at("setup_sign"), answers(client, at("setup_sign")) | {"picture": picture})
    assert client.get(at("setup_activate"))["Location"] == at("setup_assessment")

    alone = client.get(at("setup_assessment"), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Add a second member as owner or privacy officer" in alone
    assert f'href="{at("member_add")}"' in alone
    officer = as_role(Role.PRIVACY_OFFICER)
    enter_tenant(tenant.pk)
    draft = Assessment.objects.get(tenant=tenant)
    sign = at("assessment_sign", draft)
    assert sign in officer.get(at("setup_assessment")).content.decode()
    assert sign not in client.get(at("setup_assessment")).content.decode(), "Who wrote it is not sent to sign it"
    officer.post(sign, {"seen": str(draft.revision)})
    assert client.get(at("setup")).context["step"] == "activate"


def test_a_device_that_searches_gets_no_text_that_says_it_checks(client: Client, tenant: Property, at: At) -> None:
    client.post(at("setup_door"), answers(client, at("setup_door")) | {"name": "东门"})
    facts = {"vendor": "示例厂商", "algorithm": "A", "algorithm_version": "1", "mode": "identify"}
    client.post(at("setup_device"), answers(client, at("setup_device")) | facts)
    texts = {"needed": "提物", "not_enough": "忘卡", "fits": "少", "acceptable": "on"}
    client.post(at("setup_assessment"), answers(client, at("setup_assessment")) | texts)
    sign_what_was_written(tenant)
    assert not client.get(at("setup_notice")).context["form"]["purpose_method_zh"].value()


def test_a_second_device_is_not_registered_twice_by_a_second_press(client: Client, tenant: Property, at: At) -> None:
    client.post(at("setup_door"), answers(client, at("setup_door")) | {"name": "东门"})
    facts = {"vendor": "示例厂商", "algorithm": "A", "algorithm_version": "1"}
    data = answers(client, at("setup_device")) | facts
    assert "cpc_" in client.post(at("setup_device"), data).content.decode()
    assert client.post(at("setup_device"), data)["Location"] == at("setup_assessment")
    enter_tenant(tenant.pk)
    assert Device.objects.filter(tenant=tenant).count() == 1


def to_the_switch(client: Client, tenant: Property, at: At) -> Device:
    """Go through the guide as far as its last step but one."""
    for step, data in list(TYPED.items())[:4]:
        client.post(at(f"setup_{step}"), answers(client, at(f"setup_{step}")) | data)
    sign_what_was_written(tenant)
    picture = SimpleUploadedFile("sign.jpg", factories.sign_photo(), "image/jpeg")
    client.post(at("setup_sign"), answers(client, at("setup_sign")) | {"picture": picture})
    enter_tenant(tenant.pk)
    return Device.objects.get(tenant=tenant)


def test_what_blocks_outside_the_guide_leads_to_the_page_that_mends_it(
    client: Client, tenant: Property, at: At
) -> None:
    device = to_the_switch(client, tenant, at)
    card = device.access_point.methods.get(kind=MethodKind.CARD)
    set_method_live(tenant=tenant, method=card, is_live=False)
    for page in ("setup", "setup_activate"):
        answer = client.get(at(page), HTTP_ACCEPT_LANGUAGE="en")
        notes = BeautifulSoup(answer.content, "html.parser").select(".note.is-stop")
        links = [(link["href"], link.text) for note in notes for link in note.select("a")]
        assert links == [(at("door_edit", device.access_point), "Record another way")], page


def test_what_only_the_platform_can_mend_says_so(client: Client, tenant: Property, at: At) -> None:
    to_the_switch(client, tenant, at)
    update_handler(handler=tenant.handler, contract_signed_on=None)
    page = client.get(at("setup_activate"), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "The platform&#x27;s administration changes it." in page
