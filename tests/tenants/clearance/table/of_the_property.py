"""What the company and the property lack: every device and every face stops."""

from datetime import date, timedelta

from django.utils import timezone

from tenants.organizations.kinds import StorageMode
from tenants.organizations.services.properties import release_faces, stop_faces, update_property
from tenants.transparency.services.incidents import record_incident
from tests.tenants.clearance.scene import Scene
from tests.tenants.clearance.table.begins import in_a_new_house
from tests.tenants.clearance.table.row import AFTER_GRACE, BOTH_STOP, Row


def store(scene: Scene, mode: StorageMode) -> None:
    update_property(tenant=scene.tenant, storage_mode=mode)


def have_an_incident(scene: Scene) -> None:
    today = timezone.localdate()
    record_incident(tenant=scene.tenant, actor=scene.actor, happened_on=today, description="照片外泄")


ROWS = [
    Row(
        "faces_stopped",
        "Civil Code 997",
        breaks=lambda s: stop_faces(tenant=s.tenant, reason="法院裁定"),
        leaves=BOTH_STOP,
        enrolment="faces_stopped",
        mends=lambda s: release_faces(tenant=s.tenant),
    ),
    Row(
        "no_contract",
        "PIPL 21",
        by="sweep",
        breaks=lambda s: s.handler(contract_signed_on=None),
        leaves=BOTH_STOP,
        enrolment="no_contract",
        mends=lambda s: s.handler(contract_signed_on=date(2025, 6, 1)),
    ),
    Row(
        "contract_over",
        "PIPL 21",
        by="day",
        begins=lambda s: s.handler(contract_ends_on=timezone.localdate()),
        breaks=lambda s: s.clock.passes(days=1),
        leaves=BOTH_STOP,
        enrolment="contract_over",
        erased=(AFTER_GRACE, "contract_ended"),
        mends=lambda s: s.handler(contract_ends_on=timezone.localdate() + timedelta(days=365)),
    ),
    Row(
        "no_contact",
        "Art 5",
        by="sweep",
        breaks=lambda s: s.handler(contact_name=" ", contact_phone=" "),
        leaves=BOTH_STOP,
        enrolment="no_contact",
        mends=lambda s: s.handler(contact_name="王经理", contact_phone="0571"),
    ),
    Row(
        "no_notice",
        "Art 5",
        breaks=lambda s: in_a_new_house(s, has_notice=False),
        leaves=BOTH_STOP,
        enrolment="no_notice",
        mends=lambda s: s.publishes(),
        returns=False,
    ),
    Row(
        "notice_other_storage",
        "Art 8",
        breaks=lambda s: store(s, StorageMode.ON_DEVICE),
        leaves=BOTH_STOP,
        # Where faces stay on the terminals no photo is taken in at all.
        enrolment="on_device",
        erased=(AFTER_GRACE, "not_assessed"),
        mends=lambda s: store(s, StorageMode.PORTAL),
    ),
    Row(
        "no_assessment",
        "Art 9",
        breaks=lambda s: in_a_new_house(s, has_assessment=False),
        leaves=BOTH_STOP,
        enrolment="no_assessment",
        mends=lambda s: s.assesses(),
        returns=False,
    ),
    Row(
        "assessment_stale",
        "Art 9",
        breaks=have_an_incident,
        leaves=BOTH_STOP,
        enrolment="assessment_stale",
        erased=(AFTER_GRACE, "not_assessed"),
        mends=lambda s: s.assesses(),
    ),
]
