"""At least one row of every tenant-owned table, for one property, made by the services."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from portal.operations import announcements, failures
from portal.security import idempotency
from portal.security.alerts import options
from portal.security.alerts.handling import handle
from portal.security.alerts.kinds import Channel
from portal.security.alerts.raising import ring
from portal.security.detection import decoys
from portal.security.models import AlertDelivery, WebhookEndpoint
from portal.security.tokens import issue
from portal.security.webhooks import endpoints
from portal.work import choices
from portal.work import services as work
from portal.work.kinds import JobKind
from recognition.edge.jobs import seal_for_person
from recognition.edge.kinds import AlarmKind
from recognition.edge.services import losses
from recognition.edge.services.alarms import record_alarm
from recognition.enrollment import batches, captures
from recognition.enrollment import jobs as enrolment_jobs
from recognition.enrollment.models import PhotoBatch
from recognition.enrollment.services import submit_photo
from recognition.matching import jobs as matching_jobs
from tenants.organizations.models import Membership, Notification, Property, User
from tenants.organizations.roles import Permission, Role
from tenants.organizations.scoping import enter_tenant
from tenants.organizations.services import emergencies, reviews
from tenants.people.kinds import ConsentDecision, ConsentPurpose
from tenants.people.models import MinorAccess, PaperForm, Person
from tenants.people.services import minors
from tenants.people.services.desk import record_paper_consent
from tenants.people.services.invitations import invite_by_message
from tenants.people.services.passes import issue_card
from tenants.people.services.registrations import make_ticket
from tenants.premises.models import AccessMethod, Device
from tenants.rights import jobs as rights_jobs
from tenants.rights.kinds import HoldKind, PackageKind, RequestKind
from tenants.rights.services import complaints, figures, holds, identity, messages, packages, requests
from tenants.rights.services.withdrawals import withdraw
from tenants.transparency.models import Notice
from tenants.transparency.services import assessments, notices
from tests import factories
from tests.fakes import face_photo
from tests.recognition.steps import erase
from tests.roles import database_role
from tests.terminals import paired


@dataclass
class Rows:
    """One property with one row of everything. `ids` are the primary keys by the noun of an address."""

    tenant: Property
    ids: dict[str, object] = field(default_factory=dict)


def fill(tenant: Property | None = None) -> Rows:
    """Fill every table; leaves the property's context entered."""
    tenant = tenant or factories.make_property()
    enter_tenant(tenant.pk)
    rows = Rows(tenant)
    person, visit = factories.make_consented_person(tenant)
    device, code = factories.make_active_device(tenant)
    terminal = paired(code, Client())
    terminal.heartbeat(firmware="1.0")
    enter_tenant(tenant.pk)
    record_alarm(device=device, kind=AlarmKind.CLOCK)
    enrollment = _enrol(tenant, person)
    with database_role("recognition"):
        seal_for_person(tenant_id=tenant.pk, person_id=person.pk)
    _knock(tenant, device, person)
    request, code = requests.receive(tenant=tenant, kind=RequestKind.ACCESS, name="李阿姨", contact="13800138000")
    identity.send_code(tenant=tenant, request=request)
    said = messages.write_from_person(tenant=tenant, request=request, text="见附件", papers=[("a.txt", b"3-1202")])
    door, owner = device.access_point, factories.make_member(tenant, Role.OWNER)
    factories.make_plan(door.zone, door)
    card = issue_card(tenant=tenant, person=person, number="04A2 1F33", doors=[door])
    guardian = factories.make_guardian(tenant, guardian=person)
    access = _look(tenant, guardian.child)
    paper = _paper(tenant)
    registration, ticket = make_ticket(tenant=tenant, made_by=owner)
    factories.invite(tenant, factories.make_person(tenant))
    invite_by_message(tenant=tenant, person=factories.make_person(tenant), channel="sms", actor=owner)
    own, _own_code = requests.receive_from(visit=visit, kind=RequestKind.ACCESS)
    packages.order(request=own, kind=PackageKind.ACCESS)
    rows.ids = {
        "member": factories.make_member(tenant, Role.AUDITOR).memberships.get(tenant=tenant).pk,
        "zone": door.zone_id,
        "door": door.pk,
        "method": AccessMethod.objects.filter(access_point=door).exclude(kind="face").get().pk,
        "device": device.pk,
        "terminal": terminal,
        "notice": notices.start_draft(tenant=tenant).pk,
        "assessment": assessments.start_draft(tenant=tenant, actor=owner).pk,
        "person": person.pk,
        "pass": card.pk,
        "enrollment": enrollment.pk,
        "capture": captures.put(tenant_id=tenant.pk, photo=face_photo("somebody")).pk,
        "batch": _batch(tenant, owner).pk,
        "request": request.pk,
        "attachment": said.attachments.get().pk,
        "erasure": _erasure(tenant),
        "hold": _hold(tenant, owner, person),
        "loss": _loss(tenant, device, owner),
        "alert": _alert(tenant, owner),
        "delivery": AlertDelivery.objects.get(tenant=tenant.pk, channel=Channel.WEBHOOK).pk,
        "link": visit.link.pk,
        "token": factories.make_link(tenant, person),
        "code": code,
        "webhook": WebhookEndpoint.objects.get(tenant=tenant).pk,
        "decoy": decoys.invent_person(tenant=tenant, actor=owner, name="周建国").pk,
        "api_token": issue(tenant=tenant, actor=owner, name="报表", scopes=[Permission.VIEW_HOME])[0].pk,
        "fingerprint": Notice.objects.filter(tenant=tenant).current().content_hash[:16],
        "guardian": guardian.pk,
        "child": guardian.child_id,
        "access": access.pk,
        "paper": paper.pk,
        "registration": registration.pk,
        "ticket": ticket,
        "emergency": _oversee(tenant, owner),
        "announcement": _announce(tenant, owner),
        "job": order_work(tenant, owner),
    }
    complaint, rows.ids["complaint_code"] = complaints.receive(tenant=tenant, text="摄像头对着我家门", person=person)
    rows.ids["complaint"] = complaint.pk
    rows.ids["evidence"] = person.pk
    rows.ids["notification"] = Notification.objects.filter(tenant=tenant).latest("created_at").pk
    figures.count(tenant=tenant, count_people=lambda: 1)
    kept = idempotency.claim(tenant=tenant, caller=f"user:{owner.pk}", key=str(tenant.pk), request=b"{}")
    kept.keep(status=201, body=b"{}")
    return rows


