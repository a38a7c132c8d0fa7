"""Other scenes to begin with: another house, another device, another person."""

from datetime import date

from django.utils import timezone

from tenants.people.kinds import AgeBand, FaceState
from tenants.premises.kinds import DeviceState
from tenants.premises.services.devices import register
from tests import factories
from tests.tenants.clearance.scene import Scene


def in_a_new_house(scene: Scene, *, has_notice: bool = True, has_assessment: bool = True) -> None:
    """With a device that nobody has switched on yet, and somebody who has not been asked yet."""
    tenant = factories.make_property()
    scene.house, scene.actor = tenant.pk, factories.make_member(tenant)
    scene.watched, scene.subject = factories.make_device(tenant)[0].pk, factories.make_person(tenant).pk
    if has_notice:
        scene.publishes()
    if has_assessment:
        scene.assesses()


def before_a_new_device(scene: Scene, *, sign_days_ago: int | None) -> None:
    """At the same door, with a photo of its sign of that day, or none."""
    facts = factories.DEVICE_FACTS | {"tested_on": timezone.localdate()}
    device, _code = register(tenant=scene.tenant, access_point=scene.door, name="新终端", **facts)
    scene.watched = device.pk
    if sign_days_ago is not None:
        scene.photographs(days_ago=sign_days_ago)


def about_a_child(scene: Scene, *, birthday: date | None = None) -> None:
    """Enrolled with a guardian's yes, in a house that uses children's faces. `birthday` is the 14th."""
    factories.allow_children(scene.tenant)
    born = birthday.replace(year=birthday.year - 14) if birthday else date(2018, 5, 5)
    child = factories.make_person(scene.tenant, "小宝", age_band=AgeBand.UNDER_14, birth_date=born)
    factories.make_guardian(scene.tenant, child, actor=scene.actor)
    scene.subject = child.pk
    scene.answers()
    scene.does(scene.enrols)


def about_somebody_new(scene: Scene) -> None:
    """Not asked yet."""
    scene.subject = factories.make_person(scene.tenant).pk


def with_nothing_else_assessed(scene: Scene) -> None:
    """The assessment covers what there is, and nothing that may come."""
    scene.assesses()


def is_used_again(scene: Scene) -> None:
    """What does not come back by itself is begun anew: somebody switches the device on, the face is enrolled."""
    if scene.device.state != DeviceState.ACTIVE:
        scene.does(scene.activates)
    if scene.person.face_state == FaceState.INVITED:
        scene.does(scene.answers)
    if scene.person.face_state == FaceState.CONSENTED:
        scene.does(scene.enrols)
