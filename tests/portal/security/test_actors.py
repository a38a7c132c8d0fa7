"""Who acts is right in the log of changes and in that of reads, by whatever door; and what was not written down is."""

from collections.abc import Callable

import pytest
from auditlog.models import LogEntry
from celery import shared_task
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from portal.security import tokens
from portal.security.audit import acting
from portal.security.models import AccessEvent
from tenants.organizations import actors
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Permission
from tenants.organizations.scoping import enter_tenant
from tenants.organizations.trail import Happening, Kind, note
from tenants.people.models import Person
from tenants.premises.models import Device
from tenants.rights import jobs
from tenants.rights.kinds import RequestKind
from tenants.rights.models import Certificate
from tenants.rights.services import answering, requests
from tests import factories
from tests.recognition.steps import enroll, erase
from tests.terminals import paired

pytestmark = pytest.mark.django_db

PERSON = {"name": "赵敏", "kind": "owner", "age_band": "adult", "room": "1"}
# The log's own actor, and who it names beside its tenant; who a read was by, and what the read says of a member.
Written = tuple[object, str | None, str, dict[str, str]]


def work(tenant: Property) -> None:
    """What a worker and a command do here: a change, and a read that matters."""
    person = factories.make_person(tenant)
    note(Happening(Kind.EXPORTED, actors.current(), tenant.pk, f"person:{person.pk}"))


def by_session(tenant: Property, owner: User) -> Written:
    browser = Client()
    browser.force_login(owner)
    browser.post(reverse("person_add", args=[tenant.slug]), PERSON)
    browser.get(reverse("people", args=[tenant.slug]))
    return owner.pk, None, f"user:{owner.pk}", {}


def by_token(tenant: Property, owner: User) -> Written:
    rights = [Permission.VIEW_PEOPLE, Permission.MANAGE_PEOPLE]
    token, text = tokens.issue(tenant=tenant, actor=owner, name="报表", scopes=rights)
    program = Client(HTTP_AUTHORIZATION=f"Bearer {text}")
    people = reverse("api:people", args=[tenant.slug])
    assert program.post(people, PERSON, content_type="application/json").status_code == 201
    program.get(people)
    return owner.pk, f"token:{token.pk}", f"token:{token.pk}", {"user": str(owner.pk)}


def by_terminal(tenant: Property, _owner: User) -> Written:
    device, code = factories.make_active_device(tenant)
    paired(code, Client())
    return None, f"device:{device.pk}", f"device:{device.pk}", {}


def by_worker(tenant: Property, _owner: User) -> Written:
    @shared_task(name="tests.work")
    def task() -> None:
        work(tenant)

    task.apply()
    return None, "worker:recognition", "worker:recognition", {}


def by_command(tenant: Property, _owner: User) -> Written:
    token = actors.name("")
    try:
        acting.connect()
        work(tenant)
    finally:
        actors.forget(token)
    return None, "command:expire_evidence", "command:expire_evidence", {}


@pytest.mark.parametrize("act", [by_session, by_token, by_terminal, by_worker, by_command])
def test_a_change_and_a_read_name_who_acts(
    act: Callable[[Property, User], Written],
    tenant: Property,
    owner: User,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.CONSENTRY_ROLE = "recognition"
    monkeypatch.setattr("sys.argv", ["/srv/manage.py", "expire_evidence", "--delete"])
    member, beside, reader, facts = act(tenant, owner)
    enter_tenant(tenant.pk)
    changed = Device if act is by_terminal else Person
    entry = LogEntry.objects.get_for_model(changed).latest("pk")
    wanted = {"tenant": str(tenant.pk)} | ({"actor": beside} if beside else {})
    assert (entry.actor_id, entry.additional_data) == (member, wanted)
    event = AccessEvent.objects.filter(tenant=tenant.pk).latest("pk")
    assert event.actor == reader
    assert {name: value for name, value in event.facts.items() if name != "count"} == facts
    assert actors.current() in {"", beside}
    factories.make_person(tenant)
    Client().get(reverse("public", args=[tenant.slug]))
    assert actors.current() == "", "the next request is nobody's yet"


def read(tenant: Property, kind: Kind) -> list[tuple[str, str]]:
    enter_tenant(tenant.pk)
    rows = AccessEvent.objects.filter(tenant=tenant.pk, kind=kind).order_by("pk")
    return list(rows.values_list("actor", "subject"))


def test_a_terminal_that_is_paired_leaves_a_trace_and_one_that_is_refused_none(tenant: Property) -> None:
    device, code = factories.make_active_device(tenant)
    terminal = paired(code, Client())
    enter_tenant(tenant.pk)
    assert read(tenant, Kind.DEVICE_PAIRED) == [(f"device:{device.pk}", f"devicekey:{device.keys.get().pk}")]
    with transaction.atomic():
        assert terminal.pair(code).status_code == 400
        transaction.set_rollback(True)
    assert len(read(tenant, Kind.DEVICE_PAIRED)) == 1


def test_a_certificate_leaves_a_trace_whoever_takes_it(tenant: Property, owner: User) -> None:
    """Through the API, and the person's own by their tracking code."""
    person, visit = factories.make_consented_person(tenant)
    enroll(tenant, person, "li")
    asked, code = requests.receive_from(visit=visit, kind=RequestKind.DELETE)
    answering.answer(tenant=tenant, request=asked, actor=owner, text="已删除。")
    erasure = asked.erasures.get()
    erase(erasure)
    jobs.certify(tenant_id=tenant.pk, erasure_id=erasure.pk)
    subject = f"certificate:{Certificate.objects.get(erasure=erasure).pk}"
    member = Client()
    member.force_login(owner)
    assert member.get(reverse("api:erasure_certificate", args=[tenant.slug, erasure.pk])).status_code == 200
    assert Client().get(reverse("request_certificate", args=[tenant.slug, code])).status_code == 200
    assert read(tenant, Kind.EVIDENCE_READ) == [(f"user:{owner.pk}", subject), (f"request:{asked.pk}", subject)]