def _batch(tenant: Property, actor: User) -> PhotoBatch:
    """A batch of one photo that names nobody."""
    batch = batches.start(tenant=tenant, started_by=actor)
    batches.add(batch=batch, actor=actor, label="holiday.jpg", photo=face_photo("somebody"))
    return batch


def _look(tenant: Property, child: Person) -> MinorAccess:
    """A minor's record, opened after a second member's yes."""
    actor, second = factories.make_member(tenant, Role.FRONT_DESK), factories.make_member(tenant, Role.PRIVACY_OFFICER)
    access = minors.ask_for_access(tenant=tenant, person=child, actor=actor, reason="核对门卡")
    minors.decide_access(tenant=tenant, access=access, actor=second, is_approved=True)
    minors.record_opening(actor=actor, person=child)
    return access


def _paper(tenant: Property) -> PaperForm:
    consent = record_paper_consent(
        tenant=tenant,
        person=factories.make_person(tenant),
        purpose=ConsentPurpose.RECOGNITION,
        decision=ConsentDecision.AGREE,
        notice=Notice.objects.filter(tenant=tenant).current(),
        assisted_by=factories.make_member(tenant, Role.FRONT_DESK),
        was_read_aloud=True,
        scan=factories.make_scan(),
        signed_on=timezone.localdate(),
    )
    return consent.paper


