"""The review of access: once a quarter somebody decides about each member, and the decisions stay as evidence."""

import uuid
from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import AccessReview, Membership, Property, User
from tenants.organizations.roles import Role
from tenants.organizations.rules import review_due_on
from tenants.organizations.services.members import change_role, hold_owners, remove_member

KEEP, CHANGE, REMOVE = "keep", "change", "remove"


def due_on(tenant: Property) -> date:
    """Return the day until which access to a property is to be reviewed. One query."""
    last = AccessReview.objects.filter(tenant=tenant).order_by("-reviewed_at").first()
    return review_due_on(timezone.localdate(last.reviewed_at if last else tenant.created_at))


@transaction.atomic
def finish(*, tenant: Property, actor: User, decisions: Mapping[uuid.UUID, str]) -> AccessReview:
    """Carry out what was decided about each active member, by the membership's id, and write it down.

    A decision is `keep`, `remove`, or the role to have from now on. Raises ValidationError when a member is missing
    or no longer there, for the last owner, and for a decision that is none.
    """
    hold_owners(tenant_ids=[tenant.pk])
    due = due_on(tenant)
    rows = Membership.objects.filter(tenant=tenant, is_active=True).order_by("pk")
    members = {member.pk: member for member in rows.select_for_update(of=("self",)).select_related("user", "tenant")}
    if set(members) != set(decisions):
        raise ValidationError(
            _("Members joined or left since you opened this page. Look at the list again and decide about each."),
            code="changed_meanwhile",
        )
    written = [_written(members[pk], decision) for pk, decision in sorted(decisions.items())]
    # Who becomes owner comes before who stops being one: the last owner may hand over in one review.
    for row in sorted(written, key=lambda row: row["to"] != Role.OWNER):
        _carry_out(tenant, members[uuid.UUID(row["membership"])], row)
    review = AccessReview(tenant=tenant, reviewed_by=actor, due_on=due, decisions=written)
    review.full_clean()
    review.save()
    return review


def _written(member: Membership, decision: str) -> dict[str, str]:
    row = {"membership": str(member.pk), "role": member.role, "decision": decision, "to": ""}
    if decision in Role.values:
        return row | ({"decision": CHANGE, "to": decision} if decision != member.role else {"decision": KEEP})
    if decision not in {KEEP, REMOVE}:
        raise ValidationError(_("Decide about each member: keep, remove, or another role."), code="invalid_choice")
    return row


def _carry_out(tenant: Property, member: Membership, row: Mapping[str, str]) -> None:
    if row["decision"] == CHANGE:
        change_role(tenant=tenant, membership=member, role=row["to"])
    elif row["decision"] == REMOVE:
        remove_member(tenant=tenant, membership=member)
