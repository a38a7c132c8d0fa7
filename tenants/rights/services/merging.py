"""The same asked twice: shown, and merged only when both times it was proved who asks."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Property, User
from tenants.organizations.scoping import require_same_tenant
from tenants.rights import ready_texts
from tenants.rights.kinds import RequestState
from tenants.rights.models import RightsRequest
from tenants.rights.rules.contacts import plain_contact
from tenants.rights.rules.transitions import OPEN_STATES
from tenants.rights.services.messages import write_to_person
from tenants.rights.services.moving import locked, move, require_step

MOST_SHOWN = 20


def similar(request: RightsRequest) -> list[RightsRequest]:
    """Return the open requests of the same kind by the same person, or with the same contact, the first due first."""
    rows = RightsRequest.objects.filter(tenant_id=request.tenant_id, kind=request.kind, state__in=OPEN_STATES)
    contact = plain_contact(request.contact)
    found = [
        row
        for row in rows.exclude(pk=request.pk).order_by("due_on", "received_at", "pk")
        if (request.person_id is not None and row.person_id == request.person_id)
        or (contact and plain_contact(row.contact) == contact)
    ]
    return found[:MOST_SHOWN]


@transaction.atomic
def merge(*, tenant: Property, request: RightsRequest, into: RightsRequest, actor: User) -> RightsRequest:
    """End a request in another one of the same person and kind, which goes on; the person is told in both.

    Both were proved, each for itself, and the one that goes on is due no later. Raises ValidationError.
    """
    require_same_tenant(tenant, request, into)
    if request.pk == into.pk:
        raise ValidationError({"into": ValidationError(_("Choose another request."), code="same")})
    # In one order, so that two members who merge both ways wait for each other and never both.
    rows = {row.pk: locked(tenant=tenant, request=row) for row in sorted((request, into), key=lambda row: row.pk)}
    request, into = rows[request.pk], rows[into.pk]
    require_step(request, RequestState.MERGED)
    if into.state != RequestState.CONFIRMED:
        message = _("The other one is not proved, or is closed. Each is proved for itself.")
        raise ValidationError({"into": ValidationError(message, code="not_confirmed")})
    if request.person_id != into.person_id or request.kind != into.kind:
        message = _("Only requests of the same person for the same are merged.")
        raise ValidationError({"into": ValidationError(message, code="different")})
    if into.due_on > request.due_on:
        message = _("The one that is due first goes on. Merge the other way round.")
        raise ValidationError({"into": ValidationError(message, code="later")})
    request.merged_into = into
    text = ready_texts.merged(request, into=into)
    told = write_to_person(tenant=tenant, request=request, text=text, author=actor, template="merged")
    request.answer = told.text
    # What was merged into this one before goes on with it.
    for row in RightsRequest.objects.select_for_update(of=("self",)).filter(merged_into=request).order_by("pk"):
        row.merged_into = into
        row.save(update_fields=["merged_into"])
    return move(request, RequestState.MERGED, told=told)
