"""Role × permission: the one table that says who may do what in a property.

Permissions are guardian permissions on Property and on nothing else, so a grant can never reach a row
of another tenant. `services.members` is the only writer.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.organizations.kinds import EmergencyScope


class Permission(models.TextChoices):
    """What a member may do in one property. Values are codenames on Property."""

    VIEW_HOME = "view_home", _("See today's work")
    VIEW_PREMISES = "view_premises", _("See zones, doors and devices")
    MANAGE_PREMISES = "manage_premises", _("Change zones, doors and devices")
    VIEW_NOTICES = "view_notices", _("See notices")
    MANAGE_NOTICES = "manage_notices", _("Write and publish notices")
    VIEW_ASSESSMENTS = "view_assessments", _("See impact assessments")
    MANAGE_ASSESSMENTS = "manage_assessments", _("Write impact assessments")
    SIGN_ASSESSMENTS = "sign_assessments", _("Sign impact assessments")
    VIEW_PEOPLE = "view_people", _("See people")
    MANAGE_PEOPLE = "manage_people", _("Add and change people")
    APPROVE_MINORS = "approve_minors", _("Approve access to a minor's record")
    VIEW_REQUESTS = "view_requests", _("See requests")
    HANDLE_REQUESTS = "handle_requests", _("Answer requests")
    VIEW_RETENTION = "view_retention", _("See retention and erasures")
    MANAGE_RETENTION = "manage_retention", _("Change retention")
    VIEW_EVENTS = "view_events", _("See door events")
    VIEW_AUDIT = "view_audit", _("See the log")
    VIEW_ALERTS = "view_alerts", _("See alerts")
    HANDLE_ALERTS = "handle_alerts", _("Handle alerts")
    VIEW_MEMBERS = "view_members", _("See members")
    MANAGE_MEMBERS = "manage_members", _("Add and change members")
    MANAGE_PROPERTY = "manage_property", _("Change the property's settings")


class Role(models.TextChoices):
    """The five roles of a property (design.md, "Who uses it")."""

    OWNER = "owner", _("Owner")
    MANAGER = "manager", _("Manager")
    PRIVACY_OFFICER = "privacy_officer", _("Privacy officer")
    FRONT_DESK = "front_desk", _("Front desk")
    AUDITOR = "auditor", _("Auditor")


P = Permission
_VIEWS = frozenset(p for p in P if p.value.startswith("view_"))

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(P),
    # The log is mostly about the manager's own work.
    Role.MANAGER: (_VIEWS - {P.VIEW_AUDIT})
    | {
        P.MANAGE_PREMISES,
        P.MANAGE_NOTICES,
        P.MANAGE_ASSESSMENTS,
        P.MANAGE_PEOPLE,
        P.APPROVE_MINORS,
        P.HANDLE_REQUESTS,
        P.MANAGE_RETENTION,
    },
    Role.PRIVACY_OFFICER: _VIEWS
    | {
        P.MANAGE_NOTICES,
        P.MANAGE_ASSESSMENTS,
        P.SIGN_ASSESSMENTS,
        P.APPROVE_MINORS,
        P.HANDLE_REQUESTS,
        P.HANDLE_ALERTS,
        P.MANAGE_RETENTION,
    },
    Role.FRONT_DESK: frozenset({P.VIEW_HOME, P.VIEW_PREMISES, P.VIEW_PEOPLE, P.MANAGE_PEOPLE, P.VIEW_REQUESTS}),
    # An auditor sees how the law is kept, not who lives here.
    Role.AUDITOR: _VIEWS - {P.VIEW_PEOPLE, P.VIEW_REQUESTS},
}


class SharedAct(models.TextChoices):
    """What no member does alone: one begins it, another one completes it."""

    ASSESSMENT = "assessment", _("Impact assessment: one writes it, another one signs it")
    HOLD = "hold", _("Legal hold: one asks for it, another one approves it")
    LOSS = "loss", _("Lost device: one declares it, another one confirms it")
    MINOR = "minor", _("Minor's record: one asks to open it, another one says yes")


@dataclass(frozen=True)
class Halves:
    """The right to begin an act, and the right to complete what somebody else has begun."""

    begins: Permission
    completes: Permission


SHARED_ACTS: dict[SharedAct, Halves] = {
    SharedAct.ASSESSMENT: Halves(P.MANAGE_ASSESSMENTS, P.SIGN_ASSESSMENTS),
    SharedAct.HOLD: Halves(P.MANAGE_RETENTION, P.MANAGE_RETENTION),
    SharedAct.LOSS: Halves(P.MANAGE_PREMISES, P.MANAGE_RETENTION),
    SharedAct.MINOR: Halves(P.VIEW_PEOPLE, P.APPROVE_MINORS),
}


def roles_with(permission: Permission) -> list[Role]:
    """Return the roles that have a right, in the order of the table."""
    return [role for role in Role if permission in ROLE_PERMISSIONS[role]]


# What platform staff may do in an emergency. Never the second half of an act that takes two members.
EMERGENCY_PERMISSIONS: dict[EmergencyScope, frozenset[Permission]] = {
    EmergencyScope.AUDITOR: ROLE_PERMISSIONS[Role.AUDITOR],
    EmergencyScope.MANAGER: ROLE_PERMISSIONS[Role.MANAGER] - {halves.completes for halves in SHARED_ACTS.values()},
}
