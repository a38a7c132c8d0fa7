"""The table of roles and what each may do, alone or with a second member."""

from typing import Any

from tenants.organizations.roles import ROLE_PERMISSIONS, SHARED_ACTS, Permission, Role, roles_with

ROLE_TONES = {Role.OWNER: "ok", Role.AUDITOR: "neutral"}


def role_table() -> dict[str, Any]:
    """Return the roles, one row per permission with whether each role has it, and what takes two members."""
    return {
        "roles": [role.label for role in Role],
        "rows": [
            {"label": permission.label, "cells": [permission in ROLE_PERMISSIONS[role] for role in Role]}
            for permission in Permission
        ],
        "shared": [
            {
                "label": act.label,
                "begins": [role.label for role in roles_with(halves.begins)],
                "completes": [role.label for role in roles_with(halves.completes)],
            }
            for act, halves in SHARED_ACTS.items()
        ],
    }
