"""Role × permission: the one table that says who may do what in a property.

Permissions are guardian permissions on Property and on nothing else, so a grant can never reach a row
of another tenant. `services.members` is the only writer.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
        P.MANAGE_RETENTION,
    },
    Role.FRONT_DESK: frozenset({P.VIEW_HOME, P.VIEW_PREMISES, P.VIEW_PEOPLE, P.MANAGE_PEOPLE, P.VIEW_REQUESTS}),
    # An auditor sees how the law is kept, not who lives here.
    Role.AUDITOR: _VIEWS - {P.VIEW_PEOPLE, P.VIEW_REQUESTS},
}
