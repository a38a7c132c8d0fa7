"""Something serious happened: it is kept with the assessment, which is out of date until the next one is signed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import IntegrityError
from django.utils import timezone

from tenants.clearance.checks import blockers
from tenants.clearance.services import check_device, check_site
from tenants.organizations.models import Property, User
from tenants.people.kinds import FaceState
from tenants.people.services.persons import move_face
from tenants.premises.kinds import DeviceState
from tenants.transparency.models import Assessment
from tenants.transparency.services import assessments
from tenants.transparency.services.incidents import MOST, record_incident
from tests import factories
from tests.tenants.transparency.steps import ready, refused, sign

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def happen(tenant: Property, actor: User, **changes: Any) -> Assessment:
    told = {"happened_on": TODAY(), "description": "一台终端被盗"} | changes
    return record_incident(tenant=tenant, actor=actor, **told)


def test_what_happened_is_kept_and_every_device_and_face_stops(tenant: Property, owner: User) -> None:
    device, _code = factories.make_active_device(tenant)
    person, _visit = factories.make_consented_person(tenant)
    move_face(person=person, target=FaceState.ENROLLED, enrolled_on=TODAY())
    stale = happen(tenant, owner, happened_on=TODAY() - timedelta(days=2))
    assert stale.stale_for == ["incident"]
    [told] = stale.incidents
    assert (told["happened_on"], told["description"]) == (str(TODAY() - timedelta(days=2)), "一台终端被盗")
    assert told["recorded_by"] == str(owner.pk)
    device.refresh_from_db()
    assert device.state == DeviceState.SUSPENDED
    assert "assessment_stale" in {check.code for check in blockers(check_device(device))}


def test_a_second_one_is_added_and_the_first_day_stays(tenant: Property, owner: User) -> None:
    factories.make_assessment(tenant)
    first = happen(tenant, owner)
    second = happen(tenant, owner, description="又一次")
    assert [told["description"] for told in second.incidents] == ["一台终端被盗", "又一次"]
    assert second.stale_since == first.stale_since


def test_the_next_version_answers_it_and_the_old_one_keeps_it(tenant: Property, owner: User) -> None:
    factories.make_lawful(tenant)
    stale = happen(tenant, owner)
    factories.make_assessment(tenant)
    assert blockers(check_site(tenant)) == []
    stale.refresh_from_db()
    assert (len(stale.incidents), assessments.current(tenant).incidents) == (1, [])


def test_a_draft_from_before_is_not_signed_as_if_nothing_had_happened(tenant: Property, owner: User) -> None:
    factories.make_assessment(tenant)
    draft = ready(tenant, owner)
    happen(tenant, owner)
    assert refused(lambda: sign(tenant, draft, owner)) == {"harm": ["incident_since"]}
    assessments.edit(tenant=tenant, assessment=draft, actor=owner, harm="被盗之后换了锁")
    assert sign(tenant, draft, owner).stale_for == []


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"description": "  "}, "description", "required"),
        ({"description": "长" * (MOST + 1)}, "description", "too_long"),
        ({"happened_on": timezone.localdate() + timedelta(days=1)}, "happened_on", "future"),
    ],
)
def test_what_is_missing_or_still_to_come_is_refused(
    tenant: Property, owner: User, changes: dict[str, Any], field: str, code: str
) -> None:
    factories.make_assessment(tenant)
    assert refused(lambda: happen(tenant, owner, **changes)) == {field: [code]}
    assert assessments.current(tenant).stale_for == []


def test_without_an_assessment_there_is_nothing_to_mark(tenant: Property, owner: User) -> None:
    assert refused(lambda: happen(tenant, owner)) == {"": ["nothing_signed"]}


def test_nobody_takes_out_or_rewrites_what_happened(tenant: Property, owner: User) -> None:
    factories.make_assessment(tenant)
    stale = happen(tenant, owner)
    rewritten = [stale.incidents[0] | {"description": "小事"}]
    acts: list[Callable[[], Any]] = [
        lambda: Assessment.objects.filter(pk=stale.pk).update(incidents=[]),
        lambda: Assessment.objects.filter(pk=stale.pk).update(incidents=rewritten),
        lambda: Assessment.objects.filter(pk=stale.pk).update(incidents=[*rewritten, *stale.incidents]),
    ]
    for act in acts:
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            act()
