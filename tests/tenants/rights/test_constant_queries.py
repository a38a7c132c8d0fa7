"""What one person asks for costs the same number of queries, however much is held about them."""

import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta

from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from recognition.enrollment.models import Enrollment
from recognition.matching.models import DoorEvent
from tenants.clearance.models import Clearance
from tenants.organizations.models import Property
from tenants.people.kinds import PassKind, PassState
from tenants.people.models import Consent, Pass, Person, PromptRecord
from tenants.premises.kinds import DeviceMode
from tenants.rights import stores
from tenants.rights.kinds import ErasureScope, MessageKind, RequestKind
from tenants.rights.models import Complaint, RequestMessage, RightsRequest
from tenants.rights.services import complaints, requests
from tenants.rights.services.erasures import Preview, preview
from tests import factories
from tests.recognition.steps import enroll
from tests.roles import database_role
from tests.tenants.rights.package_steps import ask, build
from tests.tenants.rights.test_certificates import make_hold

MANY = 200


def asked(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as seen:
        work()
    return len(seen)


def held_once(tenant: Property) -> Person:
    """Somebody of whom there is one row of nearly everything."""
    person, _visit = factories.make_consented_person(tenant)
    enroll(tenant, person, str(person.pk))
    device, _code = factories.make_device(tenant)
    event = {"mode": DeviceMode.VERIFY, "is_allowed": False, "rule": "no_match", "at": timezone.now()}
    DoorEvent(tenant=tenant, device=device, person=person, **event).save()
    Pass(tenant=tenant, person=person, kind=PassKind.CARD, state=PassState.STOPPED, card_hash="1").save()
    request, _code = requests.receive(tenant=tenant, kind=RequestKind.ACCESS, name="本人", contact="1", message="看看")
    RightsRequest.objects.filter(pk=request.pk).update(person=person)
    RequestMessage(tenant=tenant, request=request, kind=MessageKind.TO_PERSON, text="好", at=timezone.now()).save()
    complaint, _code = complaints.receive(tenant=tenant, name="本人", contact="1", text="门不开")
    Complaint.objects.filter(pk=complaint.pk).update(person=person)
    return person


def rows_of(person: Person) -> Iterator[models.QuerySet]:
    for model in (DoorEvent, Consent, Clearance, Enrollment, Pass, PromptRecord, RightsRequest, Complaint):
        yield model.objects.filter(person=person)
    yield RequestMessage.objects.filter(request__person=person)


def more(person: Person, count: int) -> None:
    """As many more of each, as the owner of the database, which has no services to go through."""
    with database_role("owner"):
        for rows in rows_of(person):
            like = rows.values().first()
            if like:
                rows.model.objects.bulk_create(rows.model(**_another(like, n)) for n in range(count))


def _another(like: dict[str, object], number: int) -> dict[str, object]:
    """The same row once more, at another time, and with another value wherever one may exist only once."""
    others = {
        "id": uuid.uuid4(),
        "at": timezone.now() - timedelta(minutes=number),
        "number": f"N{number}",
        "code_hash": str(number),
    }
    return like | {name: value for name, value in others.items() if name in like}


def test_the_preview_asks_the_same_for_one_row_as_for_two_hundred(tenant: Property) -> None:
    """In all three groups, with a hold; and once for each store."""
    person = held_once(tenant)
    make_hold(tenant, person)
    found: list[Preview] = []
    one = asked(lambda: found.append(preview(person=person)))
    more(person, MANY)
    assert asked(lambda: found.append(preview(person=person))) == one
    before, after = found
    for group in ("erase", "kept", "held"):
        ours, theirs = (sum(line.count or 0 for line in getattr(which, group)) for which in (before, after))
        assert theirs >= ours + MANY, group
    shown = [line.name for group in (after.erase, after.kept, after.held) for line in group]
    assert sorted(shown) == sorted(store.name for store in stores.stores_for(ErasureScope.PERSON))


def test_the_package_asks_the_same_for_one_row_as_for_two_hundred(tenant: Property) -> None:
    person = held_once(tenant)
    contents: list[dict[str, object]] = []

    def read(found: dict[str, object], **_how: object) -> dict[str, bytes]:
        contents.append(found)
        return {"x": b""}

    def built() -> int:
        package, _code = ask(tenant, person)
        return asked(lambda: build(package, renderer=read))

    built()  # which asks once for what a process keeps, and leaves a request of its own
    one = built()
    more(person, MANY)
    assert built() == one
    _first, before, after = contents
    assert len(after["events"]) == len(before["events"]) + MANY
    grown = [name for name, rows in after["stores"].items() if len(rows) >= len(before["stores"][name]) + MANY]
    assert {"passes", "requests", "complaints", "captures", "evidence"} <= set(grown)
    assert set(after["stores"]) | {"events"} == {store.name for store in stores.stores()}
