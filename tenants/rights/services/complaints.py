"""Complaints: from anybody, with a name or without; closed by an answer and by nothing else (NDSMR 20; PIPL 50)."""

import hashlib

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Membership, Property, User
from tenants.organizations.news import NotificationKind
from tenants.organizations.scoping import require_same_tenant
from tenants.organizations.services.notifications import tell
from tenants.people.models import Person
from tenants.rights.kinds import ComplaintState, ErasureScope
from tenants.rights.models import Complaint, Erasure
from tenants.rights.models.complaints import EMPTIED
from tenants.rights.rules import ANSWER_WORKING_DAYS, add_working_days
from tenants.rights.services.packages import is_being_erased
from tenants.rights.tracking import new_code, plain_code

MOST_LETTERS = 4000


@transaction.atomic
def receive(
    *,
    tenant: Property,
    text: str,
    name: str = "",
    contact: str = "",
    language: str = "zh-hans",
    person: Person | None = None,
) -> tuple[Complaint, str]:
    """Take a complaint; return it with its tracking code, which is shown once and kept by nobody.

    The clock starts now and runs in Beijing working days. Raises ValidationError without a text.
    """
    require_same_tenant(tenant, person)
    if not text.strip():
        raise ValidationError({"text": ValidationError(_("Write what is wrong."), code="required")})
    deadline = add_working_days(timezone.localdate(), ANSWER_WORKING_DAYS)
    code = new_code()
    complaint = Complaint(
        tenant=tenant,
        number=_next_number(tenant),
        code_hash=_hash(tenant, code),
        language=language,
        name=name,
        contact=contact,
        text=text,
        person=person,
        due_on=deadline.on,
        is_due_final=deadline.is_final,
    )
    complaint.full_clean()
    complaint.save()
    tell(tenant=tenant, kind=NotificationKind.COMPLAINT_RECEIVED, subject=complaint)
    return complaint, code


def find_by_code(*, tenant: Property, code: str) -> Complaint:
    """Return the complaint that a tracking code opens. Raises Complaint.DoesNotExist."""
    return Complaint.objects.get(tenant=tenant, code_hash=_hash(tenant, code))


@transaction.atomic
def assign(*, tenant: Property, complaint: Complaint, to: User | None) -> Complaint:
    """Say who looks after it; None gives it back to everybody. Raises ValidationError for somebody from outside."""
    require_same_tenant(tenant, complaint)
    if to is not None and not Membership.objects.filter(tenant=tenant, user=to, is_active=True).exists():
        raise ValidationError({"to": ValidationError(_("Choose a member of this property."), code="not_a_member")})
    complaint = _open(complaint)
    complaint.assigned_to = to
    complaint.save(update_fields=["assigned_to"])
    return complaint


@transaction.atomic
def link(*, tenant: Property, complaint: Complaint, person: Person) -> Complaint:
    """Say whose complaint it is, so that it goes with that person's record. Raises ValidationError."""
    require_same_tenant(tenant, complaint, person)
    # Locked, so that an order of erasure comes before or after: what its receipts say must stay true.
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.erased_at:
        raise ValidationError({"person": ValidationError(_("This person's record was erased."), code="erased")})
    if Erasure.objects.filter(person=person, scope=ErasureScope.PERSON, completed_at__isnull=True).exists():
        raise ValidationError({"person": ValidationError(_("This person's record is being erased."), code="erasing")})
    complaint = Complaint.objects.select_for_update(of=("self",)).get(pk=complaint.pk)
    complaint.person = person
    complaint.save(update_fields=["person"])
    return complaint


@transaction.atomic
def answer(*, tenant: Property, complaint: Complaint, text: str, actor: User) -> Complaint:
    """Answer and close. The answer lies at once on the page that the tracking code opens, beside the authority.

    From the order of an erasure of whoever complained on, its text is not kept: it could name somebody, and no erasure
    would reach it. Who has the code then reads that it was answered. Raises ValidationError without a text, and for a
    complaint that was answered before.
    """
    require_same_tenant(tenant, complaint)
    if not text.strip():
        raise ValidationError({"text": ValidationError(_("A complaint is closed with an answer."), code="required")})
    if len(text) > MOST_LETTERS:
        raise ValidationError({"text": ValidationError(_("At most 4,000 letters."), code="too_long")})
    is_gone = _hold_person(complaint)
    complaint = _open(complaint)
    complaint.answer = EMPTIED if is_gone else text
    complaint.state = ComplaintState.ANSWERED
    complaint.answered_by, complaint.answered_at = actor, timezone.now()
    complaint.save(update_fields=["answer", "state", "answered_by", "answered_at"])
    return complaint


def _hold_person(complaint: Complaint) -> bool:
    """Lock whoever complained, so that an order comes before or after the answer; say whether it came before."""
    whose = Complaint.objects.values_list("person_id", flat=True).get(pk=complaint.pk)
    person = Person.objects.select_for_update().filter(pk=whose).first()
    return person is not None and is_being_erased(person)


def _hash(tenant: Property, code: str) -> str:
    """Hash a tracking code as people type it. A code of a request is none of a complaint."""
    return hashlib.sha256(f"complaint:{tenant.pk}:{plain_code(code)}".encode()).hexdigest()


def _open(complaint: Complaint) -> Complaint:
    """Lock it. Raises ValidationError when it is closed: what was answered stays as it was read."""
    complaint = Complaint.objects.select_for_update(of=("self",)).get(pk=complaint.pk)
    if complaint.state != ComplaintState.RECEIVED:
        raise ValidationError(_("This complaint is answered already."), code="wrong_state")
    return complaint


def _next_number(tenant: Property) -> str:
    """Return K-YYMM-NNN, counted per property and month; a transaction lock keeps two from taking one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"complaint:{tenant.pk}"])
    prefix = f"K-{timezone.localdate():%y%m}-"
    taken = Complaint.objects.filter(tenant=tenant, number__startswith=prefix).count()
    return f"{prefix}{taken + 1:03d}"
