"""What is logged for many rows together is what auditlog writes for each that is saved or deleted alone."""

import copy
from typing import Any

from auditlog.diff import model_instance_diff
from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.apps import apps
from django.utils import timezone

from tenants.organizations import audit
from tenants.organizations.models import Property
from tenants.organizations.scoping import TenantOwned
from tenants.people.kinds import FaceState
from tenants.people.models import Person
from tenants.premises.models import Zone
from tests import factories

# The place in the log, and when.
OWN = {"_state", "id", "timestamp"}


class Log:
    """Gives what has come into the log since it was last asked, but for place and time."""

    def __init__(self) -> None:
        self.last = 0
        self.since()

    def since(self) -> list[dict[str, Any]]:
        rows = list(LogEntry.objects.filter(pk__gt=self.last).order_by("pk"))
        self.last = rows[-1].pk if rows else self.last
        return [{name: value for name, value in vars(row).items() if name not in OWN} for row in rows]


def test_rows_made_together_are_logged_as_rows_saved_alone(tenant: Property) -> None:
    actor = factories.make_member(tenant)
    log = Log()
    people = [Person(tenant=tenant, kind="owner", stay_ends_on=timezone.localdate()) for _each in range(2)]
    for person in people:
        person.save()
    alone = log.since()
    audit.log_created(rows=people)
    assert log.since() == alone != []
    audit.log_created(rows=people, actor=actor)
    assert log.since() == [{**entry, "actor_id": actor.pk} for entry in alone]


def test_rows_changed_together_are_logged_as_rows_saved_alone(tenant: Property) -> None:
    before = factories.make_person(tenant)
    log = Log()
    after = copy.copy(before)
    after.face_state, after.stay_ends_on, after.erased_at = FaceState.CONSENTED, timezone.localdate(), timezone.now()
    after.save()
    alone = log.since()
    audit.log_changed(pairs=[(before, after)])
    assert log.since() == alone
    audit.log_changed(pairs=[(after, copy.copy(after))])
    assert log.since() == [], "What did not change is no entry"


def test_rows_deleted_together_are_logged_as_rows_deleted_alone(tenant: Property) -> None:
    row = factories.make_zone(tenant)
    log = Log()
    Zone.objects.filter(pk=row.pk).delete()
    alone = log.since()
    audit.log_deleted(rows=[row])
    assert log.since() == alone != []


def test_of_every_logged_kind_of_row_the_same_is_said() -> None:
    said = 0
    for model in apps.get_models():
        if issubclass(model, TenantOwned) and auditlog.contains(model):
            row = model()
            assert not auditlog.get_model_fields(model)["mask_fields"]
            assert audit._changes(None, row) == (model_instance_diff(None, row) or {}), model
            assert audit._changes(row, None) == (model_instance_diff(row, None) or {}), model
            said += 1
    assert said > 20
