"""Answering does what was asked, tells the person, and closes, in one transaction."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tenants.organizations.changes import hold_facts
from tenants.organizations.models import Property, User
from tenants.people.kinds import AgeBand, WithdrawnBy
from tenants.people.models import Person
from tenants.people.services import persons
from tenants.rights import ready_texts
from tenants.rights.kinds import (
    ErasureReason,
    ErasureScope,
    IdentityProof,
    PackageKind,
    RefusalCode,
    Requester,
    RequestKind,
    RequestState,
)
from tenants.rights.models import RequestMessage, RightsRequest
from tenants.rights.rules.clocks import AT_ONCE
from tenants.rights.services import packages, withdrawals
from tenants.rights.services.erasures import order_erasure
from tenants.rights.services.messages import write_to_person
from tenants.rights.services.moving import locked, move, require_step

MOST_LETTERS_OF_A_REFUSAL = 3000  # the reason and how to complain come on top


@transaction.atomic
def answer(*, tenant: Property, request: RightsRequest, text: str, actor: User | None) -> RightsRequest:
    """Do what is asked, lay the answer on the tracking page, and close.

    Deletion orders the erasure of everything, the passes too; withdrawal ends the consents and erases the face;
    restriction stops every use; access, copy, explanation and transfer have a package built. A correction is made
    on the person's page before. Raises ValidationError.
    """
    if request.kind in AT_ONCE:
        hold_facts(tenant=tenant)
    request = locked(tenant=tenant, request=request)
    require_step(request, RequestState.ANSWERED)
    if not text.strip():
        raise ValidationError({"text": ValidationError(_("Write what you tell the person."), code="required")})
    told = write_to_person(tenant=tenant, request=request, text=text, author=actor, template="answered")
    request.answer = told.text
    request = move(request, RequestState.ANSWERED, told=told)
    if request.person is not None:
        _do(tenant, request, request.person, actor)
    _tell_merged(tenant, request, told)
    return request


@transaction.atomic
def refuse(
    *, tenant: Property, request: RightsRequest, code: RefusalCode | str, article: str, text: str, actor: User | None
) -> RightsRequest:
    """Refuse with reason, article, words, and how to complain or sue; the person can read it before it closes.

    (PIPL 50.) Raises ValidationError beside `code`, `article` or `text`.
    """
    request = locked(tenant=tenant, request=request)
    require_step(request, RequestState.REFUSED)
    if code not in RefusalCode.values:
        raise ValidationError({"code": ValidationError(_("A refusal needs its reason."), code="required")})
    if not article.strip():
        message = _("A refusal names the article it stands on.")
        raise ValidationError({"article": ValidationError(message, code="required")})
    if not text.strip():
        raise ValidationError({"text": ValidationError(_("Write why, in your own words."), code="required")})
    if len(text) > MOST_LETTERS_OF_A_REFUSAL:
        raise ValidationError(
            {"text": ValidationError(_("Please write less: 3,000 letters at most."), code="too_long")}
        )
    if code == RefusalCode.NOT_PROVED and request.identity_by:
        raise ValidationError({"code": ValidationError(_("It was proved who asks."), code="proved")})
    whole = ready_texts.refusal(request, code=code, article=article.strip(), text=text)
    told = write_to_person(tenant=tenant, request=request, text=whole, author=actor, template="refused")
    request.answer, request.refusal_code, request.refusal_article = told.text, RefusalCode(code), article.strip()
    request = move(request, RequestState.REFUSED, told=told)
    _tell_merged(tenant, request, told)
    return request


def _do(tenant: Property, request: RightsRequest, person: Person, actor: User | None) -> None:
    kind = RequestKind(request.kind)
    if kind in _PACKAGES:
        packages.order(request=request, kind=_PACKAGES[kind])
    elif person.erased_at is not None:
        return  # it is gone already, so there is nothing left to stop
    elif kind == RequestKind.DELETE:
        order_erasure(
            tenant=tenant,
            person=person,
            reason=ErasureReason.DIED if person.died_on else ErasureReason.REQUESTED,
            scope=ErasureScope.PERSON,
            request=request,
            approved_by=actor,
        )
    elif kind == RequestKind.RESTRICT:
        persons.restrict(tenant=tenant, person=person)
    elif kind == RequestKind.WITHDRAW:
        _withdraw(tenant, request, person)


_PACKAGES = {
    RequestKind.ACCESS: PackageKind.ACCESS,
    RequestKind.COPY: PackageKind.ACCESS,
    RequestKind.EXPLAIN: PackageKind.ACCESS,
    RequestKind.TRANSFER: PackageKind.TRANSFER,
}


def _withdraw(tenant: Property, request: RightsRequest, person: Person) -> None:
    if request.asked_by == Requester.GUARDIAN and person.band != AgeBand.UNDER_14:
        raise ValidationError(_("From 14 on the person decides alone. Refuse, and say so."), code="decides_alone")
    is_at_desk = request.identity_by == IdentityProof.IN_PERSON
    if request.asked_by == Requester.GUARDIAN:
        by = WithdrawnBy.GUARDIAN_SHEET if is_at_desk else WithdrawnBy.GUARDIAN
    else:
        by = WithdrawnBy.PERSON_SHEET if is_at_desk else WithdrawnBy.PERSON
    withdrawals.withdraw_for(tenant=tenant, person=person, by=by, request=request)


def _tell_merged(tenant: Property, request: RightsRequest, told: RequestMessage) -> None:
    """Whoever holds the code of a merged request reads the same end there."""
    for row in RightsRequest.objects.select_for_update(of=("self",)).filter(merged_into=request).order_by("pk"):
        write_to_person(tenant=tenant, request=row, text=told.text, author=told.author, template=told.template)
        row.answer = told.text
        row.save(update_fields=["answer"])
