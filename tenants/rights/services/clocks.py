"""More time, once and with a reason; and what is late."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Property, User
from tenants.rights import ready_texts
from tenants.rights.kinds import RequestState
from tenants.rights.models import RightsRequest
from tenants.rights.rules.transitions import OPEN_STATES
from tenants.rights.services.messages import write_to_person
from tenants.rights.services.moving import locked, set_due


@transaction.atomic
def extend(*, tenant: Property, request: RightsRequest, reason: str, actor: User | None) -> RightsRequest:
    """Take fifteen more working days, once, before the last day is over; the person is told why and until when.

    Raises ValidationError.
    """
    request = locked(tenant=tenant, request=request)
    if request.state != RequestState.CONFIRMED:
        message = _("Only a request whose identity is proved and that is open gets more time.")
        raise ValidationError(message, code="wrong_state")
    if request.extended_on is not None:
        raise ValidationError(_("It was extended once already."), code="extended")
    if timezone.localdate() > request.due_on:
        raise ValidationError(_("The last day is over; it is too late to extend. Answer now."), code="overdue")
    reason = reason.strip().rstrip(".。")
    if not reason:
        raise ValidationError({"reason": ValidationError(_("Say why more time is needed."), code="required")})
    if len(reason) > 500:
        raise ValidationError(
            {"reason": ValidationError(_("Please write less: 500 letters at most."), code="too_long")}
        )
    request.extended_on, request.extension_reason = timezone.localdate(), reason
    set_due(request)
    text = ready_texts.extended(request, until=request.due_on, is_final=request.is_due_final, reason=reason)
    write_to_person(tenant=tenant, request=request, text=text, author=actor, template="extended")
    request.save()
    return request


def overdue(tenant: Property) -> list[RightsRequest]:
    """Return the open requests whose last day is over, the longest first. One that waits for proof is not late."""
    rows = RightsRequest.objects.filter(tenant=tenant, state__in=OPEN_STATES, paused_on__isnull=True)
    return list(rows.filter(due_on__lt=timezone.localdate()).order_by("due_on", "received_at", "pk"))
