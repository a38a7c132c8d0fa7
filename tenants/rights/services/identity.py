"""Who asks is proved once: by a code to the contact on file, by the personal link, or in person (PIPL 50).

Never by a face, and never by papers that are not held already. Nobody who asks without proof learns whether
somebody is known here: the same rows are written and the same answers given for everybody, and whether there is
an address at all only the worker finds out.
"""

import hmac
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.changes import hold_facts
from tenants.organizations.models import Property, User
from tenants.organizations.scoping import require_same_tenant
from tenants.organizations.trail import Happening, Kind, Sign, tell
from tenants.people.attempts import Attempts, CannotCount
from tenants.people.models import Person
from tenants.rights import ready_texts
from tenants.rights.identity_codes import LIFETIME, hash_of, is_live
from tenants.rights.kinds import Delivery, IdentityProof, Requester, RequestKind, RequestState
from tenants.rights.models import IdentityCode, RightsRequest
from tenants.rights.request_tasks import queue_code
from tenants.rights.services.answering import answer
from tenants.rights.services.messages import write_to_person
from tenants.rights.services.moving import locked, move, require_member, require_step, set_due

TRIES = 5
SENDS_IN_AN_HOUR = 3
SENDS = 10
# The row counts the tries of a code; this counts them although a page rolls back what it did.
_WRONG = Attempts("identity-code", count=TRIES, seconds=int(LIFETIME.total_seconds()))


@transaction.atomic
def send_code(*, tenant: Property, request: RightsRequest) -> None:
    """Have a one-time code sent to the contact on file, if the request's contact is one. Earlier codes end.

    From the first one on the clock waits for the person. Says nothing about whether there is anybody. Raises
    ValidationError when it was proved already, and after too many codes (`too_many`).
    """
    request = locked(tenant=tenant, request=request)
    require_step(request, RequestState.CONFIRMED)
    now = timezone.now()
    earlier = list(IdentityCode.objects.select_for_update().filter(request=request))
    if len(earlier) >= SENDS or sum(code.sent_at > now - timedelta(hours=1) for code in earlier) >= SENDS_IN_AN_HOUR:
        message = _("Codes were asked for too often. Wait an hour, or come to the desk.")
        raise ValidationError(message, code="too_many")
    for code in earlier:
        if code.used_at is None and (code.expires_at > now or code.delivery == Delivery.WAITING):
            code.expires_at, code.next_try_at = min(code.expires_at, now), None
            code.delivery = Delivery.FAILED if code.delivery == Delivery.WAITING else code.delivery
            code.save()
    row = IdentityCode(
        tenant=tenant,
        request=request,
        sent_at=now,
        expires_at=now + LIFETIME,
        delivery=Delivery.WAITING,
        next_try_at=now,
    )
    row.save()
    # A new code has its own tries; how many codes there are is bounded above.
    _WRONG.forget(str(request.pk))
    _pause(request)
    queue_code(row)
    tell(Happening(kind=Sign.CODE_SENT, actor=f"request:{request.pk}", tenant_id=tenant.pk))


def prove_by_code(*, tenant: Property, request: RightsRequest, typed: str) -> RightsRequest:
    """Confirm a request by the code that was sent. A withdrawal is carried out at once (PIPL 15).

    Raises ValidationError beside `code`: `wrong` for a wrong, an old, a used and a never sent one alike, and
    `too_many` after five tries. Do not call it inside a transaction that an error rolls back: tries are counted.
    """
    if not _count(request):
        _tell_of_a_wrong_one(request)
        raise ValidationError({"code": ValidationError(_("Too many tries. Ask for a new code."), code="too_many")})
    with transaction.atomic():
        hold_before_withdrawal(tenant=tenant, kind=request.kind)
        request = locked(tenant=tenant, request=request)
        require_step(request, RequestState.CONFIRMED)
        code = IdentityCode.objects.select_for_update(of=("self",)).select_related("person").filter(request=request)
        person = _spend(code.order_by("-sent_at").first(), typed)
        if person is not None:
            _WRONG.forget(str(request.pk))
            return confirm(tenant=tenant, request=request, person=person, by=IdentityProof.CODE)
    _tell_of_a_wrong_one(request)
    raise ValidationError(
        {
            "code": ValidationError(
                _("This code is wrong, or its ten minutes are over. Ask for a new one."), code="wrong"
            )
        }
    )