def _enrol(tenant: Property, person: object) -> object:
    enrollment = submit_photo(tenant=tenant, person=person, photo=face_photo("li"))
    with database_role("recognition"):
        enrolment_jobs.process(tenant_id=tenant.pk, enrollment_id=enrollment.pk)
    return enrollment


def _knock(tenant: Property, device: object, person: object) -> None:
    capture = captures.put(tenant_id=tenant.pk, photo=face_photo("li"))
    with database_role("recognition"):
        matching_jobs.match(tenant_id=tenant.pk, capture_id=capture.pk, device_id=device.pk, person_id=person.pk)


def _hold(tenant: Property, actor: User, person: Person) -> object:
    """Asked for and not approved: it keeps nothing."""
    about = {"kind": HoldKind.EVENTS, "reason": "东门丢了一辆车", "article": "54", "ends_on": timezone.localdate()}
    return holds.ask(tenant=tenant, actor=actor, person=person, **about).pk


def _erasure(tenant: Property) -> object:
    _person, visit = factories.make_consented_person(tenant)
    erasure = withdraw(visit=visit)
    with database_role("recognition"):
        rights_jobs.erase(tenant_id=tenant.pk, erasure_id=erasure.pk, runs_as="recognition")
    return _certified(tenant)


def _certified(tenant: Property) -> object:
    """The face of somebody else, erased to the end; the first one waits for its receipts."""
    _person, visit = factories.make_consented_person(tenant)
    erasure = erase(withdraw(visit=visit))
    rights_jobs.certify(tenant_id=tenant.pk, erasure_id=erasure.pk)
    return erasure.pk


def _alert(tenant: Property, actor: User) -> object:
    """Rung, handled, and told of by mail and by a webhook."""
    options.change(tenant=tenant, phone="", locks_accounts=False, suspends_devices=False)
    endpoints.add(tenant=tenant, url="https://alarm.example/", events=["alert.rang"])
    alert = ring("id_probing", tenant.pk, f"user:{actor.pk}", {"count": 20}, timezone.now())
    handle(alert=alert, actor=actor, text="问过本人：是他自己点错了。")
    return alert.pk


def _oversee(tenant: Property, owner: User) -> object:
    """Platform staff look in, and the owner has reviewed who has access."""
    staff = User.objects.create_user(f"staff-{tenant.slug}@example.com", is_staff=True)
    members = Membership.objects.filter(tenant=tenant, is_active=True).values_list("pk", flat=True)
    reviews.finish(tenant=tenant, actor=owner, decisions=dict.fromkeys(members, reviews.KEEP))
    return emergencies.start(tenant=tenant, staff=staff, hours=1, reason="门上的终端全部离线，需要排查原因与影响。").pk


def order_work(tenant: Property, member: User) -> object:
    """A file that this member waits for, and their own columns. Nobody else's pages show either."""
    tenant.granted = frozenset(Permission)
    choices.choose_columns(tenant=tenant, user=member, listing="people", columns=["name", "room"])
    asked = {"listing": "people", "columns": ["name"], "format": "csv", "query": ""}
    return work.start(tenant=tenant, actor=member, kind=JobKind.EXPORT, what="people", asked=asked).pk


def _announce(tenant: Property, reader: User) -> object:
    """For this handler alone; somebody else than `reader` has put it away. And a task has failed."""
    now = timezone.now()
    about = {"text_zh": "今晚维护", "text_en": "Maintenance", "starts_at": now, "ends_at": now + timedelta(days=1)}
    row = announcements.announce(handlers=[tenant.handler], **about)
    announcements.put_away(announcement=row, user=User.objects.exclude(pk=reader.pk).latest("date_joined"))
    failures.record(task="rights.certify", error=ValueError(), args=(str(tenant.pk),), kwargs={})
    return row.pk


def _loss(tenant: Property, device: Device, actor: User) -> object:
    return losses.declare(tenant=tenant, device=device, reason="门岗改造时不见了", actor=actor).pk
