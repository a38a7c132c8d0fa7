"""What takes two members takes two at every door: who began it completes it by no page and by no call of the API."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from recognition.edge.models import DeviceLoss
from recognition.edge.services import losses
from tenants.organizations.models import Property, User
from tenants.organizations.roles import ROLE_PERMISSIONS, SHARED_ACTS, Role, SharedAct
from tenants.organizations.scoping import enter_tenant
from tenants.organizations.services.members import remove_member
from tenants.people.models import MinorAccess
from tenants.people.services import minors
from tenants.rights.kinds import HoldKind
from tenants.rights.models import LegalHold
from tenants.rights.services import holds
from tenants.transparency.models import Assessment
from tests import factories
from tests.tenants.transparency.steps import ready

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Begun:
    """What one member began: the page and the address of the API that complete it, with what they send."""

    page: tuple[str, Any]
    api: tuple[str, dict[str, Any]]
    is_completed: Callable[[], bool]
    data: dict[str, str]


def assessment(tenant: Property, actor: User) -> Begun:
    draft = ready(tenant, actor)
    seen = {"seen": str(draft.revision)}
    rows = Assessment.objects.filter(pk=draft.pk, signed_at__isnull=False)
    return Begun(("assessment_sign", draft.pk), (f"assessments/{draft.pk}/sign/", dict(seen)), rows.exists, seen)


def hold(tenant: Property, actor: User) -> Begun:
    ends_on = timezone.localdate() + timedelta(days=9)
    about = {"kind": HoldKind.EVENTS, "reason": "东门丢了一辆车", "article": "54", "ends_on": ends_on}
    row = holds.ask(tenant=tenant, actor=actor, **about)
    rows = LegalHold.objects.filter(pk=row.pk, approved_at__isnull=False)
    return Begun(("hold_approve", row.pk), (f"holds/{row.pk}/approve/", {}), rows.exists, {})


def loss(tenant: Property, actor: User) -> Begun:
    device, _code = factories.make_device(tenant)
    row = losses.declare(tenant=tenant, device=device, reason="被盗", actor=actor)
    rows = DeviceLoss.objects.filter(pk=row.pk, confirmed_at__isnull=False)
    return Begun(("device_loss_confirm", device.pk), (f"losses/{row.pk}/confirm/", {}), rows.exists, {})


def minor(tenant: Property, actor: User) -> Begun:
    row = minors.ask_for_access(tenant=tenant, person=factories.make_child(tenant), actor=actor, reason="核对")
    rows = MinorAccess.objects.filter(pk=row.pk, decided_at__isnull=False)
    address = f"minor-accesses/{row.pk}/decide/"
    return Begun(("access_decide", row.pk), (address, {"is_approved": True}), rows.exists, {"decision": "approve"})


ACTS: dict[SharedAct, Callable[[Property, User], Begun]] = {
    SharedAct.ASSESSMENT: assessment,
    SharedAct.HOLD: hold,
    SharedAct.LOSS: loss,
    SharedAct.MINOR: minor,
}
DOORS = ("page", "api")


def complete(user: User, tenant: Property, begun: Begun, door: str) -> str:
    """Press the button, or call the address, as this member; return what was answered."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    if door == "page":
        name, key = begun.page
        answer = client.post(reverse(name, args=[tenant.slug, key]), begun.data)
    else:
        path, payload = begun.api
        answer = client.post(f"/api/v1/properties/{tenant.slug}/{path}", payload, "application/json")
    assert answer.status_code in {200, 302, 400}, answer.content
    enter_tenant(tenant.pk)
    return answer.content.decode()


def test_every_shared_act_is_walked() -> None:
    assert set(ACTS) == set(SHARED_ACTS) == set(SharedAct)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("act", SharedAct)
def test_nobody_completes_what_they_began(tenant: Property, owner: User, act: SharedAct, door: str) -> None:
    begun = ACTS[act](tenant, owner)
    assert "Nobody else here may yet" in complete(owner, tenant, begun, door), "Alone: what to do is said"
    second = factories.make_member(tenant, Role.OWNER)
    refused = complete(owner, tenant, begun, door)
    assert "Another member may" in refused and "Owner" in refused
    assert not begun.is_completed()
    complete(second, tenant, begun, door)
    assert begun.is_completed()


def test_who_has_left_is_no_second_member(tenant: Property, owner: User) -> None:
    begun = hold(tenant, owner)
    second = factories.make_member(tenant, Role.PRIVACY_OFFICER)
    remove_member(tenant=tenant, membership=second.memberships.get(tenant=tenant))
    assert "Nobody else here may yet" in complete(owner, tenant, begun, "page")


def test_each_half_is_somebodys_right() -> None:
    for halves in SHARED_ACTS.values():
        assert all(any(right in rights for rights in ROLE_PERMISSIONS.values()) for right in vars(halves).values())
