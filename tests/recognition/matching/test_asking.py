"""How long a door waits for the recognition worker."""

from unittest.mock import patch

import pytest
from celery.exceptions import TimeoutError as CeleryTimeout
from django.conf import settings

from recognition.engine import refusal
from recognition.engine.refusal import Fault, Refusal
from recognition.enrollment.models import Capture
from recognition.matching import answers, services, tasks
from recognition.matching.passing import try_pass
from tenants.organizations.models import Property
from tenants.organizations.scoping import tenant_context
from tenants.people.kinds import PassKind
from tenants.people.services.passes import issue_card
from tests import factories
from tests.fakes import face_photo

REFUSED = Refusal(Fault.DAMAGED, "pnet.lz4", "pnet.lz4 is not the file that we trust.")


@pytest.mark.parametrize(
    ("told", "seconds"), [(None, settings.MATCH_TIMEOUT_SECONDS), (REFUSED, services.REFUSED_SECONDS)]
)
def test_a_door_does_not_wait_long_for_a_worker_that_refused_to_start(
    tenant: Property, told: Refusal | None, seconds: float
) -> None:
    device, _code = factories.make_active_device(tenant)
    refusal._tell(told)
    with patch.object(tasks.match, "apply_async") as sent:
        sent.return_value.get.side_effect = CeleryTimeout
        answer = services.ask(device=device, photo=face_photo("li"))
    assert (answer.allowed, answer.rule) == (False, answers.TIMEOUT)
    assert sent.return_value.get.call_args.kwargs["timeout"] == seconds
    assert sent.call_args.kwargs["expires"] == settings.MATCH_TIMEOUT_SECONDS
    with tenant_context(tenant.pk):
        assert not Capture.objects.exists()


def test_a_card_opens_the_door_while_the_worker_refuses_to_start(tenant: Property) -> None:

    device, _code = factories.make_active_device(tenant)
    person = factories.make_person(tenant)
    issue_card(tenant=tenant, person=person, number="04A2 1F33", doors=[device.access_point])
    refusal._tell(REFUSED)
    assert try_pass(device=device, kind=PassKind.CARD, card="04A21F33").allowed
