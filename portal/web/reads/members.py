"""The table of roles and what each may do."""

from typing import Any

from tenants.organizations.roles import ROLE_PERMISSIONS, Permission, Role

ROLE_TONES = {Role.OWNER: "ok", Role.AUDITOR: "neutral"}


def role_table() -> dict[str, Any]:
    """Return the roles, and one row per permission: its label and whether each role has it."""
    return {
        "roles": [role.label for role in Role],
        "rows": [
            {"label": permission.label, "cells": [permission in ROLE_PERMISSIONS[role] for role in Role]}
            for permission in Permission
        ],
    }