def _tell_of_a_wrong_one(request: RightsRequest) -> None:
    tell(Happening(kind=Kind.CODE_WRONG, actor=f"request:{request.pk}", tenant_id=request.tenant_id))


@transaction.atomic
def prove_in_person(*, tenant: Property, request: RightsRequest, person: Person, actor: User) -> RightsRequest:
    """Record that a member at the desk knows who asks, and whose data it is about.

    They look at what is on record; nothing is copied, and no face is compared. Raises ValidationError.
    """
    require_same_tenant(tenant, request, person)
    request = locked(tenant=tenant, request=request)
    require_step(request, RequestState.CONFIRMED)
    require_member(tenant=tenant, user=actor)
    person = Person.objects.get(pk=person.pk)
    if request.asked_by == Requester.RELATIVE and person.died_on is None:
        message = _("A relative asks for somebody who has died. First record the death on the person's page.")
        raise ValidationError({"person": ValidationError(message, code="alive")})
    if request.asked_by != Requester.RELATIVE and person.died_on is not None:
        message = _("This person has died. A close relative may ask instead.")
        raise ValidationError({"person": ValidationError(message, code="died")})
    return confirm(tenant=tenant, request=request, person=person, by=IdentityProof.IN_PERSON, checked_by=actor)


@transaction.atomic
def ask_for_proof(*, tenant: Property, request: RightsRequest, actor: User | None) -> RightsRequest:
    """Ask whoever asks to prove who they are; the clock waits until they do. Twice asks again and pauses once.

    Raises ValidationError when it was proved already.
    """
    request = locked(tenant=tenant, request=request)
    require_step(request, RequestState.CONFIRMED)
    text = ready_texts.ready_texts(request)["prove"]
    write_to_person(tenant=tenant, request=request, text=text, author=actor, template="prove")
    return _pause(request)


def confirm(
    *, tenant: Property, request: RightsRequest, person: Person, by: IdentityProof, checked_by: User | None = None
) -> RightsRequest:
    """Confirm a locked request with its proof. For the services of this room only: the proof is the caller's."""
    if person.erased_at:
        raise ValidationError({"person": ValidationError(_("This person's record was erased."), code="erased")})
    request.person, request.identity_by = person, by
    request.identity_checked_by, request.identity_checked_at = checked_by, timezone.now()
    request = move(request, RequestState.CONFIRMED)
    may_decide = request.asked_by == Requester.SELF
    if request.kind == RequestKind.WITHDRAW and may_decide and by in {IdentityProof.CODE, IdentityProof.LINK}:
        # Taking a yes back is as easy as giving it: nobody's answer is waited for (PIPL 15).
        return answer(tenant=tenant, request=request, text=ready_texts.ready_answer(request), actor=None)
    return request


def hold_before_withdrawal(*, tenant: Property, kind: str) -> None:
    """A proof may carry a withdrawal out at once, and the facts of the gate are held before any row is."""
    if kind == RequestKind.WITHDRAW:
        hold_facts(tenant=tenant)


def _pause(request: RightsRequest) -> RightsRequest:
    if request.paused_on is None:
        request.paused_on = timezone.localdate()
        set_due(request)
        request.save()
    return request


def _count(request: RightsRequest) -> bool:
    try:
        return _WRONG.take(str(request.pk))
    except CannotCount:
        return True  # the row counts as well


def _spend(code: IdentityCode | None, typed: str) -> Person | None:
    """Use up a try, or the code. The same work is done for a code that nobody got."""
    digits = "".join(str(int(c)) for c in typed if c.isdecimal())
    expected = code.code_hash if code is not None else ""
    found = hash_of(code.pk if code is not None else None, digits)
    is_right = hmac.compare_digest(found.encode(), expected.encode())
    if code is None:
        return None
    if not is_live(code, timezone.now()) or code.attempts >= TRIES:
        return None
    code.attempts += 1
    if is_right and code.person is not None:
        code.used_at = timezone.now()
    code.save(update_fields=["attempts", "used_at"])
    return code.person if code.used_at else None
