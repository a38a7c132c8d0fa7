"""Who may do what, as docs/roles.md shows it: written from the code, so that it cannot say anything else."""

from django.utils.translation import override

from tenants.organizations.kinds import EmergencyScope
from tenants.organizations.roles import (
    EMERGENCY_PERMISSIONS,
    ROLE_PERMISSIONS,
    SHARED_ACTS,
    Permission,
    Role,
    roles_with,
)

DOCUMENT = "roles.md"
_HEAD = """\
# Who may do what

Written by `manage.py roles --write` from `tenants/organizations/roles.py`; a test compares the two. The page “Members”
shows the same tables in the reader's language.

A role holds in one property only, and nothing is given by default: whoever adds a member chooses the role, and a role
has what its work needs. Nobody but an owner adds members or changes roles. The last owner with an open account cannot
leave, be given another role, or have that account closed. Once a quarter an owner reviews who has access.

Platform staff have no right in a property by their office. In an emergency one of them may look into one property, for
at most four hours and with a reason that its members read; each page they open is in the property's log.
"""


def document() -> str:
    """Return the whole text of the document, in English."""
    with override("en"):
        shared = ["", "## What takes two members", "", *_shared()]
        emergency = ["", "## What platform staff may do in an emergency", "", *_emergency()]
        return "\n".join([_HEAD, *_roles(), *shared, *emergency, ""])


def _roles() -> list[str]:
    head = " | ".join(str(role.label) for role in Role)
    rows = [f"|  | {head} |", "|---" * (len(Role) + 1) + "|"]
    for permission in Permission:
        cells = " | ".join("yes" if permission in ROLE_PERMISSIONS[role] else "–" for role in Role)
        rows.append(f"| {permission.label} | {cells} |")
    return rows


def _shared() -> list[str]:
    rows = ["| act | who may begin it | who may complete it, unless they began it |", "|---|---|---|"]
    for act, halves in SHARED_ACTS.items():
        cells = [
            ", ".join(str(role.label) for role in roles_with(right)) for right in (halves.begins, halves.completes)
        ]
        rows.append(f"| {act.label} | {cells[0]} | {cells[1]} |")
    return rows


def _emergency() -> list[str]:
    rows = ["| view | what it opens |", "|---|---|"]
    for scope in EmergencyScope:
        rights = [str(right.label) for right in Permission if right in EMERGENCY_PERMISSIONS[scope]]
        rows.append(f"| {scope.label} | {'; '.join(rights)} |")
    return rows
