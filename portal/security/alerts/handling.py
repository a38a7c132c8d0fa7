"""What members do about an alert: say what they did, or open it again. Each step stays."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.security.alerts.kinds import AlertState, StepKind
from portal.security.models import Alert, AlertStep
from tenants.organizations.models import User


@transaction.atomic
def handle(*, alert: Alert, actor: User, text: str, is_false: bool = False) -> Alert:
    """Close an alert with what was done about it. The context of its property is entered.

    Raises ValidationError without a text, and when somebody else has closed it already.
    """
    if not text.strip():
        raise ValidationError({"text": ValidationError(_("Say what you did."), code="required")})
    alert = _locked(alert)
    if alert.state != AlertState.NEW:
        raise ValidationError(_("Somebody has closed this alert already. Open it again to add to it."), code="closed")
    alert.state = AlertState.FALSE_ALARM if is_false else AlertState.HANDLED
    alert.handled_by, alert.handled_at = actor, timezone.now()
    _save(alert)
    kind = StepKind.FALSE_ALARM if is_false else StepKind.HANDLED
    AlertStep.objects.create(tenant=alert.tenant, alert=alert, kind=kind, by=actor, text=text.strip())
    return alert


@transaction.atomic
def reopen(*, alert: Alert, actor: User) -> Alert:
    """Open a closed alert again. Raises ValidationError when it is open, or has rung anew meanwhile."""
    alert = _locked(alert)
    if alert.state == AlertState.NEW:
        raise ValidationError(_("This alert is open."), code="open")
    same = Alert.objects.filter(tenant=alert.tenant, rule=alert.rule, subject=alert.subject, state=AlertState.NEW)
    if same.exists():
        raise ValidationError(_("The same has rung again: handle the newer alert."), code="rang_again")
    alert.state, alert.handled_by, alert.handled_at = AlertState.NEW, None, None
    _save(alert)
    AlertStep.objects.create(tenant=alert.tenant, alert=alert, kind=StepKind.REOPENED, by=actor)
    return alert


def _locked(alert: Alert) -> Alert:
    return Alert.objects.select_for_update(of=("self",)).get(pk=alert.pk)


def _save(alert: Alert) -> None:
    # The columns that the web role may change, no others (portal/security/grants.py).
    alert.save(update_fields=["state", "handled_by", "handled_at"])
