"""Tell the owners of a property what platform staff did there: looked in, or gave somebody a role."""

import logging
import uuid

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from tenants.organizations.models import EmergencyAccess, Membership
from tenants.organizations.roles import Role
from tenants.organizations.scoping import tenant_context
from tenants.people.kinds import PromptChannel
from tenants.people.senders import NotSent, sender_for

logger = logging.getLogger(__name__)


def tell_owners(*, tenant_id: uuid.UUID, emergency_id: uuid.UUID) -> bool:
    """Write to each owner, in Chinese as every letter to members. Say whether that is done.

    It is done when one letter has left, when mail is not offered, and when the hours are over: the pages tell them.
    """
    with tenant_context(tenant_id):
        emergency = EmergencyAccess.objects.select_related("tenant", "staff").get(pk=emergency_id)
        addresses = _owners(tenant_id)
        subject, text = _of_emergency(emergency)
    return not emergency.is_standing or _send(addresses, subject, text)


def tell_of_role(*, tenant_id: uuid.UUID, membership_id: uuid.UUID) -> bool:
    """Write to each owner but the member that platform staff gave somebody a role. Say whether that is done."""
    with tenant_context(tenant_id):
        membership = Membership.objects.select_related("tenant", "user").get(pk=membership_id)
        addresses = [address for address in _owners(tenant_id) if address != membership.user.email]
        subject, text = _of_role(membership)
    return _send(addresses, subject, text)


def _owners(tenant_id: uuid.UUID) -> list[str]:
    owners = Membership.objects.filter(tenant=tenant_id, role=Role.OWNER, is_active=True, user__is_active=True)
    return sorted(set(owners.values_list("user__email", flat=True)))


def _send(addresses: list[str], subject: str, text: str) -> bool:
    """Send, outside any transaction, and say whether it is done: one has left, there is nobody, or no mail at all."""
    sender = sender_for(PromptChannel.EMAIL)
    if sender is None or not addresses:
        return True
    left = False
    for address in addresses:
        try:
            sender.send(to=address, subject=subject, text=text)
            left = True
        except NotSent:
            logger.warning("An owner could not be told by letter what platform staff did.")
    return left


def _of_role(membership: Membership) -> tuple[str, str]:
    tenant = membership.tenant
    with override(settings.LANGUAGE_CODE):
        subject = _("Platform staff gave somebody a role: %(property)s") % {"property": tenant.display_name}
        text = _(
            "Platform staff gave %(who)s a role in %(property)s: %(role)s.\n"
            "If nobody of you asked for it, remove them and tell the platform:\n%(address)s"
        )
        values = {
            "who": membership.user.email,
            "property": tenant.display_name,
            "role": membership.get_role_display(),
            "address": f"{settings.PUBLIC_URL}{reverse('members', args=[tenant.slug])}",
        }
        return subject, text % values


def _of_emergency(emergency: EmergencyAccess) -> tuple[str, str]:
    """Return subject and text. The reason stands on the page alone: it may speak of somebody."""
    tenant = emergency.tenant
    with override(settings.LANGUAGE_CODE):
        subject = _("Platform staff look into %(property)s") % {"property": tenant.display_name}
        text = _(
            "%(staff)s of the platform has emergency access to %(property)s until %(until)s: %(scope)s.\n"
            "Read the reason, see what is opened, and end it at any time:\n%(address)s"
        )
        values = {
            "staff": emergency.staff.email,
            "property": tenant.display_name,
            "until": date_format(localtime(emergency.ends_at), "DATETIME_FORMAT"),
            "scope": emergency.get_scope_display(),
            "address": f"{settings.PUBLIC_URL}{reverse('emergencies', args=[tenant.slug])}",
        }
        return subject, text % values
